"""What members asked and the bot could not read or answer, without their names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from store.tables import UnreadQuestionRow


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadQuestion:
    """One question; `author` is a keyed hash, `asked_at` aware UTC."""

    id: int
    author: str
    text: str
    reason: str
    asked_at: dt.datetime


def keep_unread(session: Session, author_hash: str, text: str, reason: str, at: dt.datetime) -> None:
    """Keep a question that was not understood."""
    values = {"author": author_hash, "text": text, "reason": reason, "asked_at": at}
    session.execute(insert(UnreadQuestionRow).values(values))


def unread(session: Session, since: dt.datetime | None = None) -> list[UnreadQuestion]:
    """The questions that were not understood, newest first; `since` an aware moment, or all."""
    table = UnreadQuestionRow.__table__
    wanted = select(table).order_by(table.c.asked_at.desc(), table.c.id.desc())
    if since is not None:
        wanted = wanted.where(table.c.asked_at >= since)
    return [UnreadQuestion(**row._mapping) for row in session.execute(wanted)]


def purge_unread(session: Session, before: dt.datetime) -> None:
    """Drop the questions that were asked before this moment (aware UTC)."""
    session.execute(delete(UnreadQuestionRow).where(UnreadQuestionRow.asked_at < before))
