"""What the terms of a rule mean: a number, a year, a date, a month, "volgende week", "deze zomer"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import PREVIOUS, THIS, At, Unit
from handlers.reading.period_words import DAY_WORDS, MONTH_NUMBERS, NUMBERS, ORDINALS, WEEKDAY_NUMBERS
from handlers.wording.catalogue import say

#: What "deze", "volgende" or "vorige" may stand before.
STRETCHES = (
    "week|weekend|weekeinde|maand|kwartaal|trimester|semester|halfjaar|schooljaar|werkjaar|werkingsjaar|jaar"
)


def number_of(word: str) -> int:
    """The number that a word or its digits say."""
    return int(word) if word.isdigit() else NUMBERS[word]


def ordinal_of(word: str) -> int:
    """The place in a row that a word says, -1 for "laatste"."""
    if word in DAY_WORDS:
        return DAY_WORDS[word]
    return ORDINALS[word] if word in ORDINALS else int(re.sub(r"\D", "", word))


def year_of(words: str | None, at: At) -> int | None:
    """The year that is said ("2027", "volgend jaar"), None when none is."""
    if not words:
        return None
    if words[:2] == "20" and words.isdigit():
        return int(words)
    return at.today.year + step_of(words.split()[0])


def step_of(word: str) -> int:
    """-1, 0 or 1 for "vorige", "deze" and "volgende"."""
    if word in THIS.split("|"):
        return 0
    return -1 if word in PREVIOUS.split("|") else 1


def is_past(word: str) -> bool:
    """Whether a word means the one before ("vorige")."""
    return word in PREVIOUS.split("|")


def in_year(year: int | None, at: At, of_year: Callable[[int], Span | None], grain: str) -> Unit | None:
    """What is meant of each year: of the year that is said, or else of the nearest."""
    span = at.nearest(of_year) if year is None else of_year(year)
    return Unit(span, grain, floating=year is None) if span else None


def date_unit(at: At, number: int, month: int, year: int | None, weekday: str | None = None) -> Unit | None:
    """A day of the calendar, or nothing and a problem when there is no such day."""

    def of_year(one: int) -> Span | None:
        try:
            return calendar.day(dt.date(one, month, number))
        except ValueError:
            return None

    unit = in_year(year, at, of_year, "day")
    if unit is None:
        name = next(name for name, value in MONTH_NUMBERS.items() if value == month)
        at.problems.append(say("gelezen.bestaat niet", dag=f"{number} {name}{f' {year}' if year else ''}"))
    elif weekday and unit.span.first and unit.span.first.weekday() != WEEKDAY_NUMBERS[weekday]:
        names = [name for name in WEEKDAY_NUMBERS if len(name) > 5]
        date = unit.span.first
        month_name = next(name for name in MONTH_NUMBERS if MONTH_NUMBERS[name] == date.month)
        at.problems.append(
            say(
                "gelezen.andere weekdag",
                dag=f"{date.day} {month_name} {date.year}",
                weekdag=names[date.weekday()],
                getypt=names[WEEKDAY_NUMBERS[weekday]],
            )
        )
    return unit


def stretch(what: str, step: int, at: At) -> Span:
    """The week, weekend, month, year ... `step` on from the one that holds today."""
    match what:
        case "week":
            return calendar.week_of(calendar.plus_days(at.today, 7 * step))
        case "weekend" | "weekeinde":
            return calendar.weekend_of(calendar.plus_days(at.today, 7 * step))
        case "maand" | "maanden":
            date = calendar.plus_months(at.today, step)
            return calendar.month(date.year, date.month)
        case "kwartaal" | "trimester":
            start = at.today.replace(month=(at.today.month - 1) // 3 * 3 + 1, day=1)
            date = calendar.plus_months(start, 3 * step)
            return calendar.months(date.year, date.month, date.month + 2)
        case "semester" | "halfjaar":
            start = at.today.replace(month=1 if at.today.month < 7 else 7, day=1)
            date = calendar.plus_months(start, 6 * step)
            return calendar.months(date.year, date.month, date.month + 5)
        case "schooljaar" | "werkjaar" | "werkingsjaar":
            year = at.today.year - (at.today.month < 9)
            return calendar.school_year(year + step)
    return calendar.year_span(at.today.year + step)


def month_meant(match: re.Match[str], at: At) -> Unit | None:
    """The month of a match: by name ("m", with "y" its year) or by its step from this one ("rel")."""
    named = match.groupdict()
    if named.get("rel"):
        return Unit(stretch("maand", step_of(named["rel"]), at), "month")
    number = MONTH_NUMBERS[named["m"]]
    return in_year(year_of(named.get("y"), at), at, lambda year: calendar.month(year, number), "month")


def season_meant(match: re.Match[str], at: At) -> Unit | None:
    """The season of a match ("s"), of its year ("y") or by its step from today ("rel")."""
    named = match.groupdict()
    name, relative = named["s"], named.get("rel") or ""
    year = year_of(named.get("y"), at)
    if not relative or year is not None or relative in THIS.split("|"):
        return in_year(year, at, lambda one: calendar.season(name, one), "season")
    spans = [calendar.season(name, one) for one in range(at.today.year - 3, at.today.year + 3)]
    if is_past(relative):
        span = [one for one in spans if one.last is not None and one.last < at.today][-1]
    else:
        span = next(one for one in spans if one.first is not None and one.first > at.today)
    return Unit(span, "season", past=is_past(relative))
