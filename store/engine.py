"""The database the bot remembers in: opened from one address, read and written in short transactions.

SQLite is the embedded default, for one process; PostgreSQL is for more. The two differ only here,
and in what a claim locks.
"""

from __future__ import annotations

import contextlib
import fcntl
import select
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from store.turns import Turns

#: How long a writer waits for another process that writes the same SQLite file, in milliseconds.
BUSY_TIMEOUT_MS = 5000
#: How long it sleeps in between, in seconds. SQLite itself sleeps up to a tenth of a second, so that a
#: busy file is found free late.
BUSY_PAUSE_SECONDS = 0.001

#: Connections kept open, and how many more under load: one for each worker thread that may ask.
POOL_SIZE = 10
POOL_OVERFLOW = 30

#: After so long without a word inside a transaction PostgreSQL ends it, in milliseconds: a replica that
#: was frozen there must not keep the others from what it had locked. Shorter than any lease.
IDLE_IN_TRANSACTION_MS = 30_000

_BEGIN = "atriumbot_begin"
_AT_ONCE = "BEGIN IMMEDIATE"


class StoreInUseError(RuntimeError):
    """Another bot already runs on this SQLite file."""


class StoreUnreachableError(RuntimeError):
    """The database cannot be opened where the settings say it is."""


class Store:
    """One database and the ways to talk to it.

    Args:
        url: `sqlite:///path/to/file.db`, `sqlite://` (in memory) or `postgresql://...`.

    Raises:
        ValueError: for an address of any other kind.
    """

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        #: The SQLite file, beside which keys and locks live; None in memory and on PostgreSQL.
        self.file = _file(self.url) if self.is_sqlite else None
        self._held: IO[str] | None = None
        read: dict[str, Any]
        if self.is_sqlite:
            self.engine = _sqlite(self.url, self.file)
            read = {_BEGIN: "BEGIN"}
            write = {_BEGIN: _AT_ONCE}
            glance = {_BEGIN: ""}
        else:
            self.engine = _postgresql(self.url)
            read = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            write = {}
            glance = {"isolation_level": "AUTOCOMMIT"}
        self._readers = _sessions(self.engine, read)
        self._writers = _sessions(self.engine, write)
        self._glancers = _sessions(self.engine, glance)
        # SQLite has one writer at a time. Threads of this process queue here, in turn, rather than
        # in SQLite's busy handler, which sleeps. In memory there is one connection for all.
        self.turns = Turns()
        self._alone: contextlib.AbstractContextManager[object] = (
            threading.RLock() if self.is_sqlite and not self.file else contextlib.nullcontext()
        )

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees the database as of one moment and is rolled back at the end."""
        with self._alone, self._readers() as session:
            yield session

    @contextlib.contextmanager
    def glancing(self) -> Iterator[Session]:
        """Reading without a transaction: each statement sees the latest. Saves PostgreSQL two round trips."""
        with self._alone, self._glancers() as session:
            yield session

    @contextlib.contextmanager
    def writing(self, *, hasty: bool = False) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back when the block raises.

        On SQLite it holds the write lock from its first statement, so that two writers queue
        instead of failing half-way. Never open one inside another.

        Args:
            hasty: somebody waits for it: on SQLite it goes before the other writers of this process.
        """
        with self._turn(hasty), self._writers() as session, session.begin():
            yield session

    @contextlib.contextmanager
    def writing_once(self) -> Iterator[Session]:
        """For one statement that is a transaction by itself. Saves PostgreSQL two round trips."""
        with self._turn(), self._glancers() as session:
            yield session

    @contextlib.contextmanager
    def _turn(self, hasty: bool = False) -> Iterator[None]:
        """Nobody else of this process writes."""
        if not self.file:
            with self._alone:
                yield
            return
        self.turns.take(hasty=hasty)
        try:
            yield
        finally:
            self.turns.give()

    def hold_file(self) -> None:
        """Claim the SQLite file for this process until `close`; nothing to do on PostgreSQL or in memory.

        The claim is a lock beside the file, which goes with the process however it ends. Short
        commands do not claim, and work beside a running bot.

        Raises:
            StoreInUseError: another process holds it.
        """
        if self.file is None or self._held is not None:
            return
        lock = self.file.with_name(self.file.name + ".lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise StoreInUseError(
                f"another atriumbot already runs on {self.file}: stop that one first, "
                "or give this one its own [database] url"
            ) from None
        self._held = lock

    def close(self) -> None:
        """Close every connection and give up the file."""
        self.engine.dispose()
        if self._held is not None:
            self._held.close()
            self._held = None


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError(
            "[database] url is no database address, such as sqlite:///var/atriumbot.db"
        ) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise ValueError(f"[database] url: {url.drivername} is not supported, use sqlite or postgresql")
    return url


def _file(url: URL) -> Path | None:
    """The file of a SQLite address, None in memory."""
    if url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database)).absolute()


def _sessions(engine: Engine, options: dict[str, Any]) -> sessionmaker[Session]:
    return sessionmaker(engine.execution_options(**options), expire_on_commit=False)


def _sqlite(url: URL, file: Path | None) -> Engine:
    options: dict[str, Any] = {"poolclass": StaticPool}
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnreachableError(
                f"{file} cannot be made ({error.strerror}): check [database] url and the rights on its folder"
            ) from error
        options = {"pool_size": POOL_SIZE, "max_overflow": POOL_OVERFLOW}
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,  # a fault is logged with its statement, not with what people wrote
        **options,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own idea of transactions begins them too late; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode a commit survives `kill -9`; only a power cut may lose the last ones.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get(_BEGIN, "BEGIN")
    driver = connection.connection.driver_connection
    if driver is None or not begin:
        return
    try:
        if begin == _AT_ONCE:
            _begin_at_once(driver)
        else:
            driver.execute(begin)
    except sqlite3.OperationalError as error:
        # What SQLAlchemy asks itself, it raises in its own words; so must this be.
        raise OperationalError(begin, None, error) from error


def _begin_at_once(driver: sqlite3.Connection) -> None:
    """Begin to write, as soon as no other process does.

    Raises:
        sqlite3.OperationalError: another one wrote for `BUSY_TIMEOUT_MS`.
    """
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        while True:
            try:
                driver.execute(_AT_ONCE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(BUSY_PAUSE_SECONDS)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _postgresql(url: URL) -> Engine:
    given: dict[str, Any] = {"application_name": "atriumbot", "connect_timeout": 10, "keepalives_idle": 60}
    if "options" not in url.query:
        given["options"] = f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS}"
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        hide_parameters=True,
        connect_args=given,
    )
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _refuse_dead(connection: Any, _record: object, _proxy: object) -> None:
    """Replace a connection that the server has closed, without the round trip that a ping costs.

    Nothing is owed to an idle connection, so anything to read on it is its end.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    if poll.poll(0):
        raise DisconnectionError("the server has closed this connection")
