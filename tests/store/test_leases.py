"""Leases: one holder at a time, on the database's clock, with a fence that only rises."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from store.engine import Store
from store.leases import (
    LONGEST,
    DatabaseClock,
    LeaseLostError,
    acquire,
    confirm,
    database_now,
    holders,
    release,
    renew,
)
from store.tables import LeaseRow

MINUTE = dt.timedelta(minutes=1)
#: How finely the clock of SQLite tells the time.
MILLISECOND = dt.timedelta(milliseconds=1)


def run_out(store: Store) -> None:
    with store.writing() as session:
        session.execute(update(LeaseRow).values(expires_at=database_now(session) - MINUTE))


def test_a_lease_has_one_holder(store: Store) -> None:
    """C-3."""
    with store.writing() as session:
        assert acquire(session, "plan", "host-1", MINUTE) is not None
    with store.writing() as session:
        assert acquire(session, "plan", "host-2", MINUTE) is None
        assert acquire(session, "poll", "host-2", MINUTE) is not None


def test_a_lease_that_ran_out_goes_to_a_new_host_with_a_higher_fence(store: Store) -> None:
    """C-4: the crashed holder's name never comes back."""
    with store.writing() as session:
        first = acquire(session, "plan", "host-1", MINUTE)
    run_out(store)
    with store.writing() as session:
        second = acquire(session, "plan", "host-2", MINUTE)
    assert first is not None
    assert second is not None
    assert second.fence > first.fence
    with store.writing() as session:
        assert renew(session, first, MINUTE) is None, "who woke up late holds nothing"
        assert not release(session, first)
        assert renew(session, second, MINUTE) is not None


@pytest.mark.parametrize(("back", "is_free"), [(dt.timedelta(hours=3), True), (MINUTE, False)])
def test_a_clock_that_is_set_back_keeps_no_lease(store: Store, back: dt.timedelta, is_free: bool) -> None:
    """C-4: what its holder does not make last anew is free, and not only when the clock is there again."""
    with store.writing() as session:
        first = acquire(session, "plan", "host-1", LONGEST)
        assert first is not None
        session.execute(update(LeaseRow).values(expires_at=first.expires_at + back))
        assert bool(holders(session)) is not is_free
        second = acquire(session, "plan", "host-2", LONGEST)
        assert bool(second) is is_free
    with store.writing() as session:
        assert bool(renew(session, first, MINUTE)) is not is_free


def test_a_released_lease_is_free_at_once_and_its_fence_goes_on_rising(store: Store) -> None:
    with store.writing() as session:
        first = acquire(session, "plan", "host-1", MINUTE)
        assert first is not None
        assert release(session, first)
        second = acquire(session, "plan", "host-2", MINUTE)
    assert second is not None
    assert second.fence == first.fence + 1


def test_no_lease_outlives_two_minutes(store: Store) -> None:
    with store.writing() as session, pytest.raises(ValueError, match="at the most"):
        acquire(session, "plan", "host-1", LONGEST + MINUTE)


def test_the_database_tells_an_aware_moment(store: Store) -> None:
    with store.reading() as session:
        assert database_now(session).utcoffset() == dt.timedelta()


def test_work_under_a_lease_stops_when_the_lease_is_another_s(store: Store) -> None:
    """C-3, C-4: a replica that was frozen over its lease writes nothing of what it was at."""
    with store.writing() as session:
        mine = acquire(session, "planning", "host-1", LONGEST)
        assert mine is not None
        confirm(session, mine)
        session.execute(update(LeaseRow).values(expires_at=database_now(session)))
        assert acquire(session, "planning", "host-2", LONGEST) is not None
    with store.writing() as session, pytest.raises(LeaseLostError, match="not host-1's any more"):
        confirm(session, mine)


def test_who_holds_what_can_be_seen(store: Store) -> None:
    with store.writing() as session:
        lease = acquire(session, "planning", "host-1", LONGEST)
        ended = acquire(session, "night", "host-2", LONGEST)
        assert lease is not None
        assert ended is not None
        release(session, ended)
    with store.reading() as session:
        assert [(each.name, each.holder) for each in holders(session)] == [("planning", "host-1")]


def test_a_statement_tells_the_same_time_as_the_database(store: Store) -> None:
    with store.reading() as session:
        before = database_now(session)
        found = session.execute(select(DatabaseClock()), {"from_now": 120.0}).scalar_one()
        after = database_now(session)
    assert before + 2 * MINUTE - MILLISECOND <= found <= after + 2 * MINUTE + MILLISECOND
    assert found.utcoffset() == dt.timedelta()
