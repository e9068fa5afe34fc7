"""One answer is claimed and settled by a statement each, and takes the ordinary way when that cannot be."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import text, update

from store import claims, limits, outbox, settlements
from store.claims import Claim
from store.courier import Courier
from store.engine import Store
from store.leases import database_now
from store.outbox import Entry, Owed
from store.settlements import Settled, Settlement
from store.states import OutboxState
from store.tables import OutboxRow, RateBucketRow

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def courier(store: Store) -> Iterator[Courier]:
    courier = Courier(store)
    courier.open()
    yield courier
    courier.close()


def owe(store: Store, now: dt.datetime, *numbers: int, thread: str | None = None) -> list[str]:
    keys = [f"answer:local:{number}" for number in numbers]
    with store.writing() as session:
        for key in keys:
            owed = Owed(key=key, kind="answer", platform="local", due_at=now, thread=thread, payload={"a": 1})
            outbox.enqueue(session, owed, now)
    return keys


def wanted(now: dt.datetime) -> Claim:
    return Claim(now=now, holder="host-1", platform="local")


def sent(entry: Entry, now: dt.datetime) -> Settled:
    outcome = Settlement(state=OutboxState.SENT, message_id=f"m-{entry.id}", thread="t-9")
    return Settled(entry=entry, outcome=outcome, at=now)


def entry(store: Store, key: str) -> Entry:
    with store.reading() as session:
        found = outbox.entry_with_key(session, key)
    assert found is not None
    return found


def test_it_claims_and_settles_as_the_ordinary_way_does(
    store: Store, courier: Courier, now: dt.datetime
) -> None:
    by_itself, ordinary = owe(store, now, 1, 2)
    first = courier.claim(by_itself, wanted(now))
    with store.writing() as session:
        (second,) = claims.claim_keys(session, wanted(now), [ordinary])
    assert first is not None
    assert (first.key, first.payload, first.due_at) == (by_itself, {"a": 1}, now)
    assert (first.fence, first.attempts, first.state) == (second.fence, second.attempts, second.state)
    assert courier.settle([sent(first, now)])
    with store.writing() as session:
        assert settlements.settle_all(session, [sent(second, now)]) == {second.id}
    one, two = entry(store, by_itself), entry(store, ordinary)
    assert (one.state, one.sent_at, one.thread) == (two.state, two.sent_at, two.thread)
    assert one.message_id == f"m-{first.id}"


def test_what_may_not_be_claimed_is_not(store: Store, courier: Courier, now: dt.datetime) -> None:
    first, second = owe(store, now, 1, 2, thread="t-1")
    assert courier.claim(second, wanted(now)) is None, "an earlier one in its thread waits"
    assert courier.claim(first, wanted(now - SECOND)) is None, "it is not due"
    claimed = courier.claim(first, wanted(now))
    assert claimed is not None
    assert courier.claim(first, wanted(now)) is None, "it is claimed"
    assert courier.claim(second, wanted(now)) is None, "an earlier one in its thread is on its way"


def test_a_platform_that_is_left_alone_is_not_posted_on(
    store: Store, courier: Courier, now: dt.datetime
) -> None:
    """C-20."""
    (key,) = owe(store, now, 1)
    with store.writing() as session:
        limits.close(session, "local", 40 * SECOND, database_now(session))
    assert courier.claim(key, wanted(now)) is None
    with store.writing() as session:
        session.execute(update(RateBucketRow).values(closed_until=database_now(session) - SECOND))
    assert courier.claim(key, wanted(now)) is not None


def test_what_another_took_over_is_settled_by_nobody_else(
    store: Store, courier: Courier, now: dt.datetime
) -> None:
    """C-4."""
    claimed = [each for key in owe(store, now, 1, 2) if (each := courier.claim(key, wanted(now)))]
    with store.writing() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == claimed[0].id).values(fence=7))
    settled = [sent(each, now) for each in claimed]
    assert not courier.settle(settled), "not all of them"
    assert not courier.settle(settled[:1])
    with store.writing() as session:
        assert settlements.settle_all(session, settled) == {claimed[1].id}


def test_posts_that_are_sent_together_are_settled_together(sqlite_store: Store, now: dt.datetime) -> None:
    courier = Courier(sqlite_store)
    courier.open()
    keys = owe(sqlite_store, now, 1, 2, 3)
    claimed = [each for key in keys if (each := courier.claim(key, wanted(now)))]
    assert courier.settle([sent(each, now) for each in claimed])
    assert {entry(sqlite_store, key).state for key in keys} == {OutboxState.SENT}
    courier.close()
    assert sqlite_store.engine.pool.status().endswith("Current Checked out connections: 0")


def test_it_waits_for_nobody(sqlite_store: Store, now: dt.datetime) -> None:
    """It is asked on the event loop."""
    courier = Courier(sqlite_store)
    courier.open()
    (key,) = owe(sqlite_store, now, 1)
    with sqlite_store.writing():
        assert courier.claim(key, wanted(now)) is None, "this process writes"
    other = sqlite3.connect(str(sqlite_store.file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert courier.claim(key, wanted(now)) is None, "another process writes"
    other.execute("ROLLBACK")
    other.close()
    assert courier.claim(key, wanted(now)) is not None
    assert courier._kept is not None
    kept = courier._kept.session
    assert kept.scalar(text("PRAGMA busy_timeout")) == 0
    assert kept.scalar(text("PRAGMA wal_autocheckpoint")) == 0, "to copy the log is a wait too"
    courier.close()


def test_outside_its_hours_everything_takes_the_ordinary_way(sqlite_store: Store) -> None:
    courier = Courier(sqlite_store)
    assert not courier.is_open
    courier.open()
    assert courier.is_open
    courier.close()
    assert not courier.is_open
    in_memory = Courier(Store("sqlite://"))
    in_memory.open()
    assert not in_memory.is_open, "there is one connection for all"
