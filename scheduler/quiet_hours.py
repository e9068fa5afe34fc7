"""Why the bot says nothing unasked at a moment, in a sentence for whoever chose that moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from handlers.model import BRUSSELS
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, local_day, long_date, weekday_name
from handlers.wording.sentences import capitalised, enumeration
from scheduler.moments import is_allowed, public_holidays
from scheduler.rules import Attention


def why_not_then(moment: dt.datetime, attention: Attention) -> str | None:
    """Why nothing is said unasked at this aware instant; None when it may be."""
    if is_allowed(moment, attention):
        return None
    day = local_day(moment)
    if day in public_holidays(day.year):
        return capitalised(say("moment.feestdag", dag=long_date(day)))
    if day.weekday() not in attention.weekdays:
        days = _days_text(attention.weekdays)
        return capitalised(say("moment.geen dag", dag=long_date(day), dagen=days))
    hours = {"opent": clock_text(attention.opens), "sluit": clock_text(attention.closes)}
    return capitalised(say("moment.geen uur", uur=clock_text(moment.astimezone(BRUSSELS)), **hours))


def said_now(now: dt.datetime, members: int | None, attention: Attention) -> str | None:
    """That it is no moment at which the bot speaks by itself, for whoever is about to post at once.

    Args:
        now: aware UTC.
        members: how many would read it; None where nobody knows.
    """
    if is_allowed(now, attention):
        return None
    local = now.astimezone(BRUSSELS)
    told = say("aankondiging.nu de leden")
    if members is not None:
        told = (
            say("aankondiging.nu een lid")
            if members == 1
            else say("aankondiging.nu leden", aantal=str(members))
        )
    if local.weekday() not in attention.weekdays or local.date() in public_holidays(local.year):
        return say("aankondiging.nu op die dag", dag=long_date(local.date()), wie=told)
    if local.time() < attention.opens:
        return say("aankondiging.nu voor de uren", uur=clock_text(attention.opens), wie=told)
    return say("aankondiging.nu na de uren", uur=clock_text(attention.closes), wie=told)


def _days_text(weekdays: Collection[int]) -> str:
    """ "maandag tot en met vrijdag", or the days by name where they do not follow on each other."""
    found = sorted(weekdays)
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        first, last = weekday_name(found[0]), weekday_name(found[-1])
        return say("moment.van tot en met", eerste=first, laatste=last)
    return enumeration([weekday_name(each) for each in found])
