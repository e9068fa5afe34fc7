"""Rows as the driver has them, made into what they stand for once: most rows that are read were read before.

To convert a row's words, sets and moments takes several times as long as to fetch it. What came of the same
values before is the same again, so whatever is made of them must not be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Executable
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from store.prepared import Prepared

T = TypeVar("T")

#: Rows of one kind that are remembered, for each kind of database.
MOST_KEPT = 2000


def conversions(
    columns: Sequence[ColumnElement[Any]], dialect: Dialect
) -> list[tuple[int, Callable[[Any], Any]]]:
    """How the driver's values become what they stand for, by their place; the others are that already."""
    types = [column.type.dialect_impl(dialect) for column in columns]
    return [
        (place, convert)
        for place, each in enumerate(types)
        if (convert := each.result_processor(dialect, None)) is not None
    ]


class RawRows(Generic[T]):
    """Makes something of each row that a statement finds.

    Args:
        columns: what the statements select, in this order.
        make: what a row, by these columns, stands for.
        most_kept: rows that are remembered; 0 where hardly any comes twice.
    """

    def __init__(
        self,
        columns: Sequence[ColumnElement[Any]],
        make: Callable[[list[Any]], T],
        most_kept: int = MOST_KEPT,
    ) -> None:
        self._columns = columns
        self._make = make
        self._most_kept = most_kept
        self._made: dict[str, Callable[[tuple[Any, ...]], T]] = {}

    def read(
        self, session: Session, statement: Executable | Prepared, values: Mapping[str, object]
    ) -> list[T]:
        """What the statement finds, in its order."""
        connection = session.connection()
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._making(dialect)
        if isinstance(statement, Prepared):
            return [made(row) for row in statement.rows(session, values)]
        found = connection.execute(statement, values)
        rows = found.cursor.fetchall()
        found.close()
        return [made(row) for row in rows]

    def _making(self, dialect: Dialect) -> Callable[[tuple[Any, ...]], T]:
        converted = conversions(self._columns, dialect)

        @lru_cache(maxsize=self._most_kept)
        def made(row: tuple[Any, ...]) -> T:
            values = list(row)
            for place, convert in converted:
                values[place] = convert(values[place])
            return self._make(values)

        self._made[dialect.name] = made
        return made
