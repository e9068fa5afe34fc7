"""The people: who they are on which platform, what they may do, where they work and what they follow."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from handlers.gazetteer import province_place
from handlers.model import Atrium, Follow, FollowWhat, Person, Role
from store.leases import database_now
from store.tables import FollowRow, IdentityRow, MemberRow, RoleGrantRow
from store.topics import folded, is_about
from store.upsert import insert_into

#: From the role that may do least to the one that may do most.
_RANKS = {role: rank for rank, role in enumerate(Role)}

_MEMBER = (
    select(MemberRow.id, MemberRow.name, MemberRow.municipality)
    .join(IdentityRow, IdentityRow.member_id == MemberRow.id)
    .where(IdentityRow.platform == bindparam("platform"), IdentityRow.external_id == bindparam("external_id"))
)
_GRANTS = select(RoleGrantRow.role, RoleGrantRow.scope).where(
    RoleGrantRow.member_id == bindparam("member_id")
)
_FOLLOWS = (
    select(FollowRow.what, FollowRow.value)
    .where(FollowRow.member_id == bindparam("member_id"))
    .order_by(FollowRow.id)
)


class MemberUnknownError(LookupError):
    """Nobody is known by this identity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Follower:
    """A member who wants to be told, and where they can be reached."""

    member_id: int
    platform: str
    external_id: str
    name: str


def find_person(session: Session, platform: str, external_id: str) -> Person | None:
    """The person behind an identity, with the role that is stored for them."""
    return _person(session, platform, external_id, Role.MEMBER)


def ensure_person(
    session: Session, platform: str, external_id: str, name: str, role: Role, now: dt.datetime
) -> Person:
    """The person behind an identity, made known if they are new.

    Args:
        name: how the platform calls them now; it replaces an older name.
        role: what the platform vouches for; a higher stored role wins.
    """
    member_id = _ensure_member(session, platform, external_id, name, now)
    renamed = update(MemberRow).where(MemberRow.id == member_id, MemberRow.name != name)
    if name:
        session.execute(renamed.values(name=name))
    person = _person(session, platform, external_id, role)
    if person is None:
        raise MemberUnknownError(f"{platform}:{external_id}")
    return person


def member_id_of(session: Session, platform: str, external_id: str) -> int:
    """The number of the member behind an identity; raises `MemberUnknownError`."""
    found = session.execute(_MEMBER, {"platform": platform, "external_id": external_id}).one_or_none()
    if found is None:
        raise MemberUnknownError(f"{platform}:{external_id}")
    number: int = found.id
    return number


def follow(session: Session, member_id: int, wish: Follow, now: dt.datetime) -> None:
    """Keep a wish to be told; asking twice is asking once."""
    row = insert_into(session, FollowRow).values(
        member_id=member_id, what=wish.what, value=wish.value, created_at=now
    )
    session.execute(row.on_conflict_do_nothing())


def unfollow(session: Session, member_id: int, wish: Follow | None) -> None:
    """Drop a wish to be told; None drops them all."""
    dropped = delete(FollowRow).where(FollowRow.member_id == member_id)
    if wish is not None:
        dropped = dropped.where(FollowRow.what == wish.what, FollowRow.value == wish.value)
    session.execute(dropped)


def follows_of(session: Session, member_id: int) -> list[Follow]:
    """What a member follows, in the order in which they asked."""
    rows = session.execute(_FOLLOWS, {"member_id": member_id})
    return [Follow(what=row.what, value=row.value) for row in rows]


def set_municipality(session: Session, member_id: int, municipality: str | None) -> None:
    """Remember where the member works."""
    session.execute(update(MemberRow).where(MemberRow.id == member_id).values(municipality=municipality))


def feed_token(session: Session, member_id: int) -> str:
    """The secret word in the address of the member's own calendar; made at first use."""
    unset = update(MemberRow).where(MemberRow.id == member_id, MemberRow.feed_token.is_(None))
    session.execute(unset.values(feed_token=secrets.token_urlsafe(24)))
    token = session.scalars(select(MemberRow.feed_token).where(MemberRow.id == member_id)).one_or_none()
    if token is None:
        raise MemberUnknownError(str(member_id))
    return token


def keep_feed_token(session: Session, member_id: int, token: str) -> None:
    """Let the member's own calendar be at the address with this word, and at no other any more."""
    session.execute(update(MemberRow).where(MemberRow.id == member_id).values(feed_token=token))


def find_follows_by_token(session: Session, token: str) -> list[Follow] | None:
    """What the member with this feed follows; None when no feed has this token."""
    member_id = session.scalars(select(MemberRow.id).where(MemberRow.feed_token == token)).one_or_none()
    return None if member_id is None else follows_of(session, member_id)


