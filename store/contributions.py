"""What members handed in before an atrium (questions, agenda points, themes), and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from handlers.context import HandedIn
from handlers.model import Contribution
from handlers.moderation.contribution_state import ContributionState
from store.tables import ContributionRow, IdentityRow, MemberRow

_NAMES = tuple(each.name for each in fields(Contribution))

#: What takes the place of a platform where something was handed in on the public page of its atrium.
PAGE = "page"


class ContributionUnknownError(LookupError):
    """Nothing was handed in under that number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredContribution:
    """What was handed in, by whom (None once they are forgotten), when, and what became of it.

    Moments are aware UTC. Platform, community and thread say where it was handed in. The giver's name and
    address are what somebody without an account typed on the page: nobody vouches for them.
    """

    id: int
    contribution: Contribution
    author: str | None
    created_at: dt.datetime
    state: ContributionState = ContributionState.NIEUW
    position: int | None = None
    merged_into: int | None = None
    answer: str | None = None
    member_id: int | None = None
    platform: str | None = None
    community_key: str | None = None
    thread: str | None = None
    settled_at: dt.datetime | None = None
    giver_name: str | None = None
    giver_email: str | None = None

    @property
    def is_vouched_for(self) -> bool:
        """Whether a platform vouches for who handed it in."""
        return self.platform != PAGE


_OWN = (
    "id", "created_at", "state", "position", "merged_into", "answer", "member_id", "platform",
    "community_key", "thread", "settled_at", "giver_name", "giver_email",
)  # fmt: skip


def add(
    session: Session,
    member_id: int | None,
    contribution: Contribution,
    now: dt.datetime,
    *,
    platform: str | None = None,
    community: str | None = None,
    thread: str | None = None,
) -> None:
    """Keep what a member handed in, and where, so that they can be answered there."""
    values = {name: getattr(contribution, name) for name in _NAMES}
    where = {"platform": platform, "community_key": community, "thread": thread}
    session.execute(insert(ContributionRow).values(**values, **where, member_id=member_id, created_at=now))


def waits(session: Session, member_id: int, contribution: Contribution) -> bool:
    """Whether a member handed in these very words for this atrium, and nobody looked at them yet."""
    wanted = select(ContributionRow.id).where(
        ContributionRow.member_id == member_id,
        ContributionRow.atrium_uid == contribution.atrium_uid,
        ContributionRow.text == contribution.text,
        ContributionRow.state == ContributionState.NIEUW,
    )
    return session.scalars(wanted.limit(1)).one_or_none() is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody who hands something in on a public page, as far as they told; nobody vouches for it.

    Attributes:
        proof: the form that they filled in, by which sending it twice is told from saying it twice.
    """

    proof: str
    name: str | None = None
    email: str | None = None


def add_from_page(session: Session, contribution: Contribution, visitor: Visitor, now: dt.datetime) -> bool:
    """Keep what a visitor of a page hands in; False when that very form was kept already."""
    sent = select(ContributionRow.id).where(
        ContributionRow.platform == PAGE,
        ContributionRow.atrium_uid == contribution.atrium_uid,
        ContributionRow.thread == visitor.proof,
    )
    if session.scalars(sent.limit(1)).one_or_none() is not None:
        return False
    values = {name: getattr(contribution, name) for name in _NAMES}
    given = {"giver_name": visitor.name, "giver_email": visitor.email}
    row = insert(ContributionRow).values(
        **values, **given, platform=PAGE, thread=visitor.proof, created_at=now
    )
    session.execute(row)
    return True


def waiting_from_page(session: Session, atrium_uid: str) -> int:
    """How many that visitors handed in for an atrium nobody looked at yet."""
    wanted = select(func.count()).where(
        ContributionRow.platform == PAGE,
        ContributionRow.atrium_uid == atrium_uid,
        ContributionRow.state == ContributionState.NIEUW,
    )
    return session.execute(wanted).scalar_one()


def drop_from_page(session: Session, number: int) -> bool:
    """Drop what a visitor handed in, as if it had not been; False where it is not a visitor's."""
    dropped = delete(ContributionRow).where(ContributionRow.id == number, ContributionRow.platform == PAGE)
    return bool(session.execute(dropped.returning(ContributionRow.id)).all())


def list_contributions(session: Session, atrium_uid: str | None = None) -> list[StoredContribution]:
    """What was handed in, for one atrium or at all: what is on the agenda first, then oldest first."""
    wanted = _wanted().order_by(
        ContributionRow.position.is_(None), ContributionRow.position, ContributionRow.id
    )
    if atrium_uid is not None:
        wanted = wanted.where(ContributionRow.atrium_uid == atrium_uid)
    return [_contribution(row._mapping) for row in session.execute(wanted)]


