"""The school holidays in Flanders, by the rules of the Flemish government for compulsory education.

Source: Besluit van de Vlaamse Regering betreffende de organisatie van het schooljaar in het basisonderwijs.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

from scheduler.moments import public_holidays

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)

#: Easter Monday is the only Monday among the public holidays between these days.
_EARLIEST_EASTER_MONDAY, _LATEST_EASTER_MONDAY = (3, 23), (4, 26)

#: A later Easter Sunday has the Easter holidays begin two weeks before Easter Monday.
_LATE_EASTER = 15


class SchoolHoliday(NamedTuple):
    """First and last day, both included; weekends before and after are not counted."""

    first: dt.date
    last: dt.date


@cache
def school_holidays(year: int) -> tuple[SchoolHoliday, ...]:
    """The school holidays that begin in a calendar year."""
    easter = _easter(year)
    carnival = easter - 7 * WEEK + DAY
    autumn = _monday_of_or_after(dt.date(year, 11, 1), sunday_goes_on=True)
    christmas = _monday_of_or_after(dt.date(year, 12, 25), saturday_goes_on=True, sunday_goes_on=True)
    spring = _first_of_spring_holiday(easter)
    return (
        SchoolHoliday(carnival, carnival + WEEK - DAY),
        SchoolHoliday(spring, spring + 2 * WEEK - DAY),
        SchoolHoliday(dt.date(year, 7, 1), dt.date(year, 8, 31)),
        SchoolHoliday(autumn, autumn + WEEK - DAY),
        SchoolHoliday(christmas, christmas + 2 * WEEK - DAY),
    )


def find_school_holiday(day: dt.date) -> SchoolHoliday | None:
    """The school holiday in which a Brussels date falls."""
    near = (*school_holidays(day.year - 1)[-1:], *school_holidays(day.year))
    return next((each for each in near if each.first <= day <= each.last), None)


def _easter(year: int) -> dt.date:
    return next(
        day - DAY
        for day in public_holidays(year)
        if day.weekday() == 0 and _EARLIEST_EASTER_MONDAY <= (day.month, day.day) <= _LATEST_EASTER_MONDAY
    )


def _first_of_spring_holiday(easter: dt.date) -> dt.date:
    """The first Monday of April, unless Easter is in March or late in April."""
    if easter.month == 3:
        return easter + DAY
    if easter.day > _LATE_EASTER:
        return easter + DAY - 2 * WEEK
    return _monday_of_or_after(dt.date(easter.year, 4, 7))


def _monday_of_or_after(
    day: dt.date, *, saturday_goes_on: bool = False, sunday_goes_on: bool = False
) -> dt.date:
    """The Monday of the week of a day; from a weekend day that "goes on", the Monday after."""
    goes_on = (saturday_goes_on and day.weekday() == 5) or (sunday_goes_on and day.weekday() == 6)
    monday = day - day.weekday() * DAY
    return monday + WEEK if goes_on else monday
