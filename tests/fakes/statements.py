"""Listens to what a store says to SQLite, and asks it how it would go about that."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from store.engine import Store


class Statements:
    """The statements that were executed since this began to listen."""

    def __init__(self, store: Store) -> None:
        self._heard: list[tuple[str, object]] = []
        event.listen(store.engine, "before_cursor_execute", self._hear)

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self._heard)

    def _hear(self, _connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        self._heard.append((statement, values))

    def plan_of_last(self, session: Session) -> list[str]:
        """The steps by which SQLite would do the last statement."""
        statement, values = self._heard[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as the driver got them
        return [str(row[3]) for row in plan]
