"""Who wants to be told of which atrium in private, and who can be."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from handlers.model import Atrium, Follow, FollowWhat, Kind, Role
from store.agenda import save_atrium
from store.engine import Store
from store.members import ensure_person, follow, member_id_of, set_reminders
from store.subscriptions import (
    coming,
    direct_platforms,
    find_subscriber,
    followers,
    following,
    keep_direct_platforms,
    subscribers,
)
from tests.fakes.atria import an_atrium
from tests.fakes.statements import Statements

WISHES = {
    "All": Follow(what=FollowWhat.ALL),
    "Kind": Follow(what=FollowWhat.KIND, value="provinciaal"),
    "Place": Follow(what=FollowWhat.PLACE, value="Leuven"),
    "Province": Follow(what=FollowWhat.PLACE, value="Provincie Vlaams-Brabant"),
    "Region": Follow(what=FollowWhat.REGION, value="Hageland"),
    "Theme": Follow(what=FollowWhat.THEME, value="windturbines"),
    "Atrium": Follow(what=FollowWhat.ATRIUM, value="a1"),
}
LEUVEN = {"municipality": "Leuven", "province": "Vlaams-Brabant", "kind": Kind.PROVINCIAAL}


def _meet(session: Session, name: str, now: dt.datetime, platform: str = "slack") -> int:
    ensure_person(session, platform, name, name, Role.MEMBER, now)
    return member_id_of(session, platform, name)


def _told(session: Session, *atria: Atrium) -> list[str]:
    found = subscribers(session, ["slack"], followers(session, atria))
    return [each.external_id for each in found]


def test_each_wish_is_met_by_what_it_names(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        for name, wish in WISHES.items():
            follow(session, _meet(session, name, now), wish, now)
        fitting = an_atrium("a1", **LEUVEN, region="Hageland", theme="Windturbines en draagvlak")
        assert _told(session, fitting) == list(WISHES)
        assert _told(session, an_atrium("a2", theme="water")) == ["All"]
        assert _told(session, an_atrium("a2", **LEUVEN)) == ["All", "Kind", "Place", "Province"]
        for name, wish in WISHES.items():
            member = find_subscriber(session, member_id_of(session, "slack", name), ["slack"])
            assert member is not None
            assert member.follows == (wish,)
            assert member.wants(fitting)
            assert member.wants(an_atrium("a2", theme="water")) is (name == "All")


def test_whoever_has_several_reasons_is_found_once(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        member = _meet(session, "An", now)
        for wish in WISHES.values():
            follow(session, member, wish, now)
        before, after = an_atrium("a1", **LEUVEN), an_atrium("a1", municipality="Gent")
        assert followers(session, [before, after]) == [member]
        assert following(session, 0, 10) == [member]
        assert following(session, member, 10) == []


def test_only_who_can_be_written_to_is_told(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        member = _meet(session, "An", now, platform="engage")
        follow(session, member, WISHES["All"], now)
        assert find_subscriber(session, member, ["slack"]) is None
        assert find_subscriber(session, member, []) is None
        found = find_subscriber(session, member, ["engage"])
        assert found is not None
        assert (found.platform, found.external_id) == ("engage", "An")


def test_the_moments_of_a_member_are_kept(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        member = _meet(session, "An", now)

        def days() -> list[int]:
            found = find_subscriber(session, member, ["slack"])
            assert found is not None
            return [each.days for each in found.reminders]

        assert days() == [7, 1]
        set_reminders(session, member, [dt.timedelta(days=14), dt.timedelta(days=2)])
        assert days() == [14, 2]
        set_reminders(session, member, [])
        assert days() == []
        set_reminders(session, member, None)
        assert days() == [7, 1]


def test_what_a_wish_names_and_is_coming_is_found(store: Store, now: dt.datetime) -> None:
    fitting = an_atrium("a1", **LEUVEN, region="Hageland", theme="Windturbines en draagvlak")
    with store.writing() as session:
        save_atrium(session, fitting)
        save_atrium(session, an_atrium("a2", municipality="Gent", province="Oost-Vlaanderen"))
        since, until = fitting.starts_at, fitting.starts_at + dt.timedelta(days=1)
        for name, wish in WISHES.items():
            found = [each.uid for each in coming(session, wish, since, until)]
            assert found[:1] == ["a1"]
            assert ("a2" in found) is (name == "All")
            assert coming(session, wish, until, until + dt.timedelta(days=1)) == []


def test_where_members_can_be_written_to_is_noted(store: Store) -> None:
    with store.writing() as session:
        assert direct_platforms(session) == frozenset()
        keep_direct_platforms(session, ["slack", "teams"])
        assert direct_platforms(session) == {"slack", "teams"}
        keep_direct_platforms(session, [])
        assert direct_platforms(session) == frozenset()


def test_finding_followers_costs_the_same_however_many_follow_something_else(
    store: Store, now: dt.datetime
) -> None:
    with store.writing() as session:
        for number in range(50):
            other = Follow(what=FollowWhat.ATRIUM, value=f"other-{number}")
            follow(session, _meet(session, f"U{number}", now), other, now)
        follow(session, _meet(session, "An", now), WISHES["Atrium"], now)
        asked = Statements(store)
        assert _told(session, an_atrium("a1")) == ["An"]
        assert asked.count == 4
