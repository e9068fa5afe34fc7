"""What moderators are told of the outbox: what was not said since they last looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.outbox import ENTRY_COLUMNS, OUTBOX, PLAN_REASONS, Entry, ask
from store.states import OutboxState

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
