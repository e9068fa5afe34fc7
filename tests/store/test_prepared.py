"""Statements that go to the driver as bare as can be behave as any other."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.model import Role
from store.base import WrittenJson
from store.engine import Store
from store.prepared import Prepared
from store.tables import CommunityRow, NoteRow, RoleGrantRow, ThreadRow
from store.upsert import insert_into
from tests.fakes.statements import Statements

NOTES = NoteRow.__table__
KEEP = Prepared(lambda session: insert_into(session, NoteRow), ["name", "value"])
FIND = Prepared(select(NOTES.c.value).where(NOTES.c.name == bindparam("name")))
CHANGE = Prepared(
    update(NoteRow).where(NOTES.c.value == bindparam("before")).values(value=bindparam("after"))
)


def _keep(session: Session, **notes: str) -> None:
    for name, value in notes.items():
        assert KEEP.count(session, {"name": name, "value": value}) == 1


def test_rows_are_found_and_changes_counted(store: Store) -> None:
    with store.writing() as session:
        _keep(session, a="100 % één", b="100 % één")
        assert CHANGE.count(session, {"before": "100 % één", "after": "?"}) == 2
        assert CHANGE.count(session, {"before": "100 % één", "after": "?"}) == 0
    with store.reading() as session:
        assert FIND.rows(session, {"name": "a"}) == [("?",)]
        assert FIND.rows(session, {"name": "z"}) == []


def test_what_was_done_goes_with_its_transaction(store: Store) -> None:
    with store.writing() as session:
        _keep(session, a="1")
        session.rollback()
    with store.reading() as session:
        assert FIND.rows(session, {"name": "a"}) == []


def test_its_faults_are_those_of_sqlalchemy_and_do_not_say_what_was_written(store: Store) -> None:
    def keep_twice() -> None:
        with store.writing() as session:
            _keep(session, a="geheim", b="1")
            _keep(session, a="geheim")

    with pytest.raises(IntegrityError) as fault:
        keep_twice()
    assert "geheim" not in str(fault.value)
    with store.reading() as session:
        assert FIND.rows(session, {"name": "b"}) == []


def test_a_fixed_value_is_bound_as_its_type_says(store: Store) -> None:
    grants = RoleGrantRow.__table__
    moderators = Prepared(select(grants.c.scope).where(grants.c.role == Role.MODERATOR))
    with store.reading() as session:
        assert moderators.rows(session) == []


def test_json_may_be_written_already(store: Store, now: dt.datetime) -> None:
    threads = ThreadRow.__table__
    keep = Prepared(
        lambda session: insert_into(session, ThreadRow).values(topic=bindparam("kept", type_=WrittenJson)),
        ["platform", "external_id", "updated_at"],
    )
    values = {"platform": "slack", "external_id": "t", "updated_at": now, "kept": '{"één": [1, null]}'}
    with store.writing() as session:
        assert keep.count(session, values) == 1
        assert session.scalars(select(threads.c.topic)).one() == {"één": [1, None]}


def test_a_default_of_the_program_must_be_given(store: Store) -> None:
    bare = Prepared(lambda session: insert_into(session, CommunityRow), ["key", "platform", "name"])
    with pytest.raises(ValueError, match="default"), store.writing() as session:
        bare.count(session, {"key": "x", "platform": "slack", "name": "X"})


def test_whoever_listens_hears_it(sqlite_store: Store) -> None:
    heard = Statements(sqlite_store)
    with sqlite_store.reading() as session:
        FIND.rows(session, {"name": "a"})
        assert heard.count == 1
        assert any("USING INDEX" in step for step in heard.plan_of_last(session))
