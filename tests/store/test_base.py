"""The column types that one of the databases would forget something of."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from handlers.model import BRUSSELS, Role
from store.engine import Store
from store.tables import CommunityRow, IdentityRow, LeaseRow, MemberRow, RoleGrantRow


def _lease(store: Store, moment: dt.datetime) -> None:
    with store.writing() as session:
        session.execute(insert(LeaseRow).values(name="plan", holder="a", fence=1, expires_at=moment))


def test_a_moment_comes_back_as_utc(store: Store) -> None:
    summer = dt.datetime(2026, 10, 25, 2, 30, 15, 250000, tzinfo=BRUSSELS, fold=0)
    _lease(store, summer)
    with store.reading() as session:
        found = session.scalars(select(LeaseRow.expires_at)).one()
    assert found == dt.datetime(2026, 10, 25, 0, 30, 15, 250000, tzinfo=dt.UTC)
    assert found.tzinfo is dt.UTC


def test_the_hour_that_comes_twice_is_two_moments(store: Store) -> None:
    _lease(store, dt.datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=1))
    with store.reading() as session:
        wanted = select(LeaseRow.name).where(
            LeaseRow.expires_at > dt.datetime(2026, 10, 25, 2, 45, tzinfo=BRUSSELS, fold=0)
        )
        assert session.scalars(wanted).all() == ["plan"]


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without time zone"):
        _lease(store, dt.datetime(2026, 10, 25, 2, 30))  # noqa: DTZ001 -- that is the point


def test_a_naive_moment_cannot_be_asked_for(store: Store) -> None:
    with store.reading() as session, pytest.raises(StatementError, match="without time zone"):
        session.execute(select(LeaseRow.name).where(LeaseRow.expires_at < dt.datetime(2026, 1, 1)))  # noqa: DTZ001


def _member(store: Store, role: Role | str) -> None:
    with store.writing() as session:
        member = session.scalars(
            insert(MemberRow)
            .values(name="An", created_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
            .returning(MemberRow.id)
        ).one()
        session.execute(insert(IdentityRow).values(member_id=member, platform="local", external_id="An"))
        session.execute(
            text(
                "INSERT INTO role_grants (member_id, role, scope, given) VALUES (:member, :role, '', false)"
            ),
            {"member": member, "role": str(role)},
        )


def test_a_word_is_kept_by_its_value(store: Store) -> None:
    _member(store, Role.ADMINISTRATOR)
    with store.reading() as session:
        assert session.scalar(text("SELECT role FROM role_grants")) == "beheerder"
        assert session.scalars(select(RoleGrantRow.role)).one() is Role.ADMINISTRATOR


def test_the_database_refuses_an_unknown_word(store: Store) -> None:
    with pytest.raises(IntegrityError):
        _member(store, "ADMINISTRATOR")


@pytest.mark.parametrize("keys", [frozenset(), frozenset({"b", "a"}), frozenset({"op_maat"})])
def test_a_set_of_keys_comes_back_whole(store: Store, keys: frozenset[str]) -> None:
    sets = dict.fromkeys(("kinds", "audience", "regions", "moderators"), keys)
    with store.writing() as session:
        session.execute(insert(CommunityRow).values(key="x", platform="local", name="X", **sets))
    with store.reading() as session:
        assert session.scalars(select(CommunityRow.kinds)).one() == keys
        assert session.scalars(select(CommunityRow.key).where(CommunityRow.kinds == keys)).one() == "x"
