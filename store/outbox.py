"""The outbox: every post that is owed, and what became of it. The truth of what the bot says.

Functions take a session and never commit. States move only as `store.states.OutboxState` says.
Whether something is due is told by the injected `now`; how long a claim lasts by the database's clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Executable,
    Table,
    Update,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from store.base import moment_text
from store.states import OutboxState
from store.tables import OutboxRow
from store.upsert import insert_into, is_sqlite

#: Why the plan takes back what it owed. What was skipped for one of these comes back when it is owed again.
NO_LONGER_OWED = "niet langer gepland"
MOVED_TO_THE_PAST = "na de verplaatsing viel dit moment in het verleden"
PLAN_REASONS = frozenset({NO_LONGER_OWED, MOVED_TO_THE_PAST})

#: Written so that the partial indexes serve: a bound parameter would not be seen to match them.
PLANNED = sql("outbox.state = 'planned'")
AMBIGUOUS = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'ambiguous'")

OUTBOX = cast("Table", OutboxRow.__table__)


class TransitionError(ValueError):
    """A post cannot go from the state it is in to the one that was asked for."""

    def __init__(self, entry: Entry, wanted: str) -> None:
        self.state, self.wanted = entry.state, wanted
        self.allowed = tuple(sorted(name for name, states in MANUAL.items() if entry.state in states))
        allowed = ", ".join(self.allowed) or "nothing"
        super().__init__(f"post {entry.id} is {entry.state.value}: it allows {allowed}, not {wanted}")


class UnknownPostError(LookupError):
    """There is no post of that number or key."""


@dataclass(kw_only=True, slots=True)
class Owed:
    """A post that is owed, before the outbox knows of it. To be left as it was made.

    Not frozen, because that alone would make a large plan a tenth dearer.

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


@dataclass(slots=True)
class Entry:
    """A post in the outbox, as `OutboxRow` documents it. Moments are aware UTC. To be left as it was read.

    A claim yields the fields without a default; the others are those of a post that was just claimed.
    Not frozen, because that alone would make a claim a fifth dearer.
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
    payload: Mapping[str, Any] | None
    attempts: int
    fence: int
    state: OutboxState = OutboxState.CLAIMED
    reason: str | None = None
    message_id: str | None = None
    sent_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None


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


ENTRY_COLUMNS = [OUTBOX.c[each.name] for each in fields(Entry)]


def ask(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement on the session's connection: nothing here needs what the ORM would add, or its time."""
    return session.connection().execute(statement, parameters or {})


