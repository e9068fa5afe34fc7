"""An announcement on its way: planned, begun at its moment, settled by what became of its posts, recalled.

Until it begins, what it announces is in no agenda: nothing of a draft can be found, listed or asked
for. Everything happens in the transaction of the session that is handed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from handlers.context import Context
from handlers.model import Atrium, Person
from handlers.moderation.draft import atrium_of
from handlers.moderation.lifecycle import Act, State
from handlers.moderation.uid import new_uid
from scheduler import changes, decided
from scheduler.plan import ANNOUNCEMENT, announcement_posts
from scheduler.rules import Rules
from scheduler.window import CALLED_OFF
from store import announcements, audit, outbox
from store.agenda import StoredAgenda, save_atrium
from store.announcements import Announcement
from store.communities import list_communities
from store.outbox import Entry
from store.states import OutboxState

TOO_LATE = "reden.atrium al begonnen"
ALL_SKIPPED = "reden.alles geschrapt"

#: Who does what comes of itself.
BOT = Person(platform="bot", external_id="atriumbot", name="atriumbot")

#: What may still leave, or did and nobody knows.
_UNDECIDED = frozenset({OutboxState.PLANNED, OutboxState.HELD, OutboxState.CLAIMED, OutboxState.AMBIGUOUS})


#: What can be taken back as if it was never owed.
_NOT_LEAVING = frozenset({OutboxState.PLANNED, OutboxState.HELD, OutboxState.SKIPPED})


def context_of(session: Session, person: Person, now: dt.datetime, reads: Collection[str] = ()) -> Context:
    """What is known where nobody else reads along; `reads` are the communities that may be spoken of."""
    return Context(
        now=now,
        person=person,
        agenda=StoredAgenda(session),
        communities=list_communities(session),
        reads=frozenset(reads),
    )


def atria_of(session: Session, announcement: Announcement, now: dt.datetime) -> list[Atrium]:
    """The atria that the drafts of an announcement become, with the uids that are kept for them."""
    author = Person(
        platform=announcement.author_platform,
        external_id=announcement.author_id,
        name=announcement.author_name,
    )
    context = context_of(session, author, now)
    uids = announcement.atria or _uids(session, announcement, context)
    keys = [each.key for each in context.communities if each.key in announcement.communities]
    programme = programme_of(announcement, uids)
    return [
        atrium_of(draft, keys, context, uid, programme)
        for draft, uid in zip(announcement.drafts, uids, strict=True)
    ]


def programme_of(announcement: Announcement, uids: Sequence[str]) -> str | None:
    """What ties the places together; None for one place."""
    if len(announcement.drafts) < 2:
        return None
    return announcement.programme_uid or f"programma-{uids[0]}"


def _uids(session: Session, announcement: Announcement, context: Context) -> list[str]:
    """A key for each place that nothing else has, planned announcements included."""
    uids: list[str] = []
    for draft in announcement.drafts:
        base = new_uid(draft, context)
        uid, number = base, 1
        while uid in uids or announcements.is_taken(session, uid):
            number += 1
            uid = f"{base}-{number}"
        uids.append(uid)
    return uids


def reserve(session: Session, announcement: Announcement, now: dt.datetime) -> list[Atrium]:
    """Keep the uids that the places will have; the atria as they will be."""
    atria = atria_of(session, announcement, now)
    announcements.bind_atria(session, announcement.id, [each.uid for each in atria])
    return atria


def plan(session: Session, announcement: Announcement, rules: Rules, now: dt.datetime) -> None:
    """Owe its posts at its moment; an earlier plan of it goes."""
    atria = reserve(session, announcement, now)
    due_at = announcement.publish_at or now
    outbox.drop_unsent(session, ANNOUNCEMENT, [each.uid for each in atria])
    communities = list_communities(session)
    for atrium in atria:
        for owed in announcement_posts(atrium, communities, announcement.communities, due_at, rules):
            outbox.enqueue(session, owed, now)
    _decide_again(session, announcement, atria, now)


def unplan(session: Session, announcement: Announcement, *, moment_stays: bool = True) -> bool:
    """Owe none of its posts any more; False, and nothing done, when one of them is leaving or has left.

    What moderators held, struck or moved of them is kept for when they are owed again.

    Args:
        moment_stays: the announcement keeps its moment; when it gets another all its posts follow.
    """
    posts = posts_of(session, announcement)
    if any(each.state not in _NOT_LEAVING for each in posts):
        return False
    kept = decided.decisions_on(announcement, posts, moment_stays=moment_stays)
    announcements.keep_decisions(session, announcement.id, kept)
    outbox.drop_unsent(session, ANNOUNCEMENT, announcement.atria)
    announcements.bind_atria(session, announcement.id, ())
    return True


def _decide_again(
    session: Session, announcement: Announcement, atria: Sequence[Atrium], now: dt.datetime
) -> None:
    """What was decided on its posts holds for those that are owed now."""
    if announcement.decisions:
        decided.apply(session, announcement, atria, now)
        announcements.keep_decisions(session, announcement.id, ())


def begin(session: Session, announcement: Announcement, rules: Rules, now: dt.datetime) -> list[Atrium]:
    """Its atria come on the agenda and its communities are told, from now on at the latest.

    The caller keeps the new state.
    """
    atria = [replace(each, announced_at=now, updated_at=now) for each in reserve(session, announcement, now)]
    for atrium in atria:
        save_atrium(session, atrium)
        changes.announce(session, atrium, announcement.communities, rules, now)
    _decide_again(session, announcement, atria, now)
    return atria


def publish_due(session: Session, rules: Rules, now: dt.datetime) -> int:
    """Begin what is planned and of which a post is due; how many announcements that were."""
    begun = 0
    for announcement in announcements.due(session, ANNOUNCEMENT, now):
        atria = atria_of(session, announcement, now)
        if all(each.starts_at <= now for each in atria):
            unplan(session, announcement)
            _keep(session, announcement, now, state=State.RETRACTED, reason=TOO_LATE)
            continue
        begin(session, announcement, rules, now)
        programme = programme_of(announcement, [each.uid for each in atria])
        _keep(session, announcement, now, state=State.POSTING, programme_uid=programme)
        begun += 1
    return begun


def settle(session: Session, now: dt.datetime) -> int:
    """Give announcements that are going out the state that their posts bear out; how many changed."""
    settled = 0
    for announcement in announcements.list_announcements(
        session, states=(State.POSTING, State.PARTLY_POSTED)
    ):
        state = observed(session, announcement)
        if state is not announcement.state:
            posted_at = announcement.posted_at or (now if state is not State.POSTING else None)
            settled += _keep(session, announcement, now, state=state, posted_at=posted_at)
    return settled


def observed(session: Session, announcement: Announcement) -> State:
    """The state by what became of its posts; a state in which there are none yet, or no more, stays."""
    if announcement.state not in (State.POSTING, State.POSTED, State.PARTLY_POSTED):
        return announcement.state
    states = {each.state for each in posts_of(session, announcement) if each.reason != CALLED_OFF}
    if states & _UNDECIDED:
        return State.POSTING
    return State.PARTLY_POSTED if states - {OutboxState.SENT} else State.POSTED


def posts_of(session: Session, announcement: Announcement) -> list[Entry]:
    """Its posts, in the order owed: one for each place in each community."""
    return [each for uid in announcement.atria for each in outbox.entries_of(session, uid, (ANNOUNCEMENT,))]


def _keep(
    session: Session, announcement: Announcement, now: dt.datetime, *, state: State, **values: object
) -> int:
    """Keep a step that the bot took by itself, and audit it."""
    kept = announcements.amend(session, announcement.id, announcement.version, now, state=state, **values)
    if kept:
        audit.write(
            session,
            now,
            BOT,
            None,
            f"announcement {Act.BEGIN if state is State.POSTING else Act.SETTLE}",
            f"announcement:{announcement.id}",
            before={"state": announcement.state.value},
            after={"state": state.value, "reason": values.get("reason")},
        )
    return kept
