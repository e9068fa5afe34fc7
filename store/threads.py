"""What the bot remembers of a thread: what was last said, and the announcement in the making."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.orm import Session

from handlers.changes import Dialogue
from handlers.context import Topic
from store.batches import delete_some
from store.codec import dump, load
from store.tables import ThreadRow
from store.upsert import Insert, insert_into, is_sqlite

_THREADS = ThreadRow.__table__
_THIS = (_THREADS.c.platform == bindparam("platform")) & (_THREADS.c.external_id == bindparam("external_id"))
_THREAD = select(_THREADS.c.topic, _THREADS.c.dialogue).where(_THIS)
_THREAD_ID = select(_THREADS.c.id).where(_THIS)
#: The statements that keep something of a thread and that enter one, by kind of database and by what is kept.
_keepings: dict[tuple[bool, str], Insert] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The memory of one thread; each part is None when there is none."""

    topic: Topic | None
    dialogue: Dialogue | None


def find_thread(session: Session, platform: str, external_id: str) -> Thread | None:
    """The memory of the thread that the platform calls so."""
    this = {"platform": platform, "external_id": external_id}
    row = session.connection().execute(_THREAD, this).one_or_none()
    if row is None:
        return None
    return Thread(
        topic=load(Topic, row.topic) if row.topic is not None else None,
        dialogue=load(Dialogue, row.dialogue) if row.dialogue is not None else None,
    )


def enter(session: Session, platform: str, external_id: str, community: str | None, now: dt.datetime) -> None:
    """Remember that the bot is in a thread, where people may go on without calling it by name."""
    values = {
        "platform": platform,
        "external_id": external_id,
        "community_key": community,
        "updated_at": now,
    }
    session.connection().execute(_keeping(session, ""), values)


def is_in(session: Session, platform: str, external_id: str) -> bool:
    """Whether the bot is in a thread already."""
    this = {"platform": platform, "external_id": external_id}
    return session.connection().execute(_THREAD_ID, this).scalar_one_or_none() is not None


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
        what: dump(value),
        "community_key": community,
        "updated_at": at,
    }
    session.connection().execute(_keeping(session, what), values)


def _keeping(session: Session, what: str) -> Insert:
    """The statement that writes this part of a thread, or with "" that it is there; built once."""
    known = (is_sqlite(session), what)
    if known not in _keepings:
        row = insert_into(session, ThreadRow)
        kept = {name: row.excluded[name] for name in (what, "community_key", "updated_at")} if what else {}
        _keepings[known] = (
            row.on_conflict_do_update(index_elements=["platform", "external_id"], set_=kept)
            if kept
            else row.on_conflict_do_nothing()
        )
    return _keepings[known]
