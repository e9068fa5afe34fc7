"""The outbox: every post that is owed, and what became of it. The truth of what the bot says.

Functions take a session and never commit. States move only as `store.states.OutboxState` says.
Whether something is due is told by the injected `now`; how long a claim lasts by the database's clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Insert,
    Table,
    Update,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from store.leases import database_now
from store.states import OutboxState
from store.tables import NoteRow, OutboxRow
from store.upsert import insert_into

#: How long a claim lasts; then nobody can say what became of it.
CLAIM = dt.timedelta(minutes=2)

#: Why the plan takes back what it owed. What was skipped for one of these comes back when it is owed again.
NO_LONGER_OWED = "niet langer gepland"
MOVED_TO_THE_PAST = "na de verplaatsing viel dit moment in het verleden"
PLAN_REASONS = frozenset({NO_LONGER_OWED, MOVED_TO_THE_PAST})

#: Written so that the partial indexes serve: a bound parameter would not be seen to match them.
PLANNED = sql("outbox.state = 'planned'")
CLAIMED = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'claimed'")
AMBIGUOUS = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'ambiguous'")

_T = cast("Table", OutboxRow.__table__)
_WAIT = "wait:"


class TransitionError(ValueError):
    """A post cannot go from the state it is in to the one that was asked for."""

    def __init__(self, entry: Entry, wanted: str) -> None:
        self.state, self.wanted = entry.state, wanted
        self.allowed = tuple(sorted(name for name, states in MANUAL.items() if entry.state in states))
        allowed = ", ".join(self.allowed) or "nothing"
        super().__init__(f"post {entry.id} is {entry.state.value}: it allows {allowed}, not {wanted}")


class UnknownPostError(LookupError):
    """There is no post of that number or key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A post that is owed, before the outbox knows of it.

    Attributes:
        key: the dedupe key; owing it twice is owing it once.
        due_at, late_until: aware UTC, when it is due and after when it has lost its sense.
        payload: JSON; what cannot be computed at sending.
        known_at: aware UTC of when its subject became known: what was due before is not owed.
    """

    key: str
    kind: str
    platform: str
    due_at: dt.datetime
    late_until: dt.datetime | None = None
    community_key: str | None = None
    thread: str | None = None
    member_id: int | None = None
    atrium_uid: str | None = None
    programme_uid: str | None = None
    offset: str | None = None
    payload: dict[str, Any] | None = None
    known_at: dt.datetime | None = None

    def is_to_come(self, now: dt.datetime) -> bool:
        """Whether its moment lies ahead, and after its subject became known."""
        return self.due_at > now and (self.known_at is None or self.due_at > self.known_at)


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in the outbox, as `OutboxRow` documents it. Moments are aware UTC.

    `updated_at` is None in a claim, which changes it anyhow.
    """

    id: int
    key: str
    kind: str
    platform: str
    community_key: str | None
    thread: str | None
    member_id: int | None
    atrium_uid: str | None
    programme_uid: str | None
    offset: str | None
    due_at: dt.datetime
    late_until: dt.datetime | None
    state: OutboxState
    reason: str | None
    payload: Mapping[str, Any] | None
    attempts: int
    fence: int
    message_id: str | None
    sent_at: dt.datetime | None
    updated_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which planned posts a plan speaks of: those of some kinds and, unless None, of some atria."""

    kinds: frozenset[str]
    atria: frozenset[str] | None = None


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


_COLUMNS = [_T.c[name] for name in Entry.__dataclass_fields__]


def _ask(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement on the session's connection: nothing here needs what the ORM would add, or its time."""
    return session.connection().execute(statement, parameters or {})


