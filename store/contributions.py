"""What members handed in before an atrium: questions, agenda points, themes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from handlers.model import Contribution
from store.tables import ContributionRow, MemberRow

_NAMES = tuple(each.name for each in fields(Contribution))


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredContribution:
    """What was handed in, by whom (None once they are forgotten), and when (aware UTC)."""

    id: int
    contribution: Contribution
    author: str | None
    created_at: dt.datetime


def add(session: Session, member_id: int | None, contribution: Contribution, now: dt.datetime) -> None:
    """Keep what a member handed in."""
    values = {name: getattr(contribution, name) for name in _NAMES}
    session.execute(insert(ContributionRow).values(**values, member_id=member_id, created_at=now))


def list_contributions(session: Session, atrium_uid: str | None = None) -> list[StoredContribution]:
    """What was handed in, for one atrium or at all, oldest first."""
    columns = [getattr(ContributionRow, name) for name in _NAMES]
    wanted = (
        select(ContributionRow.id, MemberRow.name, ContributionRow.created_at, *columns)
        .outerjoin(MemberRow, MemberRow.id == ContributionRow.member_id)
        .order_by(ContributionRow.id)
    )
    if atrium_uid is not None:
        wanted = wanted.where(ContributionRow.atrium_uid == atrium_uid)
    return [
        StoredContribution(
            id=row.id,
            contribution=Contribution(**{name: row._mapping[name] for name in _NAMES}),
            author=row.name,
            created_at=row.created_at,
        )
        for row in session.execute(wanted)
    ]
