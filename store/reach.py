"""How many people a post would reach, as far as the platforms told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Select, func, literal, select, union
from sqlalchemy.orm import Session

from store.belonging import all_fresh_at, fresh_at
from store.tables import BelongingRow, CommunityRow, LocalMessageRow

#: How long a count of members is good enough to go by; what is older may have been cleared up.
BELIEVED_FOR = dt.timedelta(hours=20)


#: Where nobody belongs but by writing: whoever wrote there is counted.
_COUNTED_BY_WRITING = "local"


def member_count(session: Session, keys: Collection[str], now: dt.datetime) -> int | None:
    """How many people belong to these communities together, each counted once. `now` is aware UTC.

    None where the members of one of them were not read of late, so that nobody takes a part for the whole.
    The local community has no list of members: unless one was written, who ever wrote there is counted.
    """
    platforms = dict(
        session.execute(
            select(CommunityRow.key, CommunityRow.platform).where(CommunityRow.key.in_(list(keys)))
        ).all()
    )
    listed = [key for key in keys if _is_believed(fresh_at(session, key), now)]
    written = [key for key in keys if key not in listed and platforms.get(key) == _COUNTED_BY_WRITING]
    if len(listed) + len(written) < len(keys):
        return None
    members = (
        select(CommunityRow.platform, BelongingRow.external_id)
        .join(CommunityRow, CommunityRow.key == BelongingRow.community_key)
        .where(BelongingRow.community_key.in_(listed))
    )
    authors = select(literal(_COUNTED_BY_WRITING), LocalMessageRow.author).where(
        LocalMessageRow.community_key.in_(written), LocalMessageRow.by_bot.is_(False)
    )
    people = union(members, authors).subquery()
    return session.execute(select(func.count()).select_from(people)).scalar_one()


def member_counts(session: Session, now: dt.datetime) -> dict[str, int | None]:
    """`member_count` of every community by itself, in as many statements as for one."""
    read_at = all_fresh_at(session)
    members = _by_community(
        session, select(BelongingRow.community_key, func.count()).group_by(BelongingRow.community_key)
    )
    authors = _by_community(
        session,
        select(LocalMessageRow.community_key, func.count(LocalMessageRow.author.distinct()))
        .where(LocalMessageRow.by_bot.is_(False))
        .group_by(LocalMessageRow.community_key),
    )
    counted: dict[str, int | None] = {}
    for key, platform in session.execute(select(CommunityRow.key, CommunityRow.platform)):
        if _is_believed(read_at.get(key), now):
            counted[key] = members.get(key, 0)
        else:
            counted[key] = authors.get(key, 0) if platform == _COUNTED_BY_WRITING else None
    return counted


def _by_community(session: Session, counting: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(counting)}


def _is_believed(read_at: dt.datetime | None, now: dt.datetime) -> bool:
    return read_at is not None and now - read_at <= BELIEVED_FOR
