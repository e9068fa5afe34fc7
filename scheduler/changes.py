"""What a change of the agenda means for what is said: in the transaction of the change itself.

Only the posts of the atrium that changed are planned anew, so the cost does not grow with the agenda.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from handlers.model import Atrium, Community
from handlers.posts.change import matters
from handlers.posts.edited import shows_otherwise
from scheduler import personal
from scheduler.audience import told_in, told_monthly
from scheduler.editing import Made, made_about, thread_for
from scheduler.moments import next_allowed
from scheduler.plan import (
    ANNOUNCEMENT,
    BY_THE_CLOCK,
    CANCELLATION,
    CHANGE,
    DIGEST,
    EDIT,
    HORIZON,
    PERIODIC,
    announcement_posts,
    dedupe_key,
    digests_owed,
    owed_for,
)
from scheduler.rules import Rules
from scheduler.window import CALLED_OFF, end_of_window, keep_waiting
from store import outbox, precedents, replanning
from store.agenda import StoredAgenda, atria_held
from store.codec import dump
from store.communities import list_communities
from store.engine import Store
from store.outbox import Entry, Owed
from store.replanning import Replanned, Scope
from store.states import OutboxState

#: What tells a community of an atrium, so that it must hear of a change.
TELLING = (*sorted(BY_THE_CLOCK), ANNOUNCEMENT, CHANGE)

#: What has reached a community, or may have.
SAID = frozenset({OutboxState.SENT, OutboxState.CLAIMED, OutboxState.AMBIGUOUS})

#: More than a reminder is ever moved away from its start, beyond its offset.
MARGIN = dt.timedelta(days=30)

#: About how many outbox rows are compared at a time when everything is planned anew; how many atria are
#: looked at first, when it is not known yet how many rows that will be, and how many at the most.
ROWS_AT_A_TIME = 8_000
FIRST_ATRIA = 8
MOST_ATRIA = 100


def on_changed(
    session: Session, before: Atrium | None, after: Atrium, rules: Rules, now: dt.datetime
) -> Replanned:
    """Plan an atrium anew after it was added, changed or cancelled, and owe the notice of it.

    A moderator's announcement is `announce`; this is everything else.

    Args:
        before: as it was; None for a new one, of which nobody has heard yet.
        now: aware UTC.
    """
    communities = list_communities(session)
    done = _replan_one(session, after, communities, rules, now)
    done += personal.on_changed(session, before, after, rules, now)
    if before is None or after.starts_at <= now:
        return done
    if after.is_cancelled:
        if not before.is_cancelled:
            _owe_cancellation(session, before, after, communities, rules, now)
        return done
    told = _told_already(session, after)
    for community in _concerned(session, before, after, communities, told):
        here = told.get(community.key, [])
        _owe_change(session, before, after, community, here, rules, now)
        _owe_edits(session, before, after, community, here, rules, now)
    return done


def announce(
    session: Session, atrium: Atrium, communities: Collection[str], rules: Rules, now: dt.datetime
) -> Replanned:
    """Owe the announcement of an atrium in these communities at once, and its later reminders there.

    Hours do not bind it: a moderator read the post and confirmed it now. Reminders whose moment is
    past are not planned; the result says how many.

    Args:
        communities: the keys of those that the moderator chose.
        now: aware UTC.
    """
    enabled = list_communities(session)
    for owed in announcement_posts(atrium, enabled, communities, now, rules):
        outbox.enqueue(session, owed, now)
    personal.on_changed(session, None, atrium, rules, now)
    return _replan_one(session, atrium, enabled, rules, now)


def replan_all(
    store: Store,
    rules: Rules,
    now: dt.datetime,
    horizon: dt.timedelta = HORIZON,
    guard: Callable[[Session], None] | None = None,
) -> Replanned:
    """Make the whole plan anew, for the start of the program and for each new day of the horizon.

    Works in short transactions, so that others can write in between; each goes by what it reads and holds
    itself, so that a change made meanwhile is never overwritten. Sends nothing of the past.

    Args:
        guard: called first in each of these transactions; raises when the planning must stop.
    """
    until = now + horizon
    # Posts come so long before the start at the most: what starts later owes nothing yet.
    begins_before = until + rules.longest_before() + MARGIN
    done, last, most = Replanned(), None, FIRST_ATRIA
    while True:
        with store.writing() as session:
            if guard is not None:
                guard(session)
            communities = list_communities(session)
            atria = atria_held(session, now, begins_before, last, most)
            if not atria:
                digests = digests_owed(communities, rules, now, until)
                done += replanning.replan(session, digests, Scope(kinds=PERIODIC), now)
                break
            owed = list(_owed(session, atria, communities, rules, until))
            uids = frozenset(each.uid for each in atria)
            done += replanning.replan(session, owed, Scope(kinds=BY_THE_CLOCK, atria=uids), now)
            last, most = atria[-1], len(atria) * ROWS_AT_A_TIME // max(len(owed), 1)
            most = max(1, min(most, MOST_ATRIA))
    return done + personal.replan_all(store, rules, now, min(horizon, personal.HORIZON), guard)


def _owed(
    session: Session,
    atria: Sequence[Atrium],
    communities: Sequence[Community],
    rules: Rules,
    until: dt.datetime,
) -> Iterator[Owed]:
    """What is owed for these atria, in each community where they are told."""
    chosen = outbox.communities_chosen(session, ANNOUNCEMENT, [each.uid for each in atria])
    region_of = StoredAgenda(session).region_of
    for atrium in atria:
        told = told_in(atrium, communities, region_of, chosen.get(atrium.uid))
        yield from owed_for(atrium, told, rules, until)


def _replan_one(
    session: Session, atrium: Atrium, communities: Sequence[Community], rules: Rules, now: dt.datetime
) -> Replanned:
    owed = owed_for(atrium, _told(session, atrium, communities), rules, now + HORIZON)
    scope = Scope(kinds=BY_THE_CLOCK, atria=frozenset({atrium.uid}))
    return replanning.replan(session, owed, scope, now)


def _told(session: Session, atrium: Atrium, communities: Sequence[Community]) -> list[Community]:
    chosen = outbox.communities_chosen(session, ANNOUNCEMENT, [atrium.uid]).get(atrium.uid)
    return told_in(atrium, communities, StoredAgenda(session).region_of, chosen)


# --- notices ---------------------------------------------------------------------------------------


def _concerned(
    session: Session,
    before: Atrium,
    after: Atrium,
    communities: Sequence[Community],
    told: Mapping[str, Sequence[Entry]],
) -> list[Community]:
    """Where a change may have to be told: where the atrium was or would have been, and may still be seen."""
    keys = {each.key for each in _told(session, before, communities)}
    keys |= {
        key for key, here in told.items() if any(each.kind != EDIT and each.state in SAID for each in here)
    }
    return [each for each in communities if each.key in keys and after.is_visible_to(frozenset({each.key}))]


def _told_already(session: Session, atrium: Atrium) -> dict[str, list[Entry]]:
    """What each community was told of an atrium, or will be, with the edits of that; read once for all."""
    found: dict[str, list[Entry]] = {}
    for each in outbox.entries_of(session, atrium.uid, (*TELLING, EDIT)):
        found.setdefault(each.community_key or "", []).append(each)
    return found


def _has_heard(
    session: Session, atrium: Atrium, community: Community, entries: Collection[Entry], rules: Rules
) -> bool:
    """Whether a community that is told of an atrium heard of it: in a post about it, or in an overview."""
    if any(each.state in SAID for each in entries):
        return True
    overview_at = precedents.last_sent_at(session, community.key, DIGEST)
    if overview_at is None or overview_at < atrium.announced_at:
        return False
    weeks = rules.digest.monthly_weeks_ahead if told_monthly(community) else rules.digest.weeks_ahead
    return atrium.starts_at <= overview_at + dt.timedelta(weeks=weeks)


def _owe_change(
    session: Session,
    before: Atrium,
    after: Atrium,
    community: Community,
    told: Sequence[Entry],
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Owe one notice at the end of the edit window; edits within it are one change, from first to last."""
    here = [each for each in told if each.kind != EDIT]
    waiting = [
        each for each in here if each.kind == CHANGE and each.state in (OutboxState.PLANNED, OutboxState.HELD)
    ]
    if waiting:
        keep_waiting(session, waiting[0], matters, after, rules, now)
        return
    if not matters(before, after) or not _has_heard(session, before, community, here, rules):
        return
    due_at = end_of_window(after, rules, now)
    notices = sum(each.kind == CHANGE for each in here)
    owed = Owed(
        key=dedupe_key(CHANGE, after.uid, community.key, occurrence=notices + 1),
        kind=CHANGE,
        platform=community.platform,
        community_key=community.key,
        thread=thread_for(here, community),
        atrium_uid=after.uid,
        programme_uid=after.programme_uid,
        due_at=due_at,
        late_until=min(due_at + rules.lateness.notice, after.starts_at),
        payload={"before": dump(before), "urgent": due_at == now},
    )
    outbox.enqueue(session, owed, now)


