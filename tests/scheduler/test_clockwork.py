"""The clockwork only ticks: often enough, over clock changes, and it says when it does not."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
from dataclasses import replace

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from scheduler import ticker
from scheduler.clockwork import TICK, TICK_NOTE, Clockwork
from scheduler.delivery import Delivery
from scheduler.port import Capabilities
from scheduler.rules import Attention
from store import claims, leases, waiting
from store.engine import Store
from store.limits import Limit
from store.notes import find_note
from store.states import OutboxState
from store.tables import LeaseRow
from tests.fakes.bench import QUIET, Bench
from tests.fakes.network import atrium, brussels

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


def test_what_was_missed_is_done_once(now: dt.datetime) -> None:
    """C-13, C-23: an interval is so many seconds, whatever the clocks on the wall do."""
    times = ticker.every(TICK)
    assert times.get_next_fire_time(None, now) == now + TICK
    assert times.get_next_fire_time(now, now + TICK / 2) == now + TICK
    later = now + dt.timedelta(days=1)
    assert times.get_next_fire_time(now, later) == later + TICK
    spring = brussels("2027-03-28 01:59")
    assert times.get_next_fire_time(spring, spring) - spring == TICK


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
        assert waiting.next_due(session, bench.clock.now()) is not None


def test_replicas_plan_a_new_day_once(store: Store) -> None:
    """C-3: at its start each plans, for its settings may be others; a new day is planned by the first."""
    bench = Bench(store)
    one, two = clockwork(bench), clockwork(bench)
    for work in (one, two):
        asyncio.run(work.replan())
    bench.clock.forward(days=20)
    asyncio.run(one.replan())
    with store.writing() as session:
        session.execute(text("DELETE FROM outbox"))
    asyncio.run(two.replan())
    assert two._planned_for == bench.clock.now().date()
    assert not bench.states(), "the second saw that it was done"


def test_planning_stops_when_its_lease_is_lost(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """C-4: a planner that was frozen half-way writes no plan of yesterday over that of today."""
    bench = Bench(store)
    work = clockwork(bench)
    confirm = leases.confirm

    def lost(session: Session, lease: leases.Lease) -> None:
        session.execute(update(LeaseRow).values(fence=LeaseRow.fence + 1))
        confirm(session, lease)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "confirm", lost)
        bench.clock.forward(days=20)
        asyncio.run(work.replan())
    assert "another took over" in caplog.text
    assert work._planned_for is None


def test_what_the_limits_held_up_leaves_when_they_open(sqlite_store: Store) -> None:
    """C-20: not at the next tick, which here never comes."""
    bench = Bench(sqlite_store)
    bench.platform.capabilities = Capabilities(
        find=True, account_limit=Limit(number=1, per=dt.timedelta(milliseconds=100))
    )
    bench.clock.moment = brussels("2027-02-10 09:00")

    async def live() -> None:
        delivery = Delivery(
            bench.store,
            {"local": bench.platform},
            bench.rules,
            bench.clock.now,
            "host-1",
            pace=leases.database_now,
        )
        both = asyncio.Event()
        bench.platform.during = lambda post: both.set() if len(bench.platform.requests) == 2 else None
        work = Clockwork(bench.store, delivery, bench.rules, bench.clock.now, tick=dt.timedelta(hours=1))
        await work.start()
        await asyncio.wait_for(both.wait(), PATIENCE)
        await work.stop()

    asyncio.run(live())
    assert set(bench.states().values()) == {OutboxState.SENT}


def test_late_and_early_ticks_miss_nothing_and_double_nothing(sqlite_store: Store) -> None:
    """C-17: ticks 4 minutes early to 9 minutes late, over a month of atria."""
    atria = [
        atrium(f"2027-02-{day:02} 09:30", uid=f"a-{day}")
        for day in range(8, 27)
        if day not in (13, 14, 20, 21)
    ]
    bench = Bench(sqlite_store, *atria, rules=replace(QUIET, attention=Attention(max_posts_per_week=99)))
    chance, delivery = random.Random(17), bench.delivery()
    moment = brussels("2027-02-01 08:00")
    while moment < brussels("2027-03-01 08:00"):
        bench.tick(moment + dt.timedelta(minutes=chance.uniform(-4, 9)), delivery)
        moment += dt.timedelta(minutes=10)
    assert set(bench.states().values()) == {OutboxState.SENT}
    assert len({each.post.key for each in bench.platform.posts}) == len(bench.platform.posts)


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
