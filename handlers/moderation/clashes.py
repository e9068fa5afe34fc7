"""What a moderator should know before publishing: other atria near, holidays, odd hours, what is missing."""

from __future__ import annotations

import datetime as dt
from functools import cache

from handlers.belgium import belgium
from handlers.context import Context
from handlers.model import BRUSSELS, Atrium, Query
from handlers.moderation.community_choice import POLITICIANS
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, date_with_year, long_date

#: Two atria for the same people so near each other compete (days before or after).
NEAR = dt.timedelta(days=3)
#: More than so many are not all named.
NAMED = 3

_OPENS, _CLOSES = dt.time(8, 0), dt.time(18, 0)
#: Politicians meet after work.
_CLOSES_FOR_POLITICIANS = dt.time(22, 30)
_FAR = dt.timedelta(days=730)


def warnings(atrium: Atrium, context: Context) -> tuple[str, ...]:
    """All of them, in Dutch, to stand after "Let op:"; none of them stops a publication."""
    found = [
        clash_warning(atrium, context),
        day_warning(atrium.local_date),
        hours_warning(atrium),
        far_warning(atrium, context.now),
        *missing_warnings(atrium),
    ]
    return tuple(each for each in found if each)


def clash_warning(atrium: Atrium, context: Context) -> str | None:
    """The atria for the same people within three days, as far as who reads along may know of them."""
    near = clashes(atrium, context)
    if not near:
        return None
    named = [f"- {brief_text(one, context.now)}" for one in near[:NAMED]]
    more = ["- " + say("waarschuwing.en nog", aantal=str(len(near) - NAMED))] if len(near) > NAMED else []
    return "\n".join([say("waarschuwing.ook dan"), *named, *more])


def clashes(atrium: Atrium, context: Context) -> list[Atrium]:
    """Atria for the same people at most three days before or after, the nearest first."""
    day = atrium.local_date
    query = Query(
        begins_from=_midnight(day - NEAR),
        begins_before=_midnight(day + NEAR + dt.timedelta(days=1)),
        visible_to=context.reads,
        include_cancelled=False,
    )
    others = (one for one in context.agenda.upcoming(query) if one.uid != atrium.uid and not one.is_cancelled)
    same = [one for one in others if _share_people(one, atrium)]
    return sorted(same, key=lambda one: (abs(one.local_date - day), one.starts_at))


def _share_people(one: Atrium, other: Atrium) -> bool:
    return not one.audience or not other.audience or not one.audience.isdisjoint(other.audience)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def day_warning(day: dt.date) -> str | None:
    """A public holiday or a weekend."""
    holiday = _holidays(day.year).get(day)
    if holiday:
        return say("waarschuwing.feestdag", dag=long_date(day), feestdag=holiday)
    if day.weekday() >= 5:
        return say("waarschuwing.weekend", dag=date_with_year(day), weekdag=long_date(day).split()[0])
    return None


@cache
def _holidays(year: int) -> dict[dt.date, str]:
    return dict(belgium()(language="nl", years=year))


def hours_warning(atrium: Atrium) -> str | None:
    """A start or an end when these people do not usually meet."""
    start, end = atrium.local_start.time(), atrium.local_end
    politicians = bool(atrium.audience) and atrium.audience <= POLITICIANS
    closes = _CLOSES_FOR_POLITICIANS if politicians else _CLOSES
    if start < _OPENS or start >= closes or (end is not None and end.time() > closes):
        return say("waarschuwing.uren", opening=clock_text(_OPENS), sluiting=clock_text(closes))
    return None


def far_warning(atrium: Atrium, now: dt.datetime) -> str | None:
    """A day so far ahead that the year may be a slip."""
    if atrium.starts_at - now > _FAR:
        return say("waarschuwing.ver", dag=long_date(atrium.local_date))
    return None


def missing_warnings(atrium: Atrium) -> tuple[str, ...]:
    """What members will ask for."""
    found = []
    if not (atrium.venue or atrium.address):
        found.append(say("waarschuwing.geen zaal"))
    if not atrium.registration_url:
        found.append(say("waarschuwing.geen link"))
    return tuple(found)
