"""Carries out what a reply wants changed, in the transaction of the conversation.

The handler decided and checked permission; here nothing is decided. What changes the agenda also
changes what is owed to the communities, at once, and every act of a moderator is audited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.pseudonyms import Pseudonyms
from handlers.changes import (
    AtriumAnnounced,
    AtriumCancelled,
    AtriumChanged,
    CalendarAddressed,
    Change,
    ContributionHandedIn,
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
    Resumed,
    Unfollowed,
)
from handlers.context import Context
from handlers.message import Message
from scheduler import changes as owed
from scheduler.rules import Rules
from store import (
    agenda,
    announcements,
    audit,
    communities,
    contributions,
    forgetting,
    members,
    outbox,
    questions,
    threads,
)
from store.codec import dump
from store.outbox import Entry
from store.states import OutboxState


class Effects:
    """Turns the changes of a reply into rows."""

    def __init__(self, rules: Rules, pseudonyms: Pseudonyms) -> None:
        self.rules = rules
        self.pseudonyms = pseudonyms

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
            case DraftKept(dialogue=dialogue):
                if message.thread is not None:
                    threads.keep_dialogue(
                        session, message.platform, message.thread, message.community, dialogue, context.now
                    )
            case DraftDropped():
                if message.thread is not None:
                    threads.drop_dialogue(session, message.platform, message.thread, context.now)
            case Followed(follow=follow):
                members.follow(session, self._member(session, message), follow, context.now)
            case Unfollowed(follow=follow):
                members.unfollow(session, self._member(session, message), follow)
            case MunicipalityTold(municipality=municipality):
                members.set_municipality(session, self._member(session, message), municipality)
            case ContributionHandedIn(contribution=contribution):
                contributions.add(session, self._member(session, message), contribution, context.now)
            case QuestionUnread(text=text, reason=reason):
                author = self.pseudonyms.of(message.platform, message.author_id)
                questions.keep_unread(session, author, text, reason, context.now)
            case CalendarAddressed(token=token):
                members.keep_feed_token(session, self._member(session, message), token)
            case MemberForgotten():
                forgetting.forget(
                    session, message.platform, message.author_id, self.pseudonyms.of, message.event_id
                )
            case PostHeld(post=number) | PostReleased(post=number):
                act = outbox.hold if isinstance(change, PostHeld) else outbox.release
                self._steer(session, context, message, number, act)
            case PostSkipped(post=number):
                self._steer(session, context, message, number, _skip)
            case PostRetried(post=number):
                self._steer(session, context, message, number, outbox.retry)
            case Paused(community=community):
                communities.set_paused(session, community, paused=True)
                self._audit(session, context, message, "paused", community or "*")
            case Resumed(community=community):
                communities.set_paused(session, community, paused=False)
                self._audit(session, context, message, "resumed", community or "*")

    def _change_agenda(
        self,
        session: Session,
        change: AtriumAnnounced | AtriumChanged | AtriumCancelled,
        context: Context,
        message: Message,
    ) -> None:
        match change:
            case AtriumAnnounced(atrium=atrium, communities=keys):
                agenda.save_atrium(session, atrium)
                announcements.add(session, atrium.uid, keys, message.platform, message.author_id, context.now)
                owed.announce(session, atrium, keys, self.rules, context.now)
                self._audit(session, context, message, "announced", atrium.uid, after=dump(atrium))
            case AtriumChanged(before=before, after=after):
                agenda.save_atrium(session, after)
                owed.on_changed(session, before, after, self.rules, context.now)
                self._audit(
                    session, context, message, "changed", after.uid, before=dump(before), after=dump(after)
                )
            case AtriumCancelled(atrium=atrium):
                before = agenda.get_atrium(session, atrium.uid)
                agenda.save_atrium(session, atrium)
                owed.on_changed(session, before, atrium, self.rules, context.now)
                self._audit(
                    session,
                    context,
                    message,
                    "cancelled",
                    atrium.uid,
                    before=dump(before),
                    after=dump(atrium),
                )

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


def _skip(session: Session, number: int, now: dt.datetime) -> Entry:
    """Skip a post, also one that was held."""
    if outbox.get_entry(session, number).state is OutboxState.HELD:
        outbox.release(session, number, now)
    return outbox.skip(session, number, now)


#: How the audit calls what was done with a post.
_STEERED: Mapping[Callable[[Session, int, dt.datetime], Entry], str] = {
    outbox.hold: "held",
    outbox.release: "released",
    _skip: "skipped",
    outbox.retry: "retried",
}
