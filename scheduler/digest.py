"""What the weekly overview of one community tells. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.model import Atrium
from handlers.posts.digest import Overview
from handlers.wording.dates import local_day
from scheduler.moments import monday_of, wall_clock
from scheduler.rules import Rules

#: From Monday to Sunday.
DAYS_OF_WEEK = 6


def overview(
    atria: Sequence[Atrium],
    rules: Rules,
    now: dt.datetime,
    since: dt.datetime | None,
    remembered: Sequence[Atrium] = (),
) -> Overview:
    """The overview at `now` (aware UTC) for a community that is told of these atria.

    Args:
        atria: what is to come and told in this community, cancelled ones too.
        since: aware UTC of its last overview; None when there was none: then nothing is new.
        remembered: atria whose reminders are folded into this overview.
    """
    monday = monday_of(now)
    weeks = rules.digest.weeks_ahead
    horizon = wall_clock(monday + dt.timedelta(weeks=weeks), dt.time())
    to_come = sorted((each for each in atria if each.starts_at > now), key=lambda each: each.starts_at)
    on = [each for each in to_come if not each.is_cancelled]
    fresh = frozenset(each.uid for each in on if since is not None and each.announced_at > since)
    sunday = monday + dt.timedelta(days=DAYS_OF_WEEK)
    told = {each.uid for each in remembered}
    closing = tuple(each for each in on if each.uid not in told and _closes_by(each, sunday, now))
    told |= {each.uid for each in closing}
    return Overview(
        monday=monday,
        weeks=weeks,
        remembered=tuple(sorted(remembered, key=lambda each: each.starts_at)),
        closing=closing,
        cancelled=tuple(each for each in to_come if _was_called_off(each, since)),
        coming=tuple(each for each in on if each.starts_at < horizon and each.uid not in told),
        later=tuple(each for each in on if each.starts_at >= horizon and each.uid in fresh - told),
        fresh=fresh,
        changed=frozenset(
            each.uid for each in on if since is not None and each.sequence > 0 and each.updated_at > since
        ),
        agenda_url=rules.public_url,
    )


def _closes_by(atrium: Atrium, sunday: dt.date, now: dt.datetime) -> bool:
    last_day = atrium.registration_until
    return last_day is not None and local_day(now) <= last_day <= sunday and atrium.registration_is_open(now)


def _was_called_off(atrium: Atrium, since: dt.datetime | None) -> bool:
    """Whether it was called off since the last overview, so that each overview tells it once."""
    if not atrium.is_cancelled or atrium.cancelled_at is None or since is None:
        return False
    return atrium.cancelled_at > since
