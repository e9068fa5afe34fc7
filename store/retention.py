"""What is kept no longer than needed: the rules of docs/privacy.md, carried out a little at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, null, select, update
from sqlalchemy.orm import Session, aliased

from handlers.dossier import ACTS_KEPT_FOR
from store import addresses, belonging, forgetting, reactions, spoken
from store.batches import count, delete_some
from store.engine import Store
from store.events import purge_events
from store.questions import purge_unread
from store.states import OutboxState
from store.tables import (
    AnnouncementRow,
    AtriumRow,
    AuditRow,
    ContributionRow,
    FollowRow,
    IdentityRow,
    InboundEventRow,
    LocalMessageRow,
    MemberRow,
    OutboxRow,
    RoleGrantRow,
)
from store.threads import purge_threads

#: How many rows one transaction changes.
BATCH = 500

#: Posts in communities stay at least so long: weekly budgets and monthly overviews look back on them.
POSTS_KEPT_FOR = dt.timedelta(days=90)

#: Who belongs where is said anew all the time; what nobody said for so long is not kept.
BELONGINGS_KEPT_FOR = dt.timedelta(days=1)

_ANSWER = "answer"
_OVER = (OutboxState.SENT, OutboxState.SKIPPED, OutboxState.FAILED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What is older goes; aware UTC.

    Attributes:
        before: messages, answers, contributions, and people of whom nothing was heard.
        posts_before: what was posted in communities.
        acts_before: who did what as a moderator.
        belongings_before: what a platform said of who belongs to a community.
    """

    before: dt.datetime
    posts_before: dt.datetime
    acts_before: dt.datetime
    belongings_before: dt.datetime


Rule = Callable[[Session, Bounds, int], int]


def bounds_at(now: dt.datetime, keep: dt.timedelta) -> Bounds:
    """The bounds at `now` (aware UTC) when messages are kept for so long."""
    return Bounds(
        before=now - keep,
        posts_before=now - max(keep, POSTS_KEPT_FOR),
        acts_before=now - max(keep, ACTS_KEPT_FOR),
        belongings_before=now - BELONGINGS_KEPT_FOR,
    )


def purge(store: Store, now: dt.datetime, keep: dt.timedelta) -> dict[str, int]:
    """Drop what is older than it may be, in short transactions; how many rows, by rule.

    What is not settled stays, whatever its age: a message to be answered, a post to be sent or
    looked at.

    Args:
        now: aware UTC.
        keep: how long messages and answers are kept.
    """
    bounds = bounds_at(now, keep)
    dropped = {}
    for name, rule in RULES.items():
        dropped[name] = 0
        while True:
            with store.writing() as session:
                number = rule(session, bounds, BATCH)
            dropped[name] += number
            if number < BATCH:
                break
    return dropped


def _events(session: Session, bounds: Bounds, most: int) -> int:
    return purge_events(session, bounds.before, most)


def _threads(session: Session, bounds: Bounds, most: int) -> int:
    return purge_threads(session, bounds.before, most)


def _spoken_threads(session: Session, bounds: Bounds, most: int) -> int:
    return spoken.purge(session, bounds.before, most)


def _questions(session: Session, bounds: Bounds, most: int) -> int:
    return purge_unread(session, bounds.before, most)


def _answers(session: Session, bounds: Bounds, most: int) -> int:
    """Answers, which nothing can owe once more: the message that asked is settled, or gone as well."""
    old = (OutboxRow.kind == _ANSWER) & (OutboxRow.updated_at < bounds.before)
    return delete_some(session, OutboxRow, old & OutboxRow.state.in_(_OVER), most)


def _farewells(session: Session, _: Bounds, most: int) -> int:
    """What said farewell goes as soon as it was sent, whatever its age."""
    return forgetting.drop_farewells(session, most)


def _overviews(session: Session, bounds: Bounds, most: int) -> int:
    """Posts about a period: a period that is over is never planned again."""
    old = (
        (OutboxRow.kind != _ANSWER)
        & OutboxRow.atrium_uid.is_(None)
        & (OutboxRow.due_at < bounds.posts_before)
        & (OutboxRow.updated_at < bounds.posts_before)
    )
    return delete_some(session, OutboxRow, old & OutboxRow.state.in_(_OVER), most)


def _personal_posts(session: Session, bounds: Bounds, most: int) -> int:
    """What one member was told of an atrium that is long over."""
    old = OutboxRow.member_id.is_not(None) & (OutboxRow.updated_at < bounds.posts_before)
    old &= OutboxRow.atrium_uid.in_(_long_over(bounds))
    return delete_some(session, OutboxRow, old & OutboxRow.state.in_(_OVER), most)


