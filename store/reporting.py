"""What moderators are told of the outbox: what was not said since they last looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from store.outbox import ENTRY_COLUMNS, OUTBOX, Entry, ask
from store.replanning import PLAN_REASONS
from store.states import OutboxState
from store.tables import InboundEventRow

#: What did not reach anybody, or perhaps not.
UNSAID = (OutboxState.FAILED, OutboxState.SKIPPED, OutboxState.AMBIGUOUS)

_UNSAID = (
    select(*ENTRY_COLUMNS)
    .where(
        OUTBOX.c.state.in_(UNSAID),
        OUTBOX.c.kind != "answer",
        OUTBOX.c.updated_at > bindparam("since", type_=OUTBOX.c.updated_at.type),
        OUTBOX.c.reason.not_in(bindparam("expected", expanding=True)) | OUTBOX.c.reason.is_(None),
    )
    .order_by(OUTBOX.c.due_at, OUTBOX.c.id)
    .limit(bindparam("most"))
)


def unsaid_since(
    session: Session, since: dt.datetime, expected: Collection[str] = (), most: int = 100
) -> list[Entry]:
    """Posts that failed, were skipped or are uncertain since an instant (aware UTC), by due moment.

    What the plan itself took back is not among them, nor what was skipped for an `expected` reason.
    """
    parameters = {"since": since, "expected": sorted(PLAN_REASONS.union(expected)), "most": most}
    return [Entry(*row) for row in ask(session, _UNSAID, parameters)]


def posts_by_community(session: Session, first: dt.datetime, end: dt.datetime) -> dict[str, int]:
    """How many messages each community got unasked, from the first to before the second aware instant."""
    said = (
        select(OUTBOX.c.community_key, func.count(func.distinct(OUTBOX.c.message_id)))
        .where(
            OUTBOX.c.sent_at >= first,
            OUTBOX.c.sent_at < end,
            OUTBOX.c.kind.not_in(("answer", "notice")),
            OUTBOX.c.community_key.is_not(None),
        )
        .group_by(OUTBOX.c.community_key)
    )
    return {str(key): int(number) for key, number in session.execute(said)}


def questions_by_community(session: Session, first: dt.datetime, end: dt.datetime) -> dict[str, int]:
    """How many messages for the bot came from each community in that time, as far as they are kept."""
    asked = (
        select(InboundEventRow.community_key, func.count())
        .where(
            InboundEventRow.sent_at >= first,
            InboundEventRow.sent_at < end,
            InboundEventRow.community_key.is_not(None),
        )
        .group_by(InboundEventRow.community_key)
    )
    return {str(key): int(number) for key, number in session.execute(asked)}
