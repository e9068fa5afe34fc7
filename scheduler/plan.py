"""The plan of posts owed: which reminders, nudges and overviews, in which community, when.

Pure: the same agenda, communities, rules and moment give the same plan. Nothing here sends or
stores; the outbox compares a plan with what it holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from handlers.model import Atrium, Community
from scheduler.audience import NO_REGIONS, RegionOf, told_in
from scheduler.moments import digest_moment, moment_of, monday_of, offset_text
from scheduler.rules import Rules
from store.outbox import Owed

REMINDER = "reminder"
DEADLINE = "deadline"
DIGEST = "digest"
ANNOUNCEMENT = "announcement"
CHANGE = "change"
CANCELLATION = "cancellation"
ANSWER = "answer"

#: How far ahead posts are planned; each day the plan moves up a day.
HORIZON = dt.timedelta(days=400)

#: Nobody chose communities for any atrium.
UNCHOSEN: Mapping[str, Collection[str]] = {}

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)


def dedupe_key(kind: str, subject: str, target: str, offset: str = "-", occurrence: int = 1) -> str:
    """The key of a post: kind, subject, occurrence, offset and target, as one text.

    A moved date changes none of them, so a moved atrium keeps its posts. A colon in a name is
    escaped: two posts never share a key by the way they are named.
    """
    return ":".join((kind, _escaped(subject), str(occurrence), offset, _escaped(target)))


@lru_cache(maxsize=4096)
def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace(":", "%3A")


def moments(atrium: Atrium, rules: Rules) -> Iterator[tuple[str, str, dt.datetime, dt.datetime]]:
    """What an atrium is owed in each community: kind of post, offset, due moment, last sensible moment.

    A cancelled atrium is owed nothing, and without a deadline there is nothing to nudge about.
    Moments are aware UTC.
    """
    if atrium.is_cancelled:
        return
    for offset in rules.reminders.get(atrium.kind, ()):
        due_at = moment_of(offset, atrium.local_date, atrium.starts_at, rules.attention)
        yield (
            REMINDER,
            offset_text(offset),
            due_at,
            min(due_at + rules.lateness.reminder, atrium.starts_at),
        )
    closes_at = atrium.registration_closes_at()
    if closes_at is None or atrium.registration_until is None:
        return
    closes_at = min(closes_at, atrium.starts_at)
    last_day = min(atrium.registration_until, atrium.local_date)
    for offset in rules.deadline:
        due_at = moment_of(offset, last_day, closes_at, rules.attention)
        yield DEADLINE, offset_text(offset), due_at, min(due_at + rules.lateness.deadline, closes_at)


def owed_for(
    atrium: Atrium, communities: Iterable[Community], rules: Rules, horizon: dt.datetime | None = None
) -> Iterator[Owed]:
    """What is owed for one atrium in the communities where it is told, past moments included."""
    wanted = [each for each in moments(atrium, rules) if horizon is None or each[2] <= horizon]
    if not wanted:
        return
    for community in communities:
        for kind, offset, due_at, late_until in wanted:
            yield Owed(
                key=dedupe_key(kind, atrium.uid, community.key, offset),
                kind=kind,
                platform=community.platform,
                community_key=community.key,
                atrium_uid=atrium.uid,
                programme_uid=atrium.programme_uid,
                offset=offset,
                due_at=due_at,
                late_until=late_until,
                known_at=atrium.announced_at,
            )


def digests_owed(
    communities: Iterable[Community], rules: Rules, now: dt.datetime, until: dt.datetime
) -> Iterator[Owed]:
    """The weekly overviews from the week of `now` up to `until`, one for each community that takes them."""
    takers = [each for each in communities if each.digest]
    monday = monday_of(now)
    while takers and (due_at := digest_moment(monday, rules.digest, rules.attention)) <= until:
        year, week, _ = monday.isocalendar()
        period = f"{year}-W{week:02}"
        for community in takers:
            yield Owed(
                key=dedupe_key(DIGEST, period, community.key),
                kind=DIGEST,
                platform=community.platform,
                community_key=community.key,
                due_at=due_at,
                late_until=due_at + rules.lateness.digest,
            )
        monday += WEEK


def plan(
    atria: Iterable[Atrium],
    communities: Collection[Community],
    rules: Rules,
    now: dt.datetime,
    region_of: RegionOf = NO_REGIONS,
    chosen: Mapping[str, Collection[str]] = UNCHOSEN,
    horizon: dt.timedelta = HORIZON,
) -> list[Owed]:
    """Every post that is still to come, by due moment and key.

    Args:
        region_of: the moderators' region of a municipality.
        chosen: atrium uid to the community keys that a moderator chose when announcing it.
        now: aware UTC. What was due before, or before the atrium was known, is not owed any more:
            planning the past sends nothing.
        horizon: how far ahead to plan.
    """
    until = now + horizon
    found = [
        owed
        for atrium in atria
        if atrium.starts_at > now
        for owed in owed_for(
            atrium, told_in(atrium, communities, region_of, chosen.get(atrium.uid)), rules, until
        )
    ]
    found += digests_owed(communities, rules, now, until)
    return sorted((each for each in found if each.is_to_come(now)), key=lambda each: (each.due_at, each.key))
