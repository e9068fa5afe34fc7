"""The clockwork: what makes the bot act by itself.

It only ticks. What is owed stands in the database, so nothing is lost when the process ends and
nothing runs twice when it starts.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from handlers.wording.dates import local_day
from scheduler import ticker
from scheduler.changes import replan_all
from scheduler.delivery import Delivery
from scheduler.night import Night
from scheduler.rules import Rules
from scheduler.warming import warm_up
from store import leases
from store.engine import Store
from store.notes import find_note, keep_note

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # it has none

log = logging.getLogger(__name__)

TICK = dt.timedelta(seconds=5)

#: How often is looked whether a new day asks for a new plan.
REPLAN_CHECK = dt.timedelta(minutes=10)

#: How often the last tick is noted, for whoever watches from outside.
HEARTBEAT = dt.timedelta(seconds=30)

#: After so long without anything settled, a tick that is still under way is stuck.
STUCK = dt.timedelta(seconds=30)

#: No sooner than this is looked again after rate limits held up a post, in seconds.
SOONEST_LOOK_SECONDS = 0.002

#: The note that holds the moment of the last tick, ISO 8601.
TICK_NOTE = "tick_at"

#: The note that holds the last day that was planned for, ISO 8601.
PLANNED_NOTE = "planned_for"

#: The name of the lease under which one replica plans.
PLANNING = "planning"


class Clockwork:
    """Ticks delivery, and plans anew once a day.

    Args:
        now: the injected clock, aware UTC; only what is due goes by it, never how often is ticked.
        tick: how often is looked for what is due.
        nightly: what is done once a night, in a worker thread.
    """

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        rules: Rules,
        now: Callable[[], dt.datetime],
        *,
        tick: dt.timedelta = TICK,
        nightly: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._rules = rules
        self._now = now
        self._interval = tick
        self._night = Night(store, now, delivery.holder, nightly) if nightly is not None else None
        self._planned_for: dt.date | None = None
        self._has_planned = False
        self._noted_at: dt.datetime | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._sooner: asyncio.TimerHandle | None = None
        #: Aware UTC of when it was put together.
        self.made_at = now()
        #: Aware UTC of the last tick that came to its end; None before the first.
        self.last_tick: dt.datetime | None = None
        #: How many ticks came to their end, and how many seconds the last one that had work took.
        self.ticks = 0
        self.last_tick_seconds = 0.0

    async def start(self) -> None:
        """Plan, then tick until `stop`. Needs a running event loop."""
        await self.replan()
        await asyncio.to_thread(self._warm_up)
        self._delivery.open()
        self._delivery.on_held_up = self._look_in
        scheduler = ticker.scheduler()
        # Done in place: a look is shorter than the making of a task, and APScheduler would cut off
        # a tick of its own in the middle of a post when it is stopped.
        scheduler.add_job(self.look, ticker.every(self._interval), executor=ticker.INLINE)
        scheduler.add_job(self.replan, ticker.every(REPLAN_CHECK))
        if self._night is not None:
            scheduler.add_job(self._night.look, ticker.every(REPLAN_CHECK))
        scheduler.start()
        self._scheduler = scheduler
        await self.tick()

    def _warm_up(self) -> None:
        try:
            warm_up(self._store, self._now())
        except DBAPIError:
            log.exception("warming up failed")

    async def stop(self) -> None:
        """Tick no more, and wait until what is on its way is settled."""
        if self._scheduler is None:
            return
        self._delivery.stop()
        self._scheduler.shutdown(wait=False)
        self._scheduler = None
        self._delivery.on_held_up = None
        if self._sooner is not None:
            self._sooner.cancel()
        if self._ticking is not None:
            await self._ticking
        self._delivery.close()

    def is_well(self, now: dt.datetime) -> bool:
        """Whether it ticked within the last two intervals before `now` (aware UTC).

        A tick that has much to send takes longer: then it is well while posts are being settled.
        """
        if self.last_tick is None:
            return False
        last_sign = self.last_tick
        if self._is_ticking() and self._delivery.settled_at is not None:
            last_sign = max(last_sign, self._delivery.settled_at)
        return now - last_sign <= max(2 * self._interval, STUCK if self._is_ticking() else self._interval)

    def look(self) -> None:
        """Look whether there is something to do, and begin a tick if so; never two at a time."""
        if self._is_ticking():
            return
        now = self._now()
        try:
            is_work = self._delivery.lookout.sees_work(now)
        except DBAPIError:
            # The database may be away for a while; what is owed is safe in it.
            log.exception("a look at the outbox failed")
            return
        if is_work or self._note_is_due(now):
            self._ticking = asyncio.get_running_loop().create_task(self.tick())
        else:
            self._ticked(now)

    async def tick(self) -> None:
        """One round of delivery. A fault is logged, and the next tick tries again."""
        started = time.perf_counter()
        try:
            await self._delivery.tick()
            if self._note_is_due(self._now()):
                self._noted_at = self._now()
                await asyncio.to_thread(self._note)
        except Exception:
            log.exception("a delivery tick failed")
            return
        self.last_tick_seconds = time.perf_counter() - started
        self._ticked(self._now())

    def _look_in(self, delay: dt.timedelta) -> None:
        """Look as soon as the rate limits let more leave, rather than at the next tick."""
        loop = asyncio.get_running_loop()
        at = loop.time() + max(delay.total_seconds(), SOONEST_LOOK_SECONDS)
        if self._sooner is not None and not self._sooner.cancelled() and self._sooner.when() <= at:
            return
        if self._sooner is not None:
            self._sooner.cancel()
        self._sooner = loop.call_at(at, self._look_now)

    def _look_now(self) -> None:
        self._sooner = None
        if self._ticking is not None and self._is_ticking():
            self._ticking.add_done_callback(lambda _: self.look() if self._scheduler else None)
        else:
            self.look()

    def _is_ticking(self) -> bool:
        return self._ticking is not None and not self._ticking.done()

    def _ticked(self, now: dt.datetime) -> None:
        self.last_tick = now
        self.ticks += 1

    def _note_is_due(self, now: dt.datetime) -> bool:
        return self._noted_at is None or now - self._noted_at >= HEARTBEAT

    async def replan(self) -> None:
        """Plan anew when a new day moved the horizon; one process at a time does.

        At its start a process plans in any case: its settings may be others. Later the first does for all.
        """
        today = local_day(self._now())
        if today == self._planned_for:
            return
        try:
            if await asyncio.to_thread(self._replan, today):
                self._planned_for, self._has_planned = today, True
        except leases.LeaseLostError:
            log.warning("planning stopped half-way: another took over")
        except Exception:
            log.exception("planning failed")

    def _replan(self, today: dt.date) -> bool:
        """Whether the plan for today is made, by us or by another."""
        with self._store.writing() as session:
            lease = leases.acquire(session, PLANNING, self._delivery.holder, leases.LONGEST)
            if lease is None:
                return False
            planned_for = find_note(session, PLANNED_NOTE)
        try:
            if not self._has_planned or planned_for is None or planned_for < today.isoformat():
                guard = partial(leases.confirm, lease=lease)
                done = replan_all(self._store, self._rules, self._now(), guard=guard)
                log.info("planned %d, moved %d, voided %d posts", done.planned, done.moved, done.voided)
                with self._store.writing() as session:
                    guard(session)
                    keep_note(session, PLANNED_NOTE, today.isoformat())
        finally:
            with self._store.writing() as session:
                leases.release(session, lease)
        return True

    def _note(self) -> None:
        with self._store.writing() as session:
            keep_note(session, TICK_NOTE, self._now().isoformat())
