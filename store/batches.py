"""Deletes rows a bounded number at a time, so that others can write in between."""

from __future__ import annotations

from sqlalchemy import ColumnElement, CursorResult, Executable, delete, select
from sqlalchemy.orm import Session

from store.base import Base


def delete_some(session: Session, row: type[Base], condition: ColumnElement[bool], most: int | None) -> int:
    """Delete the rows that meet a condition, the oldest first and at most so many (None: all); how many."""
    key = row.__table__.c.id
    chosen = select(key).where(condition).order_by(key)
    if most is not None:
        chosen = chosen.limit(most)
    return count(session, delete(row).where(key.in_(chosen)))


def count(session: Session, statement: Executable) -> int:
    """Carry out a statement that changes rows, and say how many it changed."""
    changed = session.execute(statement)
    return changed.rowcount if isinstance(changed, CursorResult) else 0
