"""What reached the bot: written before the platform hears of it, answered once, kept until it is purged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from handlers.message import Message
from store.batches import delete_some
from store.notes import find_note, keep_note
from store.prepared import Prepared
from store.raw_rows import RawRows
from store.states import EventState
from store.tables import InboundEventRow
from store.upsert import insert_into

_RESTED_AT = "rested_at"

_EVENTS = cast("Table", InboundEventRow.__table__)
# In so many words: of a bound parameter the databases cannot tell that the partial index will do.
_IS_UNANSWERED = sql("state = 'received'")
_UNANSWERED = select(_EVENTS).where(_IS_UNANSWERED).order_by(_EVENTS.c.id)
# Asked with every message, as is all that is prepared here.
_SOME = Prepared(_UNANSWERED.limit(bindparam("most")).with_for_update(skip_locked=True))
_SETTLING = Prepared(
    update(_EVENTS)
    .where(_EVENTS.c.id == bindparam("number"), _EVENTS.c.state == EventState.RECEIVED)
    .values(state=bindparam("became"), settled_at=bindparam("at"))
)
_RECORDING = Prepared(
    lambda session: insert_into(session, InboundEventRow).on_conflict_do_nothing().returning(_EVENTS.c.id),
    [column.name for column in _EVENTS.c if column.name not in {"id", "settled_at"}],
)
_IS_RECORDED = Prepared(
    select(_EVENTS.c.id).where(
        _EVENTS.c.platform == bindparam("platform"), _EVENTS.c.event_id == bindparam("event_id")
    )
)

_WORDINGS = Prepared(
    select(_EVENTS.c.event_id)
    .where(
        _EVENTS.c.platform == bindparam("platform"),
        # An index finds the thread; in it is little else.
        _EVENTS.c.thread == bindparam("thread"),
        _EVENTS.c.amends == bindparam("event_id"),
    )
    .order_by(_EVENTS.c.id)
)


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
        "author_email": message.author_email,
        "amends": message.amends,
        "repeats": message.repeats,
        "below": message.below,
        "alone": message.alone,
        "route": dict(message.route) if message.route is not None else None,
        "text": message.text,
        "sent_at": message.sent_at,
        "received_at": now,
        "state": EventState.RECEIVED,
    }
    recorded = _RECORDING.rows(session, values)
    return int(recorded[0][0]) if recorded else None


def is_recorded(session: Session, platform: str, event_id: str) -> bool:
    """Whether this message was written down before, and is not purged yet."""
    this = {"platform": platform, "event_id": event_id}
    return bool(_IS_RECORDED.rows(session, this))


def text_of(session: Session, platform: str, event_id: str) -> str | None:
    """What was said in a message; None when it is not kept, or is no more."""
    this = (_EVENTS.c.platform == platform, _EVENTS.c.event_id == event_id)
    return session.scalar(select(_EVENTS.c.text).where(*this))


def wordings_of(session: Session, platform: str, thread: str, event_id: str) -> list[str]:
    """The `event_id` of every message that is a new wording of this one, in the order in which they came."""
    this = {"platform": platform, "thread": thread, "event_id": event_id}
    return [number for (number,) in _WORDINGS.rows(session, this)]


def name_author(session: Session, event_id: int, name: str) -> None:
    """Say how the author of a message is called, when the platform tells that only afterwards."""
    this = update(InboundEventRow).where(
        InboundEventRow.id == event_id, InboundEventRow.state == EventState.RECEIVED
    )
    session.execute(this.values(author_name=name))


def unanswered(session: Session, limit: int = 50) -> list[InboundEvent]:
    """What was received and not settled yet, oldest first."""
    return _READ.read(session, _UNANSWERED.limit(limit), {})


def next_unanswered(session: Session) -> InboundEvent | None:
    """The oldest that was received and not settled, for this transaction alone; as `held_unanswered`."""
    return next(iter(held_unanswered(session, 1)), None)


def held_unanswered(session: Session, most: int) -> list[InboundEvent]:
    """The oldest that were received and not settled, at most so many, for this transaction alone.

    On PostgreSQL the rows are locked until the transaction ends, and what others have locked is passed
    over; on SQLite a writing transaction is alone by itself.
    """
    return _READ.read(session, _SOME, {"most": most})


def settle(session: Session, event_id: int, state: EventState, now: dt.datetime) -> bool:
    """Say what became of an event; False when it was settled before, or was never received."""
    settled = {"number": event_id, "became": state, "at": now}
    return _SETTLING.count(session, settled) == 1


def rest(session: Session, now: dt.datetime) -> None:
    """Leave at that whatever was said before this moment (aware UTC), read or not: a copy was put back."""
    unanswered = update(InboundEventRow).where(InboundEventRow.state == EventState.RECEIVED)
    session.execute(unanswered.values(state=EventState.IGNORED, settled_at=now))
    keep_note(session, _RESTED_AT, now.isoformat())


def rested_at(session: Session) -> dt.datetime | None:
    """Before which moment (aware UTC) nothing that was said is answered any more; None: no such moment."""
    kept = find_note(session, _RESTED_AT)
    return dt.datetime.fromisoformat(kept) if kept is not None else None


def purge_events(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Drop what was settled before this moment (aware UTC), at most so many; returns how many."""
    return delete_some(session, InboundEventRow, InboundEventRow.settled_at < before, most)


def _event(row: list[Any]) -> InboundEvent:
    values = dict(zip(_NAMES, row, strict=True))
    values["community"] = values.pop("community_key")
    number, received_at = values.pop("id"), values.pop("received_at")
    for name in ("state", "settled_at"):
        del values[name]
    return InboundEvent(id=number, message=Message(**values), received_at=received_at)


_NAMES = tuple(column.name for column in _EVENTS.c)
_READ = RawRows(list(_EVENTS.c), _event, most_kept=0)


def count_in_threads(session: Session, platform: str, threads: Collection[str]) -> dict[str, int]:
    """How many people wrote in each of these threads, as far as their messages reached the bot."""
    query = (
        select(_EVENTS.c.thread, func.count(func.distinct(_EVENTS.c.author_id)))
        .where(
            _EVENTS.c.platform == platform,
            _EVENTS.c.thread.in_(threads),
            _EVENTS.c.amends.is_(None),
            _EVENTS.c.repeats.is_(None),
        )
        .group_by(_EVENTS.c.thread)
    )
    return {str(thread): number for thread, number in session.execute(query)}
