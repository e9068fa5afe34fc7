"""The people: who they are on which platform, what they may do, where they work and what they follow."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from handlers.model import REMINDED_BEFORE, Follow, Person, Role
from store.leases import database_now
from store.prepared import Prepared
from store.raw_rows import RawRows
from store.tables import FollowRow, IdentityRow, MemberRow, RoleGrantRow
from store.upsert import insert_into

#: From the role that may do least to the one that may do most.
_RANKS = {role: rank for rank, role in enumerate(Role)}

_MEMBERS, _IDENTITIES = MemberRow.__table__, IdentityRow.__table__
_GIVEN, _WISHES = RoleGrantRow.__table__, FollowRow.__table__

_MEMBER = (
    select(_MEMBERS.c.id, _MEMBERS.c.name, _MEMBERS.c.municipality, _MEMBERS.c.reminders)
    .join(_IDENTITIES, _IDENTITIES.c.member_id == _MEMBERS.c.id)
    .where(
        _IDENTITIES.c.platform == bindparam("platform"),
        _IDENTITIES.c.external_id == bindparam("external_id"),
    )
)
# Asked with every message, hence all in one: a row for each role, or one for who has none.
_KNOWN_COLUMNS = (
    *_MEMBER.selected_columns,
    _GIVEN.c.role,
    _GIVEN.c.scope,
    exists().where(_WISHES.c.member_id == _MEMBERS.c.id).label("follows"),
)
_KNOWN = Prepared(
    select(*_KNOWN_COLUMNS)
    .join(_IDENTITIES, _IDENTITIES.c.member_id == _MEMBERS.c.id)
    .outerjoin(_GIVEN, _GIVEN.c.member_id == _MEMBERS.c.id)
    .where(
        _IDENTITIES.c.platform == bindparam("platform"),
        _IDENTITIES.c.external_id == bindparam("external_id"),
    )
)
_FOLLOWS = (
    select(_WISHES.c.what, _WISHES.c.value)
    .where(_WISHES.c.member_id == bindparam("member_id"))
    .order_by(_WISHES.c.id)
)


class MemberUnknownError(LookupError):
    """Nobody is known by this identity."""


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
    person = _person(session, platform, external_id, role)
    if person is None:
        _ensure_member(session, platform, external_id, name, now)
        person = _person(session, platform, external_id, role)
    if person is None:
        raise MemberUnknownError(f"{platform}:{external_id}")
    if not name or person.name == name:
        return person
    member_id = member_id_of(session, platform, external_id)
    session.execute(update(MemberRow).where(MemberRow.id == member_id).values(name=name))
    return replace(person, name=name)


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
    rows = session.connection().execute(_FOLLOWS, {"member_id": member_id})
    return [Follow(what=row.what, value=row.value) for row in rows]


def set_municipality(session: Session, member_id: int, municipality: str | None) -> None:
    """Remember where the member works."""
    session.execute(update(MemberRow).where(MemberRow.id == member_id).values(municipality=municipality))


def set_reminders(session: Session, member_id: int, before: Iterable[dt.timedelta] | None) -> None:
    """Remember how long before the start the member wants to be reminded, in whole days.

    Args:
        before: empty for never; None for what everybody gets who did not say.
    """
    value = None if before is None else ",".join(str(each.days) for each in before)
    session.execute(update(MemberRow).where(MemberRow.id == member_id).values(reminders=value))


def reminders_of(value: str | None) -> tuple[dt.timedelta, ...]:
    """How long before the start whoever wrote this wants to be reminded."""
    if value is None:
        return REMINDED_BEFORE
    return tuple(dt.timedelta(days=int(each)) for each in value.split(",") if each)


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
    readers: Collection[str] = (),
    regional: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Keep exactly the roles of the settings. Identities are `PLATFORM:ID`.

    Args:
        regional: the regions or kind keys of each regional moderator.
    """
    now = database_now(session)
    session.execute(delete(RoleGrantRow).where(~RoleGrantRow.given))
    granted: list[tuple[str, Role, Collection[str]]] = [
        *((identity, Role.ADMINISTRATOR, ()) for identity in administrators),
        *((identity, Role.MODERATOR, ()) for identity in moderators),
        *((identity, Role.READER, ()) for identity in readers),
        *((identity, Role.REGIONAL_MODERATOR, scope) for identity, scope in (regional or {}).items()),
    ]
    given: dict[tuple[int, Role], frozenset[str]] = {}
    for identity, role, scope in granted:
        platform, _, external_id = identity.partition(":")
        member_id = _ensure_member(session, platform, external_id, external_id, now)
        # Two identities of one person are one person's scope.
        given[member_id, role] = given.get((member_id, role), frozenset()) | frozenset(scope)
    for (member_id, role), scopes in given.items():
        row = insert_into(session, RoleGrantRow).values(member_id=member_id, role=role, scope=scopes)
        session.execute(row.on_conflict_do_nothing())


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
    rows = _READ.read(session, _KNOWN, {"platform": platform, "external_id": external_id})
    if not rows:
        return None
    found = rows[0]
    grants = {row.role: row.scope for row in rows if row.role is not None}
    role = max([vouched, *grants], key=_RANKS.__getitem__)
    return Person(
        platform=platform,
        external_id=external_id,
        name=found.name,
        role=role,
        scope=grants.get(role, frozenset()) if role is Role.REGIONAL_MODERATOR else frozenset(),
        municipality=found.municipality,
        follows=tuple(follows_of(session, found.id)) if found.follows else (),
        reminders=reminders_of(found.reminders),
    )


class _Known(NamedTuple):
    """A row of `_KNOWN`: the member with one of their roles."""

    id: int
    name: str
    municipality: str | None
    reminders: str | None
    role: Role | None
    scope: frozenset[str]
    follows: bool


_READ = RawRows(_KNOWN_COLUMNS, lambda row: _Known(*row))
