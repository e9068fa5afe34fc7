"""How many people a post would reach, as far as the platforms told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.belonging import fresh_at
from store.tables import BelongingRow, CommunityRow

#: How long a count of members is good enough to go by; what is older may have been cleared up.
BELIEVED_FOR = dt.timedelta(hours=20)


def member_count(session: Session, keys: Collection[str], now: dt.datetime) -> int | None:
    """How many people belong to these communities together, each counted once. `now` is aware UTC.

    None where the members of one of them were not read of late, so that nobody takes a part for the whole.
    """
    read_at = [fresh_at(session, key) for key in keys]
    if any(at is None or now - at > BELIEVED_FOR for at in read_at):
        return None
    people = (
        select(CommunityRow.platform, BelongingRow.external_id)
        .join(CommunityRow, CommunityRow.key == BelongingRow.community_key)
        .where(BelongingRow.community_key.in_(list(keys)))
        .distinct()
        .subquery()
    )
    return session.execute(select(func.count()).select_from(people)).scalar_one()
