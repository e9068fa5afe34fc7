"""The announcements of moderators: drafts, what waits or is planned, and what was made known.

Each change raises the version; who changes what they did not see last is told so. Functions take a
session and never commit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from handlers.model import AtriumDraft
from handlers.moderation.lifecycle import State
from store.codec import dump, load
from store.outbox import OUTBOX, PLANNED, count
from store.tables import AnnouncementAtriumRow, AnnouncementRow

_ANNOUNCEMENTS = cast("Table", AnnouncementRow.__table__)
_ATRIA = cast("Table", AnnouncementAtriumRow.__table__)

#: Values of a form as they are kept: one text or several.
Typed = dict[str, str | tuple[str, ...]]


class AnnouncementUnknownError(LookupError):
    """There is no announcement of that number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """One announcement. Moments are aware UTC; `AnnouncementRow` says more.

    Attributes:
        drafts: one for each place.
        typed: what was typed in the form, for the same form to be shown again.
        communities: keys of where it goes; empty in a draft of which nobody chose.
        publish_at: when it is to be posted; None for at once.
        atria: uids of what it made known, in the order of the drafts; empty before.
        editor, approver: `PLATFORM:ID`.
        writer: the same, of who made the latest change that another must agree to.
        decisions: what moderators decided on single posts of it, until those are owed again.
    """

    id: int
    state: State
    version: int
    drafts: tuple[AtriumDraft, ...]
    typed: Typed
    communities: frozenset[str]
    publish_at: dt.datetime | None
    programme_uid: str | None
    members: int | None
    author_platform: str
    author_id: str
    author_name: str
    editor: str
    editor_name: str
    writer: str
    approver: str | None
    approver_name: str | None
    reason: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    posted_at: dt.datetime | None
    atria: tuple[str, ...] = ()
    decisions: tuple[Mapping[str, Any], ...] = ()

    @property
    def author(self) -> str:
        """`PLATFORM:ID` of who made it."""
        return f"{self.author_platform}:{self.author_id}"


def add(session: Session, now: dt.datetime, **values: Any) -> Announcement:
    """Keep a new announcement; the values are those of `Announcement`, drafts and all."""
    row = {"state": State.DRAFT, "version": 1, "drafts": (), "typed": {}, "communities": frozenset()}
    row |= {"decisions": [], "created_at": now, "updated_at": now, **values}
    number = session.execute(insert(AnnouncementRow).values(_stored(row)).returning(AnnouncementRow.id))
    return get_announcement(session, number.scalar_one())


def amend(session: Session, number: int, version: int, now: dt.datetime, **values: Any) -> bool:
    """Change an announcement of which this version was seen; False when it has another one by now."""
    statement = (
        update(_ANNOUNCEMENTS)
        .where(_ANNOUNCEMENTS.c.id == number, _ANNOUNCEMENTS.c.version == version)
        .values(**_stored(values), version=version + 1, updated_at=now)
    )
    return count(session, statement) == 1


def bind_atria(session: Session, number: int, uids: Iterable[str]) -> None:
    """Keep which atria an announcement makes known."""
    session.execute(delete(_ATRIA).where(_ATRIA.c.announcement_id == number))
    rows = [
        {"announcement_id": number, "position": position, "atrium_uid": uid}
        for position, uid in enumerate(uids)
    ]
    if rows:
        session.execute(insert(_ATRIA), rows)


def keep_decisions(session: Session, number: int, decisions: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was decided on single posts of an announcement; it stays the version that it is."""
    values = {"decisions": [dict(each) for each in decisions]}
    session.execute(update(_ANNOUNCEMENTS).where(_ANNOUNCEMENTS.c.id == number).values(values))


def find_announcement(session: Session, number: int) -> Announcement | None:
    """The announcement of this number."""
    found = _read(session, select(_ANNOUNCEMENTS).where(_ANNOUNCEMENTS.c.id == number))
    return found[0] if found else None


def take_announcement(session: Session, number: int) -> Announcement | None:
    """The announcement of this number, for nobody else to change until the transaction ends."""
    locked = select(_ANNOUNCEMENTS).where(_ANNOUNCEMENTS.c.id == number).with_for_update()
    found = _read(session, locked)
    return found[0] if found else None


def get_announcement(session: Session, number: int) -> Announcement:
    """The announcement of this number. Raises `AnnouncementUnknownError`."""
    found = find_announcement(session, number)
    if found is None:
        raise AnnouncementUnknownError(str(number))
    return found


def list_announcements(
    session: Session,
    atrium_uid: str | None = None,
    *,
    states: Collection[State] = (),
    limit: int = 500,
    newest_first: bool = False,
) -> list[Announcement]:
    """The announcements, oldest first; each argument that is given narrows."""
    order = _ANNOUNCEMENTS.c.id.desc() if newest_first else _ANNOUNCEMENTS.c.id
    wanted = select(_ANNOUNCEMENTS).order_by(order).limit(limit)
    if atrium_uid is not None:
        about = select(_ATRIA.c.announcement_id).where(_ATRIA.c.atrium_uid == atrium_uid)
        wanted = wanted.where(_ANNOUNCEMENTS.c.id.in_(about))
    if states:
        wanted = wanted.where(_ANNOUNCEMENTS.c.state.in_(states))
    return _read(session, wanted)


def _read(session: Session, statement: Any) -> list[Announcement]:
    rows = session.execute(statement).mappings().all()
    uids: dict[int, list[str]] = {}
    about = select(_ATRIA).where(_ATRIA.c.announcement_id.in_([row["id"] for row in rows]))
    for each in session.execute(about.order_by(_ATRIA.c.position)) if rows else ():
        uids.setdefault(each.announcement_id, []).append(each.atrium_uid)
    return [_announcement(dict(row), uids.get(row["id"], ())) for row in rows]


def _announcement(row: dict[str, Any], uids: Sequence[str]) -> Announcement:
    row["drafts"] = tuple(load(AtriumDraft, each) for each in row["drafts"])
    row["typed"] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row["typed"].items()
    }
    row["decisions"] = tuple(row["decisions"])
    return Announcement(**row, atria=tuple(uids))


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    """The values as their columns keep them."""
    stored = dict(values)
    if "drafts" in stored:
        stored["drafts"] = [dump(each) for each in stored["drafts"]]
    if "typed" in stored:
        stored["typed"] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in stored["typed"].items()
        }
    if "communities" in stored:
        stored["communities"] = frozenset(stored["communities"])
    return stored


def is_taken(session: Session, uid: str) -> bool:
    """Whether an announcement keeps this uid for one of its atria."""
    found = select(_ATRIA.c.atrium_uid).where(_ATRIA.c.atrium_uid == uid)
    return session.execute(found).first() is not None


def due(session: Session, kind: str, now: dt.datetime) -> list[Announcement]:
    """What is scheduled and of which a post of this kind is due at `now` (aware UTC) and not held.

    What somebody is changing right now is left for the next time.
    """
    posts = select(OUTBOX.c.atrium_uid).where(OUTBOX.c.kind == kind, PLANNED, OUTBOX.c.due_at <= now)
    about = select(_ATRIA.c.announcement_id).where(_ATRIA.c.atrium_uid.in_(posts))
    scheduled = select(_ANNOUNCEMENTS).where(_ANNOUNCEMENTS.c.state == State.SCHEDULED)
    wanted = scheduled.where(_ANNOUNCEMENTS.c.id.in_(about)).order_by(_ANNOUNCEMENTS.c.id)
    return _read(session, wanted.with_for_update(skip_locked=True))