def without_atrium(session: Session) -> list[StoredContribution]:
    """Themes and atria that members suggested: for no atrium yet, oldest first."""
    wanted = _wanted().where(ContributionRow.atrium_uid.is_(None)).order_by(ContributionRow.id)
    return [_contribution(row._mapping) for row in session.execute(wanted)]


def newest(
    session: Session, states: Collection[ContributionState], limit: int, offset: int = 0
) -> list[StoredContribution]:
    """What was handed in for whatever atrium and is in one of these states, newest first."""
    wanted = _wanted().where(ContributionRow.state.in_(states)).order_by(ContributionRow.id.desc())
    return [_contribution(row._mapping) for row in session.execute(wanted.limit(limit).offset(offset))]


def find_contribution(session: Session, number: int) -> StoredContribution | None:
    """What was handed in under this number."""
    row = session.execute(_wanted().where(ContributionRow.id == number)).one_or_none()
    return _contribution(row._mapping) if row is not None else None


def settle(
    session: Session,
    number: int,
    state: ContributionState,
    now: dt.datetime,
    *,
    answer: str | None = None,
    into: int | None = None,
    position: int | None = None,
) -> StoredContribution:
    """Keep what became of it; without a place it comes last. Raises `ContributionUnknownError`."""
    before = find_contribution(session, number)
    if before is None:
        raise ContributionUnknownError(str(number))
    values: dict[str, Any] = {"state": state, "settled_at": now}
    if answer:
        values["answer"] = answer
    if state is ContributionState.SAMENGEVOEGD:
        values["merged_into"] = into
    if state is ContributionState.OP_DE_AGENDA and before.position is None:
        values["position"] = _last_position(session, before.contribution.atrium_uid) + 1
    session.execute(update(ContributionRow).where(ContributionRow.id == number).values(**values))
    if state is ContributionState.SAMENGEVOEGD:
        # What was merged into it before follows along, so that one speaks for all of them.
        followers = update(ContributionRow).where(ContributionRow.merged_into == number)
        session.execute(followers.values(merged_into=into))
    if position is not None:
        move(session, number, position)
    settled = find_contribution(session, number)
    assert settled is not None  # noqa: S101  # it was there a moment ago, in this transaction
    return settled


def move(session: Session, number: int, position: int) -> None:
    """Put what is on the agenda at this place, counted from 1; the others make room."""
    moved = find_contribution(session, number)
    if moved is None:
        raise ContributionUnknownError(str(number))
    listed = list_contributions(session, moved.contribution.atrium_uid)
    on = [each.id for each in listed if each.position is not None and each.id != number]
    on.insert(max(position, 1) - 1, number)
    for place, each in enumerate(on, start=1):
        session.execute(update(ContributionRow).where(ContributionRow.id == each).values(position=place))


def merged_into(session: Session, number: int) -> list[StoredContribution]:
    """What was merged into this one: its authors hear what becomes of it too."""
    rows = session.execute(
        _wanted().where(ContributionRow.merged_into == number).order_by(ContributionRow.id)
    )
    return [_contribution(row._mapping) for row in rows]


def external_id_of(session: Session, member_id: int, platform: str) -> str | None:
    """How a platform knows this member."""
    wanted = select(IdentityRow.external_id).where(
        IdentityRow.member_id == member_id, IdentityRow.platform == platform
    )
    return session.scalars(wanted.limit(1)).one_or_none()


def handed_in(stored: StoredContribution) -> HandedIn:
    """A contribution as moderators and the organiser see it: the name only where its author agreed."""
    return HandedIn(
        number=stored.id,
        text=stored.contribution.text,
        state=stored.state,
        atrium_uid=stored.contribution.atrium_uid,
        author=(stored.author or stored.giver_name) if stored.contribution.named else None,
        answer=stored.answer,
        into=stored.merged_into,
        position=stored.position,
        sort=stored.contribution.sort,
        is_vouched_for=stored.is_vouched_for,
    )


def _last_position(session: Session, atrium_uid: str | None) -> int:
    last = select(func.max(ContributionRow.position)).where(ContributionRow.atrium_uid == atrium_uid)
    return session.execute(last).scalar_one() or 0


def _wanted() -> Select[Any]:
    columns = [getattr(ContributionRow, name) for name in (*_OWN, *_NAMES)]
    return select(MemberRow.name.label("author"), *columns).outerjoin(
        MemberRow, MemberRow.id == ContributionRow.member_id
    )


def _contribution(row: Any) -> StoredContribution:
    return StoredContribution(
        contribution=Contribution(**{name: row[name] for name in _NAMES}),
        author=row["author"],
        **{name: row[name] for name in _OWN},
    )
