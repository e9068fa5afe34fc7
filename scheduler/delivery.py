"""Delivery: what is due leaves, exactly as often as owed, and whatever becomes of it is written down.

Posts are claimed in a short transaction and looked at once more (`scheduler.claiming`), sent outside any
transaction (`scheduler.sending`), and settled in another short one (`scheduler.ledger`). A post whose
request left and of which nobody knows the outcome is looked up on the platform, and where the platform
cannot tell it waits for a moderator (`scheduler.doubts`): it is never simply sent again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from handlers.wording.catalogue import worded
from scheduler import publishing
from scheduler.addresses import Addresses
from scheduler.claiming import Batch, Claiming
from scheduler.doubts import Doubts, Runner
from scheduler.ledger import Ledger
from scheduler.plan import ANSWER
from scheduler.port import Platform
from scheduler.rules import Rules
from scheduler.sending import Sending
from scheduler.tick_report import TickReport, nobody
from store import lapsed
from store.courier import Courier
from store.engine import Store
from store.leases import database_now
from store.limits import Limit
from store.lookout import Lookout
from store.states import OutboxState
from store.texts import latest_texts, texts_of

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How many claims one tick makes at the most.
CLAIMS_PER_TICK = 20

#: How long a tick goes on claiming; the next one goes on from there.
TICK_WITHIN_SECONDS = 60.0

#: A clock that goes on while the process is stopped and while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


async def in_a_thread(work: Callable[[], T], /) -> T:
    return await asyncio.to_thread(work)


def steady() -> float:
    """Seconds on a clock that nobody sets."""
    return time.clock_gettime(_STEADY)


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
        self._pace = pace or (lambda _session: now())
        self._steady = steady
        self._told = told
        #: Told, on the event loop, after how long the rate limits let more leave.
        self.on_held_up: Callable[[dt.timedelta], None] | None = None
        self.lookout = Lookout(store)
        self._courier = Courier(store)
        self.ledger = Ledger(store, now, self._pace, run, self._courier)
        self._claiming = Claiming(
            store=store,
            platforms=platforms,
            rules=rules,
            now=now,
            holder=holder,
            pace=self._pace,
            steady=steady,
            addresses=Addresses(steady),
            courier=self._courier,
        )
        chance = chance or random.Random()  # noqa: S311  # spreads load, guards nothing
        self._sending = Sending(self.ledger, steady, chance)
        self._doubts = Doubts(store, platforms, now, self._pace, run)

    def open(self) -> None:
        """Keep connections: for whoever ticks and answers often, and closes at the end."""
        self.lookout.open()
        # It goes by the database's clock.
        if self._pace is database_now:
            self._courier.open()

    def close(self) -> None:
        """Give the connections back."""
        self.lookout.close()
        self._courier.close()

    @property
    def settled_at(self) -> dt.datetime | None:
        """Aware UTC of when a post was last settled; None before the first."""
        return self.ledger.settled_at

    async def tick(self) -> TickReport:
        """Settle what is uncertain, send what is due. Faults of a platform never leave this method."""
        report = TickReport(told=self._told)
        # Not in a thread: to go there takes longer than to look.
        if not self.lookout.sees_work(self._now()):
            return report
        with worded(await self._run(partial(texts_of, self._store))):
            return await self._tick(report)

    async def _tick(self, report: TickReport) -> TickReport:
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
        # Whoever answered has just read them.
        with worded(latest_texts(self._store)):
            await self._deliver(keys, report)
        return report

    async def _deliver(self, keys: Collection[str], report: TickReport) -> None:
        for name in self._platforms:
            of_here = [key for key in keys if key.startswith(f"{ANSWER}:{name}:")]
            if len(of_here) == 1 and await self._deliver_alone(name, of_here[0], report):
                continue
            if of_here:
                await self._claim_and_send(name, report, of_here)

    async def _deliver_alone(self, name: str, key: str, report: TickReport) -> bool:
        """Send one answer that may be claimed by itself; False when it must take the ordinary way."""
        if not self._claiming.takes_alone(name):
            return False
        claimed_at, claim = self._steady(), partial(self._claiming.alone, name, key)
        entry = claim() if self._courier.is_prompt else await self._run(claim)
        if entry is None:
            return False
        report.claimed += 1
        plain = self._claiming.plain(entry)
        ready = [plain] if plain else await self._run(partial(self._claiming.look_again, [entry], report))
        batch = Batch(claimed=1, room=1, ready=ready, claimed_at=claimed_at, opens_in=None)
        await self._sending.in_order(self._platforms[name], batch, report)
        return True

    def account_limits(self) -> dict[str, Limit | None]:
        """The limit of the account on each platform, by the platform's name; None where it declares none."""
        return {name: each.capabilities.account_limit for name, each in self._platforms.items()}

    def stop(self) -> None:
        """Send nothing more: what is on its way is settled, what was only claimed is given back."""
        self._sending.is_stopped = True

    def _expire(self) -> int:
        with self._store.writing() as session:
            publishing.publish_due(session, self._rules, self._now())
            expired = lapsed.expire_claims(session, self._pace(session))
        if expired:
            log.warning("%d claims ran out before they were settled", expired)
        return expired

    def _settle_announcements(self) -> int:
        with self._store.writing() as session:
            return publishing.settle(session, self._now())

    def _abandon(self) -> int:
        with self._store.writing() as session:
            return lapsed.abandon_claims(session, self.holder, self._pace(session))

    async def _drain(self, name: str, report: TickReport) -> None:
        """Send what is due on one platform, as far as its limits go."""
        until = self._steady() + TICK_WITHIN_SECONDS
        for _ in range(CLAIMS_PER_TICK):
            batch = await self._claim_and_send(name, report)
            if self._sending.is_stopped or batch.is_last or self._steady() > until:
                return

    async def _claim_and_send(
        self, name: str, report: TickReport, keys: Collection[str] | None = None
    ) -> Batch:
        room = self._sending.room(name)
        batch = await self._run(partial(self._claiming.claim, name, report, keys, room))
        if batch.opens_in is not None and self.on_held_up is not None:
            self.on_held_up(batch.opens_in)
        platform = self._platforms[name]
        if keys is not None and len(batch.ready) > 1 and platform.capabilities.find:
            await self._sending.apart(platform, batch, report)
        else:
            await self._sending.in_order(platform, batch, report)
        return batch