def _entries(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> list[Entry]:
    return [Entry(*row) for row in _ask(session, statement, parameters)]


def _count(session: Session, statement: Update, parameters: Mapping[str, Any] | None = None) -> int:
    return _ask(session, statement, parameters).rowcount


# --- What is owed -------------------------------------------------------------------------------


def _insert(session: Session) -> Insert:
    """Insert that leaves an existing key alone, so that two who plan at once plan once."""
    return insert_into(session, OutboxRow).on_conflict_do_nothing(index_elements=["key"])


def _row(owed: Owed, now: dt.datetime) -> dict[str, Any]:
    return {
        "key": owed.key,
        "kind": owed.kind,
        "platform": owed.platform,
        "community_key": owed.community_key,
        "thread": owed.thread,
        "member_id": owed.member_id,
        "atrium_uid": owed.atrium_uid,
        "programme_uid": owed.programme_uid,
        "offset": owed.offset,
        "due_at": owed.due_at,
        "late_until": owed.late_until,
        "state": OutboxState.PLANNED,
        "payload": owed.payload,
        "attempts": 0,
        "fence": 0,
        "created_at": now,
        "updated_at": now,
    }


def enqueue(session: Session, owed: Owed, now: dt.datetime) -> bool:
    """Owe one post, whenever it is due; False when its key was owed already."""
    added = _insert(session).values(_row(owed, now)).returning(_T.c.id)
    return _ask(session, added).scalar_one_or_none() is not None


_FUTURE: dict[str, Any] = {
    "due_at": bindparam("new_due_at"),
    "late_until": bindparam("new_late_until"),
    "platform": bindparam("new_platform"),
    "programme_uid": bindparam("new_programme_uid"),
    "state": bindparam("new_state"),
    "reason": None,
    "updated_at": bindparam("new_updated_at"),
}
_MOVE = update(_T).where(_T.c.id == bindparam("row_id"), _T.c.state == bindparam("old_state")).values(_FUTURE)
_VOID = (
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.state == OutboxState.PLANNED)
    .values(state=OutboxState.SKIPPED, reason=bindparam("new_reason"), updated_at=bindparam("new_updated_at"))
)
_COMPARED = select(
    _T.c.id,
    _T.c.key,
    _T.c.state,
    _T.c.reason,
    _T.c.due_at,
    _T.c.late_until,
    _T.c.platform,
    _T.c.programme_uid,
)


def _in_scope(session: Session, scope: Scope) -> list[Any]:
    statement = _COMPARED.where(_T.c.kind.in_(scope.kinds))
    if scope.atria is not None:
        statement = statement.where(_T.c.atrium_uid.in_(scope.atria))
    else:
        statement = statement.where(_T.c.state.in_((OutboxState.PLANNED, OutboxState.SKIPPED)))
    return list(_ask(session, statement).all())


_KEYS = select(_T.c.key).where(_T.c.key.in_(bindparam("keys", expanding=True)))