def _entries(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> list[Entry]:
    return [Entry(*row) for row in ask(session, statement, parameters)]


def count(session: Session, statement: Update, parameters: Mapping[str, Any] | None = None) -> int:
    return ask(session, statement, parameters).rowcount


# --- What is owed -------------------------------------------------------------------------------


_insertions: dict[bool, Executable] = {}


def _insertion(session: Session) -> Executable:
    """Insert that leaves an existing key alone, so that two who plan at once plan once; built once."""
    on_sqlite = is_sqlite(session)
    if on_sqlite not in _insertions:
        row = insert_into(session, OutboxRow).on_conflict_do_nothing(index_elements=["key"])
        _insertions[on_sqlite] = row.returning(OUTBOX.c.id)
    return _insertions[on_sqlite]


#: What a plan owes of one post; the rest of a new row is the same for all.
_OWN = (
    "key",
    "kind",
    "platform",
    "community_key",
    "thread",
    "member_id",
    "atrium_uid",
    "programme_uid",
    "offset",
)
_own = attrgetter(*_OWN)


def _row(owed: Owed, now: dt.datetime) -> dict[str, Any]:
    """The row of a post without payload: what the plan owes has none, and JSON would write "null"."""
    return dict(zip(_OWN, _own(owed), strict=True)) | {
        "due_at": owed.due_at,
        "late_until": owed.late_until,
        "state": OutboxState.PLANNED,
        "attempts": 0,
        "fence": 0,
        "created_at": now,
        "updated_at": now,
    }


def enqueue(session: Session, owed: Owed, now: dt.datetime) -> bool:
    """Owe one post, whenever it is due; False when its key was owed already."""
    row = _row(owed, now)
    if owed.payload is not None:
        row["payload"] = owed.payload
    return ask(session, _insertion(session), row).scalar_one_or_none() is not None


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
    rows = [(*_own(each), told(each.due_at), told(each.late_until), at, at) for each in owed]
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


def void(session: Session, kinds: Collection[str], atrium_uid: str, reason: str, now: dt.datetime) -> int:
    """Skip what is planned of these kinds for one atrium; how many that were."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.atrium_uid == atrium_uid, OUTBOX.c.kind.in_(kinds), PLANNED)
        .values(state=OutboxState.SKIPPED, reason=reason, updated_at=now)
    )
    return count(session, statement)


def drop_unsent(session: Session, kind: str, atria: Collection[str]) -> int:
    """Take away what is planned or held of this kind for these atria, as if it was never owed."""
    statement = delete(OUTBOX).where(
        OUTBOX.c.atrium_uid.in_(list(atria)),
        OUTBOX.c.kind == kind,
        OUTBOX.c.state.in_((OutboxState.PLANNED, OutboxState.HELD)),
    )
    return ask(session, statement).rowcount


def void_past(session: Session, reason: str, now: dt.datetime) -> int:
    """Skip everything that was due before `now`: a restored backup does not know what was sent since."""
    statement = (
        update(OUTBOX)
        .where(PLANNED, OUTBOX.c.due_at <= now)
        .values(state=OutboxState.SKIPPED, reason=reason, updated_at=now)
    )
    return count(session, statement)


_AMBIGUOUS = select(*ENTRY_COLUMNS).where(AMBIGUOUS).order_by(OUTBOX.c.due_at, OUTBOX.c.id)


def ambiguous(session: Session) -> list[Entry]:
    """What has to be looked up, or looked at by a moderator; oldest first."""
    return _entries(session, _AMBIGUOUS)


# --- What delivery asks of the past ----------------------------------------------------------------


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
    return _entries(session, _BEFORE, parameters)


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


_OF_ATRIUM = (
    select(*ENTRY_COLUMNS)
    .where(OUTBOX.c.atrium_uid == bindparam("uid"), OUTBOX.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(OUTBOX.c.id)
)


def entries_of(session: Session, atrium_uid: str, kinds: Collection[str]) -> list[Entry]:
    """Every post of these kinds about one atrium, in whatever state."""
    return _entries(session, _OF_ATRIUM, {"uid": atrium_uid, "kinds": list(kinds)})


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
    return _entries(session, _SAID_IN, {"community": community, "message": message_id})


def entry_with_key(session: Session, key: str) -> Entry | None:
    """The post with this dedupe key, or None."""
    found = _entries(session, select(*ENTRY_COLUMNS).where(OUTBOX.c.key == key))
    return found[0] if found else None


def said_by(session: Session, message_ids: Collection[str]) -> dict[str, list[Entry]]:
    """For each of these messages everything that it said, in the order owed."""
    found: dict[str, list[Entry]] = {}
    wanted = list(message_ids)
    for start in range(0, len(wanted), 500):
        chosen = OUTBOX.c.message_id.in_(wanted[start : start + 500])
        statement = select(*ENTRY_COLUMNS).where(chosen).order_by(OUTBOX.c.due_at, OUTBOX.c.id)
        for entry in _entries(session, statement):
            found.setdefault(entry.message_id or "", []).append(entry)
    return found


_CHOSEN = select(OUTBOX.c.atrium_uid, OUTBOX.c.community_key).where(
    OUTBOX.c.atrium_uid.in_(bindparam("uids", expanding=True)),
    OUTBOX.c.kind == bindparam("of_kind"),
    OUTBOX.c.community_key.is_not(None),
)


def communities_chosen(session: Session, kind: str, atria: Collection[str]) -> dict[str, frozenset[str]]:
    """For each of these atria the communities that have a post of one kind about it, however it ended."""
    found: dict[str, set[str]] = {}
    wanted = list(atria)
    for start in range(0, len(wanted), 500):
        parameters = {"uids": wanted[start : start + 500], "of_kind": kind}
        for uid, community in ask(session, _CHOSEN, parameters):
            found.setdefault(uid, set()).add(community)
    return {uid: frozenset(keys) for uid, keys in found.items()}


def atria_of_thread(session: Session, platform: str, thread: str) -> list[str]:
    """The atria that the bot's own posts in a thread spoke of, so that a reply there is understood."""
    statement = select(OUTBOX.c.atrium_uid).where(
        OUTBOX.c.thread == thread, OUTBOX.c.platform == platform, OUTBOX.c.atrium_uid.is_not(None)
    )
    return list(dict.fromkeys(session.scalars(statement.order_by(OUTBOX.c.due_at, OUTBOX.c.id))))


def keep_until(session: Session, entry: Entry, late_until: dt.datetime, now: dt.datetime) -> None:
    """A planned post loses its sense at another moment."""
    statement = update(OUTBOX).where(OUTBOX.c.id == entry.id, PLANNED)
    count(session, statement.values(late_until=late_until, updated_at=now))


def hasten(session: Session, entry: Entry, late_until: dt.datetime, now: dt.datetime) -> None:
    """A planned post is due at once, at any hour: later it would come too late."""
    payload = dict(entry.payload or {}) | {"urgent": True}
    statement = update(OUTBOX).where(OUTBOX.c.id == entry.id, PLANNED)
    count(session, statement.values(due_at=now, late_until=late_until, payload=payload, updated_at=now))


# --- What moderators do ------------------------------------------------------------------------------

#: What a moderator may do with a post, and the states in which they may.
MANUAL: Mapping[str, frozenset[OutboxState]] = {
    "hold": frozenset({OutboxState.PLANNED}),
    "release": frozenset({OutboxState.HELD}),
    "skip": frozenset({OutboxState.PLANNED}),
    "retry": frozenset({OutboxState.FAILED, OutboxState.SKIPPED}),
    "resolve": frozenset({OutboxState.AMBIGUOUS}),
}

#: What is chosen by the moment rather than by the state; the command line does not offer it.
TIMED: Mapping[str, frozenset[OutboxState]] = {
    "move": frozenset({OutboxState.PLANNED, OutboxState.HELD}),
    "send": frozenset({OutboxState.PLANNED, OutboxState.HELD}),
}


_STRANDED = frozenset({OutboxState.FAILED, OutboxState.AMBIGUOUS, OutboxState.SKIPPED})

#: In the very words of its index, so that a database knows that the index will do.
_IS_STRANDED = sql("outbox.state IN ('failed', 'ambiguous', 'skipped')")


def entries(
    session: Session,
    states: Collection[OutboxState] = (),
    community: str | None = None,
    kinds: Collection[str] = (),
    due_before: dt.datetime | None = None,
    limit: int = 200,
    newest_first: bool = False,
    due_from: dt.datetime | None = None,
    offset: int = 0,
    not_kinds: Collection[str] = (),
    not_reasons: Collection[str] = (),
) -> list[Entry]:
    """Posts by due moment; each argument that is given narrows."""
    order = (OUTBOX.c.due_at.desc(), OUTBOX.c.id.desc()) if newest_first else (OUTBOX.c.due_at, OUTBOX.c.id)
    statement = select(*ENTRY_COLUMNS).order_by(*order).limit(limit).offset(offset)
    if due_from is not None:
        statement = statement.where(OUTBOX.c.due_at >= due_from)
    if not_kinds:
        statement = statement.where(OUTBOX.c.kind.not_in(not_kinds))
    if states:
        statement = statement.where(OUTBOX.c.state.in_(states))
        if _STRANDED.issuperset(states):
            statement = statement.where(_IS_STRANDED)
    if not_reasons:
        statement = statement.where(or_(OUTBOX.c.reason.is_(None), OUTBOX.c.reason.not_in(not_reasons)))
    if community is not None:
        statement = statement.where(OUTBOX.c.community_key == community)
    if kinds:
        statement = statement.where(OUTBOX.c.kind.in_(kinds))
    if due_before is not None:
        statement = statement.where(OUTBOX.c.due_at < due_before)
    return _entries(session, statement)


def get_entry(session: Session, number: int) -> Entry:
    """The post of that number. Raises `UnknownPostError`."""
    found = _entries(session, select(*ENTRY_COLUMNS).where(OUTBOX.c.id == number))
    if not found:
        raise UnknownPostError(f"there is no post {number}: see `outbox list`")
    return found[0]


def _act(session: Session, number: int, act: str, now: dt.datetime, values: Mapping[str, Any]) -> Entry:
    entry = get_entry(session, number)
    if entry.state not in {**MANUAL, **TIMED}[act]:
        raise TransitionError(entry, act)
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.state == entry.state, OUTBOX.c.fence == entry.fence)
        .values(**values, updated_at=now)
    )
    if not count(session, statement):
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


def move(session: Session, number: int, due_at: dt.datetime, now: dt.datetime) -> Entry:
    """Let a planned or held post go out at another moment (aware UTC); the plan leaves it there.

    It may be as late after its new moment as it might after the old one.

    Raises ValueError for a moment that is past.
    """
    if due_at <= now:
        raise ValueError("a post can only be moved to a moment that is still to come")
    before = get_entry(session, number)
    late = before.late_until + (due_at - before.due_at) if before.late_until else None
    values = {"due_at": due_at, "late_until": late, "moved": True}
    return _act(session, number, "move", now, values)


def send_now(session: Session, number: int, now: dt.datetime) -> Entry:
    """Send a planned or held post at once, as `retry` does with one that failed."""
    payload = dict(get_entry(session, number).payload or {}) | {"asked": True}
    values = {"state": OutboxState.PLANNED, "late_until": None, "due_at": now, "payload": payload}
    return _act(session, number, "send", now, values | {"moved": True})


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
