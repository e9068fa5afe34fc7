"""What moderators published: which atrium, in which communities, by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store.tables import AnnouncementRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """One publication; `communities` are keys, the author is known by platform, `created_at` is aware UTC."""

    id: int
    atrium_uid: str
    communities: frozenset[str]
    author_platform: str
    author_id: str
    created_at: dt.datetime


def add(
    session: Session,
    atrium_uid: str,
    communities: Iterable[str],
    author_platform: str,
    author_id: str,
    now: dt.datetime,
) -> None:
    """Keep that an atrium was announced in these communities."""
    session.execute(
        insert(AnnouncementRow).values(
            atrium_uid=atrium_uid,
            communities=frozenset(communities),
            author_platform=author_platform,
            author_id=author_id,
            created_at=now,
        )
    )


def list_announcements(session: Session, atrium_uid: str | None = None) -> list[Announcement]:
    """The announcements, of one atrium or of all, oldest first."""
    wanted = select(AnnouncementRow.__table__).order_by(AnnouncementRow.id)
    if atrium_uid is not None:
        wanted = wanted.where(AnnouncementRow.atrium_uid == atrium_uid)
    return [Announcement(**row._mapping) for row in session.execute(wanted)]
