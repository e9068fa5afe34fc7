"""Delivery: what is due leaves, exactly as often as owed, and whatever becomes of it is written down.

Posts are claimed in a short transaction, looked at once more, sent outside any transaction, and
settled in another short one. A post whose request left and of which nobody knows the outcome is
looked up on the platform, and where the platform cannot tell it waits for a moderator: it is never
simply sent again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from handlers.model import Community
from handlers.reply import Reply
from scheduler.lastlook import last_look
from scheduler.look import Look, Outgoing
from scheduler.port import (
    Missing,
    NotAccepted,
    Outcome,
    Platform,
    Post,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from scheduler.rules import Rules
from store import claims, outbox
from store.claims import Claim, Settlement
from store.communities import is_paused, list_communities
from store.engine import Store
from store.outbox import Entry
from store.states import OutboxState

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How many posts one claim takes, and how many claims one tick makes at the most.
CLAIM_SIZE = 50
CLAIMS_PER_TICK = 20

#: A claim that is older is given back unsent rather than risked: the lease must outlast the request.
SEND_WITHIN_SECONDS = claims.CLAIM.total_seconds() / 2

#: How long until a post in doubt is looked for once more: doubled each time, up to the second.
LOOK_AGAIN = dt.timedelta(seconds=30)
LONGEST_BETWEEN_LOOKS = dt.timedelta(hours=1)

#: How long a platform is left alone after it could not be reached: doubled each time, up to the second.
FIRST_PAUSE = dt.timedelta(seconds=2)
LONGEST_PAUSE = dt.timedelta(minutes=10)

LOOK_FOR_IT = "kijk op het platform of dit bericht er staat, en beslis"


class Runner(Protocol):
    """Runs a piece of database work without holding up the event loop."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]: ...


async def in_a_thread(work: Callable[[], T], /) -> T:
    return await asyncio.to_thread(work)


