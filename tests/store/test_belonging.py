"""Who belongs where and moderates what, as the platforms said last."""

from __future__ import annotations

import datetime as dt

from handlers.model import Community
from store.belonging import (
    forget,
    fresh_at,
    joined_by,
    keep_people,
    keep_person,
    moderated_by,
    purge,
)
from store.communities import sync_communities
from store.engine import Store

COMMUNITIES = (
    Community(key="algemeen", platform="slack", name="Algemeen"),
    Community(key="water", platform="slack", name="Water"),
    Community(key="elders", platform="engage", name="Elders"),
)


def _settled(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        sync_communities(session, COMMUNITIES)
        keep_people(session, "algemeen", ["U1"], ["U2", "U3"], now)
        keep_people(session, "water", [], ["U1"], now)
        keep_people(session, "elders", ["U2"], [], now)


def test_whoever_belongs_is_known_by_platform(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    with store.reading() as session:
        assert joined_by(session, "U1", "slack", now) == {"algemeen", "water"}
        assert moderated_by(session, "U1", "slack", now) == {"algemeen"}
        assert joined_by(session, "U2", "slack", now) == {"algemeen"}
        assert joined_by(session, "U2", "engage", now) == {"elders"}
        assert joined_by(session, "U9", "slack", now) == frozenset()


def test_what_is_older_than_trusted_counts_for_nothing(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    with store.reading() as session:
        later = now + dt.timedelta(seconds=1)
        assert joined_by(session, "U1", "slack", later) == frozenset()
        assert moderated_by(session, "U1", "slack", later) == frozenset()


def test_a_new_list_takes_the_place_of_the_old_one(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    later = now + dt.timedelta(minutes=10)
    with store.writing() as session:
        keep_people(session, "algemeen", ["U2"], ["U2"], later)
    with store.reading() as session:
        assert moderated_by(session, "U1", "slack", now) == frozenset()
        assert joined_by(session, "U1", "slack", now) == {"water"}
        assert moderated_by(session, "U2", "slack", later) == {"algemeen"}
        assert joined_by(session, "U3", "slack", now) == frozenset()
        assert fresh_at(session, "algemeen") == later
        assert fresh_at(session, "water") == now
        assert fresh_at(session, "nergens") is None


def test_a_community_that_nobody_belongs_to_is_known_to_be_so(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        keep_people(session, "water", [], [], now)
        assert fresh_at(session, "water") == now


def test_one_person_is_written_alone(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    later = now + dt.timedelta(minutes=20)
    with store.writing() as session:
        keep_person(session, "water", "U2", later, owns=True)
        keep_person(session, "algemeen", "U3", later, belongs=False)
    with store.reading() as session:
        assert moderated_by(session, "U2", "slack", later) == {"water"}
        assert joined_by(session, "U3", "slack", now) == frozenset()
        assert joined_by(session, "U1", "slack", now) == {"algemeen", "water"}


def test_a_community_that_left_the_settings_counts_no_more(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    with store.writing() as session:
        sync_communities(session, COMMUNITIES[1:])
        assert joined_by(session, "U1", "slack", now) == {"water"}


def test_what_is_forgotten_or_stale_is_gone(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    with store.writing() as session:
        forget(session, "slack", "U2")
        assert joined_by(session, "U2", "slack", now) == frozenset()
        assert joined_by(session, "U2", "engage", now) == {"elders"}
        assert purge(session, now, 100) == 0
        assert purge(session, now + dt.timedelta(seconds=1), 2) == 2
        assert purge(session, now + dt.timedelta(seconds=1), 100) == 2


def test_whoever_left_does_not_come_back_with_what_was_asked_before(store: Store, now: dt.datetime) -> None:
    _settled(store, now)
    asked, left = now + dt.timedelta(minutes=3), now + dt.timedelta(minutes=4)
    with store.writing() as session:
        keep_person(session, "algemeen", "U2", left, belongs=False)
        assert not keep_people(session, "algemeen", ["U1"], ["U1", "U2", "U3"], asked)
    with store.reading() as session:
        assert joined_by(session, "U2", "slack", now) == frozenset()
    with store.writing() as session:
        assert keep_people(session, "algemeen", ["U1"], ["U1", "U2"], left + dt.timedelta(seconds=1))
    with store.reading() as session:
        assert joined_by(session, "U2", "slack", now) == {"algemeen"}
