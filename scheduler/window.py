"""The edit window: several edits shortly after each other are one change, told when the window is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from handlers.model import Atrium
from scheduler.moments import next_allowed
from scheduler.rules import Rules
from store import outbox, post_acts
from store.codec import load
from store.outbox import Entry
from store.states import OutboxState

UNDONE = "reden.teruggedraaid"
CALLED_OFF = "reden.atrium geannuleerd"


def end_of_window(atrium: Atrium, rules: Rules, now: dt.datetime) -> dt.datetime:
    """When an edit window that opens now is over and people may be spoken to; at once if that is too late."""
    due_at = next_allowed(now + rules.attention.change_window, rules.attention)
    return due_at if due_at < atrium.starts_at else now


def keep_waiting(
    session: Session,
    waiting: Entry,
    differs: Callable[[Atrium, Atrium], bool],
    after: Atrium,
    rules: Rules,
    now: dt.datetime,
) -> None:
    """A further edit within the window: what waits tells it too, or nothing when all is as it was."""
    if waiting.state is not OutboxState.PLANNED:
        return
    if not differs(load(Atrium, (waiting.payload or {})["before"]), after):
        post_acts.skip(session, waiting.id, now, UNDONE)
    elif waiting.due_at >= after.starts_at:
        outbox.hasten(session, waiting, after.starts_at, now)
    else:
        latest = waiting.due_at + rules.lateness.notice
        outbox.keep_until(session, waiting, min(latest, after.starts_at), now)
