"""Who holds which role, and the roles that administrators give and withdraw in the console."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handlers.model import Role
from store.members import ensure_person, member_id_of
from store.tables import IdentityRow, MemberRow, RoleGrantRow
from store.upsert import insert_into


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One role of one member, with every identity that they are known by (`PLATFORM:ID`).

    `given` is False for a role of the settings, which only the settings take away.
    """

    id: int
    member_id: int
    name: str
    identities: tuple[str, ...]
    role: Role
    scope: frozenset[str]
    given: bool


def list_grants(session: Session) -> list[Grant]:
    """Every role, the highest first, then by name."""
    rows = session.execute(
        select(
            RoleGrantRow.id,
            RoleGrantRow.member_id,
            MemberRow.name,
            RoleGrantRow.role,
            RoleGrantRow.scope,
            RoleGrantRow.given,
        ).join(MemberRow, MemberRow.id == RoleGrantRow.member_id)
    ).all()
    known: dict[int, list[str]] = {}
    holders = {row.member_id for row in rows}
    identities = select(IdentityRow).where(IdentityRow.member_id.in_(holders)).order_by(IdentityRow.id)
    for identity in session.scalars(identities):
        known.setdefault(identity.member_id, []).append(f"{identity.platform}:{identity.external_id}")
    grants = [Grant(**row._mapping, identities=tuple(known.get(row.member_id, ()))) for row in rows]
    ranks = {role: rank for rank, role in enumerate(Role)}
    return sorted(grants, key=lambda each: (-ranks[each.role], each.name.casefold(), each.id))


def find_grant(session: Session, number: int) -> Grant | None:
    return next((each for each in list_grants(session) if each.id == number), None)


def give(
    session: Session, identity: str, name: str, role: Role, scope: Collection[str], now: dt.datetime
) -> None:
    """Give a role to whoever has this identity (`PLATFORM:ID`), known already or not.

    Giving it again replaces its scope; a role of the settings is left as it is.
    """
    platform, _, external_id = identity.partition(":")
    ensure_person(session, platform, external_id, name, Role.MEMBER, now)
    values = {"scope": frozenset(scope), "given": True}
    row = insert_into(session, RoleGrantRow).values(
        member_id=member_id_of(session, platform, external_id), role=role, **values
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["member_id", "role"], set_=values, where=RoleGrantRow.given.is_(True)
        )
    )


def withdraw(session: Session, number: int) -> bool:
    """Take back a role that was given in the console; False when it was not."""
    gone = delete(RoleGrantRow).where(RoleGrantRow.id == number, RoleGrantRow.given)
    return session.scalars(gone.returning(RoleGrantRow.id)).first() is not None