@dataclass(kw_only=True, slots=True)
class TickReport:
    """What one round of delivery did, in numbers of outbox entries."""

    claimed: int = 0
    expired: int = 0
    settled: dict[OutboxState, int] = field(default_factory=dict)

    def add(self, state: OutboxState, number: int = 1) -> None:
        self.settled[state] = self.settled.get(state, 0) + number

    @property
    def sent(self) -> int:
        return self.settled.get(OutboxState.SENT, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """What one claim yielded: posts that may leave, and the moment of claiming (monotonic seconds)."""

    claimed: int
    ready: Sequence[Outgoing]
    claimed_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doubt:
    """A post of which nobody knows whether it is there, and every entry that was said with it."""

    key: str
    entries: tuple[Entry, ...]
    community: Community | None


class Delivery:
    """Sends what the outbox owes.

    Args:
        platforms: where posts can go, by name; posts of other platforms stay planned.
        now: the injected clock, aware UTC: due-ness and wording go by it.
        holder: who claims, different for each running process.
        run: how database work is run; in a worker thread unless told otherwise.
        chance: spreads the pauses of several processes.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        rules: Rules,
        now: Callable[[], dt.datetime],
        holder: str,
        *,
        run: Runner = in_a_thread,
        chance: random.Random | None = None,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._rules = rules
        self._now = now
        self.holder = holder
        self._run = run
        self._chance = chance or random.Random()  # noqa: S311  # spreads load, guards nothing
        self._stopped = False
        #: Whoever ticks often opens it first and closes it at the end.
        self.lookout = claims.Lookout(store)
        #: Aware UTC of when a post was last settled; None before the first.
        self.settled_at: dt.datetime | None = None
        #: For each post in doubt how often it was looked for, and when last.
        self._looks: dict[str, tuple[int, dt.datetime]] = {}

    async def tick(self) -> TickReport:
        """Settle what is uncertain, send what is due. Faults of a platform never leave this method."""
        report = TickReport()
        # Not in a thread: to go there takes longer than to look.
        if not self.lookout.sees_work(self._now()):
            return report
        report.expired = await self._run(self._expire)
        await self._settle_ambiguous(report)
        for _ in range(CLAIMS_PER_TICK):
            batch = await self._run(lambda: self._claim(report))
            await self._send_all(batch, report)
            if self._stopped or batch.claimed < CLAIM_SIZE:
                break
        return report

    async def recover(self) -> TickReport:
        """After a start: take in doubt, and look up, what a process that is gone had claimed.

        On SQLite there is one process, so every claim there is its predecessor's. On PostgreSQL
        others may be sending right now: there their leases decide.
        """
        report = TickReport()
        if self._store.is_sqlite:
            report.expired = await self._run(self._abandon)
        await self._settle_ambiguous(report)
        return report

    async def deliver(self, keys: Collection[str]) -> TickReport:
        """Send these answers at once; what cannot leave now, or is no answer, is left to the ticks."""
        report = TickReport()
        await self._send_all(await self._run(lambda: self._claim(report, keys)), report)
        return report

    def stop(self) -> None:
        """Send nothing more: what is on its way is settled, what was only claimed is given back."""
        self._stopped = True

    # --- claiming ------------------------------------------------------------------------------------

    def _expire(self) -> int:
        with self._store.writing() as session:
            expired = claims.expire_claims(session, self._now())
        if expired:
            log.warning("%d claims ran out before they were settled", expired)
        return expired

    def _abandon(self) -> int:
        with self._store.writing() as session:
            return claims.abandon_claims(session, self.holder, self._now())

    def _claim(self, report: TickReport, keys: Collection[str] | None = None) -> _Batch:
        now = self._now()
        with self._store.writing() as session:
            claimed_at = time.monotonic()
            view = Look(
                session=session,
                rules=self._rules,
                now=now,
                holder=self.holder,
                capabilities={name: each.capabilities for name, each in self._platforms.items()},
            )
            waits = claims.waits(session)
            wanted = Claim(
                now=now,
                holder=self.holder,
                platforms=frozenset(name for name in self._platforms if waits.get(name, now) <= now),
            )
            if keys is None:
                wanted = replace(wanted, closed=_paused(view))
                entries = claims.claim(session, wanted, CLAIM_SIZE)
            else:
                entries = claims.claim_keys(session, wanted, keys)
            ready = last_look(view, entries) if entries else []
        report.claimed += len(entries)
        for state, number in view.settled.items():
            report.add(state, number)
        return _Batch(claimed=len(entries), ready=ready, claimed_at=claimed_at)

    # --- sending ---------------------------------------------------------------------------------------

    async def _send_all(self, batch: _Batch, report: TickReport) -> None:
        """Each platform on its own, so that a slow one holds up no other; on each, in order."""
        by_platform: dict[str, list[Outgoing]] = {}
        for outgoing in batch.ready:
            by_platform.setdefault(outgoing.entries[0].platform, []).append(outgoing)
        queues = (self._send_in_order(name, queue, batch, report) for name, queue in by_platform.items())
        if len(by_platform) == 1:
            await next(queues)
        else:
            await asyncio.gather(*queues)

    async def _send_in_order(
        self, name: str, queue: Sequence[Outgoing], batch: _Batch, report: TickReport
    ) -> None:
        for position, outgoing in enumerate(queue):
            if self._stopped or time.monotonic() - batch.claimed_at > SEND_WITHIN_SECONDS:
                await self._give_back(queue[position:], report)
                return
            outcome = await self._send(self._platforms[name], outgoing.post)
            pause = self._pause_after(outcome, outgoing.entries[0])
            await self._settle(outgoing, outcome, report, pause)
            if pause is not None:
                await self._give_back(queue[position + 1 :], report)
                return

    async def _send(self, platform: Platform, post: Post) -> Outcome:
        try:
            return await platform.send(post)
        except Exception:
            # One of the two places where faults are caught: a platform's must not stop the others.
            log.exception("platform %s failed on post %s", platform.name, post.key)
            return Unknown(reason="het platform gaf een fout die de bot niet kent")

    def _pause_after(self, outcome: Outcome, entry: Entry) -> dt.timedelta | None:
        """How long to leave the platform alone after this outcome; None when it may go on."""
        if isinstance(outcome, RateLimited):
            return outcome.retry_after
        if isinstance(outcome, NotAccepted):
            doubled: dt.timedelta = min(FIRST_PAUSE * 2 ** min(entry.attempts - 1, 10), LONGEST_PAUSE)
            return doubled * (1 + self._chance.random() / 2)
        return None

    async def _settle(
        self, outgoing: Outgoing, outcome: Outcome, report: TickReport, pause: dt.timedelta | None
    ) -> None:
        can_find = self._platforms[outgoing.entries[0].platform].capabilities.find
        settlement = settlement_of(outcome, can_find)

        def write() -> int:
            now = self._now()
            with self._store.writing() as session:
                if pause is not None:
                    claims.let_wait(session, outgoing.entries[0].platform, now + pause)
                return sum(
                    claims.settle(session, entry, settlement, now, untried=isinstance(outcome, RateLimited))
                    for entry in outgoing.entries
                )

        settled = await self._run(write)
        self.settled_at = self._now()
        if settled:
            report.add(settlement.state, settled)
        if settled < len(outgoing.entries):
            log.warning("post %s was settled by another in the meantime", outgoing.post.key)

    async def _give_back(self, queue: Sequence[Outgoing], report: TickReport) -> None:
        """What was claimed and not tried is planned again, at the moment it had."""
        entries = [entry for outgoing in queue for entry in outgoing.entries]
        if not entries:
            return

        def write() -> int:
            back = Settlement(state=OutboxState.PLANNED)
            with self._store.writing() as session:
                return sum(
                    claims.settle(session, entry, back, self._now(), untried=True) for entry in entries
                )

        report.add(OutboxState.PLANNED, await self._run(write))

    # --- unknown outcomes --------------------------------------------------------------------------------

    async def _settle_ambiguous(self, report: TickReport) -> None:
        """Look up what nobody knows the outcome of, each post with what was folded into it."""
        for doubt in await self._run(self._doubts):
            found = await self._find(doubt)
            if isinstance(found, Unknown):
                continue
            settlement = Settlement(state=OutboxState.PLANNED)
            if isinstance(found, Sent):
                settlement = settlement_of(found)
            report.add(settlement.state, await self._run(partial(self._settle_found, doubt, settlement)))

    def _doubts(self) -> list[_Doubt]:
        """What may be looked up now: long enough after it left, and ever less often."""
        now = self._now()
        with self._store.reading() as session:
            entries = outbox.ambiguous(session)
            communities = {each.key: each for each in list_communities(session)} if entries else {}
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(str((entry.payload or {}).get("with", entry.key)), []).append(entry)
        self._looks = {key: look for key, look in self._looks.items() if key in groups}
        doubts = []
        for key, group in groups.items():
            platform = self._platforms.get(group[0].platform)
            if platform is None or not platform.capabilities.find:
                continue
            times, last = self._looks.get(key, (0, group[0].updated_at or now))
            wait = min(LOOK_AGAIN * 2**times, LONGEST_BETWEEN_LOOKS)
            if now - last >= (wait if times else platform.capabilities.appears_within):
                self._looks[key] = (times + 1, now)
                community = communities.get(group[0].community_key or "")
                doubts.append(_Doubt(key=key, entries=tuple(group), community=community))
        return doubts

    async def _find(self, doubt: _Doubt) -> Sent | Missing | Unknown:
        entry = next((each for each in doubt.entries if each.key == doubt.key), doubt.entries[0])
        payload = entry.payload or {}
        post = Post(
            key=doubt.key,
            kind=entry.kind,
            community=doubt.community,
            member=payload.get("member"),
            thread=entry.thread,
            ref=payload.get("ref"),
            # What it said is found by its key, never by its words.
            reply=Reply(headline=entry.kind),
        )
        platform = self._platforms[entry.platform]
        try:
            return await platform.find(post)
        except Exception:
            log.exception("platform %s failed to look for post %s", platform.name, post.key)
            return Unknown(reason="het platform gaf een fout die de bot niet kent")

    def _settle_found(self, doubt: _Doubt, settlement: Settlement) -> int:
        with self._store.writing() as session:
            return sum(claims.settle(session, entry, settlement, self._now()) for entry in doubt.entries)


def _paused(view: Look) -> frozenset[str]:
    """The communities in which nothing is said unasked now."""
    everywhere = is_paused(view.session, None)
    return frozenset(each.key for each in view.communities if everywhere or each.paused)


def settlement_of(outcome: Outcome, can_find: bool = True) -> Settlement:
    """What an outcome makes of a post.

    Args:
        can_find: whether the platform can be asked for it when the outcome is unknown.
    """
    match outcome:
        case Sent(message_id=message_id, thread=thread) if message_id:
            return Settlement(state=OutboxState.SENT, message_id=message_id, thread=thread)
        case Sent():
            # Whatever the platform said, without its id nobody can point at the post.
            return Settlement(state=OutboxState.AMBIGUOUS, reason=f"geen nummer gekregen; {LOOK_FOR_IT}")
        case Refused(reason=reason):
            return Settlement(state=OutboxState.FAILED, reason=reason)
        case RateLimited() | NotAccepted():
            return Settlement(state=OutboxState.PLANNED)
        case Unknown(reason=reason):
            looked = reason if can_find else f"{reason}; {LOOK_FOR_IT}"
            return Settlement(state=OutboxState.AMBIGUOUS, reason=looked)
