"""Carries out what a reply wants changed, in the transaction of the conversation.

The handler decided and checked permission; here nothing is decided. What changes the agenda also
changes what is owed to the communities, at once, and every act of a moderator is audited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.outcomes import Saved
from bot.pseudonyms import Pseudonyms
from handlers.answers.unread import Why
from handlers.changes import (
    AnnouncementKept,
    AnnouncementMoved,
    AtriumAnnounced,
    AtriumCancelled,
    AtriumChanged,
    CalendarAddressed,
    Change,
    ContributionHandedIn,
    ContributionSettled,
    DraftDropped,
    DraftKept,
    Followed,
    MemberForgotten,
    MunicipalityTold,
    Paused,
    PostHeld,
    PostReleased,
    PostRetried,
    PostSkipped,
    QuestionUnread,
    RemindersChosen,
    Resumed,
    Unfollowed,
)
from handlers.context import Context
from handlers.message import Message
from handlers.model import Follow
from handlers.moderation.before_after import as_draft
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.form import form_of
from handlers.moderation.lifecycle import Act
from scheduler import feedback, personal
from scheduler.rules import Rules
from store import (
    agenda,
    audit,
    communities,
    contributions,
    forgetting,
    members,
    outbox,
    post_acts,
    questions,
    threads,
)
from store.outbox import Entry
from store.states import OutboxState


class OvertakenError(RuntimeError):
    """What was decided a moment ago may not be done any more: somebody else was first."""


class Effects:
    """Turns the changes of a reply into rows.

    Args:
        announcing: the one way from a draft to posts, shared with forms and the console.
    """

    def __init__(self, rules: Rules, pseudonyms: Pseudonyms, announcing: Announcing | None = None) -> None:
        self.rules = rules
        self.pseudonyms = pseudonyms
        self.announcing = announcing or Announcing(rules)

    def carry_out(
        self, session: Session, changes: Sequence[Change], *, context: Context, message: Message
    ) -> None:
        """Apply every change, in order."""
        for change in changes:
            self._apply(session, change, context, message)

    def _apply(self, session: Session, change: Change, context: Context, message: Message) -> None:
        match change:
            case AtriumAnnounced() | AtriumChanged() | AtriumCancelled():
                self._change_agenda(session, change, context, message)
            case AnnouncementKept(draft=draft, communities=keys):
                typed = form_of(draft, keys)
                self.announcing.save(session, context.person, _place(message), context.now, typed)
            case AnnouncementMoved():
                self._move(session, change, context, message)
            case DraftKept() | DraftDropped():
                _keep_draft(session, change, message, context.now)
            case Followed() | Unfollowed() | RemindersChosen():
                self._change_wishes(session, change, self._member(session, message), context.now)
            case MunicipalityTold(municipality=municipality):
                members.set_municipality(session, self._member(session, message), municipality)
            case ContributionHandedIn(contribution=contribution):
                contributions.add(
                    session,
                    self._member(session, message),
                    contribution,
                    context.now,
                    platform=message.platform,
                    community=message.community,
                    thread=message.thread,
                )
            case ContributionSettled():
                self._settle(session, change, context, message)
            case QuestionUnread():
                self._keep_question(session, change, message, context.now)
            case CalendarAddressed(token=token):
                members.keep_feed_token(session, self._member(session, message), token)
            case MemberForgotten():
                forgetting.forget(
                    session, message.platform, message.author_id, self.pseudonyms.of, message.event_id
                )
            case PostHeld() | PostReleased() | PostSkipped() | PostRetried():
                self._steer(session, context, message, change.post, _STEERS[type(change)])
            case Paused(community=community) | Resumed(community=community):
                is_paused = isinstance(change, Paused)
                communities.set_paused(session, community, paused=is_paused)
                self._audit(session, context, message, "paused" if is_paused else "resumed", community or "*")

    def _keep_question(
        self, session: Session, change: QuestionUnread, message: Message, now: dt.datetime
    ) -> None:
        """A question without an answer, for the moderators to look at."""
        author = self.pseudonyms.of(message.platform, message.author_id)
        # Whoever rejects that a question was sent elsewhere says that it belongs here.
        weaker = (Why.ELSEWHERE,) if change.reason == Why.REJECTED else ()
        questions.keep_unread(session, author, change.text, change.reason, now, _asked(message), weaker)

    def _change_wishes(
        self,
        session: Session,
        change: Followed | Unfollowed | RemindersChosen,
        member: int,
        now: dt.datetime,
    ) -> None:
        """What a member wants to be told, and so what is planned for them."""
        match change:
            case Followed(follow=follow):
                members.follow(session, member, follow, now)
                personal.replan_follow(session, member, follow, self.rules, now)
            case Unfollowed(follow=None):
                members.unfollow(session, member, None)
                personal.replan_member(session, member, self.rules, now)
            case Unfollowed(follow=Follow() as follow):
                members.unfollow(session, member, follow)
                personal.replan_follow(session, member, follow, self.rules, now)
            case RemindersChosen(before=before):
                members.set_reminders(session, member, before)
                personal.replan_member(session, member, self.rules, now)

    def _change_agenda(
        self,
        session: Session,
        change: AtriumAnnounced | AtriumChanged | AtriumCancelled,
        context: Context,
        message: Message,
    ) -> None:
        person, place, now = context.person, _place(message), context.now
        match change:
            case AtriumAnnounced(atrium=atrium, communities=keys, draft=draft, publish_at=at):
                told = draft or as_draft(atrium)
                self.announcing.announce(session, person, place, now, told, keys, atrium.uid, at)
            case AtriumChanged(before=before, after=after):
                self.announcing.change_atrium(session, person, place, now, before, after)
            case AtriumCancelled(atrium=atrium, reason=reason):
                before = agenda.get_atrium(session, atrium.uid)
                self.announcing.change_atrium(session, person, place, now, before, atrium, reason)

    def _move(self, session: Session, change: AnnouncementMoved, context: Context, message: Message) -> None:
        """One step with an announcement. Raises `OvertakenError`: the reply that promised it is not sent."""
        announcing, where = self.announcing, (session, context.person, _place(message), context.now)
        number = change.number
        match Act(change.act):
            case Act.APPROVE:
                done = announcing.approve(*where, number, change.version)
            case Act.REJECT:
                done = announcing.reject(*where, number, change.reason)
            case Act.RETRACT:
                done = announcing.retract(*where, number, change.reason)
            case Act.SUBMIT:
                done = announcing.submit(*where, number)
            case Act.SCHEDULE:
                done = announcing.schedule(*where, number, change.at)
            case Act.PUBLISH:
                done = announcing.publish(*where, number)
            case Act.RETRY:
                done = announcing.retry(*where, number)
            case _:
                raise ValueError(f"a conversation does not {change.act} announcements")
        if not isinstance(done, Saved):
            raise OvertakenError(f"announcement {number} could not {change.act}: {done}")

    def _settle(
        self, session: Session, change: ContributionSettled, context: Context, message: Message
    ) -> None:
        """What a moderator decided on what was handed in; its author hears of it."""
        state = ContributionState(change.state)
        settled = feedback.settle(
            session,
            change.number,
            state,
            self.rules,
            context.now,
            text=change.text,
            into=change.into,
            position=change.position,
        )
        after = {"state": settled.state.value, "position": settled.position, "answer": settled.answer}
        self._audit(session, context, message, "contribution", f"contribution:{settled.id}", after=after)

    def _steer(
        self,
        session: Session,
        context: Context,
        message: Message,
        number: int,
        act: Callable[[Session, int, dt.datetime], Entry],
    ) -> None:
        """Do one act on one post that the bot owes."""
        before = outbox.get_entry(session, number)
        after = act(session, number, context.now)
        self._audit(
            session,
            context,
            message,
            f"post {_STEERED[act]}",
            after.key,
            before={"state": before.state.value},
            after={"state": after.state.value, "reason": after.reason},
        )

    def _member(self, session: Session, message: Message) -> int:
        return members.member_id_of(session, message.platform, message.author_id)

    def _audit(
        self,
        session: Session,
        context: Context,
        message: Message,
        action: str,
        subject: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        audit.write(
            session,
            at=context.now,
            person=context.person,
            place=message.community,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )


def _keep_draft(
    session: Session, change: DraftKept | DraftDropped, message: Message, now: dt.datetime
) -> None:
    """What is being announced in a thread, or that nothing is any more."""
    if message.thread is None:
        return
    if isinstance(change, DraftKept):
        threads.keep_dialogue(
            session, message.platform, message.thread, message.community, change.dialogue, now
        )
    else:
        threads.drop_dialogue(session, message.platform, message.thread, now)


def _place(message: Message) -> str:
    """Where an act was done, for the audit: the key of the community, or the platform in private."""
    return message.community or message.platform


def _skip(session: Session, number: int, now: dt.datetime) -> Entry:
    """Skip a post, also one that was held."""
    if outbox.get_entry(session, number).state is OutboxState.HELD:
        post_acts.release(session, number, now)
    return post_acts.skip(session, number, now)


#: What is done with a post.
_STEERS: Mapping[type[Change], Callable[[Session, int, dt.datetime], Entry]] = {
    PostHeld: post_acts.hold,
    PostReleased: post_acts.release,
    PostSkipped: _skip,
    PostRetried: post_acts.retry,
}

#: How the audit calls what was done with a post.
_STEERED: Mapping[Callable[[Session, int, dt.datetime], Entry], str] = {
    post_acts.hold: "held",
    post_acts.release: "released",
    _skip: "skipped",
    post_acts.retry: "retried",
}


def _asked(message: Message) -> questions.Asked | None:
    """Where moderators can answer a question: only where others read along already."""
    if message.community is None or message.thread is None:
        return None
    return questions.Asked(platform=message.platform, community=message.community, thread=message.thread)
