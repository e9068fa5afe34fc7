"""Who changed what, when and where, with the values before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from handlers.model import BRUSSELS, Person
from store.tables import AuditRow


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """One act of a moderator, or of the program in their name.

    Attributes:
        at: aware UTC.
        actor, actor_name: `PLATFORM:ID`, and what they are called.
        place: key of the community, or "cli" and the like; None in private.
        action, subject: what was done ("changed") to what (a uid, a key, a number).
        before, after: JSON; None where there is nothing to compare.
    """

    id: int
    at: dt.datetime
    actor: str
    actor_name: str
    place: str | None
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def write(
    session: Session,
    at: dt.datetime,
    person: Person,
    place: str | None,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down one act, in the transaction of what was done."""
    values = {
        "at": at,
        "actor": f"{person.platform}:{person.external_id}",
        "actor_name": person.name,
        "place": place,
        "action": action,
        "subject": subject,
    }
    # Left out rather than None, which JSON columns would keep as the JSON value null.
    values |= {
        name: dict(value) for name, value in (("before", before), ("after", after)) if value is not None
    }
    session.execute(insert(AuditRow).values(values))


def entries(
    session: Session, limit: int = 100, *, subject: str | None = None, older_than: int | None = None
) -> list[AuditEntry]:
    """The latest acts, newest first.

    Args:
        subject: only what was done to this.
        older_than: only what comes before the entry of this number, to go on where a page ended.
    """
    wanted = select(AuditRow.__table__).order_by(AuditRow.id.desc()).limit(limit)
    if subject is not None:
        wanted = wanted.where(AuditRow.subject == subject)
    if older_than is not None:
        wanted = wanted.where(AuditRow.id < older_than)
    return [AuditEntry(**row._mapping) for row in session.execute(wanted)]


def about(session: Session, subjects: Collection[str], limit: int) -> list[AuditEntry]:
    """What was done to any of these, newest first."""
    wanted = select(AuditRow.__table__).where(AuditRow.subject.in_(list(subjects)))
    found = session.execute(wanted.order_by(AuditRow.id.desc()).limit(limit))
    return [AuditEntry(**row._mapping) for row in found]


def last_acts(session: Session, subjects: Collection[str]) -> dict[str, AuditEntry]:
    """For each of these what a person did to it last; what the bot does by itself does not count."""
    is_person = AuditRow.actor.not_like("bot:%")
    last = select(func.max(AuditRow.id)).where(AuditRow.subject.in_(list(subjects)), is_person)
    wanted = select(AuditRow.__table__).where(AuditRow.id.in_(last.group_by(AuditRow.subject)))
    return {row.subject: AuditEntry(**row._mapping) for row in session.execute(wanted)}


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFilter:
    """What to look for; None asks nothing. Days are those of Brussels, both included."""

    who: str | None = None
    action: str | None = None
    subject: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


def search(
    session: Session, wanted: AuditFilter, limit: int, older_than: int | None = None
) -> list[AuditEntry]:
    """The acts that match, newest first. Texts match as they are, capitals aside."""
    row = AuditRow
    asked = select(row.__table__).order_by(row.id.desc()).limit(limit)
    if wanted.who:
        who = wanted.who
        asked = asked.where(
            row.actor_name.icontains(who, autoescape=True) | row.actor.icontains(who, autoescape=True)
        )
    if wanted.action:
        asked = asked.where(row.action == wanted.action)
    if wanted.subject:
        asked = asked.where(row.subject.icontains(wanted.subject, autoescape=True))
    if wanted.first:
        asked = asked.where(row.at >= _midnight(wanted.first))
    if wanted.last and wanted.last < dt.date.max:
        asked = asked.where(row.at < _midnight(wanted.last + dt.timedelta(days=1)))
    if older_than is not None:
        asked = asked.where(row.id < older_than)
    return [AuditEntry(**each._mapping) for each in session.execute(asked)]


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(max(day, dt.date(1, 1, 2)), dt.time(), BRUSSELS)
