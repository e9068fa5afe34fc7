"""The plan of posts owed: which reminders, nudges and overviews, in which community, when.

Pure: the same agenda, communities, rules and moment give the same plan. Nothing here sends or
stores; the outbox compares a plan with what it holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from handlers.model import Atrium, Community
from handlers.posts.names import EVERYTHING
from handlers.wording.dates import local_day
from scheduler.audience import NO_REGIONS, RegionOf, told_in, told_monthly
from scheduler.moments import (
    digest_moment,
    moment_after,
    moment_of,
    monday_of,
    monthly_digest_moment,
    next_allowed,
    offset_text,
)
from scheduler.rules import Offsets, Rules
from scheduler.school import find_school_holiday
from store.outbox import Owed

REMINDER = "reminder"
DEADLINE = "deadline"
SAVE_THE_DATE = "save_the_date"
INVITATION = "invitation"
PRACTICAL = "practical"
THANKS = "thanks"
DIGEST = "digest"
MODERATORS = "moderators"
ANNOUNCEMENT = "announcement"
CHANGE = "change"
CANCELLATION = "cancellation"
EDIT = "edit"
ANSWER = "answer"
NOTICE = "notice"

#: What an atrium is owed by the clock alone.
BY_THE_CLOCK = frozenset({REMINDER, DEADLINE, SAVE_THE_DATE, INVITATION, PRACTICAL, THANKS})

#: What a community is owed for a period.
PERIODIC = frozenset({DIGEST, MODERATORS})

#: What can wait for the overview when a week is full.
LOW_VALUE = frozenset({SAVE_THE_DATE, INVITATION, THANKS})

#: What cannot wait until the school holidays are over; of the reminders only the last.
URGENT = frozenset({DEADLINE, PRACTICAL})

#: How far ahead posts are planned; each day the plan moves up a day.
HORIZON = dt.timedelta(days=400)

#: Nobody chose communities for any atrium.
UNCHOSEN: Mapping[str, Collection[str]] = {}

#: Materials that come later than this after an atrium are no reason to thank for it any more; the overview
#: names them. Shorter than what was said of an atrium is kept, so that it is never said once more.
THANKS_WITHIN = dt.timedelta(days=60)

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


class Moment(NamedTuple):
    """One post that an atrium is owed: kind of post, offset, and aware UTC of when it is due and too late."""

    kind: str
    offset: str
    due_at: dt.datetime
    late_until: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """The course of one atrium, from which every moment of its posts follows."""

    atrium: Atrium
    rules: Rules

    def before_start(self, kind: str, offsets: Offsets, patience: dt.timedelta) -> Iterator[Moment]:
        starts_at, attention = self.atrium.starts_at, self.rules.attention
        for offset in offsets:
            due_at = moment_of(offset, self.atrium.local_date, starts_at, attention)
            yield Moment(kind, offset_text(offset), due_at, min(due_at + patience, starts_at))

    def before_deadline(self) -> Iterator[Moment]:
        """Nudges, as long as somebody can still register."""
        closes_at, last_day = self.atrium.registration_closes_at(), self.atrium.registration_until
        if closes_at is None or last_day is None or self.atrium.is_full:
            return
        closes_at = min(closes_at, self.atrium.starts_at)
        last_day = min(last_day, self.atrium.local_date)
        for offset in self.rules.deadline:
            due_at = moment_of(offset, last_day, closes_at, self.rules.attention)
            late_until = min(due_at + self.rules.lateness.deadline, closes_at)
            yield Moment(DEADLINE, offset_text(offset), due_at, late_until)

    def after_publication(self) -> Iterator[Moment]:
        """Invitations, once the edit window is over."""
        attention = self.rules.attention
        for offset in self.rules.posts.invitation.get(self.atrium.kind, ()):
            known_at = self.atrium.announced_at + max(offset, attention.change_window)
            due_at = next_allowed(known_at, attention)
            if due_at < self.atrium.starts_at:
                late_until = min(due_at + self.rules.lateness.notice, self.atrium.starts_at)
                yield Moment(INVITATION, offset_text(offset), due_at, late_until)

    def after_end(self) -> Iterator[Moment]:
        """Thanks, when there is something to say: not before the materials are known and past their edits."""
        atrium, attention = self.atrium, self.rules.attention
        if atrium.materials_url is None and not self.rules.posts.feedback:
            return
        day = local_day(atrium.ends_at or atrium.starts_at)
        for offset in self.rules.posts.thanks.get(atrium.kind, ()):
            due_at = moment_after(offset.days, day, attention)
            if atrium.materials_at is not None:
                due_at = max(due_at, next_allowed(atrium.materials_at + attention.change_window, attention))
            if local_day(due_at) - day > THANKS_WITHIN:
                continue
            yield Moment(THANKS, offset_text(offset), due_at, due_at + self.rules.lateness.notice)

    def undisturbed(self, moments: Iterable[Moment]) -> Iterator[Moment]:
        """The moments, with those in calm school holidays moved to the overview after, where still of use."""
        reminders = self.rules.reminders.get(self.atrium.kind, ())
        last = offset_text(min(reminders)) if reminders else None
        last_at = max((each.due_at for each in moments if each.kind == REMINDER), default=None)
        for moment in moments:
            resumes_at = resumption(moment.due_at, self.rules)
            if (
                resumes_at is None
                or moment.kind in URGENT
                or (moment.kind, moment.offset) == (REMINDER, last)
            ):
                yield moment
                continue
            bound = last_at if moment.kind == REMINDER and last_at else self.atrium.starts_at
            if moment.kind == THANKS or resumes_at < bound:
                patience = moment.late_until - moment.due_at
                late_until = resumes_at + max(patience, self.rules.lateness.digest)
                if moment.kind != THANKS:
                    late_until = min(late_until, self.atrium.starts_at)
                yield moment._replace(due_at=resumes_at, late_until=late_until)


def resumption(due_at: dt.datetime, rules: Rules) -> dt.datetime | None:
    """When what is due in calm school holidays is said: with the overview after. None: there is no calm."""
    if not rules.attention.calm_school_holidays:
        return None
    holiday = find_school_holiday(local_day(due_at))
    if holiday is None:
        return None
    monday = holiday.last + DAY
    monday += (-monday.weekday() % 7) * DAY
    return digest_moment(monday, rules.digest, rules.attention)


def moments(atrium: Atrium, rules: Rules) -> Iterator[Moment]:
    """What an atrium is owed by the clock in each community where it is told; moments are aware UTC.

    A cancelled atrium is owed nothing, without a deadline there is nothing to nudge about, and what
    a moderator or the settings switched off is not owed.
    """
    if atrium.is_cancelled:
        return
    posts, kind, notice = rules.posts, atrium.kind, rules.lateness.notice
    course = _Course(atrium=atrium, rules=rules)
    found = [
        *course.before_start(SAVE_THE_DATE, posts.save_the_date.get(kind, ()), notice),
        *course.after_publication(),
        *course.before_start(REMINDER, rules.reminders.get(kind, ()), rules.lateness.reminder),
        *course.before_deadline(),
        *course.before_start(PRACTICAL, posts.practical.get(kind, ()), rules.lateness.reminder),
        *course.after_end(),
    ]
    off = atrium.quiet_posts | posts.off.get(kind, frozenset())
    yield from (each for each in course.undisturbed(found) if is_on(each.kind, off))


def is_on(kind: str, off: Collection[str]) -> bool:
    """Whether a kind of planned post is still said where these are switched off."""
    return kind not in off and EVERYTHING not in off


def owed_for(
    atrium: Atrium, communities: Iterable[Community], rules: Rules, horizon: dt.datetime | None = None
) -> Iterator[Owed]:
    """What is owed for one atrium in the communities where it is told, past moments included."""
    wanted = [each for each in moments(atrium, rules) if horizon is None or each.due_at <= horizon]
    if not wanted:
        return
    keyed = [(dedupe_key(each.kind, atrium.uid, "", each.offset), *each) for each in wanted]
    for community in communities:
        target = _escaped(community.key)
        for key, kind, offset, due_at, late_until in keyed:
            if not is_on(kind, community.posts_off):
                continue
            yield Owed(
                key=key + target,
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
    """The overviews from the week or month of `now` up to `until`: one for each community and period.

    A community of politicians gets it monthly, the others weekly, unless the settings say otherwise;
    the moderators' community gets its own overview, weekly.
    """
    takers = [each for each in communities if each.digest]
    weekly = [each for each in takers if not told_monthly(each)]
    monthly = [each for each in takers if told_monthly(each)]
    moderators = [each for each in communities if each.key == rules.digest.moderators_community]
    if weekly or moderators:
        yield from _weekly(weekly, moderators, rules, now, until)
    month = local_day(now).replace(day=1)
    while monthly and (due_at := _undisturbed_month(month, rules)) <= until:
        following = (month + 31 * DAY).replace(day=1)
        # An overview that the school holidays push into the next month is that month's.
        if local_day(due_at) < following:
            yield from (_overview(each, DIGEST, f"{month:%Y-%m}", due_at, rules) for each in monthly)
        month = following


def _weekly(
    communities: Collection[Community],
    moderators: Collection[Community],
    rules: Rules,
    now: dt.datetime,
    until: dt.datetime,
) -> Iterator[Owed]:
    monday = monday_of(now)
    while (due_at := digest_moment(monday, rules.digest, rules.attention)) <= until:
        year, week, _ = monday.isocalendar()
        period = f"{year}-W{week:02}"
        if resumption(due_at, rules) is None:
            yield from (_overview(each, DIGEST, period, due_at, rules) for each in communities)
        yield from (_overview(each, MODERATORS, period, due_at, rules) for each in moderators)
        monday += WEEK


def _undisturbed_month(month: dt.date, rules: Rules) -> dt.datetime:
    due_at = monthly_digest_moment(month, rules.digest, rules.attention)
    return resumption(due_at, rules) or due_at


def announcement_posts(
    atrium: Atrium,
    communities: Collection[Community],
    chosen: Collection[str],
    due_at: dt.datetime,
    rules: Rules,
) -> Iterator[Owed]:
    """What a moderator's announcement of an atrium owes: one post in each of the chosen communities.

    `due_at` is aware UTC; hours and budget do not bind it.
    """
    for community in told_in(atrium, communities, chosen=chosen):
        yield Owed(
            key=dedupe_key(ANNOUNCEMENT, atrium.uid, community.key),
            kind=ANNOUNCEMENT,
            platform=community.platform,
            community_key=community.key,
            atrium_uid=atrium.uid,
            programme_uid=atrium.programme_uid,
            due_at=due_at,
            late_until=min(due_at + rules.lateness.notice, atrium.starts_at),
        )


def _overview(community: Community, kind: str, period: str, due_at: dt.datetime, rules: Rules) -> Owed:
    return Owed(
        key=dedupe_key(kind, period, community.key),
        kind=kind,
        platform=community.platform,
        community_key=community.key,
        due_at=due_at,
        late_until=due_at + rules.lateness.digest,
    )


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
