"""Claiming what is due and settling what became of it: short transactions around a request that is none.

A claim is a lease with a fence. Whether something is due is told by the injected `now`; how long a
claim lasts by the database's clock. Functions take a session and never commit.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from itertools import starmap
from operator import attrgetter
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, Update, bindparam, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from store.engine import Store
from store.leases import DatabaseClock
from store.notes import keep_note
from store.outbox import OUTBOX, PLANNED, Entry, ask, count
from store.states import OutboxState

#: How long a claim lasts; then nobody can say what became of it.
CLAIM = dt.timedelta(minutes=2)


#: Notes of what was given up and nobody was told of yet: the number of each post, written as it fails.
UNTOLD = "untold:"

CLAIMED = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'claimed'")

_CLAIMED_COLUMNS = [OUTBOX.c[each.name] for each in fields(Entry) if each.default is MISSING]


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """What became of a claimed post. `sent` needs the platform's id of the message.

    `due_at` and `late_until` (aware UTC) are given when it is planned again for another moment.
    """

    state: OutboxState
    reason: str | None = None
    message_id: str | None = None
    thread: str | None = None
    due_at: dt.datetime | None = None
    late_until: dt.datetime | None = None

    def __post_init__(self) -> None:
        if self.state is OutboxState.SENT and not self.message_id:
            raise ValueError("a post is sent only with the platform's id of the message")
        if self.state in (OutboxState.CLAIMED, OutboxState.HELD):
            raise ValueError(f"a post is not settled by becoming {self.state.value}")


# The first in order, rather than whether there is any: of a moment that it does not know yet PostgreSQL
# believes that a third of all rows are before it, and then reads them all in search of one.
_PEEK = (
    "SELECT (SELECT due_at FROM outbox WHERE state = 'planned' AND due_at <= {now} ORDER BY due_at LIMIT 1)"
    " IS NOT NULL"
    " OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('claimed', 'ambiguous'))"
)
_LOOK = sql(_PEEK.format(now=":now")).bindparams(bindparam("now", type_=OUTBOX.c.due_at.type))


class _DriverCursor(Protocol):
    """What the cursors of both drivers have in common."""

    def execute(self, statement: str, parameters: Sequence[Any], /) -> Any: ...

    def fetchone(self) -> Any: ...


class Lookout:
    """Looks whether something is due, or has an outcome to be settled, again and again.

    A look costs the same however much is stored. Between `open` and `close` it keeps a connection
    of its own and asks its driver directly: to borrow one, and to go through SQLAlchemy, takes several times
    as long as the look itself, and it is most of what an idle bot does.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: contextlib.ExitStack | None = None
        self._cursor: _DriverCursor | None = None
        self._statement = _PEEK.format(now="?" if store.is_sqlite else "%s")

    def open(self) -> None:
        """Keep a connection. In memory there is only one for all, which cannot be kept."""
        if not (self._store.is_sqlite and self._store.file is None):
            self._kept = contextlib.ExitStack()

    def close(self) -> None:
        """Give the connection back."""
        if self._kept is not None:
            self._kept.close()
        self._kept = self._cursor = None

    def sees_work(self, now: dt.datetime) -> bool:
        """Whether there is something to do at `now`, aware UTC. Raises `sqlalchemy.exc.DBAPIError`."""
        if self._kept is None:
            with self._store.glancing() as session:
                return bool(ask(session, _LOOK, {"now": now}).scalar_one())
        cursor = self._cursor or self._borrow(self._kept)
        # SQLite holds moments as text without their zone.
        moment = now.isoformat(" ", "microseconds")[:26] if self._store.is_sqlite else now
        try:
            cursor.execute(self._statement, (moment,))
            return bool(cursor.fetchone()[0])
        except self._store.engine.dialect.loaded_dbapi.Error as error:
            # The database went away; the next look borrows a new connection.
            self._cursor = None
            self._kept.close()
            raise OperationalError(self._statement, None, error) from error

    def _borrow(self, kept: contextlib.ExitStack) -> _DriverCursor:
        connection = kept.enter_context(self._store.glancing()).connection()
        driver = connection.connection.driver_connection
        if driver is None:
            raise OperationalError(self._statement, None, RuntimeError("the connection has no driver"))
        self._cursor = kept.enter_context(contextlib.closing(driver.cursor()))
        return self._cursor


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
_CLAIM_NAMED = _claim_where(
    OUTBOX.c.key == bindparam("named"),
    OUTBOX.c.state.is_not_distinct_from(OutboxState.PLANNED),
    OUTBOX.c.kind == "answer",
    OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type),
    OUTBOX.c.platform == bindparam("on_platform"),
    _no_earlier("earlier.state = 'planned' AND earlier.kind = 'answer'"),
    _no_earlier("earlier.state IN ('claimed', 'ambiguous') AND earlier.state = 'claimed'"),
)
_CLAIM_NAMED_ELSEWHERE = _CLAIM_NAMED.where(
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
    entries = list(starmap(Entry, ask(session, statement, {**parameters, **lease}).all()))
    # Twice by one key is faster than once by two: they come nearly in the order of their numbers.
    entries.sort(key=attrgetter("id"))
    entries.sort(key=attrgetter("due_at"))
    return entries


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
    statement = _CLAIM_NAMED_ELSEWHERE if wanted.full else _CLAIM_NAMED
    return [entry for key in keys for entry in _claimed(session, statement, parameters | {"named": key})]


def claim_ahead(session: Session, holder: str, ids: Collection[int]) -> list[Entry]:
    """Claim these planned posts though they are not due yet, to say them with another."""
    return _claimed(session, _CLAIM_AHEAD, {"holder": holder, "ids": list(ids)})


_SETTLE = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("row_id"),
        OUTBOX.c.fence == bindparam("held_fence"),
        OUTBOX.c.state == bindparam("old_state"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        message_id=bindparam("new_message_id"),
        thread=func.coalesce(OUTBOX.c.thread, bindparam("new_thread")),
        due_at=func.coalesce(bindparam("new_due_at", type_=OUTBOX.c.due_at.type), OUTBOX.c.due_at),
        late_until=func.coalesce(
            bindparam("new_late_until", type_=OUTBOX.c.late_until.type), OUTBOX.c.late_until
        ),
        sent_at=bindparam("new_sent_at", type_=OUTBOX.c.sent_at.type),
        attempts=OUTBOX.c.attempts - bindparam("untried"),
        claimed_by=None,
        lease_until=None,
        updated_at=bindparam("new_updated_at"),
    )
)