def forget(session: Session, platform: str, external_id: str) -> bool:
    """Forget the member behind an identity, with all identities, roles and wishes; False when unknown."""
    found = session.execute(_MEMBER, {"platform": platform, "external_id": external_id}).one_or_none()
    if found is None:
        return False
    session.execute(delete(MemberRow).where(MemberRow.id == found.id))
    return True


def sync_roles(
    session: Session,
    *,
    administrators: Collection[str] = (),
    moderators: Collection[str] = (),
    regional: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Keep exactly the roles of the settings. Identities are `PLATFORM:ID`.

    Args:
        regional: the regions or kind keys of each regional moderator.
    """
    now = database_now(session)
    session.execute(delete(RoleGrantRow))
    granted: list[tuple[str, Role, Collection[str]]] = [
        *((identity, Role.ADMINISTRATOR, ()) for identity in administrators),
        *((identity, Role.MODERATOR, ()) for identity in moderators),
        *((identity, Role.REGIONAL_MODERATOR, scope) for identity, scope in (regional or {}).items()),
    ]
    for identity, role, scope in granted:
        platform, _, external_id = identity.partition(":")
        member_id = _ensure_member(session, platform, external_id, external_id, now)
        row = insert_into(session, RoleGrantRow).values(
            member_id=member_id, role=role, scope=frozenset(scope)
        )
        session.execute(row.on_conflict_do_nothing())


def followers(session: Session, atrium: Atrium) -> list[Follower]:
    """Who asked to be told of this atrium, each identity once.

    Of an atrium that is not public only those are told who follow that very atrium, which they
    cannot have found without seeing it: the bot does not know who else may read where.
    """
    wanted = or_(*(and_(FollowRow.what == what, FollowRow.value == value) for what, value in _names(atrium)))
    if atrium.is_public:
        wanted |= FollowRow.what == FollowWhat.THEME
    statement = (
        select(
            MemberRow.id,
            MemberRow.name,
            IdentityRow.platform,
            IdentityRow.external_id,
            FollowRow.what,
            FollowRow.value,
        )
        .join(IdentityRow, IdentityRow.member_id == MemberRow.id)
        .join(FollowRow, FollowRow.member_id == MemberRow.id)
        .where(wanted)
        .order_by(IdentityRow.id)
    )
    found: dict[Follower, None] = {}
    for row in session.execute(statement):
        if row.what is FollowWhat.THEME and not is_about(folded(atrium.theme or atrium.title), row.value):
            continue
        follower = Follower(
            member_id=row.id, platform=row.platform, external_id=row.external_id, name=row.name
        )
        found[follower] = None
    return list(found)


def _names(atrium: Atrium) -> Iterable[tuple[FollowWhat, str]]:
    """The wishes, other than for a theme, by which this atrium is told."""
    yield FollowWhat.ATRIUM, atrium.uid
    if not atrium.is_public:
        return
    yield FollowWhat.ALL, ""
    yield FollowWhat.KIND, atrium.kind.value
    yield FollowWhat.PLACE, atrium.municipality
    if atrium.province:
        yield FollowWhat.PLACE, province_place(atrium.province)
    if atrium.region:
        yield FollowWhat.REGION, atrium.region


def _ensure_member(session: Session, platform: str, external_id: str, name: str, now: dt.datetime) -> int:
    """The number of the member behind an identity, made known if they are new.

    Two that meet the same newcomer at once end up with one member: the identity decides.
    """
    identity = {"platform": platform, "external_id": external_id}
    found = session.execute(_MEMBER, identity).one_or_none()
    if found is not None:
        return int(found.id)
    new = insert(MemberRow).values(name=name, created_at=now).returning(MemberRow.id)
    member_id = session.scalars(new).one()
    row = insert_into(session, IdentityRow).values(member_id=member_id, **identity)
    claimed = session.scalars(row.on_conflict_do_nothing().returning(IdentityRow.member_id)).one_or_none()
    if claimed is not None:
        return member_id
    session.execute(delete(MemberRow).where(MemberRow.id == member_id))
    return int(session.execute(_MEMBER, identity).one().id)


def _person(session: Session, platform: str, external_id: str, vouched: Role) -> Person | None:
    found = session.execute(_MEMBER, {"platform": platform, "external_id": external_id}).one_or_none()
    if found is None:
        return None
    grants = {row.role: row.scope for row in session.execute(_GRANTS, {"member_id": found.id})}
    role = max([vouched, *grants], key=_RANKS.__getitem__)
    return Person(
        platform=platform,
        external_id=external_id,
        name=found.name,
        role=role,
        scope=grants.get(role, frozenset()) if role is Role.REGIONAL_MODERATOR else frozenset(),
        municipality=found.municipality,
        follows=tuple(follows_of(session, found.id)),
    )
