"""Claiming what is due and settling what became of it: short transactions around a request that is none.

A claim is a lease with a fence. Whether something is due is told by the injected `now`; how long a
claim lasts by the database's clock. Functions take a session and never commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from store.leases import DatabaseClock
from store.outbox import OUTBOX, PLANNED, Entry, ask
from store.raw_rows import conversions
from store.states import OutboxState

#: How long a claim lasts; then nobody can say what became of it.
CLAIM = dt.timedelta(minutes=2)
CLAIMED = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'claimed'")
_CLAIMED_COLUMNS = [OUTBOX.c[each.name] for each in fields(Entry) if each.default is MISSING]
_ID, _DUE_AT = (_CLAIMED_COLUMNS.index(each) for each in (OUTBOX.c.id, OUTBOX.c.due_at))
_conversions: dict[str, list[tuple[int, Callable[[Any], Any]]]] = {}
_DUE = (
    select(OUTBOX.c.id)
    .where(
        PLANNED,
        OUTBOX.c.kind != "answer",
        OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type),
        OUTBOX.c.platform == bindparam("on_platform"),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
    .with_for_update(skip_locked=True)
)
_DUE_ELSEWHERE = _DUE.where(
    func.coalesce(OUTBOX.c.community_key, "").not_in(bindparam("closed", expanding=True))
    | (OUTBOX.c.late_until < bindparam("now", type_=OUTBOX.c.due_at.type)),
    func.coalesce(OUTBOX.c.community_key, "").not_in(bindparam("busy", expanding=True)),
)
_EARLIER = OUTBOX.alias("earlier")


def _no_earlier(state: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """That no answer before this one in its thread is in a state, which one of the partial indexes finds.

    Before is what was owed first: replicas' clocks may differ, numbers do not.
    """
    before = select(_EARLIER.c.id).where(
        sql(state),
        _EARLIER.c.kind == "answer",
        _EARLIER.c.thread == OUTBOX.c.thread,
        _EARLIER.c.platform == OUTBOX.c.platform,
        _EARLIER.c.id < OUTBOX.c.id,
        *more,
    )
    return ~before.exists()


_DUE_ANSWERS = (
    select(OUTBOX.c.id)
    .where(
        sql("outbox.state = 'planned' AND outbox.kind = 'answer'"),
        OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type),
        OUTBOX.c.platform == bindparam("on_platform"),
        # Owed by a replica whose clock is ahead of ours.
        _no_earlier(
            "earlier.state = 'planned' AND earlier.kind = 'answer'",
            _EARLIER.c.due_at > bindparam("now", type_=OUTBOX.c.due_at.type),
        ),
    )
    .order_by(OUTBOX.c.id)
    .with_for_update(skip_locked=True)
)
_FITTING_ANSWERS = _DUE_ANSWERS.where(
    func.coalesce(OUTBOX.c.community_key, "").not_in(bindparam("full", expanding=True)),
    func.coalesce(OUTBOX.c.thread, "").not_in(bindparam("answering", expanding=True)),
)


def _claiming(chosen: Select[Any]) -> ReturningUpdate[Any]:
    """The claim of what a question finds: one statement, whose locks PostgreSQL takes row by row."""
    found = chosen.cte("chosen")
    # Not asked again whether they are planned: they are locked, and PostgreSQL would read all that are.
    return _claim_where(OUTBOX.c.id.in_(select(found.c.id)))


def _claim_where(*conditions: ColumnElement[bool]) -> ReturningUpdate[Any]:
    return (
        update(OUTBOX)
        .where(*conditions)
        .values(
            state=OutboxState.CLAIMED,
            claimed_by=bindparam("holder"),
            lease_until=DatabaseClock(),
            fence=OUTBOX.c.fence + 1,
            attempts=OUTBOX.c.attempts + 1,
        )
        .returning(*_CLAIMED_COLUMNS)
    )


# Nearly always nothing is full, closed or busy; not to ask then saves a third of the claim.
_CLAIM_ANSWERS = {
    narrow: _claiming((_FITTING_ANSWERS if narrow else _DUE_ANSWERS).limit(bindparam("most")))
    for narrow in (False, True)
}
# All of a community's posts that are due are claimed together, so that they can be said together.
_HERE = OUTBOX.c.community_key.in_(bindparam("communities", expanding=True))
_CLAIM_FIRST = {
    narrow: _claiming((_DUE_ELSEWHERE if narrow else _DUE).limit(bindparam("most")))
    for narrow in (False, True)
}
_CLAIM_REST = {
    narrow: _claiming((_DUE_ELSEWHERE if narrow else _DUE).where(_HERE)) for narrow in (False, True)
}
# One row that its key finds. Written so that no partial index serves: PostgreSQL, as long as it has no
# statistics, believes those to be empty, and reads all that is planned.
CLAIM_NAMED = _claim_where(
    OUTBOX.c.key == bindparam("named"),
    OUTBOX.c.state.is_not_distinct_from(OutboxState.PLANNED),
    OUTBOX.c.kind == "answer",
    OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type),
    OUTBOX.c.platform == bindparam("on_platform"),
    _no_earlier("earlier.state = 'planned' AND earlier.kind = 'answer'"),
    _no_earlier("earlier.state IN ('claimed', 'ambiguous') AND earlier.state = 'claimed'"),
)
CLAIM_NAMED_ELSEWHERE = CLAIM_NAMED.where(
    func.coalesce(OUTBOX.c.community_key, "").not_in(bindparam("full", expanding=True))
)
_CLAIM_AHEAD = _claiming(
    select(OUTBOX.c.id)
    .where(PLANNED, OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(skip_locked=True)
)
_BUSY = select(OUTBOX.c.community_key, OUTBOX.c.thread, OUTBOX.c.kind).where(CLAIMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who claims, when, where.

    Attributes:
        platform: the name of the platform that is posted on.
        closed: communities in which nothing is said unasked now (paused).
        full: communities whose channel takes nothing now, answers included.
    """

    now: dt.datetime
    holder: str
    platform: str
    closed: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()

    def parameters(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "holder": self.holder,
            "on_platform": self.platform,
            "closed": list(self.closed),
            "full": list(self.full),
        }