def _known(session: Session, keys: Collection[str]) -> set[str]:
    found: set[str] = set()
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        found.update(_ask(session, _KEYS, {"keys": wanted[start : start + 500]}).scalars())
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
        if not (planned or revivable) or (planned and same):
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
    """
    wanted = {each.key: each for each in owed}
    difference = _Difference()
    present: set[str] = set()
    for row in _in_scope(session, scope):
        present.add(row.key)
        difference.compare(row, wanted.get(row.key), now)
    absent = [each for key, each in wanted.items() if key not in present]
    if scope.atria is None:
        # What was sent was not read: it is most of the outbox.
        known = _known(session, [each.key for each in absent])
        absent = [each for each in absent if each.key not in known]
    fresh = [each for each in absent if each.is_to_come(now)]
    if fresh:
        session.connection().execute(_insert(session), [_row(each, now) for each in fresh])
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


def void(session: Session, kinds: Collection[str], atrium_uid: str, reason: str, now: dt.datetime) -> int:
    """Skip what is planned of these kinds for one atrium; how many that were."""
    statement = (
        update(_T)
        .where(_T.c.atrium_uid == atrium_uid, _T.c.kind.in_(kinds), PLANNED)
        .values(state=OutboxState.SKIPPED, reason=reason, updated_at=now)
    )
    return _count(session, statement)


def void_past(session: Session, reason: str, now: dt.datetime) -> int:
    """Skip everything that was due before `now`: a restored backup does not know what was sent since."""
    statement = (
        update(_T)
        .where(PLANNED, _T.c.due_at <= now)
        .values(state=OutboxState.SKIPPED, reason=reason, updated_at=now)
    )
    return _count(session, statement)


# --- Delivery -----------------------------------------------------------------------------------

_PEEK = sql(
    "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'planned' AND due_at <= :now)"
    " OR EXISTS (SELECT 1 FROM outbox WHERE state IN ('claimed', 'ambiguous'))"
).bindparams(bindparam("now", type_=_T.c.due_at.type))


def anything_to_do(session: Session, now: dt.datetime) -> bool:
    """Whether something is due, or has an outcome to be settled. Costs the same however much is stored."""
    return bool(_ask(session, _PEEK, {"now": now}).scalar_one())


_DUE = (
    select(_T.c.id)
    .where(
        PLANNED,
        _T.c.due_at <= bindparam("now", type_=_T.c.due_at.type),
        _T.c.platform.in_(bindparam("platforms", expanding=True)),
        func.coalesce(_T.c.community_key, "").not_in(bindparam("closed", expanding=True))
        | (_T.c.kind == "answer")
        | (_T.c.late_until < bindparam("now", type_=_T.c.due_at.type)),
    )
    .order_by(_T.c.due_at, _T.c.id)
    .with_for_update(skip_locked=True)
)
_QUEUED = _DUE.where(
    func.coalesce(_T.c.community_key, "").not_in(bindparam("busy", expanding=True)) | (_T.c.kind == "answer"),
    func.coalesce(_T.c.thread, "").not_in(bindparam("answering", expanding=True)) | (_T.c.kind != "answer"),
)
_EARLIER = _T.alias("earlier")


def _no_earlier(state: str) -> ColumnElement[bool]:
    """That no answer before this one in its thread is in a state, which one of the partial indexes finds."""
    before = select(_EARLIER.c.id).where(
        sql(state),
        _EARLIER.c.thread == _T.c.thread,
        _EARLIER.c.platform == _T.c.platform,
        _EARLIER.c.due_at <= _T.c.due_at,
        _EARLIER.c.id < _T.c.id,
    )
    return ~before.exists()


#: What delivery needs of a post that it claims.
_CLAIMED_FIELDS = (
    *("id", "key", "kind", "platform", "community_key", "thread", "member_id", "atrium_uid"),
    *("programme_uid", "offset", "due_at", "late_until", "payload", "attempts", "fence"),
)


def _claiming(chosen: Select[Any]) -> ReturningUpdate[Any]:
    """The claim of what a question finds: one statement, whose locks PostgreSQL takes row by row."""
    found = chosen.cte("chosen")
    return (
        update(_T)
        .where(_T.c.id.in_(select(found.c.id)), PLANNED)
        .values(
            state=OutboxState.CLAIMED,
            claimed_by=bindparam("holder"),
            lease_until=bindparam("claimed_until", type_=_T.c.lease_until.type),
            fence=_T.c.fence + 1,
            attempts=_T.c.attempts + 1,
        )
        .returning(*(_T.c[name] for name in _CLAIMED_FIELDS))
    )


_CLAIM_FIRST = _claiming(_QUEUED.limit(bindparam("most")))
# All of a community's posts that are due are claimed together, so that they can be said together.
_CLAIM_REST = _claiming(
    _QUEUED.where(_T.c.kind != "answer", _T.c.community_key.in_(bindparam("communities", expanding=True)))
)
_CLAIM_NAMED = _claiming(
    _DUE.where(
        _T.c.key.in_(bindparam("keys", expanding=True)),
        _T.c.kind == "answer",
        _no_earlier("earlier.state = 'planned'"),
        _no_earlier("earlier.state IN ('claimed', 'ambiguous') AND earlier.state = 'claimed'"),
    )
)
_CLAIM_AHEAD = _claiming(
    select(_T.c.id)
    .where(PLANNED, _T.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(skip_locked=True)
)
_BUSY = select(_T.c.community_key, _T.c.thread, _T.c.kind).where(CLAIMED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who claims, when, where.

    Attributes:
        platforms: names of the platforms that can be posted on now.
        closed: communities in which nothing is said unasked now (paused).
    """

    now: dt.datetime
    holder: str
    platforms: frozenset[str]
    closed: frozenset[str] = frozenset()

    def parameters(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "holder": self.holder,
            "platforms": list(self.platforms),
            "closed": list(self.closed),
        }


