"""What the bot remembers of a thread: what was last said, and the announcement in the making."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.orm import Session

from handlers.changes import Dialogue
from handlers.context import Topic
from store.base import WrittenJson
from store.batches import delete_some
from store.codec import dump_text, load
from store.prepared import Prepared
from store.tables import ThreadRow
from store.upsert import Insert, insert_into

T = TypeVar("T")

_THREADS = ThreadRow.__table__
_THIS = (_THREADS.c.platform == bindparam("platform")) & (_THREADS.c.external_id == bindparam("external_id"))
_THREAD = Prepared(select(_THREADS.c.topic, _THREADS.c.dialogue).where(_THIS))
_THREAD_ID = Prepared(select(_THREADS.c.id).where(_THIS))


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The memory of one thread; each part is None when there is none."""

    topic: Topic | None
    dialogue: Dialogue | None


def find_thread(session: Session, platform: str, external_id: str) -> Thread | None:
    """The memory of the thread that the platform calls so."""
    this = {"platform": platform, "external_id": external_id}
    rows = _THREAD.rows(session, this)
    if not rows:
        return None
    ((topic, dialogue),) = rows
    return Thread(topic=_part(Topic, topic), dialogue=_part(Dialogue, dialogue))


def _part(of: type[T], kept: Mapping[str, Any] | str | None) -> T | None:
    """What a column of JSON holds, which the driver gives as text or read already."""
    return load(of, kept) if kept not in (None, "null") else None


def enter(session: Session, platform: str, external_id: str, community: str | None, now: dt.datetime) -> None:
    """Remember that the bot is in a thread, where people may go on without calling it by name."""
    values = {
        "platform": platform,
        "external_id": external_id,
        "community_key": community,
        "updated_at": now,
    }
    _ENTERING.count(session, values)


def is_in(session: Session, platform: str, external_id: str) -> bool:
    """Whether the bot is in a thread already."""
    this = {"platform": platform, "external_id": external_id}
    return bool(_THREAD_ID.rows(session, this))


def keep_topic(
    session: Session, platform: str, external_id: str, community: str | None, topic: Topic
) -> None:
    """Remember what was last said in a thread."""
    _keep(session, platform, external_id, community, topic.at, "topic", topic)


def keep_dialogue(
    session: Session,
    platform: str,
    external_id: str,
    community: str | None,
    dialogue: Dialogue,
    now: dt.datetime,
) -> None:
    """Remember the announcement in the making in a thread."""
    _keep(session, platform, external_id, community, now, "dialogue", dialogue)


def drop_dialogue(session: Session, platform: str, external_id: str, now: dt.datetime) -> None:
    """Forget the announcement in the making; what was last said stays."""
    this = update(ThreadRow).where(ThreadRow.platform == platform, ThreadRow.external_id == external_id)
    session.execute(this.values(dialogue=null(), updated_at=now))


def purge_threads(session: Session, before: dt.datetime, most: int | None = None) -> int:
    """Forget threads in which nothing was said since this moment (aware UTC), at most so many; how many."""
    return delete_some(session, ThreadRow, ThreadRow.updated_at < before, most)


def _keep(
    session: Session,
    platform: str,
    external_id: str,
    community: str | None,
    at: dt.datetime,
    what: str,
    value: Topic | Dialogue,
) -> None:
    values = {
        "platform": platform,
        "external_id": external_id,
        "kept": dump_text(value),
        "community_key": community,
        "updated_at": at,
    }
    _KEEPING[what].count(session, values)


def _keeping(what: str) -> Prepared:
    """The statement that writes this part of a thread, or with "" that the bot is in it."""

    def built(session: Session) -> Insert:
        row = insert_into(session, ThreadRow)
        if not what:
            return row.on_conflict_do_nothing()
        kept = {name: row.excluded[name] for name in (what, "community_key", "updated_at")}
        written = row.values({what: bindparam("kept", type_=WrittenJson)})
        return written.on_conflict_do_update(index_elements=["platform", "external_id"], set_=kept)

    return Prepared(built, ["platform", "external_id", "community_key", "updated_at"])


_ENTERING = _keeping("")
_KEEPING = {what: _keeping(what) for what in ("topic", "dialogue")}
