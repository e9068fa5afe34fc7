"""The work of the night is done once for each day, by one, at an hour that every night has."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from handlers.model import BRUSSELS
from scheduler.clockwork import REPLAN_CHECK, Clockwork
from scheduler.night import NIGHT, Night
from store import leases
from store.engine import Store
from tests.fakes.bench import Bench
from tests.fakes.network import brussels
from tests.fakes.platform import SteeredClock


class Work:
    """Notes when it was done."""

    def __init__(self, clock: SteeredClock, *, breaks: bool = False) -> None:
        self._clock = clock
        self._breaks = breaks
        self.done: list[dt.datetime] = []

    def __call__(self) -> None:
        self.done.append(self._clock.now().astimezone(BRUSSELS))
        if self._breaks:
            raise RuntimeError("the work was told to break")


def night_after_night(night: Night, clock: SteeredClock, *, hours: float) -> None:
    """Look as often as the clockwork does, for so long."""

    async def look() -> None:
        for _ in range(int(dt.timedelta(hours=hours) / REPLAN_CHECK)):
            await night.look()
            clock.moment += REPLAN_CHECK

    asyncio.run(look())


@pytest.mark.parametrize("start", ["2026-11-23 10:00", "2026-10-24 12:00", "2027-03-27 12:00"])
def test_it_is_done_once_a_day_also_when_the_clock_turns(sqlite_store: Store, start: str) -> None:
    """C-22, C-23: at four, which no clock change skips or lives twice."""
    clock = SteeredClock(brussels(start))
    work = Work(clock)
    night_after_night(Night(sqlite_store, clock.now, "host-1", work), clock, hours=72)
    # The bot starts by day, so there is no reason to wait for the night to come.
    assert work.done[0] == brussels(start)
    assert [(each.hour, each.minute) for each in work.done[1:]] == [(4, 0)] * 3
    days = [each.date() for each in work.done]
    assert days == sorted(set(days))


def test_before_four_nothing_is_done(sqlite_store: Store) -> None:
    clock = SteeredClock(brussels("2026-11-23 00:00"))
    work = Work(clock)
    night_after_night(Night(sqlite_store, clock.now, "host-1", work), clock, hours=4)
    assert work.done == []


def test_of_several_replicas_one_does_it(store: Store) -> None:
    """C-3."""
    clock = SteeredClock(brussels("2026-11-23 04:00"))
    work = Work(clock)
    nights = [Night(store, clock.now, f"host-{number}", work) for number in range(3)]

    async def together() -> None:
        await asyncio.gather(*(night.look() for night in nights))

    asyncio.run(together())
    assert len(work.done) == 1
    clock.forward(days=1)
    asyncio.run(together())
    assert len(work.done) == 2


def test_it_is_left_to_another_that_is_about_to(store: Store) -> None:
    clock = SteeredClock(brussels("2026-11-23 04:00"))
    work = Work(clock)
    with store.writing() as session:
        assert leases.acquire(session, NIGHT, "another", leases.LONGEST) is not None
    asyncio.run(Night(store, clock.now, "host-1", work).look())
    assert work.done == []


def test_after_a_restart_it_is_not_done_again_that_day(store: Store) -> None:
    clock = SteeredClock(brussels("2026-11-23 04:00"))
    work = Work(clock)
    for holder in ("host-1", "host-2"):
        asyncio.run(Night(store, clock.now, holder, work).look())
        with store.writing() as session:
            lease = leases.acquire(session, NIGHT, holder, leases.LONGEST)
            assert lease is not None
            leases.release(session, lease)
    assert len(work.done) == 1


def test_a_fault_is_logged_and_the_next_night_tries_again(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SteeredClock(brussels("2026-11-23 04:00"))
    work = Work(clock, breaks=True)
    night_after_night(Night(sqlite_store, clock.now, "host-1", work), clock, hours=25)
    assert len(work.done) == 2
    assert "the work of the night failed" in caplog.text


def test_the_clockwork_looks_for_it(sqlite_store: Store) -> None:
    bench = Bench(sqlite_store)
    work = Work(bench.clock)

    async def live() -> None:
        clockwork = Clockwork(bench.store, bench.delivery(), bench.rules, bench.clock.now, nightly=work)
        await clockwork.start()
        try:
            assert clockwork._scheduler is not None
            (job,) = [each for each in clockwork._scheduler.get_jobs() if each.name == "Night.look"]
            assert job.trigger.interval == REPLAN_CHECK
            await job.func()
        finally:
            await clockwork.stop()

    asyncio.run(live())
    assert len(work.done) == 1


def test_without_work_the_clockwork_has_no_night(sqlite_store: Store) -> None:
    bench = Bench(sqlite_store)
    clockwork = Clockwork(bench.store, bench.delivery(), bench.rules, bench.clock.now)
    assert clockwork._night is None
