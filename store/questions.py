"""What members asked and the bot could not read or answer, without their names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS
from store.batches import delete_some
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
    """Keep a question that was not understood, once for an author and a day in Brussels.

    The first reason stays. Two replicas that keep the same question in the same instant may both:
    a count that is one too high harms nobody, and a lock would cost every question.
    """
    table = UnreadQuestionRow
    day = at.astimezone(BRUSSELS).date()
    there = select(table.id).where(
        table.asked_at >= _midnight(day),
        table.asked_at < _midnight(day + dt.timedelta(days=1)),
        table.author == author_hash,
        table.text == text,
    )
    if session.execute(there.limit(1)).first() is None:
        values = {"author": author_hash, "text": text, "reason": reason, "asked_at": at}
        session.execute(insert(table).values(values))


def unread(session: Session, since: dt.datetime | None = None) -> list[UnreadQuestion]:
    """The questions that were not understood, newest first; `since` an aware moment, or all."""
    table = UnreadQuestionRow.__table__
    wanted = select(table).order_by(table.c.asked_at.desc(), table.c.id.desc())
    if since is not None:
        wanted = wanted.where(table.c.asked_at >= since)
    return [UnreadQuestion(**row._mapping) for row in session.execute(wanted)]


def purge_unread(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Drop questions that were asked before this moment (aware UTC), at most so many; returns how many."""
    return delete_some(session, UnreadQuestionRow, UnreadQuestionRow.asked_at < before, most)


def _midnight(day: dt.date) -> dt.datetime:
    """The instant at which a day begins in Brussels."""
    return dt.datetime.combine(day, dt.time(), BRUSSELS)
