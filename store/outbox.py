"""The outbox: every post that is owed, and what became of it. The truth of what the bot says.

Functions take a session and never commit. States move only as `store.states.OutboxState` says.
Whether something is due is told by the injected `now`; how long a claim lasts by the database's clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Executable,
    Table,
    Update,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from store.prepared import Prepared
from store.states import OutboxState
from store.tables import OutboxRow
from store.upsert import insert_into

#: Written so that the partial indexes serve: a bound parameter would not be seen to match them.
PLANNED = sql("outbox.state = 'planned'")
AMBIGUOUS = sql("outbox.state IN ('claimed', 'ambiguous') AND outbox.state = 'ambiguous'")
OUTBOX = cast("Table", OutboxRow.__table__)


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


ENTRY_COLUMNS = [OUTBOX.c[each.name] for each in fields(Entry)]


def ask(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement on the session's connection: nothing here needs what the ORM would add, or its time."""
    return session.connection().execute(statement, parameters or {})


def read_entries(
    session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None
) -> list[Entry]:
    return [Entry(*row) for row in ask(session, statement, parameters)]


def count(session: Session, statement: Update, parameters: Mapping[str, Any] | None = None) -> int:
    return ask(session, statement, parameters).rowcount


def _insertion(session: Session) -> Executable:
    """Insert that leaves an existing key alone, so that two who plan at once plan once."""
    row = insert_into(session, OutboxRow).on_conflict_do_nothing(index_elements=["key"])
    return row.returning(OUTBOX.c.id)


#: What a plan owes of one post; the rest of a new row is the same for all.
OWN = (
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
own_values = attrgetter(*OWN)


def _row(owed: Owed, now: dt.datetime) -> dict[str, Any]:
    """The row of a post without payload: what the plan owes has none, and JSON would write "null"."""
    return dict(zip(OWN, own_values(owed), strict=True)) | {
        "due_at": owed.due_at,
        "late_until": owed.late_until,
        "state": OutboxState.PLANNED,
        "attempts": 0,
        "fence": 0,
        "created_at": now,
        "updated_at": now,
    }


_SAME = ("due_at", "late_until", "state", "attempts", "fence", "moved", "created_at", "updated_at")
_BARE = Prepared(_insertion, [*OWN, *_SAME])
_LADEN = Prepared(_insertion, [*OWN, *_SAME, "payload"])


def enqueue(session: Session, owed: Owed, now: dt.datetime) -> bool:
    """Owe one post, whenever it is due; False when its key was owed already."""
    row = _row(owed, now) | {"moved": False, "payload": owed.payload}
    return bool((_BARE if owed.payload is None else _LADEN).rows(session, row))


def void(session: Session, kinds: Collection[str], atrium_uid: str, reason: str, now: dt.datetime) -> int:
    """Skip what is planned of these kinds for one atrium; how many that were."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.atrium_uid == atrium_uid, OUTBOX.c.kind.in_(kinds), PLANNED)
        .values(state=OutboxState.SKIPPED, reason=reason, updated_at=now)
    )
    return count(session, statement)


def drop_unsent(session: Session, kind: str, atria: Collection[str]) -> int:
    """Take away what is planned, held or skipped of this kind for these atria, as if it was never owed."""
    statement = delete(OUTBOX).where(
        OUTBOX.c.atrium_uid.in_(list(atria)),
        OUTBOX.c.kind == kind,
        OUTBOX.c.state.in_((OutboxState.PLANNED, OutboxState.HELD, OutboxState.SKIPPED)),
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
    return read_entries(session, _AMBIGUOUS)


_OF_ATRIUM = (
    select(*ENTRY_COLUMNS)
    .where(OUTBOX.c.atrium_uid == bindparam("uid"), OUTBOX.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(OUTBOX.c.id)
)


def entries_of(session: Session, atrium_uid: str, kinds: Collection[str]) -> list[Entry]:
    """Every post of these kinds about one atrium, in whatever state."""
    return read_entries(session, _OF_ATRIUM, {"uid": atrium_uid, "kinds": list(kinds)})


def entry_with_key(session: Session, key: str) -> Entry | None:
    """The post with this dedupe key, or None."""
    found = read_entries(session, select(*ENTRY_COLUMNS).where(OUTBOX.c.key == key))
    return found[0] if found else None


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


def keep_until(session: Session, entry: Entry, late_until: dt.datetime, now: dt.datetime) -> None:
    """A planned post loses its sense at another moment."""
    statement = update(OUTBOX).where(OUTBOX.c.id == entry.id, PLANNED)
    count(session, statement.values(late_until=late_until, updated_at=now))


def hasten(session: Session, entry: Entry, late_until: dt.datetime, now: dt.datetime) -> None:
    """A planned post is due at once, at any hour: later it would come too late."""
    payload = dict(entry.payload or {}) | {"urgent": True}
    statement = update(OUTBOX).where(OUTBOX.c.id == entry.id, PLANNED)
    count(session, statement.values(due_at=now, late_until=late_until, payload=payload, updated_at=now))


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
    return read_entries(session, statement)


def get_entry(session: Session, number: int) -> Entry:
    """The post of that number. Raises `UnknownPostError`."""
    found = read_entries(session, select(*ENTRY_COLUMNS).where(OUTBOX.c.id == number))
    if not found:
        raise UnknownPostError(f"there is no post {number}: see `outbox list`")
    return found[0]
