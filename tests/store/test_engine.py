"""Opening, reading, writing and holding a database."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError, InternalError

from store.engine import Store, StoreInUseError
from store.tables import NoteRow
from tests.fakes.program import wait_for


def _keep(store: Store, name: str, value: str = "x") -> None:
    with store.writing() as session:
        session.execute(insert(NoteRow).values(name=name, value=value))


def _names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(NoteRow.name).order_by(NoteRow.name)))


def test_what_is_written_is_there_afterwards(store: Store) -> None:
    _keep(store, "a")
    assert _names(store) == ["a"]


def _write_and_break(store: Store) -> None:
    with store.writing() as session:
        session.execute(insert(NoteRow).values(name="a", value="x"))
        raise RuntimeError("broken")


def test_a_writing_that_breaks_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="broken"):
        _write_and_break(store)
    assert _names(store) == []


def test_a_reading_sees_one_moment(store: Store) -> None:
    with store.reading() as session:
        assert session.scalars(select(NoteRow.name)).all() == []
        _keep(store, "a")
        assert session.scalars(select(NoteRow.name)).all() == []
    assert _names(store) == ["a"]


def test_a_glance_sees_the_latest(store: Store) -> None:
    with store.glancing() as session:
        assert session.scalars(select(NoteRow.name)).all() == []
        _keep(store, "a")
        assert session.scalars(select(NoteRow.name)).all() == ["a"]


def test_a_connection_that_glanced_can_still_roll_back(store: Store) -> None:
    with store.glancing() as session:
        session.scalars(select(NoteRow.name)).all()
    with pytest.raises(RuntimeError, match="broken"):
        _write_and_break(store)
    assert _names(store) == []


def test_a_reading_keeps_nothing(store: Store) -> None:
    with store.reading() as session, contextlib.suppress(InternalError):
        # PostgreSQL refuses, SQLite rolls back.
        session.execute(insert(NoteRow).values(name="a", value="x"))
    assert _names(store) == []


def test_two_writers_queue(store: Store) -> None:
    _keep(store, "count", "0")

    def add() -> None:
        for _ in range(20):
            with store.writing() as session:
                row = session.scalars(select(NoteRow).with_for_update()).one()
                row.value = str(int(row.value) + 1)

    writers = [threading.Thread(target=add) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.reading() as session:
        assert session.scalars(select(NoteRow.value)).one() == "80"


def test_a_hasty_writer_goes_before_the_others_of_its_process(sqlite_store: Store) -> None:
    waiting = sqlite_store.turns.waiting

    def write(name: str, hasty: bool) -> None:
        with sqlite_store.writing(hasty=hasty) as session:
            number = session.scalar(select(func.count()).select_from(NoteRow))
            session.execute(insert(NoteRow).values(name=f"{number} {name}", value="x"))

    writers = [threading.Thread(target=write, args=each) for each in (("patient", False), ("hasty", True))]
    with sqlite_store.writing():
        for writer in writers:
            before = waiting()
            writer.start()
            wait_for("it to queue", lambda before=before: waiting() > before)  # type: ignore[misc]  # bound now
    for writer in writers:
        writer.join()
    assert _names(sqlite_store) == ["0 hasty", "1 patient"]


def test_writers_of_two_processes_queue_on_one_file(sqlite_store: Store) -> None:
    """Two stores on one file share no lock of ours, as two processes would not."""
    other = Store(str(sqlite_store.url))
    done = threading.Event()

    def write_beside() -> None:
        _keep(other, "b")
        done.set()

    with sqlite_store.writing() as session:
        session.execute(insert(NoteRow).values(name="a", value="x"))
        beside = threading.Thread(target=write_beside)
        beside.start()
        assert not done.is_set()
    beside.join()
    assert _names(sqlite_store) == ["a", "b"]
    other.close()


def test_a_writer_that_has_only_read_yet_keeps_other_processes_from_writing(sqlite_store: Store) -> None:
    """Otherwise the one that read first could not write any more once the other had."""
    with sqlite_store.writing() as session:
        session.scalars(select(NoteRow.name)).all()
        beside = sqlite3.connect(str(sqlite_store.file), timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            beside.execute("BEGIN IMMEDIATE")
        beside.close()
        session.execute(insert(NoteRow).values(name="a", value="x"))
    assert _names(sqlite_store) == ["a"]


def test_a_broken_reference_is_refused(store: Store) -> None:
    with pytest.raises(DBAPIError), store.writing() as session:
        session.execute(
            text("INSERT INTO region_municipalities (municipality, region_id) VALUES ('Gent', 99)")
        )


def test_sqlite_writes_ahead_and_keeps_references(sqlite_store: Store) -> None:
    with sqlite_store.reading() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 1
        assert session.scalar(text("PRAGMA busy_timeout")) == 5000


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'lib' / 'atriumbot.db'}")
    with store.reading() as session:
        session.execute(text("SELECT 1"))
    assert (tmp_path / "var" / "lib" / "atriumbot.db").exists()
    store.close()


def test_a_database_in_memory_is_one_for_all_threads() -> None:
    store = Store("sqlite://")
    with store.writing() as session:
        session.execute(text("CREATE TABLE words (word TEXT)"))
        session.execute(text("INSERT INTO words VALUES ('atrium')"))
    seen: list[object] = []

    def look() -> None:
        with store.reading() as session:
            seen.append(session.scalar(text("SELECT word FROM words")))

    reader = threading.Thread(target=look)
    reader.start()
    reader.join()
    assert seen == ["atrium"]
    store.close()


def test_a_second_holder_of_one_file_is_refused_by_name(sqlite_store: Store) -> None:
    sqlite_store.hold_file()
    second = Store(str(sqlite_store.url))
    with pytest.raises(StoreInUseError, match=r"atriumbot\.db"):
        second.hold_file()
    _keep(second, "beside")
    sqlite_store.close()
    second.hold_file()
    second.close()


@pytest.mark.postgres
def test_postgresql_needs_no_hold(postgres_store: Store) -> None:
    postgres_store.hold_file()
    second = Store(postgres_store.url.render_as_string(hide_password=False))
    second.hold_file()
    second.close()


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_is_replaced(postgres_store: Store) -> None:
    other = Store(postgres_store.url.render_as_string(hide_password=False))
    with other.glancing() as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    with postgres_store.glancing() as session:
        # With a time-out it returns only when the backend is gone.
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    with other.glancing() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != backend
    other.close()


@pytest.mark.parametrize("address", ["mysql://x/y", "nothing", "postgresql+asyncpg://x/y"])
def test_an_address_of_another_kind_is_refused_by_setting(address: str) -> None:
    with pytest.raises(ValueError, match=r"\[database\] url"):
        Store(address)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_plain_postgresql_address_uses_the_driver_we_have(scheme: str) -> None:
    store = Store(f"{scheme}://bot:secret@db.example.org/atrium")
    assert store.url.drivername == "postgresql+psycopg"
    assert "secret" not in repr(store)
    store.close()


def test_rows_can_be_removed_again(store: Store) -> None:
    _keep(store, "a")
    with store.writing() as session:
        session.execute(delete(NoteRow))
    assert _names(store) == []
