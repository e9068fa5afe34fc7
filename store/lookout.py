"""Whether there is anything to do: the look that is most of what an idle bot does."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import bindparam
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from store.engine import Store
from store.outbox import OUTBOX, ask

# The first in order, rather than whether there is any: of a moment that it does not know yet PostgreSQL
# believes that a third of all rows are before it, and then reads them all in search of one.
_PEEK = (
    "SELECT (SELECT due_at FROM outbox WHERE state = 'planned' AND due_at <= {now} ORDER BY due_at LIMIT 1)"
    " IS NOT NULL"
    " OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('claimed', 'ambiguous'))"
)
_LOOK = sql(_PEEK.format(now=":now")).bindparams(bindparam("now", type_=OUTBOX.c.due_at.type))


class _DriverCursor(Protocol):
    """What the cursors of both drivers have in common."""

    def execute(self, statement: str, parameters: Sequence[Any], /) -> Any: ...

    def fetchone(self) -> Any: ...


class Lookout:
    """Looks whether something is due, or has an outcome to be settled, again and again.

    A look costs the same however much is stored. Between `open` and `close` it keeps a connection
    of its own and asks its driver directly: to borrow one, and to go through SQLAlchemy, takes several times
    as long as the look itself, and it is most of what an idle bot does.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: contextlib.ExitStack | None = None
        self._cursor: _DriverCursor | None = None
        self._statement = _PEEK.format(now="?" if store.is_sqlite else "%s")

    def open(self) -> None:
        """Keep a connection. In memory there is only one for all, which cannot be kept."""
        if not (self._store.is_sqlite and self._store.file is None):
            self._kept = contextlib.ExitStack()

    def close(self) -> None:
        """Give the connection back."""
        if self._kept is not None:
            self._kept.close()
        self._kept = self._cursor = None

    def sees_work(self, now: dt.datetime) -> bool:
        """Whether there is something to do at `now`, aware UTC. Raises `sqlalchemy.exc.DBAPIError`."""
        if self._kept is None:
            with self._store.glancing() as session:
                return bool(ask(session, _LOOK, {"now": now}).scalar_one())
        cursor = self._cursor or self._borrow(self._kept)
        # SQLite holds moments as text without their zone.
        moment = now.isoformat(" ", "microseconds")[:26] if self._store.is_sqlite else now
        try:
            cursor.execute(self._statement, (moment,))
            return bool(cursor.fetchone()[0])
        except self._store.engine.dialect.loaded_dbapi.Error as error:
            # The database went away; the next look borrows a new connection.
            self._cursor = None
            self._kept.close()
            raise OperationalError(self._statement, None, error) from error

    def _borrow(self, kept: contextlib.ExitStack) -> _DriverCursor:
        connection = kept.enter_context(self._store.glancing()).connection()
        driver = connection.connection.driver_connection
        if driver is None:
            raise OperationalError(self._statement, None, RuntimeError("the connection has no driver"))
        self._cursor = kept.enter_context(contextlib.closing(driver.cursor()))
        return self._cursor
