"""The clockwork: what makes the bot act by itself. The only module that knows APScheduler.

It only ticks. What is owed stands in the database, so nothing is lost when the process ends and
nothing runs twice when it starts. The scheduler's own zone is UTC and its jobs are intervals: a
clock change neither stops nor doubles them (its cron jobs at 2.30 do run twice on one Sunday a year).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from handlers.wording.dates import local_day
from scheduler.changes import replan_all
from scheduler.delivery import Delivery
from scheduler.rules import Rules
from store import leases
from store.engine import Store
from store.notes import keep_note

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import (  # type: ignore[import-untyped]  # it has none
        AsyncIOScheduler,
    )

log = logging.getLogger(__name__)

TICK = dt.timedelta(seconds=5)

#: How often is looked whether a new day asks for a new plan.
REPLAN_CHECK = dt.timedelta(minutes=10)

#: How often the last tick is noted, for whoever watches from outside.
HEARTBEAT = dt.timedelta(seconds=30)

#: After so long without anything settled, a tick that is still under way is stuck.
STUCK = dt.timedelta(seconds=30)

#: The note that holds the moment of the last tick, ISO 8601.
TICK_NOTE = "tick_at"

PLANNING = "planning"


class Clockwork:
    """Ticks delivery, and plans anew once a day.

    Args:
        now: the injected clock, aware UTC; only what is due goes by it, never how often is ticked.
        tick: how often is looked for what is due.
    """

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        rules: Rules,
        now: Callable[[], dt.datetime],
        *,
        tick: dt.timedelta = TICK,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._rules = rules
        self._now = now
        self._interval = tick
        self._planned_for: dt.date | None = None
        self._noted_at: dt.datetime | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._ticking = False
        #: Aware UTC of the last tick that came to its end; None before the first.
        self.last_tick: dt.datetime | None = None

    async def start(self) -> None:
        """Plan, then tick until `stop`. Needs a running event loop."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # 0.1 s, and only `run` ticks

        await self.replan()
        scheduler = AsyncIOScheduler(
            timezone=dt.UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._every(scheduler, self._interval, self.tick)
        self._every(scheduler, REPLAN_CHECK, self.replan)
        scheduler.start()
        self._scheduler = scheduler
        await self.tick()

    async def stop(self) -> None:
        """Tick no more; what is being sent is finished by whoever waits for it."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def is_well(self, now: dt.datetime) -> bool:
        """Whether it ticked within the last two intervals before `now` (aware UTC).

        A tick that has much to send takes longer: then it is well while posts are being settled.
        """
        if self.last_tick is None:
            return False
        settled_at = self._delivery.settled_at
        if self._ticking and settled_at is not None and now - settled_at <= STUCK:
            return True
        return now - self.last_tick <= 2 * self._interval

    async def tick(self) -> None:
        """One round of delivery. A fault is logged, and the next tick tries again."""
        self._ticking = True
        try:
            await self._delivery.tick()
        except Exception:
            # The database may be away for a while; what is owed is safe in it.
            log.exception("a delivery tick failed")
            return
        finally:
            self._ticking = False
        self.last_tick = self._now()
        if self._noted_at is None or self.last_tick - self._noted_at >= HEARTBEAT:
            self._noted_at = self.last_tick
            await asyncio.to_thread(self._note)

    async def replan(self) -> None:
        """Plan anew when a new day moved the horizon; one process at a time does."""
        today = local_day(self._now())
        if today == self._planned_for:
            return
        try:
            if await asyncio.to_thread(self._replan):
                self._planned_for = today
        except Exception:
            log.exception("planning failed")

    def _replan(self) -> bool:
        with self._store.writing() as session:
            lease = leases.acquire(session, PLANNING, self._delivery.holder, leases.LONGEST)
        if lease is None:
            return False
        try:
            done = replan_all(self._store, self._rules, self._now())
            log.info("planned %d, moved %d, voided %d posts", done.planned, done.moved, done.voided)
        finally:
            with self._store.writing() as session:
                leases.release(session, lease)
        return True

    def _note(self) -> None:
        with self._store.writing() as session:
            keep_note(session, TICK_NOTE, (self.last_tick or self._now()).isoformat())

    @staticmethod
    def _every(
        scheduler: AsyncIOScheduler, interval: dt.timedelta, job: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        scheduler.add_job(job, "interval", seconds=interval.total_seconds())
