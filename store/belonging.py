"""Who belongs to which community, and who may moderate it, as the platforms said last.

It fails closed: what a platform said before the moment that the caller still trusts (`fresh_since`)
counts for nothing. Nobody belongs anywhere because of what was true once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, tuple_
from sqlalchemy.orm import Session

from store.batches import count
from store.notes import find_note, keep_note, notes_under
from store.tables import BelongingRow, CommunityRow, IdentityRow
from store.upsert import insert_into

#: How long what a platform said of somebody counts.
FRESH_FOR = dt.timedelta(minutes=10)

_NOTE = "belongings:"
_LEFT = "departures:"
_KEY = (BelongingRow.community_key, BelongingRow.external_id)

_BELONGINGS, _COMMUNITIES = BelongingRow.__table__, CommunityRow.__table__
_FRESH = (
    select(_BELONGINGS.c.community_key)
    .join(_COMMUNITIES, _COMMUNITIES.c.key == _BELONGINGS.c.community_key)
    .where(
        _BELONGINGS.c.external_id == bindparam("external_id"),
        _BELONGINGS.c.seen_at >= bindparam("fresh_since"),
        _COMMUNITIES.c.platform == bindparam("platform"),
        _COMMUNITIES.c.enabled,
    )
)
_MODERATED = _FRESH.where(_BELONGINGS.c.owns)
_OF_MEMBER = (
    select(BelongingRow.community_key)
    .join(CommunityRow, CommunityRow.key == BelongingRow.community_key)
    .join(
        IdentityRow,
        (IdentityRow.platform == CommunityRow.platform)
        # Graph tells people by their address.
        & BelongingRow.external_id.in_([IdentityRow.external_id, IdentityRow.email]),
    )
    .where(
        IdentityRow.member_id == bindparam("member_id"),
        BelongingRow.seen_at >= bindparam("fresh_since"),
        CommunityRow.enabled,
    )
)
_MODERATED_BY_MEMBER = _OF_MEMBER.where(BelongingRow.owns)


def keep_people(
    session: Session, community_key: str, owners: Collection[str], members: Collection[str], now: dt.datetime
) -> bool:
    """Write who belongs to a community, in place of everything that was written of it before.

    What was asked before that was asked, or before somebody left, is not written any more: then False.

    Args:
        owners, members: the platform's ids of people; an owner belongs to it too, named twice or not.
        now: aware UTC; when the platform was asked.
    """
    last = fresh_at(session, community_key)
    if last is not None and now < last <= now + FRESH_FOR:
        # Somebody asked later and wrote sooner: what was true before then may not come back.
        return False
    left = find_note(session, _LEFT + community_key)
    if left is not None and now <= dt.datetime.fromisoformat(left) <= now + FRESH_FOR:
        return False
    session.execute(delete(BelongingRow).where(BelongingRow.community_key == community_key))
    # In one order everywhere, so that two replicas wait for each other instead of deadlocking.
    people = sorted({*owners, *members})
    _write(session, community_key, {each: each in owners for each in people}, now)
    keep_note(session, _NOTE + community_key, now.isoformat())
    return True


def keep_person(
    session: Session,
    community_key: str,
    external_id: str,
    now: dt.datetime,
    *,
    belongs: bool = True,
    owns: bool = False,
) -> None:
    """Write what the platform says of one person in one community; others' rows stay as they are."""
    if belongs or owns:
        _write(session, community_key, {external_id: owns}, now)
        return
    this = (BelongingRow.community_key == community_key) & (BelongingRow.external_id == external_id)
    session.execute(delete(BelongingRow).where(this))
    keep_note(session, _LEFT + community_key, now.isoformat())


def joined_by(session: Session, external_id: str, platform: str, fresh_since: dt.datetime) -> frozenset[str]:
    """The keys of the platform's enabled communities to which this person belongs.

    Args:
        fresh_since: aware UTC; what was said before it counts for nothing.
    """
    values = {"external_id": external_id, "platform": platform, "fresh_since": fresh_since}
    return frozenset(session.connection().execute(_FRESH, values).scalars())


def moderated_by(
    session: Session, external_id: str, platform: str, fresh_since: dt.datetime
) -> frozenset[str]:
    """The keys of the platform's enabled communities of which this person is an owner; as `joined_by`."""
    values = {"external_id": external_id, "platform": platform, "fresh_since": fresh_since}
    return frozenset(session.connection().execute(_MODERATED, values).scalars())


def joined_by_member(session: Session, member_id: int, fresh_since: dt.datetime) -> frozenset[str]:
    """The communities to which a member belongs on whichever platform; as `joined_by`."""
    return frozenset(session.scalars(_OF_MEMBER, {"member_id": member_id, "fresh_since": fresh_since}))


def moderated_by_member(session: Session, member_id: int, fresh_since: dt.datetime) -> frozenset[str]:
    """The communities of which a member is an owner on whichever platform; as `joined_by`."""
    values = {"member_id": member_id, "fresh_since": fresh_since}
    return frozenset(session.scalars(_MODERATED_BY_MEMBER, values))


def owners_of(session: Session, community_key: str) -> list[str]:
    """Whom a community's platform called its owners last, however long ago; its own ids and addresses."""
    owning = select(BelongingRow.external_id).where(
        BelongingRow.community_key == community_key, BelongingRow.owns
    )
    return list(session.scalars(owning.order_by(BelongingRow.external_id)))


def fresh_at(session: Session, community_key: str) -> dt.datetime | None:
    """When the people of a community were last written as a whole (aware UTC); None: never."""
    noted = find_note(session, _NOTE + community_key)
    return dt.datetime.fromisoformat(noted) if noted is not None else None


def all_fresh_at(session: Session) -> dict[str, dt.datetime]:
    """The same of every community that was ever written as a whole."""
    noted = notes_under(session, _NOTE)
    return {key: dt.datetime.fromisoformat(each) for key, each in noted.items()}


def forget(session: Session, platform: str, external_id: str) -> None:
    """Drop what is kept of where this person belongs on this platform, until the platform says it again."""
    session.execute(delete(BelongingRow).where(BelongingRow.external_id == external_id, _is_on(platform)))


def purge(session: Session, before: dt.datetime, most: int) -> int:
    """Drop what a platform said before this moment (aware UTC), at most so many; returns how many."""
    old = select(*_KEY).where(BelongingRow.seen_at < before).order_by(*_KEY).limit(most)
    return count(session, delete(BelongingRow).where(tuple_(*_KEY).in_(old)))


def _is_on(platform: str) -> ColumnElement[bool]:
    return exists().where(CommunityRow.key == BelongingRow.community_key, CommunityRow.platform == platform)


def _write(session: Session, community_key: str, owns: dict[str, bool], now: dt.datetime) -> None:
    if not owns:
        return
    rows = [
        {"community_key": community_key, "external_id": each, "owns": owner, "seen_at": now}
        for each, owner in owns.items()
    ]
    row = insert_into(session, BelongingRow)
    changed = {"owns": row.excluded.owns, "seen_at": row.excluded.seen_at}
    session.connection().execute(
        row.on_conflict_do_update(index_elements=["community_key", "external_id"], set_=changed), rows
    )
