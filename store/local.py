"""The messages of the local community: who said what, in which thread, and what the bot posted there.

A thread is known by the id of the message that began it. Ids rise in the order in which messages
become visible, so that "everything after this id" never misses one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.orm import Session

from handlers.model import Role
from handlers.reply import Reply
from store import codec
from store.tables import AtriumRow, LocalMessageRow

_ATRIA = AtriumRow.__table__
_PUBLIC = select(_ATRIA.c.uid).where(
    _ATRIA.c.uid.in_(bindparam("uids", expanding=True)), _ATRIA.c.visibility == frozenset[str]()
)

#: The largest id the databases can hold; anything larger is no id.
MAX_ID = 2**63 - 1

#: Any number will do, as long as nothing else in this database locks by it.
_WRITING = 20_261_123


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalMessage:
    """One message as it stands in the community.

    Attributes:
        thread: id of the message that began the thread; its own id when it is that one.
        reply_to: id of the message it replies to, None when it begins a thread.
        at: aware UTC.
        role: the role its author claimed; None for the bot.
        automatic: the bot said it unasked.
        reply: what the bot said, to be rendered in full; None for people.
    """

    id: int
    community: str
    thread: int
    author: str
    text: str
    at: dt.datetime
    reply_to: int | None = None
    role: Role | None = None
    by_bot: bool = False
    automatic: bool = False
    reply: Reply | None = None


def add(session: Session, row: LocalMessageRow) -> LocalMessage:
    """Write one message; it is visible to others once the caller commits."""
    if session.get_bind().dialect.name == "postgresql":
        # Numbers are given out before the commit: without this, a higher id could show first.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITING})
    session.add(row)
    session.flush()
    return _message(row)


def edit(session: Session, community: str, message_id: int, reply: Reply) -> LocalMessage | None:
    """Let the bot's own message say something else; None when the bot has no such message there."""
    if not 0 < message_id <= MAX_ID:
        return None
    row = session.get(LocalMessageRow, message_id)
    if row is None or row.community_key != community or not row.by_bot:
        return None
    row.text = reply.plain_text()
    row.reply = codec.dump(reply)
    session.flush()
    return _message(row)


def find(session: Session, community: str, message_id: int) -> LocalMessage | None:
    """The message with this id in this community, None when there is none."""
    if not 0 < message_id <= MAX_ID:
        return None
    row = session.get(LocalMessageRow, message_id)
    return _message(row) if row is not None and row.community_key == community else None


def find_by_ref(session: Session, ref: str) -> LocalMessage | None:
    """What the bot posted under this dedupe key."""
    row = session.scalar(select(LocalMessageRow).where(LocalMessageRow.ref == ref))
    return _message(row) if row is not None else None


def bot_spoke_in(session: Session, thread: int) -> bool:
    """Whether the bot began this thread or said something in it."""
    in_thread = (LocalMessageRow.id == thread) | (LocalMessageRow.thread_id == thread)
    found = session.scalar(select(LocalMessageRow.id).where(in_thread, LocalMessageRow.by_bot).limit(1))
    return found is not None


def messages_after(
    session: Session, after: int, *, community: str | None = None, limit: int = 1000
) -> list[LocalMessage]:
    """The messages with an id above `after`, oldest first, of one community or of all."""
    query = select(LocalMessageRow).where(LocalMessageRow.id > after)
    if community is not None:
        query = query.where(LocalMessageRow.community_key == community)
    return _messages(session, query.order_by(LocalMessageRow.id).limit(limit))


def last_id(session: Session, community: str | None = None) -> int:
    """The id of the newest message, 0 when nothing was said yet."""
    query = select(func.max(LocalMessageRow.id))
    if community is not None:
        query = query.where(LocalMessageRow.community_key == community)
    return session.scalar(query) or 0


def recent_threads(
    session: Session, community: str, *, before: int | None = None, limit: int = 20
) -> list[list[LocalMessage]]:
    """Threads by their latest message, newest first; each begins with its first message.

    `before` is a message id: only threads whose latest message is older.
    """
    root = func.coalesce(LocalMessageRow.thread_id, LocalMessageRow.id)
    latest = func.max(LocalMessageRow.id)
    query = select(root).where(LocalMessageRow.community_key == community).group_by(root)
    if before is not None:
        query = query.having(latest < before)
    roots = list(session.scalars(query.order_by(latest.desc()).limit(limit)))
    return [thread for thread in (find_thread(session, found) for found in roots) if thread]


#: How far back a community is read to see where people talk.
_COUNTED = 2000


def liveliest(
    session: Session, community: str, since: dt.datetime, *, fewest: int = 1, most: int = 3
) -> list[tuple[int, int]]:
    """Threads by how many messages people wrote in them since an instant (aware UTC): id and number.

    Looks at the newest messages of the community only, so that its cost does not grow with what is stored.
    """
    newest = (
        select(LocalMessageRow)
        .where(LocalMessageRow.community_key == community)
        .order_by(LocalMessageRow.id.desc())
        .limit(_COUNTED)
        .subquery()
    )
    root = func.coalesce(newest.c.thread_id, newest.c.id)
    messages = func.count()
    query = (
        select(root, messages)
        .where(newest.c.at >= since, ~newest.c.by_bot)
        .group_by(root)
        .having(messages >= fewest)
        .order_by(messages.desc(), root.desc())
        .limit(most)
    )
    return [(thread, number) for thread, number in session.execute(query)]


def answers_in(session: Session, threads: Collection[int]) -> dict[int, int]:
    """How many people wrote in each of these threads; a thread in which nobody did is left out."""
    query = (
        select(LocalMessageRow.thread_id, func.count(func.distinct(LocalMessageRow.author)))
        .where(LocalMessageRow.thread_id.in_(threads), ~LocalMessageRow.by_bot)
        .group_by(LocalMessageRow.thread_id)
    )
    return {thread: number for thread, number in session.execute(query) if thread is not None}


def find_thread(session: Session, root: int) -> list[LocalMessage]:
    """All messages of a thread, oldest first; empty when there is no such thread."""
    in_thread = (LocalMessageRow.id == root) | (LocalMessageRow.thread_id == root)
    return _messages(session, select(LocalMessageRow).where(in_thread).order_by(LocalMessageRow.id))


def public_uids(session: Session, uids: Iterable[str]) -> frozenset[str]:
    """Which of these atria have a public page."""
    wanted = sorted(set(uids))
    if not wanted:
        return frozenset()
    return frozenset(session.connection().execute(_PUBLIC, {"uids": wanted}).scalars())


def _messages(session: Session, query: Select[LocalMessageRow]) -> list[LocalMessage]:
    return [_message(row) for row in session.scalars(query)]


def _message(row: LocalMessageRow) -> LocalMessage:
    return LocalMessage(
        id=row.id,
        community=row.community_key,
        thread=row.thread_id or row.id,
        author=row.author,
        text=row.text,
        at=row.at,
        reply_to=row.reply_to,
        role=row.role,
        by_bot=row.by_bot,
        automatic=row.automatic,
        reply=codec.load(Reply, row.reply) if row.reply is not None else None,
    )
