"""What members are told in private of what they follow: reminders at their own moments, and notices.

The plan is pure: the same wishes, agenda, rules and moment owe the same. What is planned anew is bounded
by what changed: a wish by the atria that it names, an atrium by its followers. Whether a member may see
an atrium is looked at when something is sent (`scheduler.telling_member`): that changes by the hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from handlers.model import Atrium, Follow
from handlers.posts.change import matters
from scheduler.moments import moment_of, next_allowed, offset_text
from scheduler.plan import dedupe_key
from scheduler.rules import Rules
from scheduler.window import CALLED_OFF, end_of_window, keep_waiting
from store import outbox, replanning, subscriptions
from store.agenda import atria_between
from store.codec import dump
from store.engine import Store
from store.notes import hold_note
from store.outbox import Entry, Owed
from store.replanning import Replanned, Scope
from store.states import OutboxState
from store.subscriptions import Subscriber

PERSONAL_REMINDER = "personal_reminder"
PERSONAL_CHANGE = "personal_change"
PERSONAL_CANCELLATION = "personal_cancellation"

#: What is said to one member, unasked.
PERSONAL = frozenset({PERSONAL_REMINDER, PERSONAL_CHANGE, PERSONAL_CANCELLATION})

#: No member may be reminded longer before.
LONGEST_BEFORE = dt.timedelta(days=60)

#: How far ahead members' reminders are planned; each day the plan moves up a day. It is shorter than that
#: of the communities because there are so many more members.
HORIZON = dt.timedelta(days=35)

#: A reminder is never moved further from its day, to an allowed one.
MARGIN = dt.timedelta(days=14)

#: How many members are planned in one transaction when everything is.
MEMBERS_AT_A_TIME = 100

#: The note that rises with each change of the agenda.
AGENDA_VERSION = "agenda_version"

_REMINDERS = frozenset({PERSONAL_REMINDER})
_WAITING = (OutboxState.PLANNED, OutboxState.HELD)


def target_of(member_id: int) -> str:
    """How a member is called in a key: by a number, so that the key tells nothing of who it is."""
    return f"lid-{member_id}"


def reminders(
    atrium: Atrium, before: Iterable[dt.timedelta], rules: Rules
) -> Iterator[tuple[str, dt.datetime, dt.datetime]]:
    """When somebody is reminded of an atrium: offset, and aware UTC of when that is due and too late."""
    if atrium.is_cancelled:
        return
    for offset in before:
        due_at = moment_of(offset, atrium.local_date, atrium.starts_at, rules.attention)
        late_until = min(due_at + rules.lateness.reminder, atrium.starts_at)
        yield offset_text(offset), due_at, late_until


def owed_to(member: Subscriber, atria: Iterable[Atrium], rules: Rules, until: dt.datetime) -> Iterator[Owed]:
    """The reminders that a member is owed of these atria up to `until` (aware UTC), past ones included.

    Several wishes that name the same atrium owe it once: the key holds the atrium, not the wish.
    """
    for atrium in atria:
        if not member.wants(atrium):
            continue
        for offset, due_at, late_until in reminders(atrium, member.reminders, rules):
            if due_at <= until:
                yield Owed(
                    key=dedupe_key(PERSONAL_REMINDER, atrium.uid, target_of(member.member_id), offset),
                    kind=PERSONAL_REMINDER,
                    platform=member.platform,
                    member_id=member.member_id,
                    atrium_uid=atrium.uid,
                    programme_uid=atrium.programme_uid,
                    offset=offset,
                    due_at=due_at,
                    late_until=late_until,
                )


# --- when a member's wishes change -----------------------------------------------------------------


def replan_follow(
    session: Session, member_id: int, follow: Follow, rules: Rules, now: dt.datetime
) -> Replanned:
    """Plan anew what one wish of a member names, after it was made or dropped; the rest stays as it is."""
    atria = subscriptions.coming(session, follow, now, _last_start(now))
    scope = Scope(
        kinds=_REMINDERS,
        atria=frozenset(each.uid for each in atria),
        members=frozenset({member_id}),
    )
    return _replan(session, member_id, atria, scope, rules, now)


def replan_member(session: Session, member_id: int, rules: Rules, now: dt.datetime) -> Replanned:
    """Plan anew all of a member's reminders: their moments changed, or they can be written to now."""
    atria = atria_between(session, now, _last_start(now))
    scope = Scope(kinds=_REMINDERS, members=frozenset({member_id}))
    return _replan(session, member_id, atria, scope, rules, now)


def _replan(
    session: Session,
    member_id: int,
    atria: Collection[Atrium],
    scope: Scope,
    rules: Rules,
    now: dt.datetime,
) -> Replanned:
    member = subscriptions.find_subscriber(session, member_id, subscriptions.direct_platforms(session))
    owed = owed_to(member, atria, rules, now + HORIZON) if member is not None else ()
    return replanning.replan(session, owed, scope, now)


def _last_start(now: dt.datetime) -> dt.datetime:
    """What starts later is reminded of later than is planned now."""
    return now + HORIZON + LONGEST_BEFORE + MARGIN


