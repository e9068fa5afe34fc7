"""Who people are, what they may do and what they follow."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.model import Follow, FollowWhat, Role
from store.engine import Store
from store.members import (
    MemberUnknownError,
    ensure_person,
    feed_token,
    find_follows_by_token,
    find_person,
    follow,
    forget,
    member_id_of,
    set_municipality,
    sync_roles,
    unfollow,
)
from store.tables import FollowRow, IdentityRow, MemberRow, RoleGrantRow

KIND = Follow(what=FollowWhat.KIND, value="lokaal")
THEME = Follow(what=FollowWhat.THEME, value="windturbines")


def _meet(session: Session, name: str, now: dt.datetime, role: Role = Role.MEMBER) -> int:
    ensure_person(session, "local", name, name, role, now)
    return member_id_of(session, "local", name)


def test_a_newcomer_becomes_known(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        assert find_person(session, "local", "An") is None
        person = ensure_person(session, "local", "An", "An Peeters", Role.MEMBER, now)
        assert (person.name, person.role, person.follows, person.is_known) == (
            "An Peeters",
            Role.MEMBER,
            (),
            True,
        )
        assert find_person(session, "local", "An") == person
        assert find_person(session, "slack", "An") is None


def test_meeting_again_makes_nobody_new(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        first = _meet(session, "An", now)
        assert ensure_person(session, "local", "An", "An Maes", Role.MEMBER, now).name == "An Maes"
        assert _meet(session, "An", now) == first
        assert session.scalar(select(func.count()).select_from(MemberRow)) == 1


def test_two_that_meet_a_newcomer_at_once_make_one_member(store: Store, now: dt.datetime) -> None:
    together = threading.Barrier(4)

    def meet() -> None:
        together.wait()
        with store.writing() as session:
            ensure_person(session, "local", "An", "An", Role.MEMBER, now)

    threads = [threading.Thread(target=meet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(MemberRow)) == 1
        assert session.scalar(select(func.count()).select_from(IdentityRow)) == 1


def test_the_higher_role_wins(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        sync_roles(
            session,
            administrators=["local:An"],
            moderators={"local:Bo"},
            regional={"local:Cis": {"Waasland", "lokaal"}},
        )
        roles = {
            (name, vouched): ensure_person(session, "local", name, name, vouched, now).role
            for name in ("An", "Bo", "Cis", "Do")
            for vouched in (Role.MEMBER, Role.MODERATOR)
        }
        assert roles == {
            ("An", Role.MEMBER): Role.ADMINISTRATOR,
            ("An", Role.MODERATOR): Role.ADMINISTRATOR,
            ("Bo", Role.MEMBER): Role.MODERATOR,
            ("Bo", Role.MODERATOR): Role.MODERATOR,
            ("Cis", Role.MEMBER): Role.REGIONAL_MODERATOR,
            ("Cis", Role.MODERATOR): Role.MODERATOR,
            ("Do", Role.MEMBER): Role.MEMBER,
            ("Do", Role.MODERATOR): Role.MODERATOR,
        }


def test_a_scope_binds_the_regional_moderator_only(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        sync_roles(session, regional={"local:Cis": ["Waasland"]})
        assert ensure_person(session, "local", "Cis", "Cis", Role.MEMBER, now).scope == {"Waasland"}
        assert ensure_person(session, "local", "Cis", "Cis", Role.MODERATOR, now).scope == frozenset()


def test_a_role_that_left_the_settings_is_gone(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        sync_roles(session, administrators=["slack:U:1"])
        sync_roles(session, moderators=["slack:U2"])
        assert ensure_person(session, "slack", "U:1", "An", Role.MEMBER, now).role is Role.MEMBER
        found = find_person(session, "slack", "U2")
        assert found is not None
        assert found.role is Role.MODERATOR


def test_asking_twice_to_be_told_is_asking_once(store: Store, now: dt.datetime) -> None:
    """C-36."""
    with store.writing() as session:
        member = _meet(session, "An", now)
        follow(session, member, KIND, now)
        follow(session, member, KIND, now + dt.timedelta(days=1))
        follow(session, member, THEME, now)
        person = find_person(session, "local", "An")
        assert person is not None
        assert person.follows == (KIND, THEME)


def test_a_wish_is_dropped_alone_or_with_all_others(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        an, bo = _meet(session, "An", now), _meet(session, "Bo", now)
        for member in (an, bo):
            follow(session, member, KIND, now)
            follow(session, member, THEME, now)
        unfollow(session, an, KIND)
        assert ensure_person(session, "local", "An", "An", Role.MEMBER, now).follows == (THEME,)
        unfollow(session, an, None)
        assert ensure_person(session, "local", "An", "An", Role.MEMBER, now).follows == ()
        assert ensure_person(session, "local", "Bo", "Bo", Role.MEMBER, now).follows == (KIND, THEME)


def test_where_a_member_works_is_remembered(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        set_municipality(session, _meet(session, "An", now), "Zottegem")
        assert ensure_person(session, "local", "An", "An", Role.MEMBER, now).municipality == "Zottegem"


def test_a_feed_has_one_secret_address(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        an, bo = _meet(session, "An", now), _meet(session, "Bo", now)
        follow(session, an, KIND, now)
        token = feed_token(session, an)
        assert feed_token(session, an) == token
        assert len(token) >= 32
        assert token != feed_token(session, bo)
        assert find_follows_by_token(session, token) == [KIND]
        assert find_follows_by_token(session, "guess") is None


def test_an_unknown_identity_has_no_member(store: Store) -> None:
    with store.reading() as session, pytest.raises(MemberUnknownError, match="local:An"):
        member_id_of(session, "local", "An")


def test_a_forgotten_member_leaves_nothing(store: Store, now: dt.datetime) -> None:
    """C-43."""
    with store.writing() as session:
        sync_roles(session, moderators=["local:An"])
        follow(session, _meet(session, "An", now), KIND, now)
        assert forget(session, "local", "An")
        for row in (MemberRow, IdentityRow, FollowRow, RoleGrantRow):
            assert session.scalar(select(func.count()).select_from(row)) == 0
        assert not forget(session, "local", "An")
