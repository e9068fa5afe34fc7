"""Announcing, for chat, forms and the console alike: one way from a draft to posts, in one transaction each.

Every method takes a writing session, who does it, where ("console", "slack", the key of a community) and
the moment (aware UTC), and never commits. What may not be done is said, not raised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.acting import Acting
from bot.announced_atria import AnnouncedAtria, gone
from bot.announcement_record import conflict_with, move
from bot.calling_off import CalledOff, Foretold, called_off, foretold, to_be_told
from bot.handing_in import HandingIn
from bot.outcomes import Invalid, Outcome, Preview, Refused, Report, Saved
from bot.previewing import Previewing
from bot.reading_posted import as_it_reads
from handlers.context import Context
from handlers.model import Atrium, AtriumDraft, Community, Person
from handlers.moderation.form import Checked, Values, read_form
from handlers.moderation.heard import heard_text
from handlers.moderation.lifecycle import OUT, STATE_NAMES, Act, State
from handlers.moderation.merging import merged
from handlers.posts.change import matters
from handlers.reply import Reply
from handlers.wording.catalogue import say
from scheduler import publishing
from scheduler.port import Capabilities
from scheduler.rules import Rules
from scheduler.window import CALLED_OFF
from store import announcements, post_acts
from store.agenda import find_atrium
from store.announcements import Announcement
from store.states import OutboxState


class Announcing:
    """What moderators do with announcements.

    Args:
        approval_above: when more people than this would be told another moderator must agree; None: never,
            0: always.
        capabilities: of each platform, by name, for what a post may hold.
        link_to: the address of a message of a community, where the platform gives one.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        approval_above: int | None = None,
        capabilities: Mapping[str, Capabilities] | None = None,
        link_to: Callable[[Community, str], str | None] = lambda _community, _message: None,
    ) -> None:
        self.rules = rules
        self.approval_above = approval_above
        self.previewing = Previewing(rules, approval_above, {} if capabilities is None else capabilities)
        self._atria = AnnouncedAtria(rules)
        self._handing_in = HandingIn(rules, self.previewing)
        self._capabilities = {} if capabilities is None else capabilities
        self._link_to = link_to

    # --- drafts ----------------------------------------------------------------------------------------

    def context(self, session: Session, person: Person, now: dt.datetime) -> Context:
        """What forms and checks may know when nobody else reads along."""
        return _looking(session, person, now).context()

    def check(
        self, session: Session, person: Person, place: str, now: dt.datetime, values: Values
    ) -> Checked:
        """What a form holds, with every error and warning; keeps nothing."""
        context = self.context(session, person, now)
        checked = read_form(values, context)
        return replace(checked, warnings=self.previewing.warnings(session, checked, context))

    def save(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        values: Values,
        number: int | None = None,
        version: int | None = None,
        base: Values | None = None,
    ) -> Outcome:
        """Keep a form: as a new draft, or over the announcement of that number.

        Args:
            version: the version that was edited; None takes the one that is there.
            base: what the form held when it was opened: what somebody else changed meanwhile is then kept
                beside what was changed here, and only what both changed is a conflict.
        """
        by = Acting(session=session, person=person, place=place, now=now)
        checked = self.check(session, person, place, now, values)
        if number is None:
            return self._handing_in.create(by, checked)
        current = _take(by, number, Act.SAVE)
        if isinstance(current, Refused):
            return current
        taken: tuple[str, ...] = ()
        if version is not None and version != current.version:
            conflict = conflict_with(current, checked)
            merge = merged(base, current.typed, checked.values) if base is not None else None
            if merge is None or merge.both:
                return replace(conflict, merge=merge)
            checked, taken = self.check(session, person, place, now, merge.values), merge.taken
        if checked.errors and current.state is not State.DRAFT:
            return Invalid(errors=checked.errors, values=checked.values, warnings=checked.warnings)
        done = self._handing_in.edit(by, current, checked)
        return replace(done, taken=taken) if isinstance(done, Saved) else done

    def duplicate(
        self, session: Session, person: Person, place: str, now: dt.datetime, number: int
    ) -> Outcome:
        """A new draft with the same words; it has no moment of its own yet."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.DUPLICATE)
        if isinstance(current, Refused):
            return current
        typed = {
            name: value for name, value in current.typed.items() if name not in ("publish_on", "publish_at")
        }
        return self._handing_in.create(by, self.check(session, person, place, now, typed))

    # --- to the communities ------------------------------------------------------------------------------

    def submit(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        number: int,
        version: int | None = None,
    ) -> Outcome:
        """Ask another moderator to agree, whether that is required or not."""
        by = Acting(session=session, person=person, place=place, now=now)
        return self._handing_in.hand_in(by, number, version, Act.SUBMIT)

    def publish(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        number: int,
        version: int | None = None,
    ) -> Outcome:
        """Post it now; when many would be told another moderator must agree first."""
        by = Acting(session=session, person=person, place=place, now=now)
        return self._handing_in.hand_in(by, number, version, Act.PUBLISH)

    def schedule(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        number: int,
        at: dt.datetime | None = None,
        version: int | None = None,
    ) -> Outcome:
        """Post it at a moment (aware UTC; None: the one in the form), in an allowed hour."""
        by = Acting(session=session, person=person, place=place, now=now)
        return self._handing_in.hand_in(by, number, version, Act.SCHEDULE, at)

    def approve(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        number: int,
        version: int | None = None,
    ) -> Outcome:
        """Agree, as another moderator than the author: it goes out at its moment, at once if that is past."""
        by = Acting(session=session, person=person, place=place, now=now)
        return self._handing_in.hand_in(by, number, version, Act.APPROVE)

    def reject(
        self, session: Session, person: Person, place: str, now: dt.datetime, number: int, reason: str
    ) -> Outcome:
        """Send it back to its author, with a reason."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.REJECT)
        if isinstance(current, Refused):
            return current
        if not reason.strip():
            return Invalid(errors={"reason": say("aankondiging.zeg waarom")}, values=current.typed)
        return move(by, current, Act.REJECT, state=State.DRAFT, reason=reason.strip())

    # --- afterwards --------------------------------------------------------------------------------------

    def retract(
        self, session: Session, person: Person, place: str, now: dt.datetime, number: int, reason: str = ""
    ) -> Outcome:
        """Take it back: what is planned is not said, what was said is set right where it was said."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.RETRACT)
        if isinstance(current, Refused):
            return current
        if current.state is State.SCHEDULED and not publishing.unplan(session, current):
            return Refused(reason=say("aankondiging.intrekken niet nu"))
        if current.state in OUT:
            for uid in current.atria:
                self._atria.cancel(by, uid, reason.strip())
        return move(by, current, Act.RETRACT, state=State.RETRACTED, reason=reason.strip() or None)

    def discard(self, session: Session, person: Person, place: str, now: dt.datetime, number: int) -> Outcome:
        """Throw a draft away; what went out or waits to, since whoever asks looked, stays as it is."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.RETRACT)
        if isinstance(current, Refused):
            return current
        if current.state is not State.DRAFT:
            state = STATE_NAMES[current.state]
            return Refused(reason=say("ontwerpen.geen ontwerp meer", nummer=str(number), toestand=state))
        done = move(by, current, Act.RETRACT, state=State.RETRACTED)
        told = say("ontwerpen.weggegooid", nummer=str(number))
        return replace(done, note=told) if isinstance(done, Saved) else done

    def correct(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        uid: str,
        values: Values,
        sequence: int | None = None,
    ) -> Outcome:
        """Change one atrium that was announced; who heard of it hears of the change.

        Args:
            values: a form of one place; fields that it does not hold become empty.
            sequence: the atrium's own when the form was opened; another one by now is a conflict.
        """
        by = Acting(session=session, person=person, place=place, now=now)
        before = find_atrium(session, uid)
        done = self._atria.correct(by, uid, self.check(session, person, place, now, values), sequence)
        after = find_atrium(session, uid)
        if isinstance(done, Saved) and before and after and before.sequence != after.sequence:
            told = self._told_of(by, [uid], is_news=matters(before, after))
            return replace(done, note=f"{done.note} {told}")
        return done

    def cancel(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        number: int,
        uids: Collection[str] | None = None,
        reason: str = "",
    ) -> Outcome:
        """Cancel some of the places (None: all of them); the others go on. The reason is for the audit."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.CANCEL)
        if isinstance(current, Refused):
            return current
        wanted = [uid for uid in current.atria if uids is None or uid in uids]
        if not wanted:
            return Refused(reason=say("aankondiging.kies plaatsen"))
        if not [uid for uid in wanted if self._atria.cancel(by, uid, reason.strip())]:
            return Refused(reason=say("aankondiging.niets te annuleren"))
        publishing.settle(session, now)
        return Saved(
            announcement=announcements.get_announcement(session, number),
            note=f"{say('aankondiging.geannuleerd')} {self._told_of(by, wanted)}",
        )

    def retry(self, session: Session, person: Person, place: str, now: dt.datetime, number: int) -> Outcome:
        """Try again where it failed, and only there."""
        by = Acting(session=session, person=person, place=place, now=now)
        current = _take(by, number, Act.RETRY)
        if isinstance(current, Refused):
            return current
        failed = [
            each
            for each in publishing.posts_of(session, current)
            if each.state in (OutboxState.FAILED, OutboxState.SKIPPED) and each.reason != CALLED_OFF
        ]
        if not failed:
            return Refused(reason=say("aankondiging.niets mislukt"))
        for each in failed:
            post_acts.retry(session, each.id, now)
        return move(by, current, Act.RETRY, state=State.POSTING)

    # --- looking -----------------------------------------------------------------------------------------

    def preview(
        self, session: Session, person: Person, place: str, now: dt.datetime, values: Values
    ) -> Preview:
        """What every community will read, from the very renderer that posts, with what to mind."""
        context = self.context(session, person, now)
        return self.previewing.preview(session, read_form(values, context), context)

    def called_off(
        self, session: Session, person: Person, now: dt.datetime, uids: Collection[str]
    ) -> CalledOff:
        """What would be posted where if these atria were cancelled; changes nothing, in a writing session."""
        by = Acting(session=session, person=person, place="", now=now)
        return called_off(by, self._atria, uids, self.rules, self._capabilities)

    def foretold(
        self, session: Session, person: Person, now: dt.datetime, before: Atrium, after: Atrium
    ) -> Foretold:
        """What would be posted where if an atrium were changed so, or cancelled; changes nothing.

        Needs a writing session.
        """
        by = Acting(session=session, person=person, place="", now=now)
        return foretold(by, self._atria, before, after, self.rules, self._capabilities)

    def posted(self, session: Session, now: dt.datetime, current: Announcement) -> dict[str, Reply]:
        """By the key of a community how one that went out reads there now, with what was cancelled since."""
        return as_it_reads(session, current, self.rules, self._capabilities, now)

    def get(self, session: Session, person: Person, now: dt.datetime, number: int) -> Announcement | None:
        """The announcement of that number, for whom it is to see; its state as its posts bear it out."""
        current = announcements.find_announcement(session, number)
        if current is None or not _looking(session, person, now).may_see(current):
            return None
        return replace(current, state=publishing.observed(session, current))

    def list_announcements(
        self,
        session: Session,
        person: Person,
        now: dt.datetime,
        states: Collection[State] = (),
        limit: int = 200,
    ) -> list[Announcement]:
        """The announcements that this person may see, newest first."""
        found = announcements.list_announcements(session, states=states, newest_first=True, limit=limit)
        who = _looking(session, person, now)
        return [
            replace(each, state=publishing.observed(session, each)) for each in found if who.may_see(each)
        ]

    def report(self, session: Session, person: Person, now: dt.datetime, number: int) -> Report | None:
        """Per community what became of it; None when there is no such announcement for this person."""
        current = self.get(session, person, now, number)
        return self.previewing.report(session, current, self._link_to) if current else None

    # --- shared with conversations -----------------------------------------------------------------------

    def announce(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        draft: AtriumDraft,
        keys: Collection[str],
        uid: str,
        at: dt.datetime | None = None,
    ) -> Announcement:
        """What a conversation confirmed, by the way of a form; it was checked there, step by step."""
        by = Acting(session=session, person=person, place=place, now=now)
        return self._handing_in.confirm(by, draft, keys, uid, at)

    def change_atrium(
        self,
        session: Session,
        person: Person,
        place: str,
        now: dt.datetime,
        before: Atrium,
        after: Atrium,
        reason: str = "",
    ) -> str:
        """Write a change to the agenda, owe what must be said of it, and audit it with the reason.

        Returns who hears of it and when, in Dutch sentences.
        """
        by = Acting(session=session, person=person, place=place, now=now)
        self._atria.change(by, before, after, reason)
        is_news = after.is_cancelled or matters(before, after)
        return self._told_of(by, [after.uid], is_news=is_news)

    def _told_of(self, by: Acting, uids: Collection[str], *, is_news: bool = True) -> str:
        """Who hears what is planned to be said of these atria, and when."""
        told = to_be_told(by, uids, self.rules, self._capabilities)
        return heard_text(told.heard(), by.now, is_news=is_news)


def _looking(session: Session, person: Person, now: dt.datetime) -> Acting:
    """Somebody who looks and changes nothing."""
    return Acting(session=session, person=person, place="", now=now)


def _take(by: Acting, number: int, act: Act) -> Announcement | Refused:
    """The announcement of this number for this act, or why it may not be done."""
    current = announcements.take_announcement(by.session, number)
    if current is None:
        return gone()
    if act is Act.RETRY:
        current = replace(current, state=publishing.observed(by.session, current))
    return by.refusal(current, act) or current