def _claimed(session: Session, statement: ReturningUpdate[Any], parameters: Mapping[str, Any]) -> list[Entry]:
    until = {"claimed_until": database_now(session) + CLAIM}
    entries = [
        Entry(*row[:12], OutboxState.CLAIMED, None, *row[12:], None, None, None)
        for row in _ask(session, statement, {**parameters, **until})
    ]
    entries.sort(key=lambda entry: (entry.due_at, entry.id))
    return entries


def claim(session: Session, wanted: Claim, limit: int = 50) -> list[Entry]:
    """Claim what is due, oldest first: `limit` posts and what is due in the same communities besides.

    Each claimed post has its fence raised and is ours for `CLAIM`. A community or thread in which
    another claim runs is left for later, which keeps the order there.
    """
    running = _ask(session, _BUSY).all()
    parameters = wanted.parameters() | {
        "busy": [each.community_key for each in running if each.kind != "answer" and each.community_key],
        "answering": [each.thread for each in running if each.kind == "answer" and each.thread],
    }
    claimed = _claimed(session, _CLAIM_FIRST, parameters | {"most": limit})
    communities = {each.community_key for each in claimed if each.kind != "answer" and each.community_key}
    if len(claimed) == limit and communities:
        claimed += _claimed(session, _CLAIM_REST, parameters | {"communities": list(communities)})
    return claimed


def claim_keys(session: Session, wanted: Claim, keys: Collection[str]) -> list[Entry]:
    """Claim these answers, as far as they are due and no earlier one in their thread still waits."""
    return _claimed(session, _CLAIM_NAMED, wanted.parameters() | {"keys": list(keys)})


def claim_ahead(session: Session, holder: str, ids: Collection[int]) -> list[Entry]:
    """Claim these planned posts though they are not due yet, to say them with another."""
    return _claimed(session, _CLAIM_AHEAD, {"holder": holder, "ids": list(ids)})


