"""What one community is told now, of what is due there: checked against the record, worded, bounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.model import Atrium, Community, Kind
from handlers.posts.announcement import announcement
from handlers.posts.cancellation import cancellation
from handlers.posts.change import change
from handlers.posts.deadline import deadline
from handlers.posts.digest import Overview, digest
from handlers.posts.reminder import reminder
from handlers.reply import Reply
from scheduler.attention import COUNTED, FOLDABLE, Slot, share, taken_in
from scheduler.digest import overview
from scheduler.editing import by_message, revision
from scheduler.look import Look, Outgoing, is_exempt, put_off, skipped
from scheduler.moments import week_of
from scheduler.plan import ANNOUNCEMENT, CANCELLATION, CHANGE, DEADLINE, DIGEST, EDIT, REMINDER, moments
from scheduler.port import Capabilities, Post
from store import claims, outbox
from store.agenda import programme_places
from store.claims import Settlement
from store.codec import load
from store.outbox import Entry

NOTHING_TO_TELL = "niets te melden"
BUDGET_SPENT = "het weekbudget van deze community is op"
NOT_HERE = "dit atrium wordt niet (meer) in deze community verteld"
IS_OFF = "dit atrium is geannuleerd of niet meer in de agenda"
HAS_BEGUN = "dit atrium is al begonnen"
CLOSED = "de inschrijvingen zijn gesloten"
NOT_PLANNED = "niet langer gepland"

#: How long after a notice a reminder of the same atrium may follow, so that the notice comes first.
AFTER_NOTICE = dt.timedelta(minutes=1)


def subject_of(atrium: Atrium) -> str:
    """What is said in one post when due together: all Lokale Atria, the places of a programme, one atrium."""
    if atrium.kind is Kind.LOKAAL:
        return "lokaal"
    return f"programma {atrium.programme_uid}" if atrium.programme_uid else f"atrium {atrium.uid}"


@dataclass(kw_only=True, slots=True)
class Telling:
    """The last look at what is due in one community."""

    view: Look
    community: Community
    left: int = 0

    def tell(self, owed: Sequence[Entry]) -> list[Outgoing]:
        """The posts that leave now, what is urgent first; what does not leave is settled."""
        week = week_of(self.view.now)
        said = outbox.said_this_week(self.view.session, self.community.key, COUNTED, week)
        self.left = self.view.rules.attention.max_posts_per_week - said
        rows = self._standing(owed)
        ready = self._notices([each for each in rows if each.kind == CANCELLATION])
        ready += self._notices([each for each in rows if each.kind == CHANGE])
        for entry in rows:
            if entry.kind == ANNOUNCEMENT:
                ready += self._announcement(entry)
        reminders = self._worth_saying([each for each in rows if each.kind in FOLDABLE])
        for entry in rows:
            if entry.kind == DIGEST:
                told, reminders = self._digest(entry, reminders, week[1])
                ready += told
        ready += self._reminders(reminders, week[1])
        return ready + self._edits([each for each in rows if each.kind == EDIT])

    def worded(self, entries: Sequence[Entry]) -> Reply | None:
        """The one post that says all of these, of the kind of the first; None: there is nothing to say."""
        kind, now, atria = entries[0].kind, self.view.now, self._atria(entries)
        if kind == EDIT:
            revised = revision(self.view, self.community, entries, self.worded)
            return revised.reply if isinstance(revised, Post) else None
        if kind == DIGEST:
            return digest(self._overview(atria), now, self._capabilities().max_length)
        if not atria:
            return None
        if kind == ANNOUNCEMENT:
            return announcement(atria[0], now, self._places(atria))
        if kind == CANCELLATION:
            return cancellation(atria, now, self._places(atria))
        if kind == CHANGE:
            return change([pair for each in entries if (pair := self._before_and_after(each))], now)
        if any(each.kind == REMINDER for each in entries):
            return reminder(atria, now, self._places(atria))
        return deadline(atria, now)

    def _before_and_after(self, entry: Entry) -> tuple[Atrium, Atrium] | None:
        after = self.view.atrium(entry.atrium_uid)
        before = (entry.payload or {}).get("before")
        return (load(Atrium, before), after) if before and after else None

    # --- one kind at a time ------------------------------------------------------------------------

    def _notices(self, entries: Sequence[Entry]) -> list[Outgoing]:
        """Changes, or cancellations: what is due together is one post in each thread."""
        shown: list[Entry] = []
        hidden: list[Entry] = []
        for entry in entries:
            (shown if self._may_see(self.view.atrium(entry.atrium_uid)) else hidden).append(entry)
        self.view.settle(hidden, skipped(NOT_HERE))
        threads: dict[str | None, list[Entry]] = {}
        for entry in shown:
            threads.setdefault(entry.thread, []).append(entry)
        return [outgoing for each in threads.values() for outgoing in self._outgoing(each)]

    def _edits(self, entries: Sequence[Entry]) -> list[Outgoing]:
        """Posts that were made already, as they read from now on."""
        ready = []
        for group in by_message(entries):
            revised = revision(self.view, self.community, group, self.worded)
            if isinstance(revised, Settlement):
                self.view.settle(group, revised)
            else:
                ready.append(self._together(revised, group))
        return ready

    def _announcement(self, entry: Entry) -> list[Outgoing]:
        if not self._may_see(self.view.atrium(entry.atrium_uid)):
            self.view.settle([entry], skipped(NOT_HERE))
            return []
        self.left -= 1
        return self._outgoing([entry])

    def _digest(
        self, entry: Entry, reminders: list[Entry], week_ends_at: dt.datetime
    ) -> tuple[list[Outgoing], list[Entry]]:
        """The overview, and the reminders that it did not take in."""
        if self.left <= 0 and not is_exempt(entry):
            self.view.settle([entry], skipped(BUDGET_SPENT))
            return [], reminders
        self.left -= 1
        later = [*map(self._slot, reminders), *self._later(week_ends_at, besides=(entry, *reminders))]
        wanted = set(taken_in(later, self.left))
        taken = [each for each in reminders if each.id in wanted]
        taken += self._claimed_ahead(wanted - {each.id for each in taken})
        rest = [each for each in reminders if each.id not in wanted]
        return self._outgoing([entry, *taken]), rest

    def _overview(self, remembered: Sequence[Atrium]) -> Overview:
        return overview(
            self.view.told_here(self.view.to_come(), self.community),
            self.view.rules,
            self.view.now,
            outbox.last_sent_at(self.view.session, self.community.key, DIGEST),
            remembered,
        )

    def _reminders(self, entries: Sequence[Entry], week_ends_at: dt.datetime) -> list[Outgoing]:
        """Reminders and nudges, in as many posts as the week allows."""
        ready: list[Outgoing] = []
        asked = [each for each in entries if is_exempt(each)]
        for entry in asked:
            ready += self._reminder_post([entry])
        due = {each.id: each for each in entries if not is_exempt(each)}
        if not due:
            return ready
        later = self._later(week_ends_at, besides=tuple(entries))
        shared = share([self._slot(each) for each in due.values()], later, self.left)
        if not shared.groups:
            self.view.settle(list(due.values()), skipped(BUDGET_SPENT))
        for group in shared.groups:
            ready += self._reminder_post([due[each] for each in group] + self._claimed_ahead(shared.taken))
        return ready

    def _reminder_post(self, entries: Sequence[Entry]) -> list[Outgoing]:
        self.left -= 1
        return self._outgoing(sorted(entries, key=lambda each: each.kind != REMINDER))

    # --- checks --------------------------------------------------------------------------------------

    def _standing(self, entries: Sequence[Entry]) -> list[Entry]:
        """What is neither late nor out of hours; the rest is settled."""
        standing = []
        for entry in entries:
            stay = self.view.stay(entry)
            if stay is None:
                standing.append(entry)
            else:
                self.view.settle([entry], stay)
        return standing

    def _worth_saying(self, entries: Sequence[Entry], ahead: bool = False) -> list[Entry]:
        """Reminders and nudges that the record still bears out; the rest is settled."""
        worth = []
        for entry in entries:
            stay = self._reminder_stay(entry, ahead)
            if stay is None:
                worth.append(entry)
            else:
                self.view.settle([entry], stay)
        return worth

    def _reminder_stay(self, entry: Entry, ahead: bool) -> Settlement | None:
        """Why a reminder or nudge does not leave. `ahead`: it is said before its moment, with another."""
        atrium, now = self.view.atrium(entry.atrium_uid), self.view.now
        if atrium is None or atrium.is_cancelled:
            return skipped(IS_OFF)
        if atrium.starts_at <= now:
            return skipped(HAS_BEGUN)
        if entry.kind == DEADLINE and not atrium.registration_is_open(now):
            return skipped(CLOSED)
        if not self.view.told_here([atrium], self.community):
            return skipped(NOT_HERE)
        if is_exempt(entry):
            return None
        notice = self.view.coming_notice(atrium, self.community)
        if notice is not None and notice.due_at > now:
            return put_off(notice.due_at + AFTER_NOTICE)
        return None if ahead else self._moved(entry, atrium)

    def _moved(self, entry: Entry, atrium: Atrium) -> Settlement | None:
        """Whether the moment is another one since the post was planned."""
        owed = {(kind, offset): (due, late) for kind, offset, due, late in moments(atrium, self.view.rules)}
        found = owed.get((entry.kind, entry.offset or ""))
        if found is None:
            return skipped(NOT_PLANNED)
        due_at, late_until = found
        if due_at > self.view.now:
            return put_off(due_at, late_until)
        return skipped(outbox.MOVED_TO_THE_PAST) if late_until < self.view.now else None

    # --- pieces ----------------------------------------------------------------------------------------

    def _slot(self, entry: Entry) -> Slot:
        atrium = self.view.atrium(entry.atrium_uid)
        return Slot(
            id=entry.id,
            due_at=entry.due_at,
            subject=subject_of(atrium) if atrium else entry.kind,
            foldable=entry.kind in FOLDABLE,
        )

    def _later(self, week_ends_at: dt.datetime, besides: Collection[Entry]) -> list[Slot]:
        """What is planned in this community later this week."""
        now_due = {each.id for each in besides}
        planned = outbox.planned_before(self.view.session, self.community.key, COUNTED, week_ends_at)
        return [self._slot(each) for each in planned if each.id not in now_due]

    def _claimed_ahead(self, ids: Collection[int]) -> list[Entry]:
        if not ids:
            return []
        claimed = claims.claim_ahead(self.view.session, self.view.holder, ids)
        return self._worth_saying(claimed, ahead=True)

    def _atria(self, entries: Sequence[Entry]) -> list[Atrium]:
        found = (self.view.atrium(each.atrium_uid) for each in entries)
        return list({each.uid: each for each in found if each is not None}.values())

    def _places(self, atria: Sequence[Atrium]) -> list[Atrium]:
        """The places of the programme that all of these belong to, as far as this community may see them."""
        programmes = {each.programme_uid for each in atria}
        programme = programmes.pop() if len(programmes) == 1 else None
        if programme is None:
            return []
        here = frozenset({self.community.key})
        places = programme_places(self.view.session, programme)
        return [each for each in places if each.is_visible_to(here)]

    def _may_see(self, atrium: Atrium | None) -> bool:
        return atrium is not None and atrium.is_visible_to(frozenset({self.community.key}))

    def _capabilities(self) -> Capabilities:
        return self.view.capabilities[self.community.platform]

    def _outgoing(self, entries: Sequence[Entry]) -> list[Outgoing]:
        reply = self.worded(entries)
        if reply is None:
            self.view.settle(entries, skipped(NOTHING_TO_TELL))
            return []
        lead = entries[0]
        post = Post(key=lead.key, kind=lead.kind, community=self.community, thread=lead.thread, reply=reply)
        return [self._together(post, entries)]

    def _together(self, post: Post, entries: Sequence[Entry]) -> Outgoing:
        """One post that settles all of these; each that follows remembers which one led."""
        lead = entries[0]
        if "with" in (lead.payload or {}):
            # It followed another once, in a post that was never made.
            own = {name: value for name, value in (lead.payload or {}).items() if name != "with"}
            claims.keep_payload(self.view.session, lead, own)
        for follower in entries[1:]:
            payload = dict(follower.payload or {}) | {"with": post.key}
            claims.keep_payload(self.view.session, follower, payload)
        return Outgoing(post=post, entries=tuple(entries))
