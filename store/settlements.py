"""What became of claimed posts, written down by whoever still holds the claim.

Functions take a session and never commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from store.claims import CLAIMED
from store.notes import keep_note
from store.outbox import OUTBOX, Entry, ask, count
from store.states import OutboxState

#: Notes of what was given up and nobody was told of yet: the number of each post, written as it fails.
UNTOLD = "untold:"


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
SETTLE_SENT = (
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

    def sent_parameters(self) -> dict[str, Any]:
        """What is written of a post that was sent."""
        return {
            "row_id": self.entry.id,
            "held_fence": self.entry.fence,
            "new_message_id": self.outcome.message_id,
            "new_thread": self.outcome.thread,
            "at": self.at,
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
    parameters = [each.sent_parameters() for each in sent]
    if session.connection().execute(SETTLE_SENT, parameters).rowcount == len(sent):
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