def _claimed(session: Session, statement: ReturningUpdate[Any], parameters: Mapping[str, Any]) -> list[Entry]:
    lease = {"from_now": CLAIM.total_seconds()}
    found = ask(session, statement, {**parameters, **lease})
    rows: list[Any] = list(found.cursor.fetchall())
    found.close()
    # Twice by one key is faster than once by two: they come nearly in the order of their numbers. And the
    # driver's values have the same order as what they stand for.
    rows.sort(key=itemgetter(_ID))
    rows.sort(key=itemgetter(_DUE_AT))
    return claimed_entries(session.connection().dialect, rows)


def claimed_entries(dialect: Dialect, rows: Sequence[Sequence[Any]]) -> list[Entry]:
    """What a claim returned as the driver has it; column by column, which is faster than row by row."""
    converted = _conversions.get(dialect.name)
    if converted is None:
        converted = _conversions[dialect.name] = conversions(_CLAIMED_COLUMNS, dialect)
    columns = list(zip(*rows, strict=True))
    for place, convert in converted if columns else ():
        # Each once: much is due at the same moment.
        made = {each: convert(each) for each in set(columns[place])}
        columns[place] = tuple(map(made.__getitem__, columns[place]))
    return list(map(Entry, *columns)) if columns else []


def claim(session: Session, wanted: Claim, limit: int = 50) -> list[Entry]:
    """Claim what is due: answers first, then posts, oldest first, and what is due in the same communities.

    Each claimed post has its fence raised and is ours for `CLAIM`. A community or thread in which
    another claim runs is left for later, which keeps the order there.

    Args:
        limit: how many posts, those that are due in the same communities not counted.
    """
    running = ask(session, _BUSY).all()
    busy = {each.community_key for each in running if each.kind != "answer" and each.community_key}
    parameters = wanted.parameters() | {
        "busy": list(busy | wanted.full),
        "answering": [each.thread for each in running if each.kind == "answer" and each.thread],
    }
    fits_all = not (wanted.full or parameters["answering"])
    answers = _claimed(session, _CLAIM_ANSWERS[not fits_all], parameters | {"most": limit})
    answers.sort(key=lambda entry: entry.id)
    room, narrow = limit - len(answers), bool(busy | wanted.full | wanted.closed)
    claimed = _claimed(session, _CLAIM_FIRST[narrow], parameters | {"most": room}) if room else []
    communities = {each.community_key for each in claimed if each.community_key}
    if communities and len(claimed) == room:
        claimed += _claimed(session, _CLAIM_REST[narrow], parameters | {"communities": list(communities)})
    return answers + claimed


def claim_keys(session: Session, wanted: Claim, keys: Collection[str]) -> list[Entry]:
    """Claim these answers, as far as they are due and no earlier one in their thread still waits."""
    parameters = wanted.parameters()
    statement = CLAIM_NAMED_ELSEWHERE if wanted.full else CLAIM_NAMED
    return [entry for key in keys for entry in _claimed(session, statement, parameters | {"named": key})]


def claim_ahead(session: Session, holder: str, ids: Collection[int]) -> list[Entry]:
    """Claim these planned posts though they are not due yet, to say them with another."""
    return _claimed(session, _CLAIM_AHEAD, {"holder": holder, "ids": list(ids)})


_KEEP = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row_id"), OUTBOX.c.fence == bindparam("held_fence"))
    .values(payload=bindparam("new_payload", type_=OUTBOX.c.payload.type))
)


def keep_payload(session: Session, entry: Entry, payload: Mapping[str, Any]) -> None:
    """Remember something with a claimed post before it leaves, for whoever must settle it after a crash."""
    ask(session, _KEEP, {"row_id": entry.id, "held_fence": entry.fence, "new_payload": dict(payload)})
