"""Statements that are asked with every message, given to the driver as bare as can be.

To bring a small statement to the driver and its rows back takes SQLAlchemy ten times as long as the database
needs for it. So these are compiled once for each kind of database; from then on only their values are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

#: A row as the driver gives it.
Row: TypeAlias = tuple[Any, ...]

_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class _Slot:
    """One value of a statement: what is given under `key`, or always the same where that is None."""

    name: str
    key: str | None
    bound: Callable[[Any], Any] | None
    fixed: object = None

    def value(self, values: Mapping[str, object]) -> object:
        """It as the driver takes it."""
        if self.key is None:
            return self.fixed
        given = values[self.key]
        return self.bound(given) if self.bound is not None else given


class Prepared:
    """One statement, for either database.

    Args:
        statement: without lists of an open length; or what builds it, where it differs by database.
        names: of an INSERT, the columns that are written.
    """

    def __init__(
        self, statement: Executable | Callable[[Session], Executable], names: Sequence[str] = ()
    ) -> None:
        self._statement = statement
        self._names = names
        self._compiled: dict[str, tuple[str, tuple[_Slot, ...]]] = {}

    def rows(self, session: Session, values: Mapping[str, object] = _NOTHING) -> list[Row]:
        """What it finds, or returns, as the driver has it; raises what SQLAlchemy would."""
        connection = session.connection()
        sql, slots = self._compiled.get(connection.dialect.name) or self._compile(session, connection.dialect)
        if connection.dialect.name == "sqlite":
            return _on_sqlite(connection, sql, tuple(slot.value(values) for slot in slots))[0]
        with connection.exec_driver_sql(sql, {slot.name: slot.value(values) for slot in slots}) as found:
            return [tuple(row) for row in found] if found.returns_rows else []

    def count(self, session: Session, values: Mapping[str, object] = _NOTHING) -> int:
        """Carry it out; returns how many rows it changed."""
        connection = session.connection()
        sql, slots = self._compiled.get(connection.dialect.name) or self._compile(session, connection.dialect)
        if connection.dialect.name == "sqlite":
            return _on_sqlite(connection, sql, tuple(slot.value(values) for slot in slots))[1]
        with connection.exec_driver_sql(sql, {slot.name: slot.value(values) for slot in slots}) as done:
            return done.rowcount

    def for_driver(self, session: Session) -> tuple[str, Callable[[Mapping[str, object]], Row]]:
        """It as SQLite's driver takes it, and what puts its values in order: for who keeps a connection."""
        dialect = session.connection().dialect
        sql, slots = self._compiled.get(dialect.name) or self._compile(session, dialect)
        return sql, lambda values: tuple(slot.value(values) for slot in slots)

    def _compile(self, session: Session, dialect: Dialect) -> tuple[str, tuple[_Slot, ...]]:
        built = self._statement if isinstance(self._statement, Executable) else self._statement(session)
        if not isinstance(built, ClauseElement):
            raise TypeError(f"{built!r} is no statement")
        compiled = built.compile(dialect=dialect, column_keys=list(self._names) or None)
        if not isinstance(compiled, SQLCompiler) or compiled.insert_prefetch:
            raise ValueError("a default that is not the database's own has to be given")
        made = str(compiled), tuple(_slots(compiled, dialect))
        self._compiled[dialect.name] = made
        return made


def _slots(compiled: SQLCompiler, dialect: Dialect) -> Iterator[_Slot]:
    """The values of a statement, in the order of its signs."""
    by_name = {name: bind for bind, name in compiled.bind_names.items()}
    for name in compiled.positiontup or by_name:
        bind = by_name[name]
        bound = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            yield _Slot(name, bind.key, bound)
        else:
            fixed = bind.effective_value
            yield _Slot(name, None, bound, bound(fixed) if bound is not None else fixed)


def _on_sqlite(connection: Connection, sql: str, values: Row) -> tuple[list[Row], int]:
    """The rows, and how many were changed."""
    driver = connection.connection.driver_connection
    dialect = connection.dialect
    cursor = driver.cursor()  # type: ignore[union-attr]  # it is open
    for hear in connection.dispatch.before_cursor_execute:
        # Whoever listens to what is asked of the database hears this too.
        hear(connection, cursor, sql, values, None, False)  # noqa: FBT003  # as SQLAlchemy calls it
    try:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
    except dialect.loaded_dbapi.Error as fault:
        # As SQLAlchemy does: what people wrote stays out of the log.
        raise DBAPIError.instance(
            sql, None, fault, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        ) from fault
    return rows, cursor.rowcount
