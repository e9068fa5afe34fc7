"""Communities follow the settings; a pause is the moderators' own."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from handlers.model import Audience, Community, Kind
from store.communities import (
    CommunityUnknownError,
    find_community,
    is_paused,
    list_communities,
    set_paused,
    sync_communities,
)
from store.engine import Store

GENERAL = Community(key="algemeen", platform="local", name="Algemeen")
POLITICIANS = Community(
    key="mandatarissen",
    platform="slack",
    name="Mandatarissen",
    channel="C1",
    kinds=frozenset({Kind.MANDATARISSEN, Kind.OP_MAAT}),
    audience=frozenset({Audience.MANDATARIS}),
    regions=frozenset({"Waasland"}),
    moderators=frozenset({"U1"}),
    digest=False,
)


def _sync(session: Session, *communities: Community) -> None:
    sync_communities(session, communities)


def test_communities_come_back_in_the_order_of_the_settings(store: Store) -> None:
    with store.writing() as session:
        _sync(session, POLITICIANS, GENERAL)
        assert list_communities(session) == [POLITICIANS, GENERAL]
        assert find_community(session, "algemeen") == GENERAL
        assert find_community(session, "elders") is None


def test_a_community_that_left_the_settings_is_not_told_of(store: Store) -> None:
    with store.writing() as session:
        _sync(session, GENERAL, POLITICIANS)
        _sync(session, POLITICIANS)
        assert list_communities(session) == [POLITICIANS]
        assert find_community(session, "algemeen") is None
        _sync(session, GENERAL)
        assert list_communities(session) == [GENERAL]


def test_a_changed_setting_is_taken_over_and_a_pause_stays(store: Store) -> None:
    with store.writing() as session:
        _sync(session, GENERAL)
        set_paused(session, "algemeen", paused=True)
        _sync(session, Community(key="algemeen", platform="slack", name="Iedereen"))
        found = find_community(session, "algemeen")
        assert found == Community(key="algemeen", platform="slack", name="Iedereen", paused=True)


def test_one_community_is_paused_and_resumed(store: Store) -> None:
    with store.writing() as session:
        _sync(session, GENERAL, POLITICIANS)
        set_paused(session, "algemeen", paused=True)
        assert is_paused(session, "algemeen")
        assert not is_paused(session, "mandatarissen")
        assert not is_paused(session, None)
        set_paused(session, "algemeen", paused=False)
        assert not is_paused(session, "algemeen")


def test_a_pause_everywhere_leaves_single_pauses_alone(store: Store) -> None:
    with store.writing() as session:
        _sync(session, GENERAL, POLITICIANS)
        set_paused(session, "algemeen", paused=True)
        set_paused(session, None, paused=True)
        set_paused(session, None, paused=True)
        assert is_paused(session, "mandatarissen")
        assert is_paused(session, None)
        set_paused(session, None, paused=False)
        assert is_paused(session, "algemeen")
        assert not is_paused(session, "mandatarissen")


def test_an_unknown_community_cannot_be_paused(store: Store) -> None:
    with store.writing() as session:
        _sync(session, GENERAL)
        with pytest.raises(CommunityUnknownError, match="elders"):
            set_paused(session, "elders", paused=True)