def _payloads(session: Session, bounds: Bounds, most: int) -> int:
    """What a post in a community said of an atrium that is long over.

    The row stays, with its key: an atrium that is moved, or gets its materials late, is planned
    anew, and what was said of it must not be said again.
    """
    old = OutboxRow.payload.is_not(null()) & (OutboxRow.updated_at < bounds.posts_before)
    old &= OutboxRow.atrium_uid.in_(_long_over(bounds)) & OutboxRow.state.in_(_OVER)
    chosen = select(OutboxRow.id).where(old).order_by(OutboxRow.id).limit(most)
    return count(session, update(OutboxRow).where(OutboxRow.id.in_(chosen)).values(payload=null()))


def _long_over(bounds: Bounds) -> Select[str]:
    return select(AtriumRow.uid).where(AtriumRow.starts_at < bounds.posts_before)


def _addresses(session: Session, bounds: Bounds, most: int) -> int:
    """Where posts can be opened, as long as the posts themselves are looked back on."""
    return addresses.purge(session, bounds.posts_before, most)


def _reactions(session: Session, bounds: Bounds, most: int) -> int:
    """How many reacted to what was posted so long ago that nobody looks any more."""
    return reactions.purge(session, bounds.posts_before, most)


def _local_messages(session: Session, bounds: Bounds, most: int) -> int:
    """Conversations of the local community in which nothing was said since.

    The newest message of all stays: SQLite would give its number to the next one, and whoever
    read up to that number would miss it.
    """
    later = aliased(LocalMessageRow)
    root = func.coalesce(LocalMessageRow.thread_id, LocalMessageRow.id)
    goes_on = select(later.id).where(
        (later.id == root) | (later.thread_id == root), later.at >= bounds.before
    )
    newest = select(func.max(LocalMessageRow.id)).scalar_subquery()
    old = (LocalMessageRow.at < bounds.before) & ~goes_on.exists() & (LocalMessageRow.id != newest)
    return delete_some(session, LocalMessageRow, old, most)


def _contributions(session: Session, bounds: Bounds, most: int) -> int:
    """What was handed in, unless for an atrium that is to come or not long over."""
    coming = select(AtriumRow.id).where(
        AtriumRow.uid == ContributionRow.atrium_uid, AtriumRow.starts_at >= bounds.before
    )
    old = (ContributionRow.created_at < bounds.before) & ~coming.exists()
    return delete_some(session, ContributionRow, old, most)


def _strangers(session: Session, bounds: Bounds, most: int) -> int:
    """People who once said something, asked for nothing to be kept, and were not heard of since."""
    heard_of = (
        select(IdentityRow.member_id)
        .join(
            InboundEventRow,
            (InboundEventRow.platform == IdentityRow.platform)
            & (InboundEventRow.author_id == IdentityRow.external_id),
        )
        .distinct()
    )
    old = (MemberRow.created_at < bounds.before) & MemberRow.id.not_in(heard_of)
    old &= MemberRow.municipality.is_(None) & MemberRow.feed_token.is_(None)
    for table in (FollowRow, RoleGrantRow, ContributionRow, OutboxRow):
        held = select(table.member_id).where(table.member_id.is_not(None))
        old &= MemberRow.id.not_in(held)
    return delete_some(session, MemberRow, old, most)


def _belongings(session: Session, bounds: Bounds, most: int) -> int:
    """Where the platforms said that people belong, as soon as it counts for nothing any more."""
    return belonging.purge(session, bounds.belongings_before, most)


def _acts(session: Session, bounds: Bounds, most: int) -> int:
    return delete_some(session, AuditRow, AuditRow.at < bounds.acts_before, most)


def _announcements(session: Session, bounds: Bounds, most: int) -> int:
    return delete_some(session, AnnouncementRow, AnnouncementRow.created_at < bounds.acts_before, most)


#: What is done, in this order: people go after what they said.
RULES: Mapping[str, Rule] = {
    "events": _events,
    "threads": _threads,
    "spoken_threads": _spoken_threads,
    "questions": _questions,
    "answers": _answers,
    "farewells": _farewells,
    "overviews": _overviews,
    "personal_posts": _personal_posts,
    "payloads": _payloads,
    "addresses": _addresses,
    "reactions": _reactions,
    "local_messages": _local_messages,
    "contributions": _contributions,
    "strangers": _strangers,
    "belongings": _belongings,
    "acts": _acts,
    "announcements": _announcements,
}
