"""What members asked and the bot could not read or answer, without their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS
from store.batches import delete_some
from store.tables import UnreadQuestionRow


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadQuestion:
    """One question; `author` is a keyed hash, moments are aware UTC; `UnreadQuestionRow` says more."""

    id: int
    author: str
    text: str
    reason: str
    asked_at: dt.datetime
    platform: str | None = None
    community_key: str | None = None
    thread: str | None = None
    settled_as: str | None = None
    settled_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Where a question was asked, so that it can be answered there."""

    platform: str
    community: str
    thread: str


def keep_unread(
    session: Session,
    author_hash: str,
    text: str,
    reason: str,
    at: dt.datetime,
    where: Asked | None = None,
    stronger_than: Collection[str] = (),
) -> None:
    """Keep a question that was not understood, once for an author and a day in Brussels.

    The first reason stays, unless this one is stronger than it. Two replicas that keep the same question
    in the same instant may both: a count that is one too high harms nobody, and a lock would cost every
    question.
    """
    table = UnreadQuestionRow
    day = at.astimezone(BRUSSELS).date()
    same = (
        table.asked_at >= _midnight(day),
        table.asked_at < _midnight(day + dt.timedelta(days=1)),
        table.author == author_hash,
        table.text == text,
    )
    there = select(table.id).where(*same)
    if stronger_than:
        session.execute(update(table).where(*same, table.reason.in_(stronger_than)).values(reason=reason))
    if session.execute(there.limit(1)).first() is None:
        values = {"author": author_hash, "text": text, "reason": reason, "asked_at": at}
        if where is not None:
            values |= {
                "platform": where.platform,
                "community_key": where.community,
                "thread": where.thread,
            }
        session.execute(insert(table).values(values))


def unread(
    session: Session, since: dt.datetime | None = None, not_reasons: Collection[str] = ()
) -> list[UnreadQuestion]:
    """The questions that were not understood, newest first; `since` an aware moment, or all."""
    table = UnreadQuestionRow.__table__
    wanted = select(table).order_by(table.c.asked_at.desc(), table.c.id.desc())
    if since is not None:
        wanted = wanted.where(table.c.asked_at >= since)
    if not_reasons:
        wanted = wanted.where(table.c.reason.not_in(not_reasons))
    return [UnreadQuestion(**row._mapping) for row in session.execute(wanted)]


def open_questions(
    session: Session,
    communities: Collection[str] | None,
    limit: int,
    offset: int = 0,
    reasons: Collection[str] = (),
) -> list[UnreadQuestion]:
    """What still waits for a moderator, newest first.

    Args:
        communities: only what was asked in these; None is everything, what was asked in private too.
        reasons: only what was not answered for one of these; empty is all.
    """
    table = UnreadQuestionRow.__table__
    wanted = select(table).where(table.c.settled_at.is_(None)).order_by(table.c.id.desc())
    if communities is not None:
        wanted = wanted.where(table.c.community_key.in_(communities))
    if reasons:
        wanted = wanted.where(table.c.reason.in_(reasons))
    found = session.execute(wanted.limit(limit).offset(offset))
    return [UnreadQuestion(**row._mapping) for row in found]


def count_open(session: Session, communities: Collection[str] | None) -> int:
    """How many still wait; the argument is that of `open_questions`."""
    return sum(open_by_reason(session, communities).values())


def open_by_reason(session: Session, communities: Collection[str] | None) -> dict[str, int]:
    """The same for each reason why they were not answered."""
    table = UnreadQuestionRow
    wanted = select(table.reason, func.count()).where(table.settled_at.is_(None)).group_by(table.reason)
    if communities is not None:
        wanted = wanted.where(table.community_key.in_(communities))
    return {str(row[0]): int(row[1]) for row in session.execute(wanted)}


def find_question(session: Session, number: int) -> UnreadQuestion | None:
    table = UnreadQuestionRow.__table__
    row = session.execute(select(table).where(table.c.id == number)).one_or_none()
    return UnreadQuestion(**row._mapping) if row else None


def settle(session: Session, number: int, how: str, now: dt.datetime) -> bool:
    """Say what became of a question; False when somebody else did already."""
    table = UnreadQuestionRow
    waiting = update(table).where(table.id == number, table.settled_at.is_(None))
    settled = waiting.values(settled_as=how, settled_at=now).returning(table.id)
    return session.scalars(settled).first() is not None


def purge_unread(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Drop questions that were asked before this moment (aware UTC), at most so many; returns how many."""
    return delete_some(session, UnreadQuestionRow, UnreadQuestionRow.asked_at < before, most)


def _midnight(day: dt.date) -> dt.datetime:
    """The instant at which a day begins in Brussels."""
    return dt.datetime.combine(day, dt.time(), BRUSSELS)
