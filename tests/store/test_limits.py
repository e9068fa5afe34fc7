"""Rate limits that replicas share: a window that slides, counted in the database."""

from __future__ import annotations

import datetime as dt

import pytest

from store import limits
from store.engine import Store
from store.limits import Bucket, Limit

SECOND = dt.timedelta(seconds=1)
TEN_IN_THIRTY = Limit(number=10, per=30 * SECOND)


def test_no_window_lets_more_through_than_the_limit(now: dt.datetime) -> None:
    """C-41: ten calls in any thirty seconds, also in those that begin after a quiet spell."""
    bucket, calls = Bucket(name="engage"), []
    for second in range(300):
        clock = now + second * SECOND
        while second not in range(40, 95) and bucket.left(TEN_IN_THIRTY, clock):
            bucket.take(TEN_IN_THIRTY, f"{len(calls)}", clock, clock)
            calls.append(clock)
    for first in calls:
        assert sum(first <= each < first + TEN_IN_THIRTY.per for each in calls) <= 10
    assert len(calls) == 10 * len(range(0, 40, 30)) + 10 * len(range(95, 300, 30))


def test_there_is_room_when_the_oldest_call_leaves_the_window(now: dt.datetime) -> None:
    bucket = Bucket(name="slack/C1")
    one = Limit(number=1, per=SECOND)
    assert bucket.free_at(one, now) == now
    bucket.take(one, "a", now, now)
    assert (bucket.left(one, now), bucket.free_at(one, now)) == (0, now + SECOND)
    assert bucket.left(one, now + SECOND) == 1


def test_a_call_that_is_still_to_be_made_drops_none_of_the_window(now: dt.datetime) -> None:
    """C-41: counted at the latest moment that it may leave, and again when it left."""
    bucket = Bucket(name="engage")
    bucket.take(TEN_IN_THIRTY, "a", now, now)
    bucket.take(TEN_IN_THIRTY, "b", now + 60 * SECOND, now)
    assert bucket.left(TEN_IN_THIRTY, now) == 8
    bucket.take(TEN_IN_THIRTY, "b", now + SECOND, now + SECOND)
    assert bucket.left(TEN_IN_THIRTY, now + 31 * SECOND) == 10
    bucket.give_back("a")
    assert bucket.left(TEN_IN_THIRTY, now) == 9


def test_what_one_replica_took_another_sees(store: Store, now: dt.datetime) -> None:
    """C-41."""
    with store.writing() as session:
        held = limits.hold(session, ["slack", "slack/C1"])
        for each in held.values():
            each.take(TEN_IN_THIRTY, "a", now, now)
        limits.keep(session, {name: (each, TEN_IN_THIRTY) for name, each in held.items()}, now)
    with store.reading() as session:
        assert limits.peek(session, "slack").taken == {"a": now}
        assert limits.peek(session, "slack/C2").left(TEN_IN_THIRTY, now) == 10


def test_full_channels_are_known_with_when_they_have_room(store: Store, now: dt.datetime) -> None:
    one = Limit(number=1, per=SECOND)
    with store.writing() as session:
        held = limits.hold(session, ["slack/C1", "slackline/C1"])
        for each in held.values():
            each.take(one, "a", now, now)
        limits.keep(session, {name: (each, one) for name, each in held.items()}, now)
        assert limits.full(session, "slack/", one, now) == {"slack/C1": now + SECOND}
        assert limits.full(session, "slack/", one, now + SECOND) == {}
        assert limits.full(session, "slack/", one, now - 90 * SECOND) == {}, "the clock was set back"


def test_a_platform_that_says_to_wait_is_left_alone_for_the_longest_that_it_said(
    store: Store, now: dt.datetime
) -> None:
    """C-20."""
    with store.writing() as session:
        limits.close(session, "slack", 40 * SECOND, now)
        limits.close(session, "slack", 10 * SECOND, now)
    with store.reading() as session:
        assert limits.closed(session, now) == {"slack": now + 40 * SECOND}
        assert limits.closed(session, now + 40 * SECOND) == {}


def test_a_clock_that_is_set_back_holds_up_nothing_for_as_long(now: dt.datetime) -> None:
    bucket, back = Bucket(name="engage"), now - dt.timedelta(hours=3)
    for number in range(10):
        bucket.take(TEN_IN_THIRTY, f"{number}", now + 20 * SECOND, now)
    assert (bucket.left(TEN_IN_THIRTY, now), bucket.free_at(TEN_IN_THIRTY, now)) == (0, now + 50 * SECOND)
    assert (bucket.left(TEN_IN_THIRTY, back), bucket.free_at(TEN_IN_THIRTY, back)) == (10, back)
    bucket.take(TEN_IN_THIRTY, "new", back, back)
    assert bucket.taken == {"new": back}


def test_a_platform_is_left_alone_for_an_hour_at_the_most(store: Store, now: dt.datetime) -> None:
    """However long it asks for, and however far the clock is set back meanwhile."""
    day = dt.timedelta(days=1)
    with store.writing() as session:
        limits.close(session, "slack", day, now)
        assert limits.closed(session, now) == {"slack": now + limits.LONGEST_CLOSED}
        assert limits.closed(session, now - day) == {}
        assert limits.peek(session, "slack").opens_at(now - day) is None
        limits.close(session, "slack", SECOND, now - day)
        assert limits.closed(session, now - day) == {"slack": now - day + SECOND}


@pytest.mark.parametrize(("number", "per"), [(0, SECOND), (1, 0 * SECOND)])
def test_a_limit_that_lets_nothing_through_is_a_mistake(number: int, per: dt.timedelta) -> None:
    with pytest.raises(ValueError, match="lets nothing through"):
        Limit(number=number, per=per)
