"""Claims that nobody can settle any more: they ran out, or their holder is gone. They become ambiguous."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from store import claims
from store.claims import CLAIMED
from store.leases import DatabaseClock
from store.outbox import OUTBOX, ask, count
from store.states import OutboxState

#: A claim that ends later than so many times its length was made before somebody set the database's clock
#: back, and has run out: else it would last for as long as the clock was set back.
FURTHEST_AHEAD = 2


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
    .where(
        CLAIMED,
        (OUTBOX.c.lease_until <= DatabaseClock()) | (OUTBOX.c.lease_until > DatabaseClock("furthest_ahead")),
    )
    .with_for_update(skip_locked=True)
)
_EXPIRE = _in_doubt("reden.bot viel stil").where(OUTBOX.c.id.in_(_RUN_OUT))
_ABANDON = _in_doubt("reden.bot herstartte").where(CLAIMED, OUTBOX.c.claimed_by != bindparam("holder"))


def expire_claims(session: Session, now: dt.datetime) -> int:
    """Claims that ran out become ambiguous: whoever held them can no longer settle them."""
    furthest = FURTHEST_AHEAD * claims.CLAIM.total_seconds()
    return count(session, _EXPIRE, {"from_now": 0.0, "furthest_ahead": furthest, "new_updated_at": now})


def abandon_claims(session: Session, holder: str, now: dt.datetime) -> int:
    """Claims of all others become ambiguous at once: only for whoever knows that no other is running."""
    return count(session, _ABANDON, {"holder": holder, "new_updated_at": now})


def run_out(session: Session) -> None:
    """Let every claim's lease be over now: for a simulation, whose time passes in no time."""
    over = update(OUTBOX).where(CLAIMED).values(lease_until=DatabaseClock())
    ask(session, over, {"from_now": -claims.CLAIM.total_seconds()})
