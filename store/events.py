"""What reached the bot: written before the platform hears of it, answered once, kept until it is purged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from handlers.message import Message
from store.batches import delete_some
from store.states import EventState
from store.tables import InboundEventRow
from store.upsert import insert_into, is_sqlite

_EVENTS = InboundEventRow.__table__
# In so many words: of a bound parameter the databases cannot tell that the partial index will do.
_IS_UNANSWERED = sql("state = 'received'")
_UNANSWERED = select(_EVENTS).where(_IS_UNANSWERED).order_by(_EVENTS.c.id)
_NEXT = _UNANSWERED.limit(1).with_for_update(skip_locked=True)
_recordings: dict[bool, ReturningInsert[int]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundEvent:
    """One message that reached the bot; `received_at` is aware UTC."""

    id: int
    message: Message
    received_at: dt.datetime


def record(session: Session, message: Message, now: dt.datetime) -> int | None:
    """Write a message down, and give its number; None when it is there already.

    It is there already when the platform delivered the same event before, or another event of the
    same human gesture (`client_id`).
    """
    values = {
        "platform": message.platform,
        "event_id": message.event_id,
        "client_id": message.client_id,
        "community_key": message.community,
        "thread": message.thread,
        "author_id": message.author_id,
        "author_name": message.author_name,
        "author_role": message.author_role,
        "author_reads": message.author_reads,
        "author_moderates": message.author_moderates,
        "amends": message.amends,
        "route": dict(message.route) if message.route is not None else None,
        "text": message.text,
        "sent_at": message.sent_at,
        "received_at": now,
        "state": EventState.RECEIVED,
    }
    number: int | None = session.connection().execute(_recording(session), values).scalar_one_or_none()
    return number


def unanswered(session: Session, limit: int = 50) -> list[InboundEvent]:
    """What was received and not settled yet, oldest first."""
    return [_event(row) for row in session.execute(_UNANSWERED.limit(limit))]


def next_unanswered(session: Session) -> InboundEvent | None:
    """The oldest that was received and not settled, for this transaction alone.

    On PostgreSQL the row is locked until the transaction ends, and what others have locked is passed
    over; on SQLite a writing transaction is alone by itself.
    """
    row = session.execute(_NEXT).one_or_none()
    return _event(row) if row is not None else None


def settle(session: Session, event_id: int, state: EventState, now: dt.datetime) -> bool:
    """Say what became of an event; False when it was settled before, or was never received."""
    this = update(InboundEventRow).where(
        InboundEventRow.id == event_id, InboundEventRow.state == EventState.RECEIVED
    )
    settled = session.scalars(this.values(state=state, settled_at=now).returning(InboundEventRow.id))
    return settled.one_or_none() is not None


def purge_events(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Drop what was settled before this moment (aware UTC), at most so many; returns how many."""
    return delete_some(session, InboundEventRow, InboundEventRow.settled_at < before, most)


def _recording(session: Session) -> ReturningInsert[int]:
    """The statement that writes an event, built once for each kind of database."""
    on_sqlite = is_sqlite(session)
    if on_sqlite not in _recordings:
        row = insert_into(session, InboundEventRow)
        _recordings[on_sqlite] = row.on_conflict_do_nothing().returning(_EVENTS.c.id)
    return _recordings[on_sqlite]


def _event(row: Row[*tuple[Any, ...]]) -> InboundEvent:
    message = Message(
        platform=row.platform,
        event_id=row.event_id,
        text=row.text,
        author_id=row.author_id,
        author_name=row.author_name,
        sent_at=row.sent_at,
        community=row.community_key,
        thread=row.thread,
        author_role=row.author_role,
        client_id=row.client_id,
        amends=row.amends,
        author_reads=row.author_reads,
        author_moderates=row.author_moderates,
        route=row.route,
    )
    return InboundEvent(id=row.id, message=message, received_at=row.received_at)