# What nearly all posts come to, many at a time; the less there is to bind, the less it costs.
_SETTLE_SENT = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row_id"), OUTBOX.c.fence == bindparam("held_fence"), CLAIMED)
    .values(
        state=sql("'sent'"),
        reason=None,
        message_id=bindparam("new_message_id"),
        thread=func.coalesce(OUTBOX.c.thread, bindparam("new_thread")),
        sent_at=bindparam("at"),
        claimed_by=None,
        lease_until=None,
        updated_at=bindparam("at"),
    )
)
_HELD = select(OUTBOX.c.id, OUTBOX.c.fence, OUTBOX.c.state).where(
    OUTBOX.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What is to be written of one post; `entry` as it was claimed, or read among the ambiguous.

    Attributes:
        at: aware UTC of the settling.
        untried: nothing was sent, so the attempt does not count.
    """

    entry: Entry
    outcome: Settlement
    at: dt.datetime
    untried: bool = False

    def parameters(self) -> dict[str, Any]:
        entry, outcome = self.entry, self.outcome
        return {
            "row_id": entry.id,
            "held_fence": entry.fence,
            "old_state": entry.state,
            "new_state": outcome.state,
            "new_reason": outcome.reason,
            "new_message_id": outcome.message_id,
            "new_thread": outcome.thread,
            "new_due_at": outcome.due_at,
            "new_late_until": outcome.late_until,
            "new_sent_at": self.at if outcome.state is OutboxState.SENT else None,
            "untried": int(self.untried),
            "new_updated_at": self.at,
        }


def settle_all(session: Session, settled: Sequence[Settled]) -> frozenset[int]:
    """Write what became of claimed posts, each named once; the numbers of those that were ours to settle."""
    sent = [each for each in settled if each.outcome.state is OutboxState.SENT]
    others = [each for each in settled if each.outcome.state is not OutboxState.SENT]
    return _settle_sent(session, sent) | {
        each.entry.id
        for each in others
        if settle(session, each.entry, each.outcome, each.at, untried=each.untried)
    }


def _settle_sent(session: Session, sent: Sequence[Settled]) -> frozenset[int]:
    if not sent:
        return frozenset()
    ours = frozenset(each.entry.id for each in sent)
    parameters = [
        {
            "row_id": each.entry.id,
            "held_fence": each.entry.fence,
            "new_message_id": each.outcome.message_id,
            "new_thread": each.outcome.thread,
            "at": each.at,
        }
        for each in sent
    ]
    if session.connection().execute(_SETTLE_SENT, parameters).rowcount == len(sent):
        return ours
    # Whoever took a post over raised its fence.
    held = {row.id: (row.fence, row.state) for row in ask(session, _HELD, {"ids": list(ours)})}
    return frozenset(
        each.entry.id for each in sent if held.get(each.entry.id) == (each.entry.fence, OutboxState.SENT)
    )


def settle(
    session: Session, entry: Entry, outcome: Settlement, now: dt.datetime, untried: bool = False
) -> bool:
    """Write what became of one post; False when it was no longer ours to settle."""
    settled = Settled(entry=entry, outcome=outcome, at=now, untried=untried)
    is_ours = count(session, _SETTLE, settled.parameters()) == 1
    if is_ours:
        _note_failed(session, settled)
    return is_ours


def _note_failed(session: Session, settled: Settled) -> None:
    if settled.outcome.state is OutboxState.FAILED:
        keep_note(session, f"{UNTOLD}{settled.entry.id}", settled.entry.key)


_KEEP = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row_id"), OUTBOX.c.fence == bindparam("held_fence"))
    .values(payload=bindparam("new_payload", type_=OUTBOX.c.payload.type))
)


def keep_payload(session: Session, entry: Entry, payload: Mapping[str, Any]) -> None:
    """Remember something with a claimed post before it leaves, for whoever must settle it after a crash."""
    ask(session, _KEEP, {"row_id": entry.id, "held_fence": entry.fence, "new_payload": dict(payload)})


def _in_doubt(reason: str) -> Update:
    """Claims whose holder is gone: nobody knows what became of them, and the holder settles them no more."""
    return update(OUTBOX).values(
        state=OutboxState.AMBIGUOUS,
        reason=reason,
        claimed_by=None,
        lease_until=None,
        fence=OUTBOX.c.fence + 1,
        updated_at=bindparam("new_updated_at"),
    )


# What another replica is about to settle, or to expire, is left to it: two that wait for each other would
# both be held up, and one of them thrown out.
_RUN_OUT = (
    select(OUTBOX.c.id)
    .where(CLAIMED, OUTBOX.c.lease_until <= DatabaseClock())
    .with_for_update(skip_locked=True)
)
_EXPIRE = _in_doubt("de bot viel stil terwijl dit bericht vertrok").where(OUTBOX.c.id.in_(_RUN_OUT))
_ABANDON = _in_doubt("de bot herstartte terwijl dit bericht vertrok").where(
    CLAIMED, OUTBOX.c.claimed_by != bindparam("holder")
)


def expire_claims(session: Session, now: dt.datetime) -> int:
    """Claims that ran out become ambiguous: whoever held them can no longer settle them."""
    return count(session, _EXPIRE, {"from_now": 0.0, "new_updated_at": now})


def abandon_claims(session: Session, holder: str, now: dt.datetime) -> int:
    """Claims of all others become ambiguous at once: only for whoever knows that no other is running."""
    return count(session, _ABANDON, {"holder": holder, "new_updated_at": now})


def run_out(session: Session) -> None:
    """Let every claim's lease be over now: for a simulation, whose time passes in no time."""
    over = update(OUTBOX).where(CLAIMED).values(lease_until=DatabaseClock())
    ask(session, over, {"from_now": -CLAIM.total_seconds()})


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What is due and not sent, and what is under way or in doubt; `oldest_due_at` is aware UTC."""

    due: int = 0
    oldest_due_at: dt.datetime | None = None
    claimed: int = 0
    ambiguous: int = 0


_DUE_NOW = select(func.count(), func.min(OUTBOX.c.due_at)).where(
    PLANNED, OUTBOX.c.due_at <= bindparam("now", type_=OUTBOX.c.due_at.type)
)
_OPEN = (
    select(OUTBOX.c.state, func.count())
    .where(sql("outbox.state IN ('claimed', 'ambiguous')"))
    .group_by(OUTBOX.c.state)
)


def backlog(session: Session, now: dt.datetime) -> Backlog:
    """How much waits at `now` (aware UTC); costs by what waits, not by what is stored."""
    due, oldest = ask(session, _DUE_NOW, {"now": now}).one()
    numbers = {row[0]: row[1] for row in ask(session, _OPEN)}
    return Backlog(
        due=due,
        oldest_due_at=oldest,
        claimed=numbers.get(OutboxState.CLAIMED, 0),
        ambiguous=numbers.get(OutboxState.AMBIGUOUS, 0),
    )


def next_due(session: Session, after: dt.datetime) -> dt.datetime | None:
    """When the next planned post is due after an instant, aware UTC."""
    found: dt.datetime | None = session.scalar(
        select(func.min(OUTBOX.c.due_at)).where(PLANNED, OUTBOX.c.due_at > after)
    )
    return found
