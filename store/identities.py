"""One person on several platforms: linked when two platforms vouch for the same e-mail address.

A platform that does not vouch for an address links nobody. Where an address does not point at one person
(two accounts of one platform share it), nobody is linked either: to keep two apart costs them a
second "volg", to take two for one would show the one what the other asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from handlers.dossier import Identity
from store.tables import ContributionRow, FollowRow, IdentityRow, MemberRow, RoleGrantRow
from store.upsert import insert_into

_KNOWN = select(IdentityRow.member_id, IdentityRow.email).where(
    IdentityRow.platform == bindparam("platform"), IdentityRow.external_id == bindparam("external_id")
)


def identities_of(session: Session, member_id: int) -> tuple[Identity, ...]:
    """As whom the platforms know a member, the first first."""
    wanted = select(IdentityRow.platform, IdentityRow.external_id, IdentityRow.email).where(
        IdentityRow.member_id == member_id
    )
    return tuple(
        Identity(platform=row.platform, external_id=row.external_id, email=row.email)
        for row in session.execute(wanted.order_by(IdentityRow.id))
    )


def names_of(session: Session, platform: str, external_id: str) -> frozenset[str]:
    """Every `PLATFORM:ID` of the person who has this one; empty where nobody has it."""
    this = select(IdentityRow.member_id).where(
        IdentityRow.platform == platform, IdentityRow.external_id == external_id
    )
    theirs = select(IdentityRow.platform, IdentityRow.external_id).where(IdentityRow.member_id.in_(this))
    return frozenset(f"{row.platform}:{row.external_id}" for row in session.execute(theirs))


def ids_by_email(session: Session, platform: str) -> dict[str, str]:
    """Everybody who ever spoke on a platform that vouches for their address: their id there, by address."""
    known = select(IdentityRow.email, IdentityRow.external_id).where(
        IdentityRow.platform == platform, IdentityRow.email.is_not(None)
    )
    return {email: external_id for email, external_id in session.execute(known) if email is not None}


def external_id_of(session: Session, member_id: int, platform: str) -> str | None:
    """As whom a platform knows a member, the first where it knows them twice; None where it does not."""
    known = (each for each in identities_of(session, member_id) if each.platform == platform)
    return next((each.external_id for each in known), None)


def link(session: Session, platform: str, external_id: str, email: str) -> int | None:
    """Take in that a platform vouches for somebody's e-mail address; whoever has it elsewhere is the same.

    Returns the number of the member that two became, None when nobody was linked. An address that
    is known of this identity already costs one look.
    """
    address = email.strip().casefold()
    found = session.execute(_KNOWN, {"platform": platform, "external_id": external_id}).one_or_none()
    if not address or found is None or found.email == address:
        return None
    this = (IdentityRow.platform == platform) & (IdentityRow.external_id == external_id)
    session.execute(update(IdentityRow).where(this).values(email=address))
    others = sorted(_members_with(session, address) - {found.member_id})
    if not others or not _is_one_person(session, [found.member_id, *others]):
        return None
    kept, *merged = sorted([found.member_id, *others])
    for each in merged:
        _merge(session, kept, each)
    return int(kept)


def _members_with(session: Session, email: str) -> set[int]:
    return set(session.scalars(select(IdentityRow.member_id).where(IdentityRow.email == email)))


def _is_one_person(session: Session, members: Sequence[int]) -> bool:
    """Whether these may be one: no platform knows two of them."""
    of_each = select(IdentityRow.platform).where(IdentityRow.member_id.in_(members))
    return max(Counter(session.scalars(of_each)).values(), default=0) <= 1


def _merge(session: Session, kept: int, merged: int) -> None:
    """Make two members one: what either asked for stays, the address of the older calendar too.

    What was planned for the second is not: it is planned anew for the first.
    """
    # In one order, so that two messages of one person at once wait for each other.
    for number in (kept, merged):
        session.execute(select(MemberRow.id).where(MemberRow.id == number).with_for_update())
    _merge_follows(session, kept, merged)
    _merge_grants(session, kept, merged)
    for row in (ContributionRow, IdentityRow):
        session.execute(update(row).where(row.member_id == merged).values(member_id=kept))
    other = session.execute(select(MemberRow.__table__).where(MemberRow.id == merged)).one()
    session.execute(delete(MemberRow).where(MemberRow.id == merged))
    _take_over(session, kept, other)


def _merge_follows(session: Session, kept: int, merged: int) -> None:
    wanted = select(FollowRow.what, FollowRow.value, FollowRow.created_at)
    for row in session.execute(wanted.where(FollowRow.member_id == merged).order_by(FollowRow.id)).all():
        values = {"member_id": kept, "what": row.what, "value": row.value, "created_at": row.created_at}
        session.execute(insert_into(session, FollowRow).values(values).on_conflict_do_nothing())


def _merge_grants(session: Session, kept: int, merged: int) -> None:
    """Roles are given to identities, so both members' roles are this person's."""
    wanted = select(RoleGrantRow.role, RoleGrantRow.scope, RoleGrantRow.given)
    own = {row.role: row.scope for row in session.execute(wanted.where(RoleGrantRow.member_id == kept)).all()}
    for row in session.execute(wanted.where(RoleGrantRow.member_id == merged)).all():
        scope = row.scope | own.get(row.role, frozenset())
        values = {"member_id": kept, "role": row.role, "scope": scope, "given": row.given}
        grant = insert_into(session, RoleGrantRow).values(values)
        session.execute(
            grant.on_conflict_do_update(
                index_elements=["member_id", "role"], set_={"scope": grant.excluded.scope}
            )
        )


def _take_over(session: Session, kept: int, other: Row[tuple[object, ...]]) -> None:
    """What the first did not tell the bot, and the second did."""
    values = {
        name: func.coalesce(getattr(MemberRow, name), getattr(other, name))
        for name in ("municipality", "feed_token", "reminders")
    }
    session.execute(update(MemberRow).where(MemberRow.id == kept).values(values))