def _owe_cancellation(
    session: Session,
    before: Atrium,
    after: Atrium,
    communities: Sequence[Community],
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Owe one notice where it was told or would have been; everything else planned of it is void.

    It is said in an allowed hour, unless the atrium would have begun by then.
    """
    outbox.void(session, TELLING, after.uid, CALLED_OFF, now)
    opens = next_allowed(now, rules.attention)
    urgent = opens >= after.starts_at
    told = _told_already(session, after)
    for community in _concerned(session, before, after, communities, told):
        here = told.get(community.key, [])
        owed = Owed(
            key=dedupe_key(CANCELLATION, after.uid, community.key),
            kind=CANCELLATION,
            platform=community.platform,
            community_key=community.key,
            thread=thread_for([each for each in here if each.kind != EDIT], community),
            atrium_uid=after.uid,
            programme_uid=after.programme_uid,
            due_at=now if urgent else opens,
            late_until=after.starts_at,
            payload={"urgent": urgent},
        )
        outbox.enqueue(session, owed, now)
        _owe_edits(session, before, after, community, here, rules, now)


def _owe_edits(
    session: Session,
    before: Atrium,
    after: Atrium,
    community: Community,
    here: Sequence[Entry],
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Owe one edit of each message that told of it, at the end of the edit window; a cancellation at once."""
    edits = [each for each in here if each.kind == EDIT]
    for made in made_about(here, community):
        of_message = [each for each in edits if (each.payload or {}).get("message") == made.message_id]
        waiting = [each for each in of_message if each.state is OutboxState.PLANNED]
        if waiting:
            keep_waiting(session, waiting[0], shows_otherwise, after, rules, now)
        elif shows_otherwise(before, after):
            _owe_edit(session, made, len(of_message) + 1, before, after, community, rules, now)


def _owe_edit(
    session: Session,
    made: Made,
    occurrence: int,
    before: Atrium,
    after: Atrium,
    community: Community,
    rules: Rules,
    now: dt.datetime,
) -> None:
    due_at = end_of_window(after, rules, now)
    if after.is_cancelled:
        opens = next_allowed(now, rules.attention)
        due_at = opens if opens < after.starts_at else now
    owed = Owed(
        key=dedupe_key(EDIT, f"{after.uid}@{made.message_id}", community.key, occurrence=occurrence),
        kind=EDIT,
        platform=community.platform,
        community_key=community.key,
        thread=made.thread,
        atrium_uid=after.uid,
        programme_uid=after.programme_uid,
        due_at=due_at,
        late_until=after.starts_at,
        payload={"message": made.message_id, "before": dump(before), "urgent": due_at == now},
    )
    outbox.enqueue(session, owed, now)
