"""What the overview of one community tells. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from handlers.model import Atrium
from handlers.posts.digest import LivelyThread, Overview
from handlers.wording.dates import local_day
from scheduler.moments import monday_of, monthly_digest_moment, wall_clock
from scheduler.rules import Rules

#: From Monday to Sunday.
DAYS_OF_WEEK = 6

#: Into the next month, whatever its length.
A_MONTH = dt.timedelta(days=31)


def overview(
    atria: Sequence[Atrium],
    rules: Rules,
    now: dt.datetime,
    since: dt.datetime | None,
    remembered: Sequence[Atrium] = (),
    *,
    noted: Sequence[Atrium] = (),
    materials: Sequence[Atrium] = (),
    lively: Sequence[LivelyThread] = (),
    monthly: bool = False,
) -> Overview:
    """The overview at `now` (aware UTC) for a community that is told of these atria.

    Args:
        atria: what is to come and told in this community, cancelled ones too.
        since: aware UTC of its last overview; None when there was none: then nothing is new.
        remembered: atria whose reminders are folded into this overview.
        noted: atria of which the first word is folded into this overview.
        materials: past atria told in this community whose materials are new.
        lively: where people talk most.
        monthly: for a month instead of a week.
    """
    monday = monday_of(now)
    weeks = rules.digest.monthly_weeks_ahead if monthly else rules.digest.weeks_ahead
    horizon = wall_clock(monday + dt.timedelta(weeks=weeks), dt.time())
    to_come = _by_start(each for each in atria if each.starts_at > now)
    on = [each for each in to_come if not each.is_cancelled]
    fresh = frozenset(each.uid for each in on if since is not None and each.announced_at > since)
    changed = frozenset(
        each.uid for each in on if since is not None and each.sequence > 0 and each.updated_at > since
    )
    told = {each.uid for each in remembered}
    last_day = _eve_of_next(now, monday, rules, monthly=monthly)
    closing = tuple(each for each in on if each.uid not in told and _closes_by(each, last_day, now))
    told |= {each.uid for each in closing}
    first_words = _by_start(each for each in noted if each.uid not in told)
    told |= {each.uid for each in first_words}
    rest = [each for each in on if each.uid not in told]
    return Overview(
        monday=monday,
        weeks=weeks,
        monthly=monthly,
        remembered=tuple(_by_start(remembered)),
        closing=closing,
        cancelled=tuple(each for each in to_come if _was_called_off(each, since)),
        noted=tuple(first_words),
        coming=tuple(each for each in rest if each.starts_at < horizon),
        later=tuple(each for each in rest if each.starts_at >= horizon and each.uid in fresh | changed),
        materials=tuple(_by_start(each for each in materials if _has_materials(each, now))),
        lively=tuple(lively),
        fresh=fresh,
        changed=changed,
        agenda_url=rules.public_url,
    )


def _by_start(atria: Iterable[Atrium]) -> list[Atrium]:
    return sorted(atria, key=lambda each: (each.starts_at, each.uid))


def _eve_of_next(now: dt.datetime, monday: dt.date, rules: Rules, *, monthly: bool) -> dt.date:
    """The last day before the next overview: this Sunday, or the day before that of next month."""
    if not monthly:
        return monday + dt.timedelta(days=DAYS_OF_WEEK)
    next_month = local_day(now).replace(day=1) + A_MONTH
    next_one = monthly_digest_moment(next_month, rules.digest, rules.attention)
    return local_day(next_one) - dt.timedelta(days=1)


def _closes_by(atrium: Atrium, day: dt.date, now: dt.datetime) -> bool:
    last_day = atrium.registration_until
    return last_day is not None and local_day(now) <= last_day <= day and atrium.registration_is_open(now)


def _has_materials(atrium: Atrium, now: dt.datetime) -> bool:
    return atrium.materials_url is not None and not atrium.is_cancelled and atrium.has_ended(now)


def _was_called_off(atrium: Atrium, since: dt.datetime | None) -> bool:
    """Whether it was called off since the last overview, so that each overview tells it once."""
    if not atrium.is_cancelled or atrium.cancelled_at is None or since is None:
        return False
    return atrium.cancelled_at > since
