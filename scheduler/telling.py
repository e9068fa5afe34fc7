"""What one community is told now, of what is due there: checked against the record, worded, bounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.model import Atrium, Community, Kind
from handlers.reply import Reply
from scheduler.attention import CLAIMING, FOLDABLE, Slot, share, spare, taken_in
from scheduler.editing import by_message, revision
from scheduler.look import Look, Outgoing, is_exempt, put_off, skipped
from scheduler.moments import moment_of, offset_of, offset_text, week_of
from scheduler.plan import (
    ANNOUNCEMENT,
    CANCELLATION,
    CHANGE,
    DEADLINE,
    DIGEST,
    EDIT,
    INVITATION,
    LOW_VALUE,
    MODERATORS,
    REMINDER,
    THANKS,
    is_on,
    moments,
    resumption,
)
from scheduler.port import Post
from scheduler.saying import Saying
from store import claims, precedents, replanning
from store.outbox import Entry
from store.reporting import UNSAID
from store.settlements import Settlement

NOTHING_TO_TELL = "reden.niets te melden"
BUDGET_SPENT = "reden.weekbudget op"
NOT_HERE = "reden.niet hier"
IS_OFF = "reden.atrium weg"
HAS_BEGUN = "reden.begonnen"
CLOSED = "reden.inschrijvingen gesloten"
NOT_PLANNED = "reden.niet langer gepland"
ANNOUNCED = "reden.al aangekondigd"

#: How long after a notice a reminder of the same atrium may follow, so that the notice comes first.
AFTER_NOTICE = dt.timedelta(minutes=1)

#: The places of one programme lie closer together than this.
ONE_PROGRAMME = dt.timedelta(days=120)


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

    def tell(self, owed: Sequence[Entry], said: int) -> list[Outgoing]:
        """The posts that leave now, what is urgent first; what does not leave is settled.

        Args:
            said: how many posts that count the community got this week.
        """
        week = week_of(self.view.now)
        self.left = self.view.rules.attention.max_posts_per_week - said
        rows = self._standing(owed)
        ready = self._notices([each for each in rows if each.kind == CANCELLATION])
        ready += self._notices([each for each in rows if each.kind == CHANGE])
        ready += self._announcements([each for each in rows if each.kind == ANNOUNCEMENT])
        reminders = self._worth_saying([each for each in rows if each.kind in FOLDABLE])
        quiet = self._worth_saying([each for each in rows if each.kind in LOW_VALUE])
        for entry in rows:
            if entry.kind == DIGEST:
                told, reminders, quiet = self._digest(entry, reminders, quiet, week[1])
                ready += told
            elif entry.kind == MODERATORS:
                self.left -= 1
                ready += self._outgoing([entry])
        ready += self._reminders(reminders, week[1])
        ready += self._quiet(quiet, besides=reminders, week_ends_at=week[1])
        return ready + self._edits([each for each in rows if each.kind == EDIT])

    def worded(self, entries: Sequence[Entry]) -> Reply | None:
        """The one post that says all of these, of the kind of the first; None: there is nothing to say."""
        return Saying(view=self.view, community=self.community).worded(entries)

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

    def _announcements(self, entries: Sequence[Entry]) -> list[Outgoing]:
        """What moderators announced: one post each, and one for the places of a programme."""
        ready: list[Outgoing] = []
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            atrium = self.view.atrium(entry.atrium_uid)
            if atrium is None or not self._may_see(atrium):
                self.view.settle([entry], skipped(NOT_HERE))
            else:
                groups.setdefault(atrium.programme_uid or atrium.uid, []).append(entry)
        for group in groups.values():
            self.left -= 1
            ready += self._outgoing(group)
        return ready

    def _digest(
        self, entry: Entry, reminders: list[Entry], quiet: list[Entry], week_ends_at: dt.datetime
    ) -> tuple[list[Outgoing], list[Entry], list[Entry]]:
        """The overview, and the reminders and low-value posts that it did not take in."""
        if self.left <= 0 and not is_exempt(entry):
            self.view.settle([entry], skipped(BUDGET_SPENT))
            return [], reminders, quiet
        self.left -= 1
        later = [*map(self._slot, reminders), *self._later(week_ends_at, besides=(entry, *reminders))]
        wanted = set(taken_in(later, self.left))
        wanted |= {each.id for each in reminders if self._waited(each)}
        taken = [each for each in reminders if each.id in wanted]
        taken += self._claimed_ahead(wanted - {each.id for each in taken})
        folded = [each for each in quiet if self._fits_an_overview(each) and not is_exempt(each)]
        taken += self._with_other_places(folded)
        rest = [each for each in reminders if each.id not in wanted]
        return self._outgoing([entry, *taken]), rest, [each for each in quiet if each not in folded]

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

    def _quiet(
        self, entries: Sequence[Entry], besides: Sequence[Entry], week_ends_at: dt.datetime
    ) -> list[Outgoing]:
        """What is of low value: said when the week has room for it, else with the next overview."""
        ready: list[Outgoing] = []
        if not entries:
            return ready
        later = self._later(week_ends_at, besides=(*entries, *besides))
        for group in self._by_subject(entries):
            if spare(later, self.left) > 0 or is_exempt(group[0]):
                self.left -= 1
                ready += self._outgoing(self._with_other_places(group))
            else:
                self.view.settle(group, self._with_next_overview(group[0]))
        return ready

    def _by_subject(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        """Low-value posts of one kind about one atrium or programme; thanks all together."""
        groups: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            atrium = self.view.atrium(entry.atrium_uid)
            subject = subject_of(atrium) if atrium and entry.kind != THANKS else ""
            groups.setdefault((entry.kind, subject), []).append(entry)
        return list(groups.values())

    def _fits_an_overview(self, entry: Entry) -> bool:
        """Whether an overview would tell it: thanks without materials only ask, and that needs a thread."""
        atrium = self.view.atrium(entry.atrium_uid)
        return entry.kind != THANKS or (atrium is not None and atrium.materials_url is not None)

    def _with_next_overview(self, entry: Entry) -> Settlement:
        """A post put off to the next overview of this community, if that comes while it is still of use."""
        if not self._fits_an_overview(entry):
            return skipped(BUDGET_SPENT)
        until = entry.late_until or self.view.now
        planned = precedents.planned_before(self.view.session, self.community.key, (DIGEST,), until)
        following = next((each for each in planned if each.due_at > self.view.now), None)
        return put_off(following.due_at) if following is not None else skipped(BUDGET_SPENT)

    def _with_other_places(self, entries: Sequence[Entry]) -> list[Entry]:
        """These posts, and the same post of the other places of their programmes: one post speaks for all."""
        kinds = {each.kind for each in entries if each.programme_uid and each.kind != THANKS}
        if not kinds:
            return list(entries)
        said = {(each.kind, each.programme_uid, each.offset) for each in entries}
        until = self.view.now + ONE_PROGRAMME
        planned = precedents.planned_before(self.view.session, self.community.key, kinds, until)
        same = {
            each.id
            for each in planned
            if each.programme_uid and (each.kind, each.programme_uid, each.offset) in said
        }
        return [*entries, *self._claimed_ahead(same)]

    def _reminder_post(self, entries: Sequence[Entry]) -> list[Outgoing]:
        self.left -= 1
        first = [each for each in entries if self._speaks_for_all(each)]
        if first:
            entries = [*entries, *self._with_other_places(first)[len(first) :]]
        return self._outgoing(sorted(entries, key=lambda each: each.kind != REMINDER))

    def _speaks_for_all(self, entry: Entry) -> bool:
        """Whether this is the first reminder of a programme, where the settings want that said once."""
        atrium = self.view.atrium(entry.atrium_uid)
        rules = self.view.rules
        if not rules.posts.programme_once or entry.kind != REMINDER or atrium is None:
            return False
        offsets = rules.reminders.get(atrium.kind, ())
        return len(offsets) > 1 and entry.offset == offset_text(max(offsets))

    def _waited(self, entry: Entry) -> bool:
        """Whether a reminder waited for the overview after the school holidays."""
        atrium = self.view.atrium(entry.atrium_uid)
        if atrium is None or entry.kind != REMINDER or not entry.offset:
            return False
        at = moment_of(
            offset_of(entry.offset), atrium.local_date, atrium.starts_at, self.view.rules.attention
        )
        return resumption(at, self.view.rules) is not None and entry.due_at > at

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
        if atrium.starts_at <= now and entry.kind != THANKS:
            return skipped(HAS_BEGUN)
        if entry.kind == DEADLINE and not atrium.registration_is_open(now):
            return skipped(CLOSED)
        if not self.view.told_here([atrium], self.community):
            return skipped(NOT_HERE)
        if is_exempt(entry):
            return None
        if not is_on(entry.kind, self.community.posts_off):
            return skipped(NOT_PLANNED)
        if entry.kind == INVITATION and self._was_announced(atrium):
            return skipped(ANNOUNCED)
        notice = self.view.coming_notice(atrium, self.community)
        if notice is not None and notice.due_at > now:
            return put_off(notice.due_at + AFTER_NOTICE)
        return None if ahead else self._moved(entry, atrium)

    def _was_announced(self, atrium: Atrium) -> bool:
        """Whether a moderator announced it here, or is about to."""
        announced = self.view.announcements(atrium, self.community)
        return any(each.state not in UNSAID for each in announced)

    def _moved(self, entry: Entry, atrium: Atrium) -> Settlement | None:
        """Whether the moment is another one since the post was planned."""
        owed = {(kind, offset): (due, late) for kind, offset, due, late in moments(atrium, self.view.rules)}
        found = owed.get((entry.kind, entry.offset or ""))
        if found is None:
            return skipped(NOT_PLANNED)
        due_at, late_until = found
        if due_at > self.view.now:
            return put_off(due_at, late_until)
        return skipped(replanning.MOVED_TO_THE_PAST) if late_until < self.view.now else None

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
        planned = precedents.planned_before(self.view.session, self.community.key, CLAIMING, week_ends_at)
        return [self._slot(each) for each in planned if each.id not in now_due]

    def _claimed_ahead(self, ids: Collection[int]) -> list[Entry]:
        if not ids:
            return []
        claimed = claims.claim_ahead(self.view.session, self.view.holder, ids)
        return self._worth_saying(claimed, ahead=True)

    def _may_see(self, atrium: Atrium | None) -> bool:
        return atrium is not None and atrium.is_visible_to(frozenset({self.community.key}))

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
