"""What a new plan changes in the outbox: what is planned moves, comes or goes; the rest is left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from store.base import moment_text
from store.outbox import OUTBOX, Owed, ask, own_values
from store.states import OutboxState
from store.upsert import is_sqlite

#: Why the plan takes back what it owed. What was skipped for one of these comes back when it is owed again.
NO_LONGER_OWED = "reden.niet langer gepland"
MOVED_TO_THE_PAST = "reden.verplaatst"
PLAN_REASONS = frozenset({NO_LONGER_OWED, MOVED_TO_THE_PAST})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which planned posts a plan speaks of: of some kinds and, unless None, of some atria and members."""

    kinds: frozenset[str]
    atria: frozenset[str] | None = None
    members: frozenset[int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Replanned:
    """What a new plan changed, in numbers of posts. `passed` were owed at a moment already past."""

    planned: int = 0
    moved: int = 0
    voided: int = 0
    passed: int = 0

    def __add__(self, other: Replanned) -> Replanned:
        return Replanned(
            planned=self.planned + other.planned,
            moved=self.moved + other.moved,
            voided=self.voided + other.voided,
            passed=self.passed + other.passed,
        )


_PLAN = (
    "INSERT INTO outbox (key, kind, platform, community_key, thread, member_id, atrium_uid, programme_uid,"
    ' "offset", due_at, late_until, created_at, updated_at, state, attempts, moved, fence)'
    " VALUES ({own}, 'planned', 0, false, 0) ON CONFLICT (key) DO NOTHING"
)


def _enqueue_all(session: Session, owed: Collection[Owed], now: dt.datetime) -> None:
    """Owe many posts, by the driver: what SQLAlchemy does for each row is half of what planning costs."""
    here = is_sqlite(session)
    told = moment_text if here else _as_it_is
    at = told(now)
    rows = [(*own_values(each), told(each.due_at), told(each.late_until), at, at) for each in owed]
    if rows:
        signs = ", ".join(["?" if here else "%s"] * len(rows[0]))
        session.connection().exec_driver_sql(_PLAN.format(own=signs), rows)


def _as_it_is(moment: dt.datetime | None) -> dt.datetime | None:
    return moment


_FUTURE: dict[str, Any] = {
    "due_at": bindparam("new_due_at"),
    "late_until": bindparam("new_late_until"),
    "platform": bindparam("new_platform"),
    "programme_uid": bindparam("new_programme_uid"),
    "state": bindparam("new_state"),
    "reason": None,
    "updated_at": bindparam("new_updated_at"),
}
_MOVE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row_id"), OUTBOX.c.state == bindparam("old_state"))
    .values(_FUTURE)
)
_VOID = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row_id"), OUTBOX.c.state == OutboxState.PLANNED)
    .values(state=OutboxState.SKIPPED, reason=bindparam("new_reason"), updated_at=bindparam("new_updated_at"))
)
_COMPARED = select(
    OUTBOX.c.id,
    OUTBOX.c.key,
    OUTBOX.c.state,
    OUTBOX.c.reason,
    OUTBOX.c.due_at,
    OUTBOX.c.late_until,
    OUTBOX.c.platform,
    OUTBOX.c.programme_uid,
    OUTBOX.c.moved,
)


def _in_scope(session: Session, scope: Scope) -> list[Any]:
    statement = _COMPARED.where(OUTBOX.c.kind.in_(scope.kinds))
    if scope.members is not None:
        statement = statement.where(OUTBOX.c.member_id.in_(scope.members))
    if scope.atria is not None:
        statement = statement.where(OUTBOX.c.atrium_uid.in_(scope.atria))
    else:
        statement = statement.where(OUTBOX.c.state.in_((OutboxState.PLANNED, OutboxState.SKIPPED)))
    return list(ask(session, statement).all())


_KEYS = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


def _known(session: Session, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        found.update(ask(session, _KEYS, {"keys": wanted[start : start + 500]}).scalars())
    return found


@dataclass(kw_only=True, slots=True)
class _Difference:
    """How a plan differs from what the outbox holds."""

    fresh: list[dict[str, Any]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    voids: list[dict[str, Any]] = field(default_factory=list)
    passed: int = 0

    def compare(self, row: Any, owed: Owed | None, now: dt.datetime) -> None:
        """What the plan wants of one post that the outbox holds already."""
        planned = row.state is OutboxState.PLANNED
        revivable = row.state is OutboxState.SKIPPED and row.reason in PLAN_REASONS
        if owed is None:
            if planned:
                self._void(row, NO_LONGER_OWED, now)
            return
        same = (row.due_at, row.late_until, row.platform, row.programme_uid) == (
            owed.due_at,
            owed.late_until,
            owed.platform,
            owed.programme_uid,
        )
        if not (planned or revivable) or (planned and (same or row.moved)):
            return
        if owed.is_to_come(now):
            self._move(row, owed, now)
        elif planned and not _is_on_its_way(row, owed):
            self._void(row, MOVED_TO_THE_PAST, now)

    def _move(self, row: Any, owed: Owed, now: dt.datetime) -> None:
        self.moves.append(
            {
                "row_id": row.id,
                "old_state": row.state,
                "new_due_at": owed.due_at,
                "new_late_until": owed.late_until,
                "new_platform": owed.platform,
                "new_programme_uid": owed.programme_uid,
                "new_state": OutboxState.PLANNED,
                "new_updated_at": now,
            }
        )

    def _void(self, row: Any, reason: str, now: dt.datetime) -> None:
        self.voids.append({"row_id": row.id, "new_reason": reason, "new_updated_at": now})


def _is_on_its_way(row: Any, owed: Owed) -> bool:
    """Whether a post is merely late: due when the plan says, or put off within its bound."""
    return bool(owed.due_at <= row.due_at <= (owed.late_until or row.due_at))


def replan(session: Session, owed: Iterable[Owed], scope: Scope, now: dt.datetime) -> Replanned:
    """Make the planned posts of a scope what a new plan says they are.

    Moves what is planned and still owed, takes back what is no longer owed, adds what is new and
    still to come. What was sent, is being sent, or is held by a moderator is left alone.

    Args:
        owed: asked for after the outbox was read, so that what somebody comes to owe in between, by a wish
            that this does not hold, is not taken back.
    """
    rows = _in_scope(session, scope)
    wanted = {each.key: each for each in owed}
    difference = _Difference()
    present: set[str] = set()
    for row in rows:
        present.add(row.key)
        difference.compare(row, wanted.get(row.key), now)
    absent = [each for key, each in wanted.items() if key not in present]
    if scope.atria is None:
        # What was sent was not read: it is most of the outbox.
        known = _known(session, [each.key for each in absent])
        absent = [each for each in absent if each.key not in known]
    fresh = [each for each in absent if each.is_to_come(now)]
    _enqueue_all(session, fresh, now)
    if difference.moves:
        session.connection().execute(_MOVE, difference.moves)
    if difference.voids:
        session.connection().execute(_VOID, difference.voids)
    return Replanned(
        planned=len(fresh),
        moved=len(difference.moves),
        voided=len(difference.voids),
        passed=len(absent) - len(fresh),
    )
