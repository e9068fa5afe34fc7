"""Delivery: what is due leaves, exactly as often as owed, and whatever becomes of it is written down.

Posts are claimed in a short transaction, looked at once more, sent outside any transaction, and
settled in another short one. A claim takes no more than the rate limits let leave, so that nothing
waits claimed. A post whose request left and of which nobody knows the outcome is
looked up on the platform, and where the platform cannot tell it waits for a moderator: it is never
simply sent again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from scheduler import publishing
from scheduler.addresses import Addresses
from scheduler.doubts import Doubts, Runner
from scheduler.lastlook import last_look
from scheduler.limits import LEAVES_WITHIN, Budget, is_limited
from scheduler.look import Look, Outgoing
from scheduler.outcomes import settlement_of
from scheduler.plan import ANNOUNCEMENT, ANSWER
from scheduler.port import (
    NotAccepted,
    Outcome,
    Platform,
    Post,
    RateLimited,
    Sent,
    Unknown,
    Withheld,
)
from scheduler.rules import Rules
from store import claims
from store.claims import Claim, Settled, Settlement
from store.communities import is_paused
from store.engine import Store
from store.limits import Limit
from store.outbox import Entry
from store.states import OutboxState

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How many posts one claim takes, and how many claims one tick makes at the most.
CLAIM_SIZE = 50
CLAIMS_PER_TICK = 20

#: A claim that is older is given back unsent rather than risked: the lease must outlast the request.
SEND_WITHIN_SECONDS = LEAVES_WITHIN.total_seconds()

#: So many posts are settled together when a platform answers faster than this, in seconds. After a crash
#: they are in doubt together, so only where a post can be found again.
SETTLED_TOGETHER = 8
#: Answers of different threads that leave at the same time.
AT_ONCE = 8
FAST_SECONDS = 0.006

#: How long a tick goes on claiming; the next one goes on from there.
TICK_WITHIN_SECONDS = 60.0

#: A clock that goes on while the process is stopped and while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

#: How long a platform is left alone after it could not be reached: doubled each time, up to the second.
FIRST_PAUSE = dt.timedelta(seconds=2)
LONGEST_PAUSE = dt.timedelta(minutes=10)


async def in_a_thread(work: Callable[[], T], /) -> T:
    return await asyncio.to_thread(work)


def steady() -> float:
    """Seconds on a clock that nobody sets."""
    return time.clock_gettime(_STEADY)


def nobody(state: OutboxState, number: int) -> None:
    """Counts nothing."""


@dataclass(kw_only=True, slots=True)
class TickReport:
    """What one round of delivery did, in numbers of entries; `announced`: announcements may be among them."""

    claimed: int = 0
    expired: int = 0
    announced: bool = False
    settled: dict[OutboxState, int] = field(default_factory=dict)
    told: Callable[[OutboxState, int], None] = nobody

    def add(self, state: OutboxState, number: int = 1) -> None:
        self.settled[state] = self.settled.get(state, 0) + number
        self.told(state, number)

    @property
    def sent(self) -> int:
        return self.settled.get(OutboxState.SENT, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """What one claim yielded: posts that may leave, and the moment of claiming (steady seconds).

    `opens_in` says after how long the rate limits let more leave; None when they hold up nothing. `room` is
    how many posts were asked for.
    """

    claimed: int
    room: int
    ready: Sequence[Outgoing]
    claimed_at: float
    opens_in: dt.timedelta | None


#: A post that was sent, or tried, and what the platform said.
_Done = tuple[Outgoing, Outcome]


class Delivery:
    """Sends what the outbox owes.

    Args:
        platforms: where posts can go, by name; posts of other platforms stay planned.
        now: the injected clock, aware UTC: due-ness and wording go by it.
        holder: who claims, different for each running process.
        run: how database work is run; in a worker thread unless told otherwise.
        chance: spreads the pauses of several processes.
        pace: the clock of rate limits and of doubts, aware UTC; replicas must share one, so the program
            gives the database's. None is the injected clock.
        steady: seconds that go on while the process is stopped.
        told: hears how many posts went to which state.
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
        pace: Callable[[Session], dt.datetime] | None = None,
        steady: Callable[[], float] = steady,
        told: Callable[[OutboxState, int], None] = nobody,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._rules = rules
        self._now = now
        self.holder = holder
        self._run = run
        self._chance = chance or random.Random()  # noqa: S311  # spreads load, guards nothing
        self._pace = pace or (lambda _session: now())
        self._steady = steady
        self._told = told
        self._stopped = False
        #: Told, on the event loop, after how long the rate limits let more leave.
        self.on_held_up: Callable[[dt.timedelta], None] | None = None
        #: Whoever ticks often opens it first and closes it at the end.
        self.lookout = claims.Lookout(store)
        #: Aware UTC of when a post was last settled; None before the first.
        self.settled_at: dt.datetime | None = None
        #: How many posts are claimed at a time, by platform, where that is not `CLAIM_SIZE`.
        self._room: dict[str, int] = {}
        self._doubts = Doubts(store, platforms, now, self._pace, run)
        self._addresses = Addresses(steady)

    async def tick(self) -> TickReport:
        """Settle what is uncertain, send what is due. Faults of a platform never leave this method."""
        report = TickReport(told=self._told)
        # Not in a thread: to go there takes longer than to look.
        if not self.lookout.sees_work(self._now()):
            return report
        report.expired = await self._run(self._expire)
        await self._doubts.settle(report.add)
        report.announced = bool(report.settled)
        # Each platform on its own, so that a slow one holds up no other.
        await asyncio.gather(*(self._drain(name, report) for name in self._platforms))
        if report.announced:
            await self._run(self._settle_announcements)
        return report

    async def recover(self) -> TickReport:
        """After a start: take in doubt, and look up, what a process that is gone had claimed.

        On SQLite there is one process, so every claim there is its predecessor's. On PostgreSQL
        others may be sending right now: there their leases decide.
        """
        report = TickReport(told=self._told)
        if self._store.is_sqlite:
            report.expired = await self._run(self._abandon)
        await self._doubts.settle(report.add)
        return report

    async def deliver(self, keys: Collection[str]) -> TickReport:
        """Send these answers at once; what cannot leave now, or is no answer, is left to the ticks.

        They are of different threads: where posts can be found again, several leave at the same time.
        """
        report = TickReport(told=self._told)
        for name in self._platforms:
            of_here = [key for key in keys if key.startswith(f"{ANSWER}:{name}:")]
            if of_here:
                await self._claim_and_send(name, report, of_here)
        return report

    def account_limits(self) -> dict[str, Limit | None]:
        """The limit of the account on each platform, by the platform's name; None where it declares none."""
        return {name: each.capabilities.account_limit for name, each in self._platforms.items()}

    def stop(self) -> None:
        """Send nothing more: what is on its way is settled, what was only claimed is given back."""
        self._stopped = True

    # --- claiming ------------------------------------------------------------------------------------

    def _expire(self) -> int:
        with self._store.writing() as session:
            publishing.publish_due(session, self._rules, self._now())
            expired = claims.expire_claims(session, self._pace(session))
        if expired:
            log.warning("%d claims ran out before they were settled", expired)
        return expired

    def _settle_announcements(self) -> int:
        with self._store.writing() as session:
            return publishing.settle(session, self._now())

    def _abandon(self) -> int:
        with self._store.writing() as session:
            return claims.abandon_claims(session, self.holder, self._pace(session))

    async def _drain(self, name: str, report: TickReport) -> None:
        """Send what is due on one platform, as far as its limits go."""
        until = self._steady() + TICK_WITHIN_SECONDS
        for _ in range(CLAIMS_PER_TICK):
            batch = await self._claim_and_send(name, report)
            is_all = not batch.claimed or (batch.claimed < batch.room and batch.opens_in is None)
            if self._stopped or is_all or self._steady() > until:
                return

    async def _claim_and_send(
        self, name: str, report: TickReport, keys: Collection[str] | None = None
    ) -> _Batch:
        batch = await self._run(lambda: self._claim(name, report, keys))
        if batch.opens_in is not None and self.on_held_up is not None:
            self.on_held_up(batch.opens_in)
        platform = self._platforms[name]
        if keys is not None and len(batch.ready) > 1 and platform.capabilities.find:
            await self._send_apart(platform, batch, report)
        else:
            await self._send_in_order(platform, batch, report)
        return batch

    def _claim(self, name: str, report: TickReport, keys: Collection[str] | None) -> _Batch:
        capabilities = {each: platform.capabilities for each, platform in self._platforms.items()}
        now, claimed_at = self._now(), self._steady()
        with self._store.writing() as session:
            view = Look(
                session=session,
                rules=self._rules,
                now=now,
                holder=self.holder,
                capabilities=capabilities,
                address=self._addresses.find,
            )
            budget = self._budget(session, self._platforms[name])
            room = budget.left(self._room.get(name, CLAIM_SIZE))
            entries = self._due(view, budget, keys, room) if room else []
            leaving, staying = budget.admit(last_look(view, entries)) if entries else ([], [])
            for outgoing in staying:
                view.settle(outgoing.entries, Settlement(state=OutboxState.PLANNED))
            budget.keep()
            opens_in = budget.opens_in()
        report.claimed += len(entries)
        report.announced |= any(each.kind == ANNOUNCEMENT for each in entries)
        for state, number in view.settled.items():
            report.add(state, number)
        return _Batch(
            claimed=len(entries), room=room, ready=leaving, claimed_at=claimed_at, opens_in=opens_in
        )

    def _due(self, view: Look, budget: Budget, keys: Collection[str] | None, room: int) -> list[Entry]:
        """Claim no more than may leave."""
        wanted = Claim(
            now=view.now,
            holder=self.holder,
            platform=budget.platform,
            full=budget.full_channels(view.communities) if budget.has_channels else frozenset(),
        )
        if keys is not None:
            return claims.claim_keys(view.session, wanted, keys)
        return claims.claim(view.session, replace(wanted, closed=_paused(view)), room)

    # --- sending ---------------------------------------------------------------------------------------

    async def _send_in_order(self, platform: Platform, batch: _Batch, report: TickReport) -> None:
        """One post after the other; where posts can be found again, what is done is settled meanwhile."""
        may_leave = partial(self._may_leave, batch.claimed_at)
        settling: asyncio.Task[bool] | None = None
        done: list[_Done] = []
        try:
            for position, outgoing in enumerate(batch.ready):
                asked_at = self._steady()
                outcome = await self._send(platform, replace(outgoing.post, may_leave=may_leave))
                if isinstance(outcome, Withheld):
                    # Fewer at a time, where posts take so long that a claim runs out over them.
                    self._room[platform.name] = max(position, 1)
                    await self._give_back(platform, batch.ready[position:], report)
                    return
                done.append((outgoing, outcome))
                pause = self._pause_after(outcome, outgoing.entries[0])
                is_plain = platform.capabilities.find and isinstance(outcome, Sent)
                is_fast = self._steady() - asked_at < FAST_SECONDS
                if is_plain and is_fast and len(done) < SETTLED_TOGETHER:
                    continue
                is_ours = await settling if settling is not None else True
                settling = asyncio.ensure_future(self._settle(platform, done, report, pause))
                done = []
                if not is_plain or not is_ours:
                    is_ours = await settling and is_ours
                if pause is not None or not is_ours:
                    await self._give_back(platform, batch.ready[position + 1 :], report)
                    return
            self._room[platform.name] = min(2 * self._room.get(platform.name, CLAIM_SIZE), CLAIM_SIZE)
        finally:
            if settling is not None:
                await settling
            if done:
                await self._settle(platform, done, report, None)

    async def _send_apart(self, platform: Platform, batch: _Batch, report: TickReport) -> None:
        """Posts that need not wait for each other, several at once; what is done is settled meanwhile."""
        may_leave = partial(self._may_leave, batch.claimed_at)
        queue, done, pauses = deque(batch.ready), list[_Done](), list[dt.timedelta]()
        settling = asyncio.Lock()

        async def settle() -> None:
            async with settling:
                while done:
                    taken, done[:] = done[:], []
                    await self._settle(platform, taken, report, max(pauses, default=None))

        async def send() -> None:
            while queue and not pauses:
                outgoing = queue.popleft()
                outcome = await self._send(platform, replace(outgoing.post, may_leave=may_leave))
                if isinstance(outcome, Withheld):
                    queue.appendleft(outgoing)
                    return
                pause = self._pause_after(outcome, outgoing.entries[0])
                if pause is not None:
                    pauses.append(pause)
                done.append((outgoing, outcome))
                if not settling.locked():
                    await settle()

        try:
            await asyncio.gather(*(send() for _ in range(min(AT_ONCE, len(queue)))))
        finally:
            await settle()
            await self._give_back(platform, tuple(queue), report)

    def _may_leave(self, claimed_at: float) -> bool:
        """Whether what was claimed then may leave now: not when it slept over the end of the claim."""
        return not self._stopped and self._steady() - claimed_at <= SEND_WITHIN_SECONDS

    async def _send(self, platform: Platform, post: Post) -> Outcome:
        if not post.may_leave():
            return Withheld()
        try:
            if post.edits is not None:
                return await platform.edit(post.edits, post)
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
        self,
        platform: Platform,
        done: Sequence[_Done],
        report: TickReport,
        pause: dt.timedelta | None,
    ) -> bool:
        """Write down what became of posts; False when another settled one of them in the meantime.

        Args:
            pause: how long to leave the platform alone from now on.
        """

        is_plain = pause is None and not is_limited(platform.capabilities)
        is_one = len(done) == 1 and len(done[0][0].entries) == 1 and isinstance(done[0][1], Sent)

        def write() -> tuple[list[Settled], frozenset[int]]:
            # What is most often settled, one answer that was sent, needs no transaction around it.
            with self._store.writing_once() if is_plain and is_one else self._store.writing() as session:
                self._count_calls(session, platform, [outgoing for outgoing, _ in done], pause)
                settled = [
                    each
                    for outgoing, outcome in done
                    for each in self._settled(session, platform, outgoing, outcome)
                ]
                return settled, claims.settle_all(session, settled)

        settled, ours = await self._run(write)
        for each in settled:
            if each.entry.id in ours:
                report.add(each.outcome.state)
            else:
                log.warning("post %s was settled by another in the meantime", each.entry.key)
        self.settled_at = self._now()
        return len(ours) == len(settled)

    def _settled(
        self, session: Session, platform: Platform, outgoing: Outgoing, outcome: Outcome
    ) -> list[Settled]:
        can_find = platform.capabilities.find or outgoing.post.edits is not None
        settlement = settlement_of(outcome, can_find)
        in_doubt = settlement.state is OutboxState.AMBIGUOUS
        at = self._pace(session) if in_doubt else self._now()
        untried = isinstance(outcome, RateLimited | Withheld)
        return [Settled(entry=each, outcome=settlement, at=at, untried=untried) for each in outgoing.entries]

    def _count_calls(
        self,
        session: Session,
        platform: Platform,
        left: Collection[Outgoing],
        pause: dt.timedelta | None,
    ) -> None:
        if pause is None and not is_limited(platform.capabilities):
            return
        budget = self._budget(session, platform)
        for outgoing in left:
            budget.left_at(outgoing)
        if pause is not None:
            budget.close(pause)
        budget.keep()

    def _budget(self, session: Session, platform: Platform) -> Budget:
        return Budget(
            session=session,
            platform=platform.name,
            capabilities=platform.capabilities,
            pace=self._pace,
        )

    async def _give_back(self, platform: Platform, queue: Sequence[Outgoing], report: TickReport) -> None:
        """What was claimed and not tried is planned again, at the moment it had."""
        if not queue:
            return

        def write() -> int:
            back = Settlement(state=OutboxState.PLANNED)
            with self._store.writing() as session:
                if is_limited(platform.capabilities):
                    budget = self._budget(session, platform)
                    budget.never_left(queue)
                    budget.keep()
                return sum(
                    claims.settle(session, entry, back, self._now(), untried=True)
                    for outgoing in queue
                    for entry in outgoing.entries
                )

        report.add(OutboxState.PLANNED, await self._run(write))


def _paused(view: Look) -> frozenset[str]:
    """The communities in which nothing is said unasked now; "" stands for members, in private."""
    if is_paused(view.session, None):
        return frozenset({"", *(each.key for each in view.communities)})
    return frozenset(each.key for each in view.communities if each.paused)
