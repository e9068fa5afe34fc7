"""The calendar that periods are reckoned on: weeks, seasons, school holidays and feasts, as `Span`s.

Weeks run from Monday to Sunday. School holidays are those of the Flemish rule, with the Saturday and
Sunday after the last week; feasts and school holidays come from the `holidays` package, which is
slow to import and loads at first use.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import cache

from handlers.belgium import belgium
from handlers.model import Span

#: First and last month of each season; winter ends in the year after.
SEASONS = {
    "voorjaar": (1, 6),
    "najaar": (9, 12),
    "lente": (3, 5),
    "zomer": (6, 8),
    "herfst": (9, 11),
    "winter": (12, 2),
}

#: School holidays by the name that `holidays` gives them.
SCHOOL_HOLIDAYS = {
    "kerst": "Kerstvakantie",
    "krokus": "Krokusvakantie",
    "paas": "Paasvakantie",
    "herfst": "Herfstvakantie",
    "zomer": "Zomervakantie",
}

#: Feasts on a fixed day: month and day.
FIXED_FEASTS = {
    "nieuwjaar": (1, 1),
    "driekoningen": (1, 6),
    "lichtmis": (2, 2),
    "valentijn": (2, 14),
    "dag van de arbeid": (5, 1),
    "vlaamse feestdag": (7, 11),
    "nationale feestdag": (7, 21),
    "olv hemelvaart": (8, 15),
    "allerheiligen": (11, 1),
    "wapenstilstand": (11, 11),
    "sinterklaas": (12, 6),
    "kerst": (12, 25),
    "tweede kerstdag": (12, 26),
    "oudjaar": (12, 31),
}

#: Feasts that move with Easter, by the name that `holidays` gives them.
MOVING_FEASTS = {
    "pasen": "Pasen",
    "paasmaandag": "Paasmaandag",
    "hemelvaart": "O. L. H. Hemelvaart",
    "pinksteren": "Pinksteren",
    "pinkstermaandag": "Pinkstermaandag",
}


def day(date: dt.date) -> Span:
    return Span(first=date, last=date)


def plus_days(date: dt.date, days: int) -> dt.date:
    return date + dt.timedelta(days=days)


def plus_months(date: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, last_day(year, month + 1)))


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def month(year: int, number: int) -> Span:
    return Span(first=dt.date(year, number, 1), last=dt.date(year, number, last_day(year, number)))


def months(year: int, first: int, last: int) -> Span:
    """From the first of one month to the end of another, in the next year where that comes first."""
    ending = year + (last < first)
    return Span(first=dt.date(year, first, 1), last=month(ending, last).last)


def year_span(year: int) -> Span:
    return Span(first=dt.date(year, 1, 1), last=dt.date(year, 12, 31))


def monday_of(date: dt.date) -> dt.date:
    return plus_days(date, -date.weekday())


def week_of(date: dt.date) -> Span:
    monday = monday_of(date)
    return Span(first=monday, last=plus_days(monday, 6))


def iso_week(year: int, number: int) -> Span | None:
    """The ISO week, None when that year has no such week."""
    try:
        return week_of(dt.date.fromisocalendar(year, number, 1))
    except ValueError:
        return None


def weekend_of(date: dt.date) -> Span:
    saturday = plus_days(date, 5 - date.weekday())
    return Span(first=saturday, last=plus_days(saturday, 1))


def third_of_month(year: int, number: int, third: int) -> Span:
    """Begin, half and end of a month: days 1-10, 11-20 and 21 to the end."""
    last = (10, 20, last_day(year, number))[third]
    return Span(first=dt.date(year, number, 1 + 10 * third), last=dt.date(year, number, last))


def season(name: str, year: int) -> Span:
    first, last = SEASONS[name]
    return months(year, first, last)


def school_year(year: int) -> Span:
    """From 1 September of `year` to 31 August of the next."""
    return Span(first=dt.date(year, 9, 1), last=dt.date(year + 1, 8, 31))


@cache
def school_holiday(name: str, year: int) -> Span:
    """The school holiday that begins in `year` ("kerst", 2026), to the Sunday after its last week."""
    if name == "zomer":
        return Span(first=dt.date(year, 7, 1), last=dt.date(year, 8, 31))
    wanted = SCHOOL_HOLIDAYS[name]
    days = [date for date in _belgian("school", year) if wanted in _belgian("school", year)[date]]
    days += [date for date in _belgian("school", year + 1) if wanted in _belgian("school", year + 1)[date]]
    begun = [date for date in days if date.year == year and (name != "kerst" or date.month == 12)]
    first = min(begun)
    last = max(date for date in days if date <= plus_days(first, 20))
    return Span(first=first, last=plus_days(last, 6 - last.weekday()))


@cache
def feast(name: str, year: int) -> Span:
    """The day of a feast in `year`."""
    if name in FIXED_FEASTS:
        return day(dt.date(year, *FIXED_FEASTS[name]))
    public = _belgian("public", year)
    return day(next(date for date in sorted(public) if MOVING_FEASTS[name] in public[date]))


@cache
def _belgian(category: str, year: int) -> dict[dt.date, str]:
    found = belgium()(years=year, subdiv="Flemish", categories=category, language="nl")
    return {date: str(name) for date, name in found.items()}
