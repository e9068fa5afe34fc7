"""How many people reacted with a sign to what the bot posted: numbers, never who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from store.batches import count
from store.states import OutboxState
from store.tables import OutboxRow, ReactionRow
from store.upsert import insert_into


@dataclass(frozen=True, kw_only=True, slots=True)
class Reactable:
    """A post to which people may have reacted."""

    platform: str
    community_key: str
    message_id: str


def keep(session: Session, platform: str, message_id: str, number: int | None, now: dt.datetime) -> None:
    """Keep how many there are now; None, when the platform did not say, leaves what was known.

    `now` is aware UTC.
    """
    told = {} if number is None else {"number": number}
    row = {"platform": platform, "message_id": message_id, "number": number, "read_at": now}
    added = insert_into(session, ReactionRow).values(**row)
    session.execute(
        added.on_conflict_do_update(index_elements=["platform", "message_id"], set_={"read_at": now, **told})
    )


def counts(session: Session, platform: str, messages: Collection[str]) -> dict[str, int]:
    """How many reacted to each of these messages; those of which nobody knows are left out."""
    found = session.execute(
        select(ReactionRow.message_id, ReactionRow.number).where(
            ReactionRow.platform == platform,
            ReactionRow.message_id.in_(messages),
            ReactionRow.number.is_not(None),
        )
    )
    return {row.message_id: row.number for row in found}


def to_read(
    session: Session, platforms: Collection[str], since: dt.datetime, before: dt.datetime, most: int
) -> list[Reactable]:
    """What was posted in communities since then and was not looked at since `before`, newest first.

    Args:
        since, before: aware UTC.
    """
    read = and_(ReactionRow.platform == OutboxRow.platform, ReactionRow.message_id == OutboxRow.message_id)
    wanted = (
        select(OutboxRow.platform, OutboxRow.community_key, OutboxRow.message_id)
        .outerjoin(ReactionRow, read)
        .where(
            OutboxRow.platform.in_(platforms),
            OutboxRow.community_key.is_not(None),
            OutboxRow.message_id.is_not(None),
            OutboxRow.kind != "answer",
            OutboxRow.state == OutboxState.SENT,
            OutboxRow.sent_at >= since,
            ReactionRow.read_at.is_(None) | (ReactionRow.read_at < before),
        )
        .distinct()
        .order_by(OutboxRow.message_id.desc())
        .limit(most)
    )
    return [
        Reactable(platform=row.platform, community_key=row.community_key, message_id=row.message_id)
        for row in session.execute(wanted)
    ]


def purge(session: Session, before: dt.datetime, most: int) -> int:
    """Drop what was not looked at since then (aware UTC), at most so many; how many."""
    key = ReactionRow.message_id
    old = select(key).where(ReactionRow.read_at < before).order_by(ReactionRow.read_at, key).limit(most)
    return count(session, delete(ReactionRow).where(ReactionRow.read_at < before, key.in_(old)))
