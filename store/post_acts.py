"""What moderators do with a post: hold it, move it, skip it, send it, decide what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.outbox import OUTBOX, Entry, ambiguous, count, get_entry
from store.states import OutboxState


class TransitionError(ValueError):
    """A post cannot go from the state it is in to the one that was asked for."""

    def __init__(self, entry: Entry, wanted: str) -> None:
        self.state, self.wanted = entry.state, wanted
        self.allowed = tuple(sorted(name for name, states in MANUAL.items() if entry.state in states))
        allowed = ", ".join(self.allowed) or "nothing"
        super().__init__(f"post {entry.id} is {entry.state.value}: it allows {allowed}, not {wanted}")


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


def skip(session: Session, number: int, now: dt.datetime, reason: str = "reden.door een moderator") -> Entry:
    """Never send a planned post."""
    return _act(session, number, "skip", now, {"state": OutboxState.SKIPPED, "reason": reason})


def move(
    session: Session,
    number: int,
    due_at: dt.datetime,
    now: dt.datetime,
    leaves_at: dt.datetime | None = None,
) -> Entry:
    """Let a planned or held post go out at another moment (aware UTC); the plan leaves it there.

    It may be as late after its new moment as it might after the old one; after `leaves_at` (aware UTC)
    where it has to wait until then.

    Raises ValueError for a moment that is past.
    """
    if due_at <= now:
        raise ValueError("a post can only be moved to a moment that is still to come")
    before = get_entry(session, number)
    later = (leaves_at or due_at) - before.due_at
    late = before.late_until + later if before.late_until else None
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
        values["reason"] = "reden.door een moderator"
    resolved = _act(session, number, "resolve", now, values)
    for other in ambiguous(session):
        # What was said in the same post shares its fate.
        if (other.payload or {}).get("with") == resolved.key:
            _act(session, other.id, "resolve", now, values)
    return resolved
