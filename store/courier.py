"""One answer at a time, claimed and settled by a single statement each: somebody waits for it.

To go to a worker thread and back takes several times as long as such a statement. On SQLite it is therefore
carried out where it is asked for, on a connection of its own that waits for nothing: while anybody else
writes, or when anything goes wrong, nothing is done and the answer takes the ordinary way.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from store.claims import CLAIM, CLAIM_NAMED, Claim, claimed_entries
from store.engine import Store
from store.leases import DatabaseClock
from store.limits import LONGEST_CLOSED
from store.outbox import OUTBOX, Entry
from store.prepared import Prepared
from store.settlements import SETTLE_SENT, Settled
from store.tables import RateBucketRow

_CLOSED = select(RateBucketRow.name).where(
    RateBucketRow.name == OUTBOX.c.platform,
    RateBucketRow.closed_until > DatabaseClock("closed_from"),
    RateBucketRow.closed_until <= DatabaseClock("closed_to"),
)
_CLAIM = Prepared(CLAIM_NAMED.where(~_CLOSED.exists()))
_SETTLE = Prepared(SETTLE_SENT)

A = TypeVar("A")
T = TypeVar("T")


class _Kept:
    """A connection to SQLite of its own that waits for nothing, and the two statements on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        driver = session.connection().connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("only SQLite is asked in place")
        self._driver = driver
        driver.execute("PRAGMA busy_timeout = 0")
        # Others copy the log into the file: that may take a while.
        driver.execute("PRAGMA wal_autocheckpoint = 0")
        self._claim, self._claim_values = _CLAIM.for_driver(session)
        self._settle, self._settle_values = _SETTLE.for_driver(session)

    def claim(self, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._driver.execute(self._claim, self._claim_values(values)).fetchall()
        return rows

    def settle(self, posts: Sequence[Mapping[str, object]]) -> int:
        """How many were still as they were claimed."""
        values = [self._settle_values(each) for each in posts]
        if len(values) == 1:
            return self._driver.execute(self._settle, values[0]).rowcount
        self._driver.execute("BEGIN IMMEDIATE")
        try:
            return self._driver.executemany(self._settle, values).rowcount
        finally:
            self._driver.execute("COMMIT")


class Courier:
    """Claims and settles, where no rate is limited, by the database's own clock.

    Works between `open` and `close`; outside, everything takes the ordinary way.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stack = contextlib.ExitStack()
        self._kept: _Kept | None = None
        #: Whether it may be asked on the event loop; else a worker thread must.
        self.is_prompt = store.is_sqlite
        self.is_open = False

    def open(self) -> None:
        """Begin. In memory there is only one connection for all, which cannot be kept."""
        if self.is_prompt and self._store.file is not None:
            self._kept = _Kept(self._stack.enter_context(self._store.glancing()))
        self.is_open = self._kept is not None or not self.is_prompt

    def close(self) -> None:
        """End, and close the connection, which is not as others expect one."""
        if self._kept is not None:
            self._kept.session.connection().invalidate()
        self._stack.close()
        self._kept, self.is_open = None, False

    def claim(self, key: str, wanted: Claim) -> Entry | None:
        """The answer of this key, claimed; None when it has to take the ordinary way."""
        values = {
            "named": key,
            "now": wanted.now,
            "holder": wanted.holder,
            "on_platform": wanted.platform,
            "from_now": CLAIM.total_seconds(),
            "closed_from": 0.0,
            "closed_to": LONGEST_CLOSED.total_seconds(),
        }
        dialect = self._store.engine.dialect
        if not self.is_prompt:
            with contextlib.suppress(DBAPIError), self._store.writing_once() as session:
                rows = _CLAIM.rows(session, values)
                return claimed_entries(dialect, rows)[0] if rows else None
            return None
        found = self._at_once(_Kept.claim, values)
        return claimed_entries(dialect, found)[0] if found else None

    def settle(self, sent: Sequence[Settled]) -> bool:
        """Write down that posts were sent; False when that has to be done the ordinary way, for all."""
        values = [each.sent_parameters() for each in sent]
        if self.is_prompt:
            return self._at_once(_Kept.settle, values) == len(values)
        if len(values) == 1:
            with contextlib.suppress(DBAPIError), self._store.writing_once() as session:
                return _SETTLE.count(session, values[0]) == 1
        return False

    def _at_once(self, act: Callable[[_Kept, A], T], given: A) -> T | None:
        """What a statement did; None when it would have to wait, or failed."""
        if self._kept is None or not self._store.turns.take_if_free():
            return None
        try:
            return act(self._kept, given)
        except sqlite3.Error:
            return None
        finally:
            self._store.turns.give()
