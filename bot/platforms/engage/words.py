"""Words to moderators: what became of an announcement that Viva Engage did not take as one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.platforms.engage.hearing import NAME
from handlers.model import Community
from handlers.reply import Reply
from handlers.wording.catalogue import say
from scheduler.plan import ANSWER
from scheduler.port import Post
from store import belonging, outbox
from store.codec import dump
from store.outbox import Owed
from store.tables import AnnouncementAtriumRow, AnnouncementRow, BelongingRow

#: So long is the word worth something.
LATE = dt.timedelta(days=2)

#: Owners of a community that are told where nobody here announced it.
MOST_OWNERS = 3


def tell_plain(session: Session, post: Post, message: str, now: dt.datetime) -> int:
    """Owe whoever announced it a private message, that it is a plain post; how many are told."""
    if post.community is None:
        return 0
    people = _announcers(session, post.reply.atria) or _owners(session, post.community, now)
    for number in people:
        owed = Owed(
            key=f"{ANSWER}:{NAME}:plain-{message}-{number}",
            kind=ANSWER,
            platform=NAME,
            due_at=now,
            late_until=now + LATE,
            payload={"reply": dump(_word(post.community)), "member": number},
        )
        outbox.enqueue(session, owed, now)
    return len(people)


def _word(community: Community) -> Reply:
    return Reply(
        headline=say("engage.gewoon bericht", community=community.name),
        paragraphs=(
            say("engage.gewoon bericht waarom"),
            say("engage.gewoon bericht gevolg"),
            say("engage.gewoon bericht wat nu"),
        ),
        private=True,
    )


def _announcers(session: Session, atria: tuple[str, ...]) -> list[str]:
    """Who announced these atria here, by their number."""
    found = session.scalars(
        select(AnnouncementRow.author_id)
        .join(AnnouncementAtriumRow, AnnouncementAtriumRow.announcement_id == AnnouncementRow.id)
        .where(AnnouncementAtriumRow.atrium_uid.in_(atria), AnnouncementRow.author_platform == NAME)
        .distinct()
    )
    return [number for number in found if number.isdigit()]


def _owners(session: Session, community: Community, now: dt.datetime) -> list[str]:
    owners = session.scalars(
        select(BelongingRow.external_id)
        .where(
            BelongingRow.community_key == community.key,
            BelongingRow.owns,
            BelongingRow.seen_at >= now - belonging.FRESH_FOR,
        )
        .order_by(BelongingRow.external_id)
    )
    return [number for number in owners if number.isdigit()][:MOST_OWNERS]
