"""The clockwork: what makes the bot act by itself. The only module that knows APScheduler.

It only ticks. What is owed stands in the database, so nothing is lost when the process ends and
nothing runs twice when it starts. The scheduler's own zone is UTC and its jobs are intervals: a
clock change neither stops nor doubles them (its cron jobs at 2.30 do run twice on one Sunday a year).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

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

#: The name of the executor that runs a job in place.
INLINE = "inline"

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
        self._ticking: asyncio.Task[None] | None = None
        #: Aware UTC of the last tick that came to its end; None before the first.
        self.last_tick: dt.datetime | None = None
        #: How many ticks came to their end.
        self.ticks = 0

    async def start(self) -> None:
        """Plan, then tick until `stop`. Needs a running event loop."""
        # APScheduler takes 0.1 s to import, and only `run` ticks.
        from apscheduler.executors.asyncio import AsyncIOExecutor  # type: ignore[import-untyped]  # likewise
        from apscheduler.executors.debug import DebugExecutor  # type: ignore[import-untyped]  # likewise
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        await self.replan()
        self._delivery.lookout.open()
        scheduler = AsyncIOScheduler(
            timezone=dt.UTC,
            executors={"default": AsyncIOExecutor(), INLINE: DebugExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # Done in place: a look is shorter than the making of a task, and APScheduler would cut off
        # a tick of its own in the middle of a post when it is stopped.
        scheduler.add_job(self.look, "interval", seconds=self._interval.total_seconds(), executor=INLINE)
        scheduler.add_job(self.replan, "interval", seconds=REPLAN_CHECK.total_seconds())
        scheduler.start()
        self._scheduler = scheduler
        await self.tick()

    async def stop(self) -> None:
        """Tick no more, and wait until what is on its way is settled."""
        if self._scheduler is None:
            return
        self._delivery.stop()
        self._scheduler.shutdown(wait=False)
        self._scheduler = None
        if self._ticking is not None:
            await self._ticking
        self._delivery.lookout.close()

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
        try:
            is_work = self._delivery.lookout.sees_work(self._now())
        except DBAPIError:
            # The database may be away for a while; what is owed is safe in it.
            log.exception("a look at the outbox failed")
            return
        if is_work or self._note_is_due():
            self._ticking = asyncio.get_running_loop().create_task(self.tick())
        else:
            self._ticked()

    async def tick(self) -> None:
        """One round of delivery. A fault is logged, and the next tick tries again."""
        try:
            await self._delivery.tick()
            if self._note_is_due():
                self._noted_at = self._now()
                await asyncio.to_thread(self._note)
        except Exception:
            log.exception("a delivery tick failed")
            return
        self._ticked()

    def _is_ticking(self) -> bool:
        return self._ticking is not None and not self._ticking.done()

    def _ticked(self) -> None:
        self.last_tick = self._now()
        self.ticks += 1

    def _note_is_due(self) -> bool:
        return self._noted_at is None or self._now() - self._noted_at >= HEARTBEAT

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
            keep_note(session, TICK_NOTE, self._now().isoformat())