def replan_all(
    store: Store,
    rules: Rules,
    now: dt.datetime,
    horizon: dt.timedelta = HORIZON,
    guard: Callable[[Session], None] | None = None,
) -> Replanned:
    """Plan anew the reminders of all members, in short transactions; nothing where none can be written to.

    Each goes by the agenda that it reads and holds itself, so that a change made meanwhile is never undone.

    Args:
        guard: called first in each of these transactions; raises when the planning must stop.
    """
    done, last, until = Replanned(), 0, now + horizon
    read: tuple[str | None, list[Atrium]] | None = None
    while True:
        with store.writing() as session:
            if guard is not None:
                guard(session)
            direct = subscriptions.direct_platforms(session)
            chosen = subscriptions.following(session, last, MEMBERS_AT_A_TIME) if direct else []
            if not chosen:
                return done
            last = chosen[-1]
            version = hold_note(session, AGENDA_VERSION)
            if read is None or read[0] != version:
                read = version, atria_between(session, now, until + LONGEST_BEFORE + MARGIN)
            scope = Scope(kinds=_REMINDERS, members=frozenset(chosen))
            owed = _owed_to_all(session, direct, chosen, read[1], rules, until)
            done += replanning.replan(session, owed, scope, now)


def _owed_to_all(
    session: Session,
    direct: Collection[str],
    members: Sequence[int],
    atria: Collection[Atrium],
    rules: Rules,
    until: dt.datetime,
) -> Iterator[Owed]:
    """What these members are owed by the wishes that they have when the first of it is asked for."""
    for member in subscriptions.subscribers(session, direct, members):
        yield from owed_to(member, atria, rules, until)


# --- when an atrium changes ------------------------------------------------------------------------


def on_changed(
    session: Session, before: Atrium | None, after: Atrium, rules: Rules, now: dt.datetime
) -> Replanned:
    """Plan the reminders of an atrium's followers anew, and owe them the notice of what changed.

    Args:
        before: as it was; None for a new one, of which nobody has heard yet.
    """
    direct = subscriptions.direct_platforms(session)
    if not direct:
        return Replanned()
    versions = [after] if before is None else [before, after]
    told = subscriptions.subscribers(session, direct, subscriptions.followers(session, versions))
    owed = [each for member in told for each in owed_to(member, [after], rules, now + HORIZON)]
    done = replanning.replan(session, owed, Scope(kinds=_REMINDERS, atria=frozenset({after.uid})), now)
    if before is None or after.starts_at <= now:
        return done
    if not after.is_cancelled:
        _owe_changes(session, told, before, after, rules, now)
    elif not before.is_cancelled:
        _owe_cancellations(session, told, after, rules, now)
    return done


def _owe_changes(
    session: Session,
    members: Iterable[Subscriber],
    before: Atrium,
    after: Atrium,
    rules: Rules,
    now: dt.datetime,
) -> None:
    """Owe each follower one notice at the end of the edit window; edits within it are one change."""
    made: dict[int | None, list[Entry]] = {}
    for entry in outbox.entries_of(session, after.uid, (PERSONAL_CHANGE,)):
        made.setdefault(entry.member_id, []).append(entry)
    waiting = {number: each for number, entries in made.items() for each in entries if each.state in _WAITING}
    for entry in waiting.values():
        keep_waiting(session, entry, matters, after, rules, now)
    if not matters(before, after):
        return
    due_at = end_of_window(after, rules, now)
    late_until = min(due_at + rules.lateness.notice, after.starts_at)
    payload = {"before": dump(before), "urgent": due_at == now}
    for member in members:
        if member.member_id in waiting:
            continue
        occurrence = len(made.get(member.member_id, ())) + 1
        notice = _notice(member, PERSONAL_CHANGE, after, due_at, late_until, payload, occurrence)
        outbox.enqueue(session, notice, now)


def _owe_cancellations(
    session: Session, members: Iterable[Subscriber], after: Atrium, rules: Rules, now: dt.datetime
) -> None:
    """Owe each follower one notice, in an allowed hour unless the atrium would have begun by then."""
    outbox.void(session, (PERSONAL_REMINDER, PERSONAL_CHANGE), after.uid, CALLED_OFF, now)
    opens = next_allowed(now, rules.attention)
    urgent = opens >= after.starts_at
    for member in members:
        due_at = now if urgent else opens
        notice = _notice(member, PERSONAL_CANCELLATION, after, due_at, after.starts_at, {"urgent": urgent})
        outbox.enqueue(session, notice, now)


def _notice(
    member: Subscriber,
    kind: str,
    atrium: Atrium,
    due_at: dt.datetime,
    late_until: dt.datetime,
    payload: dict[str, object],
    occurrence: int = 1,
) -> Owed:
    return Owed(
        key=dedupe_key(kind, atrium.uid, target_of(member.member_id), occurrence=occurrence),
        kind=kind,
        platform=member.platform,
        member_id=member.member_id,
        atrium_uid=atrium.uid,
        programme_uid=atrium.programme_uid,
        due_at=due_at,
        late_until=late_until,
        payload=payload,
    )
