"""Writing a row that may already be there: both databases can, each with an `INSERT` of its own kind."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.base import Base

Insert = sqlite.Insert | postgresql.Insert


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def insert_into(session: Session, row: type[Base]) -> Insert:
    """An `INSERT` into the table of a row class that knows `ON CONFLICT`, for this session's database."""
    table: Any = row.__table__
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)
