"""The clockwork only ticks: often enough, over clock changes, and it says when it does not."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text

from scheduler.clockwork import TICK, TICK_NOTE, Clockwork
from store import claims, leases
from store.engine import Store
from store.notes import find_note
from tests.fakes.bench import Bench
from tests.fakes.network import brussels

PATIENCE = 20


def clockwork(bench: Bench, **more: dt.timedelta) -> Clockwork:
    return Clockwork(bench.store, bench.delivery(), bench.rules, bench.clock.now, **more)


def test_it_plans_at_the_start_and_delivers_while_it_runs(sqlite_store: Store) -> None:
    """C-12, C-13: what is owed stands in the database, no job does."""
    bench = Bench(sqlite_store)
    bench.clock.moment = brussels("2027-02-10 09:00")

    async def live() -> None:
        told = asyncio.Event()
        bench.platform.during = lambda post: told.set()
        work = clockwork(bench, tick=dt.timedelta(milliseconds=20))
        await work.start()
        try:
            await asyncio.wait_for(told.wait(), PATIENCE)
            scheduler = work._scheduler
            assert scheduler is not None
            assert isinstance(scheduler._lookup_jobstore("default"), MemoryJobStore)
            for job in scheduler.get_jobs():
                assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        finally:
            await work.stop()

    asyncio.run(live())
    with sqlite_store.reading() as session:
        assert find_note(session, TICK_NOTE) == bench.clock.now().isoformat()


def test_it_goes_on_after_a_fault(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """C-15."""
    bench = Bench(sqlite_store)
    work = clockwork(bench)
    with sqlite_store.writing() as session:
        session.execute(text("ALTER TABLE outbox RENAME TO away"))
    asyncio.run(work.tick())
    assert work.last_tick is None
    assert "a delivery tick failed" in caplog.text
    with sqlite_store.writing() as session:
        session.execute(text("ALTER TABLE away RENAME TO outbox"))
    asyncio.run(work.tick())
    assert work.last_tick == bench.clock.now()


def test_it_is_unwell_two_intervals_after_its_last_tick(sqlite_store: Store) -> None:
    """C-15."""
    bench = Bench(sqlite_store)
    work = clockwork(bench)
    assert not work.is_well(bench.clock.now())
    asyncio.run(work.tick())
    now = bench.clock.now()
    assert work.is_well(now + 2 * TICK)
    assert not work.is_well(now + 2 * TICK + dt.timedelta(seconds=1))


def test_a_stop_settles_what_is_on_its_way_and_gives_back_the_rest(sqlite_store: Store) -> None:
    """A clean stop leaves no doubt behind."""
    bench = Bench(sqlite_store)
    bench.clock.moment = brussels("2027-02-10 09:00")

    async def live() -> None:
        work = clockwork(bench)
        bench.platform.during = lambda post: work._delivery.stop()
        await work.start()
        await work.stop()

    asyncio.run(live())
    assert sorted(state.value for state in bench.states().values()) == ["planned", "sent"]


def test_it_plans_once_a_day_and_leaves_it_to_another_that_is_planning(store: Store) -> None:
    """C-3: two replicas, one plan."""
    bench = Bench(store)
    work = clockwork(bench)
    with store.writing() as session:
        lease = leases.acquire(session, "planning", "another", leases.LONGEST)
    assert lease is not None
    bench.clock.forward(days=20)
    asyncio.run(work.replan())
    assert work._planned_for is None
    with store.writing() as session:
        leases.release(session, lease)
    asyncio.run(work.replan())
    assert work._planned_for == bench.clock.now().date()
    with store.reading() as session:
        assert claims.next_due(session, bench.clock.now()) is not None


@pytest.mark.parametrize("night", ["2026-10-25 00:00", "2027-03-28 00:00", "2027-10-31 00:00"])
def test_the_tick_keeps_its_interval_over_a_clock_change(night: str) -> None:
    """C-22, C-23: in UTC no hour is skipped or lived twice."""
    trigger = IntervalTrigger(seconds=TICK.total_seconds(), start_date=brussels(night), timezone=dt.UTC)
    moments = [brussels(night)]
    for _ in range(int(dt.timedelta(hours=5) / TICK)):
        moments.append(trigger.get_next_fire_time(moments[-1], moments[-1]))
    assert {later - earlier for earlier, later in itertools.pairwise(moments)} == {TICK}


def test_claims_and_leases_are_of_one_length() -> None:
    """Both end within two minutes, so a crashed replica is replaced by then."""
    assert claims.CLAIM <= leases.LONGEST == dt.timedelta(minutes=2)
