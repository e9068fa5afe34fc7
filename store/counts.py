"""How much was said and asked, by community and day, for the moderators' report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS
from store.states import OutboxState
from store.tables import OutboxRow

#: How many on a day in Brussels, by the key of the community; "" is what went to members in private.
ByDay = dict[tuple[str, dt.date], int]

#: In the payload of an answer: it told what somebody asked.
QUESTION = "question"

_ANSWER = "answer"
#: What changes a post, or is meant for one member or the moderators: no post in a community.
_BESIDE = ("edit", "notice")

_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_IS_POST = OutboxRow.kind.not_in((_ANSWER, *_BESIDE)) & OutboxRow.member_id.is_(None)
_IS_BESIDE = or_(OutboxRow.kind.in_(_BESIDE), OutboxRow.member_id.is_not(None)) & (OutboxRow.kind != _ANSWER)
_IS_QUESTION = (OutboxRow.kind == _ANSWER) & OutboxRow.payload[QUESTION].as_boolean()


def _sent(
    counted: ColumnElement[int], what: ColumnElement[bool], where: ColumnElement[bool]
) -> Select[str | None, dt.datetime | None, int]:
    return (
        select(OutboxRow.community_key, OutboxRow.sent_at, counted)
        .where(
            where,
            OutboxRow.sent_at >= bindparam("first", type_=OutboxRow.sent_at.type),
            OutboxRow.state == OutboxState.SENT,
            what,
        )
        .group_by(OutboxRow.community_key, OutboxRow.sent_at)
    )


_HERE = OutboxRow.community_key.in_(_KEYS)
_HERE_OR_PRIVATE = or_(_HERE, OutboxRow.community_key.is_(None) & OutboxRow.member_id.is_not(None))
#: What was said in one message is one message.
_MESSAGES = func.count(func.distinct(OutboxRow.message_id))
_POSTS = _sent(_MESSAGES, _IS_POST, _HERE)
_BESIDES = {
    True: _sent(_MESSAGES, _IS_BESIDE, _HERE_OR_PRIVATE),
    False: _sent(_MESSAGES, _IS_BESIDE, _HERE),
}
_QUESTIONS = _sent(func.count(), _IS_QUESTION, _HERE)


def posts_by_day(session: Session, communities: Collection[str], first: dt.datetime) -> ByDay:
    """How many posts each community got unasked, by the day in Brussels; `first` is aware UTC."""
    return _by_day(session, _POSTS, communities, first)


def besides_by_day(
    session: Session, communities: Collection[str], first: dt.datetime, *, private: bool
) -> ByDay:
    """How much else the bot said unasked: edits of its posts, notices to moderators and to one member.

    Args:
        private: also what went to members outside of any community.
    """
    return _by_day(session, _BESIDES[private], communities, first)


def questions_by_day(session: Session, communities: Collection[str], first: dt.datetime) -> ByDay:
    """How many questions the bot answered in each community, by the day in Brussels."""
    return _by_day(session, _QUESTIONS, communities, first)


def _by_day(
    session: Session,
    statement: Select[str | None, dt.datetime | None, int],
    communities: Collection[str],
    first: dt.datetime,
) -> ByDay:
    found: ByDay = {}
    for key, at, number in session.execute(statement, {"keys": list(communities), "first": first}):
        if at is not None:
            place = (key or "", at.astimezone(BRUSSELS).date())
            found[place] = found.get(place, 0) + number
    return found
