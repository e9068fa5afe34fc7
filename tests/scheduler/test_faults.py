"""However platforms fail and processes die, the same is said as without faults, once."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator

import pytest

from scheduler.rules import Rules
from scheduler.simulation import Posted, compare, faults_of, simulate
from store import outbox, post_acts
from store.engine import Store
from store.migrations import upgrade
from store.states import OutboxState
from tests.fakes.bench import Bench
from tests.fakes.network import atrium, brussels, load_sample

FIRST, LAST = dt.date(2026, 11, 23), dt.date(2027, 12, 31)
USUAL = "429:5%,crash:2%,timeout:2%"
EVERYTHING = "429:10%,crash:15%,timeout:10%,lost:10%,fault:5%,unreachable:10%"


@pytest.fixture(scope="module")
def sample() -> Iterator[Store]:
    store = Store("sqlite://")
    upgrade(store)
    load_sample(store, brussels("2026-11-23 00:00"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def calm(sample: Store) -> list[Posted]:
    """The period without faults."""
    return run(sample)


def run(store: Store, spec: str = "", seed: int = 0, until: dt.date = LAST) -> list[Posted]:
    return asyncio.run(simulate(store, Rules(), FIRST, until, faults=faults_of(spec), seed=seed))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("spec", [USUAL, EVERYTHING])
def test_over_more_than_a_year_nothing_is_lost_and_nothing_is_said_twice(
    sample: Store, calm: list[Posted], spec: str, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    """C-2, C-4, C-5, C-7, C-14, C-20: the same set of posts, whatever happens on the way."""
    caplog.set_level("CRITICAL")
    shaken = run(sample, spec, seed)
    comparison = compare(calm, shaken)
    assert not comparison.lost
    assert not comparison.doubled
    assert not comparison.added
    assert len(shaken) == len(calm) > 100
    assert sorted((post.community, post.text) for post in shaken) == sorted(
        (post.community, post.text) for post in calm
    )


def test_the_faults_are_real(sample: Store, calm: list[Posted], caplog: pytest.LogCaptureFixture) -> None:
    """C-2: processes died with posts under way; those left later than without."""
    caplog.set_level("WARNING")
    until = dt.date(2027, 4, 30)
    shaken = run(sample, "crash:30%", 1, until)
    late = [post for post in shaken if post.at.second or post.at.minute % 30]
    assert late
    assert "claims ran out" in caplog.text, "some of the dead were found out by their lease"
    assert compare([post for post in calm if post.at.date() <= until], shaken).is_same


def test_what_a_platform_refuses_is_named_as_lost(
    sample: Store, calm: list[Posted], caplog: pytest.LogCaptureFixture
) -> None:
    """C-14, C-21: a refusal is no sending, and the proof says which post is missing."""
    caplog.set_level("CRITICAL")
    until = dt.date(2027, 3, 31)
    comparison = compare(
        [post for post in calm if post.at.date() <= until], run(sample, "refused:20%", 3, until)
    )
    assert not comparison.is_same
    assert comparison.lost
    assert all(": " in each for each in comparison.lost)


def test_what_followed_another_once_is_looked_for_under_its_own_name(store: Store) -> None:
    """C-2: said with another in a post that was lost, then by itself in one that arrived."""
    places = [atrium("2027-02-17 09:30", uid=f"p-{each}", programme_uid="p") for each in (1, 2)]
    bench = Bench(store, *places)
    bench.platform.script = ["lost"]
    bench.tick(brussels("2027-02-10 09:00"))
    with store.writing() as session:
        lead = outbox.entry_with_key(session, "reminder:p-1:1:7d:algemeen")
        assert lead is not None
        post_acts.resolve(session, lead.id, OutboxState.PLANNED, bench.clock.now())
        post_acts.hold(session, lead.id, bench.clock.now())
    bench.platform.script = ["accept-then-timeout"]
    for minute in range(1, 20):
        bench.tick(brussels("2027-02-10 09:00") + dt.timedelta(minutes=minute))
    assert len(bench.platform.texts("algemeen")) == 1
    assert bench.states()["reminder:p-2:1:7d:algemeen"] is OutboxState.SENT


def test_a_post_that_is_there_twice_is_found_out(calm: list[Posted]) -> None:
    """C-1: also one that the outbox does not know of."""
    comparison = compare(calm, [*calm, calm[0]])
    assert comparison.doubled == tuple(f"{calm[0].community}: {key}" for key in sorted(calm[0].keys))
    assert compare(calm, calm[1:]).lost
    assert compare(calm[1:], calm).added


def test_faults_are_written_in_percent_or_as_a_share() -> None:
    assert faults_of("429:5%, crash:0.02 ,timeout:2%") == {"429": 0.05, "crash": 0.02, "timeout": 0.02}
    assert faults_of("ratelimited:1%") == {"429": 0.01}
    assert faults_of("") == {}
