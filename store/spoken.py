"""In which threads the bot spoke, and up to which message it knows them, where a platform must be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session

from store.batches import delete_some
from store.tables import SpokenThreadRow
from store.upsert import insert_into

_SPOKEN = SpokenThreadRow.__table__
_KNOWN = select(_SPOKEN.c.thread, _SPOKEN.c.newest).where(
    _SPOKEN.c.platform == bindparam("platform"), _SPOKEN.c.thread.in_(bindparam("threads", expanding=True))
)


def note(session: Session, platform: str, newest: Mapping[str, int], now: dt.datetime) -> None:
    """Note that the bot speaks in these threads, each up to a message (the platform's number); aware UTC.

    What was noted of a later message stays.
    """
    if not newest:
        return
    row = insert_into(session, SpokenThreadRow)
    later = case((row.excluded.newest > _SPOKEN.c.newest, row.excluded.newest), else_=_SPOKEN.c.newest)
    kept = row.on_conflict_do_update(
        index_elements=["platform", "thread"], set_={"newest": later, "seen_at": row.excluded.seen_at}
    )
    session.connection().execute(
        kept,
        [
            {"platform": platform, "thread": thread, "newest": number, "seen_at": now}
            for thread, number in sorted(newest.items())
        ],
    )


def known(session: Session, platform: str, threads: Collection[str]) -> dict[str, int]:
    """Those of these threads in which the bot speaks, each with the newest message that it knows."""
    if not threads:
        return {}
    rows = session.connection().execute(_KNOWN, {"platform": platform, "threads": sorted(threads)})
    return {row.thread: row.newest for row in rows}


def purge(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Forget the threads in which nothing was noted since (aware UTC), at most so many; how many."""
    return delete_some(session, SpokenThreadRow, SpokenThreadRow.seen_at < before, most)
