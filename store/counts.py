"""How much was said and asked, by community and day, for the moderators' report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import BindParameter, Executable, bindparam, func, select
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS
from store.tables import InboundEventRow, OutboxRow

ByDay = dict[tuple[str, dt.date], int]

_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_POSTS = (
    select(OutboxRow.community_key, OutboxRow.sent_at, func.count(func.distinct(OutboxRow.message_id)))
    .where(
        OutboxRow.community_key.in_(_KEYS),
        OutboxRow.sent_at >= bindparam("first", type_=OutboxRow.sent_at.type),
        OutboxRow.kind != "answer",
    )
    .group_by(OutboxRow.community_key, OutboxRow.sent_at)
)
_QUESTIONS = (
    select(InboundEventRow.community_key, InboundEventRow.received_at, func.count())
    .where(
        InboundEventRow.community_key.in_(_KEYS),
        InboundEventRow.received_at >= bindparam("first", type_=InboundEventRow.received_at.type),
        InboundEventRow.state == "answered",
    )
    .group_by(InboundEventRow.community_key, InboundEventRow.received_at)
)


def posts_by_day(session: Session, communities: Collection[str], first: dt.datetime) -> ByDay:
    """How many messages each community got unasked, by the day in Brussels; `first` is aware UTC."""
    return _by_day(session, _POSTS, communities, first)


def questions_by_day(session: Session, communities: Collection[str], first: dt.datetime) -> ByDay:
    """How many messages the bot answered in each community, by the day in Brussels."""
    return _by_day(session, _QUESTIONS, communities, first)


def _by_day(
    session: Session, statement: Executable, communities: Collection[str], first: dt.datetime
) -> ByDay:
    found: ByDay = {}
    for key, at, number in session.execute(statement, {"keys": list(communities), "first": first}):
        place = (key, at.astimezone(BRUSSELS).date())
        found[place] = found.get(place, 0) + number
    return found
