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
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from handlers.model import Community
from handlers.reply import Reply
from scheduler.lastlook import last_look
from scheduler.limits import LEAVES_WITHIN, Budget, is_limited
from scheduler.look import Look, Outgoing
from scheduler.plan import ANSWER, EDIT
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
FAST_SECONDS = 0.006

#: How long a tick goes on claiming; the next one goes on from there.
TICK_WITHIN_SECONDS = 60.0

#: A clock that goes on while the process is stopped and while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

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


def steady() -> float:
    """Seconds on a clock that nobody sets."""
    return time.clock_gettime(_STEADY)


def nobody(state: OutboxState, number: int) -> None:
    """Counts nothing."""


@dataclass(kw_only=True, slots=True)
class TickReport:
    """What one round of delivery did, in numbers of outbox entries."""

    claimed: int = 0
    expired: int = 0
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

    `opens_in` says after how long the rate limits let more leave; None when they hold up nothing.
    """

    claimed: int
    ready: Sequence[Outgoing]
    claimed_at: float
    opens_in: dt.timedelta | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doubt:
    """A post of which nobody knows whether it is there, and every entry that was said with it."""

    key: str
    entries: tuple[Entry, ...]
    community: Community | None


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
        #: For each post in doubt how often it was looked for, and when last.
        self._looks: dict[str, tuple[int, dt.datetime | None]] = {}

    async def tick(self) -> TickReport:
        """Settle what is uncertain, send what is due. Faults of a platform never leave this method."""
        report = TickReport(told=self._told)
        # Not in a thread: to go there takes longer than to look.
        if not self.lookout.sees_work(self._now()):
            return report
        report.expired = await self._run(self._expire)
        await self._settle_ambiguous(report)
        # Each platform on its own, so that a slow one holds up no other.
        await asyncio.gather(*(self._drain(name, report) for name in self._platforms))
        return report

    async def recover(self) -> TickReport:
        """After a start: take in doubt, and look up, what a process that is gone had claimed.

        On SQLite there is one process, so every claim there is its predecessor's. On PostgreSQL
        others may be sending right now: there their leases decide.
        """
        report = TickReport(told=self._told)
        if self._store.is_sqlite:
            report.expired = await self._run(self._abandon)
        await self._settle_ambiguous(report)
        return report

    async def deliver(self, keys: Collection[str]) -> TickReport:
        """Send these answers at once; what cannot leave now, or is no answer, is left to the ticks."""
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
            expired = claims.expire_claims(session, self._pace(session))
        if expired:
            log.warning("%d claims ran out before they were settled", expired)
        return expired

    def _abandon(self) -> int:
        with self._store.writing() as session:
            return claims.abandon_claims(session, self.holder, self._pace(session))

    async def _drain(self, name: str, report: TickReport) -> None:
        """Send what is due on one platform, as far as its limits go."""
        until = self._steady() + TICK_WITHIN_SECONDS
        for _ in range(CLAIMS_PER_TICK):
            batch = await self._claim_and_send(name, report)
            is_all = not batch.claimed or (batch.claimed < CLAIM_SIZE and batch.opens_in is None)
            if self._stopped or is_all or self._steady() > until:
                return

    async def _claim_and_send(
        self, name: str, report: TickReport, keys: Collection[str] | None = None
    ) -> _Batch:
        batch = await self._run(lambda: self._claim(name, report, keys))
        if batch.opens_in is not None and self.on_held_up is not None:
            self.on_held_up(batch.opens_in)
        await self._send_in_order(self._platforms[name], batch, report)
        return batch

    def _claim(self, name: str, report: TickReport, keys: Collection[str] | None) -> _Batch:
        capabilities = {each: platform.capabilities for each, platform in self._platforms.items()}
        now, claimed_at = self._now(), self._steady()
        with self._store.writing() as session:
            view = Look(
                session=session, rules=self._rules, now=now, holder=self.holder, capabilities=capabilities
            )
            budget = self._budget(session, self._platforms[name])
            entries = self._due(view, budget, keys)
            leaving, staying = budget.admit(last_look(view, entries)) if entries else ([], [])
            for outgoing in staying:
                view.settle(outgoing.entries, Settlement(state=OutboxState.PLANNED))
            budget.keep()
            opens_in = budget.opens_in()
        report.claimed += len(entries)
        for state, number in view.settled.items():
            report.add(state, number)
        return _Batch(claimed=len(entries), ready=leaving, claimed_at=claimed_at, opens_in=opens_in)

    def _due(self, view: Look, budget: Budget, keys: Collection[str] | None) -> list[Entry]:
        """Claim no more than may leave."""
        room = budget.left(CLAIM_SIZE)
        if not room:
            return []
        wanted = Claim(
            now=view.now,
            holder=self.holder,
            platforms=frozenset({budget.platform}),
            full=budget.full_channels(view.communities) if budget.has_channels else frozenset(),
        )
        if keys is not None:
            return claims.claim_keys(view.session, wanted, keys)
        return claims.claim(view.session, replace(wanted, closed=_paused(view)), room)

    # --- sending ---------------------------------------------------------------------------------------

    async def _send_in_order(self, platform: Platform, batch: _Batch, report: TickReport) -> None:
        """One post after the other; where posts can be found again, what is done is settled meanwhile."""
        settling: asyncio.Task[bool] | None = None
        done: list[_Done] = []
        try:
            for position, outgoing in enumerate(batch.ready):
                # Asked at the last moment: whoever slept over the end of a claim must not send.
                asked_at = self._steady()
                if self._stopped or asked_at - batch.claimed_at > SEND_WITHIN_SECONDS:
                    await self._give_back(platform, batch.ready[position:], report)
                    return
                outcome = await self._send(platform, outgoing.post)
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
        finally:
            if settling is not None:
                await settling
            if done:
                await self._settle(platform, done, report, None)

    async def _send(self, platform: Platform, post: Post) -> Outcome:
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

        def write() -> list[tuple[Outgoing, OutboxState, int]]:
            with self._store.writing() as session:
                self._count_calls(session, platform, [outgoing for outgoing, _ in done], pause)
                return [
                    (outgoing, *self._settle_one(session, platform, outgoing, outcome))
                    for outgoing, outcome in done
                ]

        is_ours = True
        for outgoing, state, settled in await self._run(write):
            if settled:
                report.add(state, settled)
            if settled < len(outgoing.entries):
                is_ours = False
                log.warning("post %s was settled by another in the meantime", outgoing.post.key)
        self.settled_at = self._now()
        return is_ours

    def _settle_one(
        self, session: Session, platform: Platform, outgoing: Outgoing, outcome: Outcome
    ) -> tuple[OutboxState, int]:
        can_find = platform.capabilities.find or outgoing.post.edits is not None
        settlement = settlement_of(outcome, can_find)
        in_doubt = settlement.state is OutboxState.AMBIGUOUS
        now = self._pace(session) if in_doubt else self._now()
        untried = isinstance(outcome, RateLimited)
        entries = outgoing.entries
        return settlement.state, sum(
            claims.settle(session, entry, settlement, now, untried=untried) for entry in entries
        )

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
            clock=self._pace(session),
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

    # --- unknown outcomes --------------------------------------------------------------------------------

    async def _settle_ambiguous(self, report: TickReport) -> None:
        """Look up what nobody knows the outcome of, each post with what was folded into it."""
        for doubt in await self._run(self._doubts):
            if not await self._run(partial(self._may_look, doubt)):
                continue
            found = await self._find(doubt)
            if isinstance(found, Unknown):
                continue
            settlement = Settlement(state=OutboxState.PLANNED)
            if isinstance(found, Sent):
                settlement = settlement_of(found)
            report.add(settlement.state, await self._run(partial(self._settle_found, doubt, settlement)))
            # When it is in doubt again, it must have time to appear again.
            self._looks.pop(doubt.key, None)

    def _doubts(self) -> list[_Doubt]:
        """What may be looked up now: long enough after it left, and ever less often."""
        with self._store.reading() as session:
            now = self._pace(session)
            entries = outbox.ambiguous(session)
            communities = {each.key: each for each in list_communities(session)} if entries else {}
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(str((entry.payload or {}).get("with", entry.key)), []).append(entry)
        self._looks = {key: look for key, look in self._looks.items() if key in groups}
        doubts = []
        for key, group in groups.items():
            platform = self._platforms.get(group[0].platform)
            if platform is None or not (platform.capabilities.find or _is_edit(group[0], platform)):
                continue
            times, looked_at = self._looks.get(key, (0, None))
            wait = min(LOOK_AGAIN * 2**times, LONGEST_BETWEEN_LOOKS)
            # Another replica may have settled it since our last look, and sent it again in vain.
            has_appeared = now - (group[0].updated_at or now) >= platform.capabilities.appears_within
            if has_appeared and (looked_at is None or now - looked_at >= wait):
                self._looks[key] = (times + 1, now)
                community = communities.get(group[0].community_key or "")
                doubts.append(_Doubt(key=key, entries=tuple(group), community=community))
        return doubts

    def _may_look(self, doubt: _Doubt) -> bool:
        """A look is a call too: it waits for its turn."""
        platform = self._platforms[doubt.entries[0].platform]
        if not is_limited(platform.capabilities):
            return True
        with self._store.writing() as session:
            budget = self._budget(session, platform)
            taken = budget.take(f"look {doubt.entries[0].id}.{self._looks[doubt.key][0]}")
            budget.keep()
        if not taken:
            del self._looks[doubt.key]
        return taken

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
            route=payload.get("route"),
            # What it said is found by its key, never by its words.
            reply=Reply(headline=entry.kind),
        )
        platform = self._platforms[entry.platform]
        if _is_edit(entry, platform):
            # To show the same once more changes nothing, so it need not be looked for.
            return Missing()
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


def _is_edit(entry: Entry, platform: Platform) -> bool:
    """Whether an entry edits a message in place, rather than setting it right in a reply."""
    return entry.kind == EDIT and platform.capabilities.edit


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
