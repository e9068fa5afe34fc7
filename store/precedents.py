"""What was said before and what is about to be: asked of the outbox before something is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, Text, bindparam, func, select
from sqlalchemy.orm import Session

from store.outbox import ENTRY_COLUMNS, OUTBOX, PLANNED, Entry, ask, read_entries
from store.prepared import Prepared
from store.tables import InboundEventRow

_EVENTS = cast("Table", InboundEventRow.__table__)

_SAID = (
    select(OUTBOX.c.community_key, func.count(func.distinct(OUTBOX.c.message_id)))
    .where(
        OUTBOX.c.community_key.in_(bindparam("communities", expanding=True)),
        OUTBOX.c.sent_at >= bindparam("first", type_=OUTBOX.c.sent_at.type),
        OUTBOX.c.sent_at < bindparam("end", type_=OUTBOX.c.sent_at.type),
        OUTBOX.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .group_by(OUTBOX.c.community_key)
)


def said_in_week(
    session: Session,
    communities: Collection[str],
    kinds: Collection[str],
    week: tuple[dt.datetime, dt.datetime],
) -> dict[str, int]:
    """How many messages of these kinds communities got from the first to before the second instant.

    One that got none is not in it.
    """
    parameters = {"communities": list(communities), "first": week[0], "end": week[1], "kinds": list(kinds)}
    return {row[0]: row[1] for row in ask(session, _SAID, parameters)}


def said_this_week(
    session: Session, community: str, kinds: Collection[str], week: tuple[dt.datetime, dt.datetime]
) -> int:
    """The same for one community."""
    return said_in_week(session, [community], kinds, week).get(community, 0)


_BEFORE = (
    select(*ENTRY_COLUMNS)
    .where(
        PLANNED,
        OUTBOX.c.due_at < bindparam("until", type_=OUTBOX.c.due_at.type),
        OUTBOX.c.community_key == bindparam("community"),
        OUTBOX.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
)


def planned_before(
    session: Session, community: str, kinds: Collection[str], until: dt.datetime
) -> list[Entry]:
    """What is planned in a community before an instant, by due moment."""
    parameters = {"until": until, "community": community, "kinds": list(kinds)}
    return read_entries(session, _BEFORE, parameters)


def due_to(
    session: Session, member_id: int, platform: str, kinds: Collection[str], now: dt.datetime
) -> list[int]:
    """The numbers of what is planned for a member on a platform, of these kinds, and due at `now`."""
    wanted = select(OUTBOX.c.id).where(
        PLANNED,
        OUTBOX.c.member_id == member_id,
        OUTBOX.c.platform == platform,
        OUTBOX.c.kind.in_(kinds),
        OUTBOX.c.due_at <= now,
    )
    return list(ask(session, wanted.order_by(OUTBOX.c.due_at, OUTBOX.c.id)).scalars())


_LAST_SENT = select(func.max(OUTBOX.c.sent_at)).where(
    OUTBOX.c.community_key == bindparam("community"),
    OUTBOX.c.sent_at.is_not(None),
    OUTBOX.c.kind == bindparam("of_kind"),
)


def last_sent_at(session: Session, community: str, kind: str) -> dt.datetime | None:
    """When a community last got a message of this kind, aware UTC."""
    found: dt.datetime | None = ask(
        session, _LAST_SENT, {"community": community, "of_kind": kind}
    ).scalar_one()
    return found


_SAID_IN = (
    select(*ENTRY_COLUMNS)
    .where(
        OUTBOX.c.community_key == bindparam("community"),
        OUTBOX.c.sent_at.is_not(None),
        OUTBOX.c.message_id == bindparam("message"),
    )
    .order_by(OUTBOX.c.id)
)


def said_in(session: Session, community: str, message_id: str) -> list[Entry]:
    """Everything that one message in a community said."""
    return read_entries(session, _SAID_IN, {"community": community, "message": message_id})


def said_by(session: Session, message_ids: Collection[str]) -> dict[str, list[Entry]]:
    """For each of these messages everything that it said, in the order owed."""
    found: dict[str, list[Entry]] = {}
    wanted = list(message_ids)
    for start in range(0, len(wanted), 500):
        chosen = OUTBOX.c.message_id.in_(wanted[start : start + 500])
        statement = select(*ENTRY_COLUMNS).where(chosen).order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        for entry in read_entries(session, statement):
            found.setdefault(entry.message_id or "", []).append(entry)
    return found


# By the thread, which an index finds, and from there by the key: answers have no index of their messages.
_ASKED = Prepared(
    select(_EVENTS.c.text)
    .join(OUTBOX, OUTBOX.c.key == bindparam("begin", type_=Text) + _EVENTS.c.event_id)
    .where(
        _EVENTS.c.platform == bindparam("platform"),
        _EVENTS.c.thread == bindparam("thread"),
        OUTBOX.c.message_id == bindparam("message"),
    )
    .order_by(_EVENTS.c.id.desc())
    .limit(1)
)


def asked_above(session: Session, platform: str, thread: str, message_id: str, begin: str) -> str | None:
    """The question that one message in a thread answers, as it was worded last; None where it is gone.

    Args:
        begin: what the keys of answers begin with, before the `event_id` of what they answer.
    """
    this = {"platform": platform, "thread": thread, "message": message_id, "begin": begin}
    return next((str(text) for (text,) in _ASKED.rows(session, this)), None)


_TOLD_IN = Prepared(
    select(OUTBOX.c.atrium_uid)
    .where(
        OUTBOX.c.thread == bindparam("thread"),
        OUTBOX.c.platform == bindparam("platform"),
        OUTBOX.c.atrium_uid.is_not(None),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
)


def atria_of_thread(session: Session, platform: str, thread: str) -> list[str]:
    """The atria that the bot's own posts in a thread spoke of, so that a reply there is understood."""
    found = _TOLD_IN.rows(session, {"platform": platform, "thread": thread})
    return list(dict.fromkeys(str(uid) for (uid,) in found))