_SETTLE = (
    update(_T)
    .where(
        _T.c.id == bindparam("row_id"),
        _T.c.fence == bindparam("held_fence"),
        _T.c.state == bindparam("old_state"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        message_id=bindparam("new_message_id"),
        thread=func.coalesce(_T.c.thread, bindparam("new_thread")),
        due_at=func.coalesce(bindparam("new_due_at", type_=_T.c.due_at.type), _T.c.due_at),
        late_until=func.coalesce(bindparam("new_late_until", type_=_T.c.late_until.type), _T.c.late_until),
        sent_at=bindparam("new_sent_at", type_=_T.c.sent_at.type),
        attempts=_T.c.attempts - bindparam("untried"),
        claimed_by=None,
        lease_until=None,
        updated_at=bindparam("new_updated_at"),
    )
)


def settle(
    session: Session, entry: Entry, outcome: Settlement, now: dt.datetime, untried: bool = False
) -> bool:
    """Write what became of a claimed or ambiguous post; False when it was no longer ours to settle.

    Args:
        entry: as it was claimed, or read among the ambiguous.
        untried: nothing was sent, so the attempt does not count.
    """
    parameters = {
        "row_id": entry.id,
        "held_fence": entry.fence,
        "old_state": entry.state,
        "new_state": outcome.state,
        "new_reason": outcome.reason,
        "new_message_id": outcome.message_id,
        "new_thread": outcome.thread,
        "new_due_at": outcome.due_at,
        "new_late_until": outcome.late_until,
        "new_sent_at": now if outcome.state is OutboxState.SENT else None,
        "untried": int(untried),
        "new_updated_at": now,
    }
    return _count(session, _SETTLE, parameters) == 1


_KEEP = (
    update(_T)
    .where(_T.c.id == bindparam("row_id"), _T.c.fence == bindparam("held_fence"))
    .values(payload=bindparam("new_payload", type_=_T.c.payload.type))
)


def keep_payload(session: Session, entry: Entry, payload: Mapping[str, Any]) -> None:
    """Remember something with a claimed post before it leaves, for whoever must settle it after a crash."""
    _ask(session, _KEEP, {"row_id": entry.id, "held_fence": entry.fence, "new_payload": dict(payload)})


_EXPIRE = (
    update(_T)
    .where(CLAIMED, _T.c.lease_until <= bindparam("clock", type_=_T.c.lease_until.type))
    .values(
        state=OutboxState.AMBIGUOUS,
        reason="de bot viel stil terwijl dit bericht vertrok",
        claimed_by=None,
        lease_until=None,
        fence=_T.c.fence + 1,
        updated_at=bindparam("new_updated_at"),
    )
)


def expire_claims(session: Session, now: dt.datetime) -> int:
    """Claims that ran out become ambiguous: whoever held them can no longer settle them."""
    return _count(session, _EXPIRE, {"clock": database_now(session), "new_updated_at": now})


_AMBIGUOUS = select(*_COLUMNS).where(AMBIGUOUS).order_by(_T.c.due_at, _T.c.id)


def ambiguous(session: Session) -> list[Entry]:
    """What has to be looked up, or looked at by a moderator; oldest first."""
    return _entries(session, _AMBIGUOUS)


def next_due(session: Session, after: dt.datetime) -> dt.datetime | None:
    """When the next planned post is due after an instant, aware UTC."""
    found: dt.datetime | None = session.scalar(
        select(func.min(_T.c.due_at)).where(PLANNED, _T.c.due_at > after)
    )
    return found


# --- Platforms that must be left alone for a while ------------------------------------------------


def let_wait(session: Session, platform: str, until: dt.datetime) -> None:
    """Send nothing to a platform until then; a later moment that was set already stays."""
    name, value = _WAIT + platform, until.astimezone(dt.UTC).isoformat(timespec="microseconds")
    new = insert_into(session, NoteRow).values(name=name, value=value)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[NoteRow.name],
            set_={"value": case((NoteRow.value > value, NoteRow.value), else_=value)},
        )
    )


_WAITS = select(NoteRow.name, NoteRow.value).where(NoteRow.name >= _WAIT, NoteRow.name < _WAIT[:-1] + ";")


def waits(session: Session) -> dict[str, dt.datetime]:
    """Until when each platform must be left alone, as far as that was ever said; aware UTC."""
    rows = _ask(session, _WAITS).all()
    return {name.removeprefix(_WAIT): dt.datetime.fromisoformat(value) for name, value in rows}


# --- What delivery asks of the past ----------------------------------------------------------------


_SAID = select(func.count(func.distinct(_T.c.message_id))).where(
    _T.c.community_key == bindparam("community"),
    _T.c.sent_at >= bindparam("first", type_=_T.c.sent_at.type),
    _T.c.sent_at < bindparam("end", type_=_T.c.sent_at.type),
    _T.c.kind.in_(bindparam("kinds", expanding=True)),
)


def said_this_week(
    session: Session, community: str, kinds: Collection[str], week: tuple[dt.datetime, dt.datetime]
) -> int:
    """How many messages of these kinds a community got from the first to before the second instant."""
    parameters = {"community": community, "first": week[0], "end": week[1], "kinds": list(kinds)}
    number: int = _ask(session, _SAID, parameters).scalar_one()
    return number


