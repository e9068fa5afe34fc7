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
from handlers.wording.sentences import number_text

#: Two atria for the same people so near each other compete (days before or after).
NEAR = dt.timedelta(days=3)
#: Registration that ends longer before an atrium than this was meant for another day.
LONG_BEFORE = dt.timedelta(days=7)
#: More than so many are not all named.
NAMED = 3

_OPENS, _CLOSES = dt.time(8, 0), dt.time(18, 0)
#: Politicians meet after work.
_CLOSES_FOR_POLITICIANS = dt.time(22, 30)
_FAR = dt.timedelta(days=730)


def warnings(atrium: Atrium, context: Context) -> tuple[str, ...]:
    """All of them, in Dutch, to stand after "Let op:"; none of them stops a publication."""
    found = [
        twin_warning(atrium, context),
        clash_warning(atrium, context),
        day_warning(atrium.local_date),
        hours_warning(atrium),
        far_warning(atrium, context.now),
        *missing_warnings(atrium),
    ]
    return tuple(each for each in found if each)


def moving_warnings(before: Atrium, after: Atrium, context: Context) -> tuple[str, ...]:
    """What to mind when an atrium moves; nothing when day and hours stay."""
    if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
        return ()
    found = (
        clash_warning(after, context),
        day_warning(after.local_date),
        hours_warning(after),
        far_warning(after, context.now),
        deadline_warning(before, after),
    )
    return tuple(each for each in found if each)


def deadline_warning(before: Atrium, after: Atrium) -> str | None:
    """A last day to register that stayed where it was while the atrium moved away from it, or before it."""
    until, day = after.registration_until, after.local_date
    if until is None or before.local_date == day:
        return None
    if until > day:
        return say("waarschuwing.inschrijven erna", dag=long_date(until))
    if day - until <= max(LONG_BEFORE, before.local_date - (before.registration_until or until)):
        return None
    return say(
        "waarschuwing.inschrijven lang ervoor", dag=long_date(until), dagen=number_text((day - until).days)
    )


def clash_warning(atrium: Atrium, context: Context) -> str | None:
    """The atria for the same people within three days, as far as who reads along may know of them."""
    near = clashes(atrium, context)
    if not near:
        return None
    nearest = sorted(near[:NAMED], key=lambda one: one.starts_at)
    named = [f"- {brief_text(one, context.now)}" for one in nearest]
    more = ["- " + say("waarschuwing.en nog", aantal=str(len(near) - NAMED))] if len(near) > NAMED else []
    return "\n".join([say("waarschuwing.ook dan"), *named, *more])


def twin_warning(atrium: Atrium, context: Context) -> str | None:
    """The agenda holds the very same atrium already: this may be a copy that nobody means to make known."""
    twin = next((one for one in _around(atrium, context) if _is_same(one, atrium)), None)
    return say("waarschuwing.zelfde atrium", atrium=brief_text(twin, context.now)) if twin else None


def clashes(atrium: Atrium, context: Context) -> list[Atrium]:
    """Other atria for the same people at most three days before or after, the nearest first."""
    day = atrium.local_date
    near = (one for one in _around(atrium, context) if not _is_same(one, atrium))
    same = [one for one in near if _share_people(one, atrium)]
    return sorted(same, key=lambda one: (abs(one.local_date - day), one.starts_at))


def _around(atrium: Atrium, context: Context) -> list[Atrium]:
    """What else goes on at most three days before or after, as far as who reads along may know of it."""
    day = atrium.local_date
    query = Query(
        begins_from=_midnight(day - NEAR),
        begins_before=_midnight(day + NEAR + dt.timedelta(days=1)),
        visible_to=context.reads,
        include_cancelled=False,
    )
    found = context.agenda.upcoming(query)
    return [one for one in found if one.uid != atrium.uid and not one.is_cancelled]


def _is_same(one: Atrium, other: Atrium) -> bool:
    """Whether two are of one kind and title, on one day and in one place."""
    return (one.kind, one.title.casefold(), one.local_date, one.municipality) == (
        other.kind,
        other.title.casefold(),
        other.local_date,
        other.municipality,
    )


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
