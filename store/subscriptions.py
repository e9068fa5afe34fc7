"""Who is told in private of what they follow: the members that can be written to, with their wishes.

Which platforms let the bot write to a member by itself is known while the program runs; it is noted, so that
a command beside it plans the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from handlers.gazetteer import province_place
from handlers.model import Atrium, Follow, FollowWhat
from store.agenda import atria_where
from store.members import reminders_of
from store.notes import find_note, keep_note
from store.tables import AtriumRow, FollowRow, IdentityRow, MemberRow
from store.topics import NAMED_BY_TITLE, folded, is_about, topic_of

#: The note that names those platforms.
DIRECT = "direct platforms"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """A member who can be written to in private, where, and what they want to be told.

    Attributes:
        platform, external_id: where, and as whom the platform knows them.
        reminders: how long before the start they are reminded.
    """

    member_id: int
    platform: str
    external_id: str
    follows: tuple[Follow, ...]
    reminders: tuple[dt.timedelta, ...]

    def wants(self, atrium: Atrium) -> bool:
        """Whether something that they follow names this atrium; not whether they may see it."""
        return any(names(each, atrium) for each in self.follows)


def keep_direct_platforms(session: Session, names: Iterable[str]) -> None:
    """Note on which platforms the bot can write to a member by itself."""
    wanted = ",".join(sorted(names))
    if find_note(session, DIRECT) != wanted:
        keep_note(session, DIRECT, wanted)


def direct_platforms(session: Session) -> frozenset[str]:
    """The platforms on which the bot can write to a member by itself; none before it ever ran."""
    return frozenset(filter(None, (find_note(session, DIRECT) or "").split(",")))


def names(follow: Follow, atrium: Atrium) -> bool:
    """Whether a wish names this atrium."""
    match follow.what:
        case FollowWhat.ALL:
            return True
        case FollowWhat.KIND:
            return follow.value == atrium.kind.value
        case FollowWhat.REGION:
            return follow.value == atrium.region
        case FollowWhat.PLACE:
            return follow.value in _places(atrium)
        case FollowWhat.THEME:
            return _is_about(atrium, follow.value)
        case FollowWhat.ATRIUM:
            return follow.value == atrium.uid


def find_subscriber(session: Session, member_id: int, direct: Collection[str]) -> Subscriber | None:
    """A member with their wishes; None when no platform lets the bot write to them."""
    found = subscribers(session, direct, [member_id])
    return found[0] if found else None


def subscribers(session: Session, direct: Collection[str], members: Sequence[int]) -> list[Subscriber]:
    """Those of these members that can be written to, each once, where they were first known."""
    if not direct or not members:
        return []
    chosen = IdentityRow.member_id.in_(members), IdentityRow.platform.in_(direct)
    identities = (
        select(IdentityRow.member_id, IdentityRow.platform, IdentityRow.external_id, MemberRow.reminders)
        .join(MemberRow, MemberRow.id == IdentityRow.member_id)
        .where(*chosen)
        .order_by(IdentityRow.id)
    )
    follows: dict[int, list[Follow]] = {}
    wanted = select(FollowRow.member_id, FollowRow.what, FollowRow.value)
    wanted = wanted.where(FollowRow.member_id.in_(members)).order_by(FollowRow.id)
    for member_id, what, value in session.execute(wanted):
        follows.setdefault(member_id, []).append(Follow(what=what, value=value))
    found: dict[int, Subscriber] = {}
    for row in session.execute(identities):
        if row.member_id not in found:
            found[row.member_id] = Subscriber(
                member_id=row.member_id,
                platform=row.platform,
                external_id=row.external_id,
                follows=tuple(follows.get(row.member_id, ())),
                reminders=reminders_of(row.reminders),
            )
    return list(found.values())


def followers(session: Session, atria: Collection[Atrium]) -> list[int]:
    """The members of whom something that they follow names one of these atria, by number.

    Costs by those followers, and by the themes that anybody follows.
    """
    exact = {wish for atrium in atria for wish in _wishes(atrium)}
    followed = select(FollowRow.value).where(FollowRow.what == FollowWhat.THEME).distinct()
    themes = [
        theme for theme in session.scalars(followed) if any(_is_about(atrium, theme) for atrium in atria)
    ]
    by_what: dict[FollowWhat, set[str]] = {FollowWhat.THEME: set(themes)} if themes else {}
    for what, value in exact:
        by_what.setdefault(what, set()).add(value)
    named = or_(*((FollowRow.what == what) & FollowRow.value.in_(values) for what, values in by_what.items()))
    return list(
        session.scalars(select(FollowRow.member_id).where(named).distinct().order_by(FollowRow.member_id))
    )


def following(session: Session, after: int, most: int) -> list[int]:
    """The members who follow anything, by number, from after a number on."""
    wanted = select(FollowRow.member_id).where(FollowRow.member_id > after).distinct()
    return list(session.scalars(wanted.order_by(FollowRow.member_id).limit(most)))


def coming(session: Session, follow: Follow, since: dt.datetime, until: dt.datetime) -> list[Atrium]:
    """The atria that a wish names and that begin in this period (aware UTC), whoever may see them."""
    found = atria_where(
        session, AtriumRow.starts_at >= since, AtriumRow.starts_at < until, *_condition(follow)
    )
    return [atrium for atrium in found if names(follow, atrium)]


def _condition(follow: Follow) -> tuple[ColumnElement[bool], ...]:
    """What the database can sift; a theme it cannot."""
    match follow.what:
        case FollowWhat.KIND:
            return (AtriumRow.kind == follow.value,)
        case FollowWhat.REGION:
            return (AtriumRow.region == follow.value,)
        case FollowWhat.ATRIUM:
            return (AtriumRow.uid == follow.value,)
        case _:
            return ()


def _wishes(atrium: Atrium) -> Iterable[tuple[FollowWhat, str]]:
    """The wishes, other than for a theme, that name this atrium."""
    yield FollowWhat.ATRIUM, atrium.uid
    yield FollowWhat.ALL, ""
    yield FollowWhat.KIND, atrium.kind.value
    for place in _places(atrium):
        yield FollowWhat.PLACE, place
    if atrium.region:
        yield FollowWhat.REGION, atrium.region


def _places(atrium: Atrium) -> list[str]:
    """Everything that the place of an atrium may be followed as."""
    province = province_place(atrium.province) if atrium.province else None
    return [each for each in (atrium.municipality, province, atrium.region) if each]


def _is_about(atrium: Atrium, theme: str) -> bool:
    if is_about(topic_of(atrium.kind, atrium.theme, atrium.title), theme):
        return True
    return atrium.kind in NAMED_BY_TITLE and is_about(folded(atrium.title), theme)