_BEFORE = (
    select(*_COLUMNS)
    .where(
        PLANNED,
        _T.c.due_at < bindparam("until", type_=_T.c.due_at.type),
        _T.c.community_key == bindparam("community"),
        _T.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(_T.c.due_at, _T.c.id)
)


def planned_before(
    session: Session, community: str, kinds: Collection[str], until: dt.datetime
) -> list[Entry]:
    """What is planned in a community before an instant, by due moment."""
    parameters = {"until": until, "community": community, "kinds": list(kinds)}
    return _entries(session, _BEFORE, parameters)


_LAST_SENT = select(func.max(_T.c.sent_at)).where(
    _T.c.community_key == bindparam("community"),
    _T.c.sent_at.is_not(None),
    _T.c.kind == bindparam("of_kind"),
)


def last_sent_at(session: Session, community: str, kind: str) -> dt.datetime | None:
    """When a community last got a message of this kind, aware UTC."""
    found: dt.datetime | None = _ask(
        session, _LAST_SENT, {"community": community, "of_kind": kind}
    ).scalar_one()
    return found


_OF_ATRIUM = (
    select(*_COLUMNS)
    .where(_T.c.atrium_uid == bindparam("uid"), _T.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(_T.c.id)
)


def entries_of(session: Session, atrium_uid: str, kinds: Collection[str]) -> list[Entry]:
    """Every post of these kinds about one atrium, in whatever state."""
    return _entries(session, _OF_ATRIUM, {"uid": atrium_uid, "kinds": list(kinds)})


def entry_with_key(session: Session, key: str) -> Entry | None:
    """The post with this dedupe key, or None."""
    found = _entries(session, select(*_COLUMNS).where(_T.c.key == key))
    return found[0] if found else None


def subjects(
    session: Session, message_ids: Collection[str]
) -> dict[str, list[tuple[str | None, str | None]]]:
    """For each of these messages the atria and programmes of the posts that it said, in the order owed."""
    found: dict[str, list[tuple[str | None, str | None]]] = {}
    statement = select(_T.c.message_id, _T.c.atrium_uid, _T.c.programme_uid).where(
        _T.c.message_id.in_(message_ids)
    )
    for message, atrium, programme in session.execute(statement.order_by(_T.c.due_at, _T.c.id)):
        found.setdefault(message, []).append((atrium, programme))
    return found


_CHOSEN = select(_T.c.atrium_uid, _T.c.community_key).where(
    _T.c.atrium_uid.in_(bindparam("uids", expanding=True)),
    _T.c.kind == bindparam("of_kind"),
    _T.c.community_key.is_not(None),
)


def communities_chosen(session: Session, kind: str, atria: Collection[str]) -> dict[str, frozenset[str]]:
    """For each of these atria the communities that have a post of one kind about it, however it ended."""
    found: dict[str, set[str]] = {}
    wanted = list(atria)
    for start in range(0, len(wanted), 500):
        parameters = {"uids": wanted[start : start + 500], "of_kind": kind}
        for uid, community in _ask(session, _CHOSEN, parameters):
            found.setdefault(uid, set()).add(community)
    return {uid: frozenset(keys) for uid, keys in found.items()}


def atria_of_thread(session: Session, platform: str, thread: str) -> list[str]:
    """The atria that the bot's own posts in a thread spoke of, so that a reply there is understood."""
    statement = select(_T.c.atrium_uid).where(
        _T.c.thread == thread, _T.c.platform == platform, _T.c.atrium_uid.is_not(None)
    )
    return list(dict.fromkeys(session.scalars(statement.order_by(_T.c.due_at, _T.c.id))))


# --- What moderators do ------------------------------------------------------------------------------

#: What a moderator may do with a post, and the states in which they may.
MANUAL: Mapping[str, frozenset[OutboxState]] = {
    "hold": frozenset({OutboxState.PLANNED}),
    "release": frozenset({OutboxState.HELD}),
    "skip": frozenset({OutboxState.PLANNED}),
    "retry": frozenset({OutboxState.FAILED, OutboxState.SKIPPED}),
    "resolve": frozenset({OutboxState.AMBIGUOUS}),
}


def entries(
    session: Session,
    states: Collection[OutboxState] = (),
    community: str | None = None,
    kinds: Collection[str] = (),
    due_before: dt.datetime | None = None,
    limit: int = 200,
    newest_first: bool = False,
) -> list[Entry]:
    """Posts by due moment; each argument that is given narrows."""
    order = (_T.c.due_at.desc(), _T.c.id.desc()) if newest_first else (_T.c.due_at, _T.c.id)
    statement = select(*_COLUMNS).order_by(*order).limit(limit)
    if states:
        statement = statement.where(_T.c.state.in_(states))
    if community is not None:
        statement = statement.where(_T.c.community_key == community)
    if kinds:
        statement = statement.where(_T.c.kind.in_(kinds))
    if due_before is not None:
        statement = statement.where(_T.c.due_at < due_before)
    return _entries(session, statement)


def get_entry(session: Session, number: int) -> Entry:
    """The post of that number. Raises `UnknownPostError`."""
    found = _entries(session, select(*_COLUMNS).where(_T.c.id == number))
    if not found:
        raise UnknownPostError(f"there is no post {number}: see `outbox list`")
    return found[0]


def _act(session: Session, number: int, act: str, now: dt.datetime, values: Mapping[str, Any]) -> Entry:
    entry = get_entry(session, number)
    if entry.state not in MANUAL[act]:
        raise TransitionError(entry, act)
    statement = (
        update(_T)
        .where(_T.c.id == number, _T.c.state == entry.state, _T.c.fence == entry.fence)
        .values(**values, updated_at=now)
    )
    if not _count(session, statement):
        raise TransitionError(get_entry(session, number), act)
    return get_entry(session, number)


def hold(session: Session, number: int, now: dt.datetime) -> Entry:
    """Keep a planned post back until it is released. Raises `TransitionError`, as all of these do."""
    return _act(session, number, "hold", now, {"state": OutboxState.HELD})


def release(session: Session, number: int, now: dt.datetime) -> Entry:
    """Let a held post go out at its moment; when that is long past, delivery skips it."""
    return _act(session, number, "release", now, {"state": OutboxState.PLANNED})


def skip(session: Session, number: int, now: dt.datetime, reason: str = "door een moderator") -> Entry:
    """Never send a planned post."""
    return _act(session, number, "skip", now, {"state": OutboxState.SKIPPED, "reason": reason})


def retry(session: Session, number: int, now: dt.datetime) -> Entry:
    """Send a failed or skipped post all the same, at once: budget, hours and lateness do not bind it.

    What is no longer true of the atrium is still not said.
    """
    payload = dict(get_entry(session, number).payload or {}) | {"asked": True}
    again = {"state": OutboxState.PLANNED, "reason": None, "attempts": 0, "late_until": None}
    return _act(session, number, "retry", now, again | {"due_at": now, "payload": payload})


def resolve(
    session: Session, number: int, to: OutboxState, now: dt.datetime, message_id: str | None = None
) -> Entry:
    """Settle an ambiguous post: it was sent (with the platform's id of it), is to be sent, or is let go.

    Raises ValueError for another state, or for `sent` without the id.
    """
    if to not in (OutboxState.SENT, OutboxState.PLANNED, OutboxState.SKIPPED):
        raise ValueError(f"an ambiguous post becomes sent, planned or skipped, not {to.value}")
    if to is OutboxState.SENT and not message_id:
        raise ValueError("a post counts as sent only with the platform's id of the message")
    values: dict[str, Any] = {"state": to, "message_id": message_id, "reason": None}
    if to is OutboxState.SENT:
        values["sent_at"] = now
    if to is OutboxState.SKIPPED:
        values["reason"] = "door een moderator"
    resolved = _act(session, number, "resolve", now, values)
    for other in ambiguous(session):
        # What was said in the same post shares its fate.
        if (other.payload or {}).get("with") == resolved.key:
            _act(session, other.id, "resolve", now, values)
    return resolved
