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

T = TypeVar("T")

#: Rows of one kind that are remembered, for each kind of database.
MOST_KEPT = 5000


class RawRows(Generic[T]):
    """Makes something of each row that a statement finds.

    Args:
        columns: what the statements select, in this order.
        make: what a row, by these columns, stands for.
    """

    def __init__(self, columns: Sequence[ColumnElement[Any]], make: Callable[[list[Any]], T]) -> None:
        self._columns = columns
        self._make = make
        self._made: dict[str, Callable[[tuple[Any, ...]], T]] = {}

    def read(self, session: Session, statement: Executable, values: Mapping[str, object]) -> list[T]:
        """What the statement finds, in its order."""
        connection = session.connection()
        found = connection.execute(statement, values)
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._making(dialect)
        rows = found.cursor.fetchall()
        found.close()
        return [made(row) for row in rows]

    def _making(self, dialect: Dialect) -> Callable[[tuple[Any, ...]], T]:
        types = [column.type.dialect_impl(dialect) for column in self._columns]
        converted = [
            (place, convert)
            for place, each in enumerate(types)
            if (convert := each.result_processor(dialect, None)) is not None
        ]

        @lru_cache(maxsize=MOST_KEPT)
        def made(row: tuple[Any, ...]) -> T:
            values = list(row)
            for place, convert in converted:
                values[place] = convert(values[place])
            return self._make(values)

        self._made[dialect.name] = made
        return made
