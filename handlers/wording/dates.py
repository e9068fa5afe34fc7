"""Dates and times as the network writes them: "maandag 12 april 2027, van 9.00 tot 16.00 u.".

The one formatter of the house: every answer, post, page and feed renders its dates here. Instants
come in aware UTC and are shown on the wall clock of Brussels; days are days in Brussels.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from handlers.model import BRUSSELS, Span
from handlers.wording.catalogue import Said

#: Babel's name of Dutch as written in Flanders.
LOCALE = "nl_BE"

RelativeDay = Literal["vandaag", "morgen", "overmorgen", "deze week", "volgende week"]

#: How each of them is said.
NEAR: Mapping[RelativeDay, str] = Said(
    {
        "vandaag": "dag.vandaag",
        "morgen": "dag.morgen",
        "overmorgen": "dag.overmorgen",
        "deze week": "dag.deze week",
        "volgende week": "dag.volgende week",
    }
)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by number: Monday is 0, January is 1."""

    days: dict[int, str]
    short_days: dict[int, str]
    months: dict[int, str]


@cache
def _names() -> _Names:
    # Babel takes 40 ms to import, and most commands of the program say no date at all.
    from babel.dates import get_day_names, get_month_names

    return _Names(
        days=dict(get_day_names("wide", locale=LOCALE)),
        short_days=dict(get_day_names("abbreviated", locale=LOCALE)),
        months=dict(get_month_names("wide", locale=LOCALE)),
    )


@lru_cache(maxsize=1024)
def local_day(instant: dt.datetime) -> dt.date:
    """The day in Brussels on which this instant falls."""
    return instant.astimezone(BRUSSELS).date()


def clock_text(time: dt.time | dt.datetime) -> str:
    """The hour on the wall clock, "9.00". An instant is brought to Brussels first."""
    if isinstance(time, dt.datetime):
        time = time.astimezone(BRUSSELS).time()
    return f"{time.hour}.{time.minute:02d}"


def day_and_month(day: dt.date) -> str:
    """ "12 april"."""
    return f"{day.day} {_names().months[day.month]}"


def date_with_year(day: dt.date) -> str:
    """ "12 april 2027"."""
    return f"{day_and_month(day)} {day.year}"


def weekday_name(weekday: int) -> str:
    """The name of a day of the week, of which Monday is 0: "maandag"."""
    return _names().days[weekday]


def long_date(day: dt.date) -> str:
    """The day in full, always with its year: "maandag 12 april 2027"."""
    return f"{_names().days[day.weekday()]} {date_with_year(day)}"


def brief_date(day: dt.date, today: dt.date) -> str:
    """The day in a list: "ma 12 april", with the year when it is not that of `today`."""
    name = f"{_names().short_days[day.weekday()]} {day_and_month(day)}"
    return name if day.year == today.year else f"{name} {day.year}"


def numeric_date(day: dt.date, beside: dt.date | None = None) -> str:
    """The day between brackets, "6/4"; with its year when that is not the year of `beside`."""
    text = f"{day.day}/{day.month}"
    return text if beside is None or beside.year == day.year else f"{text}/{day.year}"


def deadline_text(day: dt.date, beside: dt.date | None = None) -> str:
    """The last day of something, beside its date: "zondag 11 april".

    The year is said only where it is not that of `beside`, the day of the atrium itself.
    """
    text = f"{_names().days[day.weekday()]} {day_and_month(day)}"
    return text if beside is None or beside.year == day.year else f"{text} {day.year}"


def hours_text(starts_at: dt.datetime, ends_at: dt.datetime | None) -> str:
    """The hours in Brussels: "van 9.00 tot 16.00 u.", or "om 9.00 u." without an end."""
    if ends_at is None:
        return f"om {clock_text(starts_at)} u."
    if local_day(ends_at) != local_day(starts_at):
        return f"van {clock_text(starts_at)} u. tot {long_date(local_day(ends_at))}, {clock_text(ends_at)} u."
    return f"van {clock_text(starts_at)} tot {clock_text(ends_at)} u."


@lru_cache(maxsize=1024)
def span_text(starts_at: dt.datetime, ends_at: dt.datetime | None) -> str:
    """Day and hours in full: "maandag 12 april 2027, van 9.00 tot 16.00 u."."""
    return f"{long_date(local_day(starts_at))}, {hours_text(starts_at, ends_at)}"


def relative_day(day: dt.date, today: dt.date) -> RelativeDay | None:
    """How near a coming day is; None when past or far. `NEAR` says it, beside its date."""
    near: dict[int, RelativeDay] = {0: "vandaag", 1: "morgen", 2: "overmorgen"}
    ahead = (day - today).days
    if ahead in near:
        return near[ahead]
    monday = today - dt.timedelta(days=today.weekday())
    weeks = (day - monday).days // 7
    if ahead > 0 and weeks == 0:
        return "deze week"
    return "volgende week" if weeks == 1 else None


def near_text(day: dt.date, today: dt.date) -> str | None:
    """How near a coming day is, in words: "morgen"; None when past or far."""
    near = relative_day(day, today)
    return NEAR[near] if near else None


def _whole_months(first: dt.date, last: dt.date) -> bool:
    return first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]


def _closed_period_text(first: dt.date, last: dt.date, today: dt.date) -> str:
    if first == last:
        near = relative_day(first, today)
        return f"op {long_date(first)}" + (f" ({NEAR[near]})" if near else "")
    if _whole_months(first, last):
        if (first.month, last.month, first.year) == (1, 12, last.year):
            return f"in {first.year}"
        if (first.year, first.month) == (last.year, last.month):
            return f"in {_names().months[first.month]} {first.year}"
    if first.year != last.year:
        return f"van {date_with_year(first)} tot en met {date_with_year(last)}"
    if first.month != last.month:
        return f"van {day_and_month(first)} tot en met {date_with_year(last)}"
    return f"van {first.day} tot en met {date_with_year(last)}"


def period_text(span: Span, today: dt.date) -> str:
    """A period in words, with its dates: "van 1 tot en met 15 maart 2027", "in december 2026".

    Empty for a period that is open at both ends.
    """
    if span.first and span.last:
        return _closed_period_text(span.first, span.last, today)
    if span.first:
        return f"vanaf {date_with_year(span.first)}"
    return f"tot en met {date_with_year(span.last)}" if span.last else ""
