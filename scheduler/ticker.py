"""APScheduler, cut down to what a tick needs. The only module that makes one.

Its own zone is UTC and its jobs are intervals: a clock change neither stops nor doubles them (its cron jobs
at 2.30 do run twice on one Sunday a year).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apscheduler.executors.base import BaseExecutor  # type: ignore[import-untyped]  # it has none
    from apscheduler.job import Job  # type: ignore[import-untyped]  # likewise
    from apscheduler.jobstores.base import BaseJobStore  # type: ignore[import-untyped]  # likewise
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # likewise
    from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]  # likewise

#: The name of the executor that runs a job in place.
INLINE = "inline"


def scheduler() -> AsyncIOScheduler:
    """APScheduler in memory and in UTC, cut down to what a tick needs.

    A tick is the dearest thing an idle bot does, and of what APScheduler adds to it most is bookkeeping for
    other uses: of job instances, of thousands of jobs in order, and of wake-ups from other threads.
    """
    # APScheduler takes 0.1 s to import, and only `run` ticks.
    from apscheduler.executors.asyncio import AsyncIOExecutor  # type: ignore[import-untyped]  # it has none

    return _on_the_loop()(
        timezone=dt.UTC,
        jobstores={"default": _handful()},
        executors={"default": AsyncIOExecutor(), INLINE: _in_place()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )


def _handful() -> BaseJobStore:
    """Keeps a few jobs, looked through each time: to keep them in order costs more."""
    from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]  # it has none

    class Handful(MemoryJobStore):  # type: ignore[misc]  # untyped
        def get_due_jobs(self, now: dt.datetime) -> list[Job]:
            return [job for job, _ in self._jobs if job.next_run_time <= now]

        def get_next_run_time(self) -> dt.datetime | None:
            return min((job.next_run_time for job, _ in self._jobs), default=None)

        def update_job(self, job: Job) -> None:
            """The job that changed is the one that is kept."""

    return Handful()


def _in_place() -> BaseExecutor:
    """Runs a job where it is submitted; a fault is logged by the scheduler, which goes on."""
    from apscheduler.executors.base import BaseExecutor

    class InPlace(BaseExecutor):  # type: ignore[misc]  # untyped
        def _do_submit_job(self, job: Job, run_times: Sequence[dt.datetime]) -> None:
            job.func()

        submit_job = _do_submit_job

    return InPlace()


def _on_the_loop() -> type[AsyncIOScheduler]:
    """Turns straight from the loop's timer: its own way is through the pipe that wakes the loop."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    class OnTheLoop(AsyncIOScheduler):  # type: ignore[misc]  # untyped
        def _start_timer(self, wait_seconds: float | None) -> None:
            self._stop_timer()
            if wait_seconds is not None:
                self._timeout = self._eventloop.call_later(wait_seconds, self._turn)

        def _turn(self) -> None:
            self._timeout = None
            wait_seconds = self._process_jobs()
            if self.running:
                self._start_timer(wait_seconds)

        def _stop_timer(self) -> None:
            if self._timeout:
                self._timeout.cancel()
                self._timeout = None

    return OnTheLoop


def every(interval: dt.timedelta) -> BaseTrigger:
    """When a job is done that recurs: once each interval, and once after one or more were missed.

    APScheduler's own goes from zone to zone and back for each moment, which costs more than a look.
    """
    from apscheduler.triggers.base import BaseTrigger

    class Every(BaseTrigger):  # type: ignore[misc]  # untyped
        def __init__(self) -> None:
            self.interval = interval

        def get_next_fire_time(self, previous: dt.datetime | None, now: dt.datetime) -> dt.datetime:
            following = now if previous is None else previous + interval
            return following if following > now else now + interval

    return Every()
