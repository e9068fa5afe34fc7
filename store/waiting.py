"""How much waits to be sent, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from store.outbox import OUTBOX, PLANNED, ask
from store.states import OutboxState


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What is due and not sent, and what is under way or in doubt; `oldest_due_at` is aware UTC."""

    due: int = 0
    oldest_due_at: dt.datetime | None = None
    claimed: int = 0
    ambiguous: int = 0


_DUE_NOW = select(func.count(), func.min(OUTBOX.c.due_at)).where(
    PLANNED, OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type)
)
_OPEN = (
    select(OUTBOX.c.state, func.count())
    .where(sql("outbox.state IN ('claimed', 'ambiguous')"))
    .group_by(OUTBOX.c.state)
)


def backlog(session: Session, now: dt.datetime) -> Backlog:
    """How much waits at `now` (aware UTC); costs by what waits, not by what is stored."""
    due, oldest = ask(session, _DUE_NOW, {"now": now}).one()
    numbers = {row[0]: row[1] for row in ask(session, _OPEN)}
    return Backlog(
        due=due,
        oldest_due_at=oldest,
        claimed=numbers.get(OutboxState.CLAIMED, 0),
        ambiguous=numbers.get(OutboxState.AMBIGUOUS, 0),
    )


def next_due(session: Session, after: dt.datetime) -> dt.datetime | None:
    """When the next planned post is due after an instant, aware UTC."""
    found: dt.datetime | None = session.scalar(
        select(func.min(OUTBOX.c.due_at)).where(PLANNED, OUTBOX.c.due_at > after)
    )
    return found
