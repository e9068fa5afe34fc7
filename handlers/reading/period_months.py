"""The rules that read months, quarters and halves, and the beginning, middle or end of a longer stretch."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import DIGITS, At, Rules, Unit
from handlers.reading.period_terms import (
    in_year,
    month_meant,
    number_of,
    ordinal_of,
    season_meant,
    step_of,
    stretch,
    year_of,
)
from handlers.reading.period_words import MONTH_NUMBERS

MONTHS = Rules()


@MONTHS.rule("maand", "{M}", r"{M:m}(?: (?:van |in )?{RY:y})?(?:(?P<pair>/){M})?")
def _month(match: re.Match[str], at: At) -> Unit | None:
    return month_meant(match, at)


@MONTHS.rule("maand van een jaar", "{REL}", r"{RY:y} (?:in )?{M:m}")
def _year_month(match: re.Match[str], at: At) -> Unit | None:
    return month_meant(match, at)


_THIRDS = {"begin": 0, "half": 1, "midden": 1, "medio": 1, "eind": 2, "einde": 2}


@MONTHS.rule(
    "begin, half of einde",
    "begin half midden medio eind einde",
    r"(?P<third>begin|half|midden|medio|einde|eind) (?:van )?(?:de |het )?(?:maand )"
    r"?(?P<what>{M:m}(?: (?:van )?{RY:y})?|{REL:rel} maand|maand)",
)
def _third(match: re.Match[str], at: At) -> Unit | None:
    third = _THIRDS[match["third"]]
    named = match.groupdict()
    if not named["m"]:
        date = calendar.plus_months(at.today, step_of(named["rel"]) if named["rel"] else 0)
        return Unit(calendar.third_of_month(date.year, date.month, third), "month", ends=third == 2)
    number = MONTH_NUMBERS[named["m"]]
    unit = in_year(
        year_of(named["y"], at), at, lambda year: calendar.third_of_month(year, number, third), "month"
    )
    return replace(unit, ends=third == 2) if unit else None


@MONTHS.rule(
    "begin of einde van een jaar",
    "begin half midden medio eind einde",
    r"(?P<third>begin|half|midden|medio|einde|eind) (?:van )?(?:het |de )?(?P<y>20\d\d|{REL} jaar|jaar"
    r"|{REL} schooljaar|schooljaar)",
)
def _end_of_year(match: re.Match[str], at: At) -> Unit:
    third = _THIRDS[match["third"]]
    if match["y"].endswith("schooljaar"):
        step = step_of(match["y"].split()[0]) if " " in match["y"] else 0
        start = stretch("schooljaar", step, at).first
        year = start.year if start else at.today.year
        span = (calendar.months(year, 9, 11), calendar.months(year, 12, 2), calendar.months(year + 1, 6, 8))[
            third
        ]
        return Unit(span, "relative", ends=third == 2)
    year = at.today.year if match["y"] == "jaar" else year_of(match["y"], at) or at.today.year
    if match["y"] == "jaar" and third == 0 and not at.past:
        year += at.today.month > 3
    first = (1, 4, 10)[third]
    span = calendar.months(year, first, (3, 9, 12)[third])
    return Unit(span, "relative", ends=third == 2, past=span.last is not None and span.last < at.today)


@MONTHS.rule(
    "begin of einde van een week",
    "begin half midden eind einde",
    r"(?P<third>begin|half|midden|einde|eind) (?:van )?(?:de )?(?:{REL:rel} )?week",
)
def _third_of_week(match: re.Match[str], at: At) -> Unit:
    step = step_of(match["rel"]) if match["rel"] else 0
    monday = calendar.monday_of(calendar.plus_days(at.today, 7 * step))
    first, last = ((0, 1), (2, 3), (4, 6))[_THIRDS[match["third"]]]
    return Unit(Span(first=calendar.plus_days(monday, first), last=calendar.plus_days(monday, last)), "week")


@MONTHS.rule(
    "begin of einde van een seizoen",
    "begin half midden eind einde",
    r"(?P<third>begin|half|midden|einde|eind) (?:van )?(?:de |het )?(?:{REL:rel} )?{SEASON:s}(?: {Y:y})?",
)
def _third_of_season(match: re.Match[str], at: At) -> Unit | None:
    whole = season_meant(match, at)
    if whole is None or whole.span.first is None or whole.span.last is None:
        return None
    start, end = whole.span.first, whole.span.last
    size = ((end.year - start.year) * 12 + end.month - start.month + 1) // 3 or 1
    third = _THIRDS[match["third"]]
    first = calendar.plus_months(start, size * third)
    last = end if third == 2 else calendar.plus_days(calendar.plus_months(first, size), -1)
    return replace(whole, span=Span(first=first, last=last), ends=third == 2)


@MONTHS.rule(
    "kwartaal",
    f"q1 q2 q3 q4 q kwartaal trimester {{ORD}} {DIGITS} {{NEXT}}",
    r"q ?(?P<q>[1-4])(?: (?:van |in )?(?:het )?{RY:y})?",
    r"(?:kwartaal|trimester) (?P<q>[1-4])(?: (?:van |in )?{RY:y})?",
    r"{ORD:n} (?:kwartaal|trimester)(?: (?:van |in )?(?:het )?(?:{RY:y}|jaar))?",
)
def _quarter(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    number = int(named["q"]) if named.get("q") else ordinal_of(named["n"])
    number = 4 if number == -1 else number
    if number > 4:
        return None
    year = year_of(named["y"], at)
    return in_year(year, at, lambda one: calendar.months(one, 3 * number - 2, 3 * number), "season")


@MONTHS.rule(
    "helft",
    f"{{ORD}} {DIGITS} semester",
    r"{ORD:n} helft (?:van )?(?:de |het )?(?:maand )?(?P<what>{M:m}(?: (?:van )?{RY:y})?"
    r"|{REL:rel} maand|maand)",
    r"{ORD:n} (?:helft (?:van )?(?:het )?|jaarhelft ?(?:van )?|semester ?(?:van )?(?:het )?"
    r"|halfjaar ?(?:van )?)(?P<year>{RY}|jaar)",
    r"{ORD:n} (?:jaarhelft|semester|halfjaar)",
)
def _half(match: re.Match[str], at: At) -> Unit | None:
    number, named = ordinal_of(match["n"]), match.groupdict()
    number = 2 if number == -1 else number
    if number > 2:
        return None
    if not named.get("what"):
        said = named.get("year")
        year = at.today.year if said == "jaar" else year_of(said, at)
        return in_year(year, at, lambda one: calendar.months(one, 6 * number - 5, 6 * number), "season")
    if named.get("m"):
        whole = month_meant(match, at)
    else:
        whole = Unit(stretch("maand", step_of(named["rel"]) if named.get("rel") else 0, at), "month")
    if whole is None or whole.span.first is None:
        return None
    first = whole.span.first
    if number == 1:
        return replace(whole, span=Span(first=first, last=first.replace(day=15)))
    return replace(whole, span=Span(first=first.replace(day=16), last=whole.span.last))


@MONTHS.rule(
    "eerste maanden van een jaar",
    "{ORD}",
    r"(?P<n>eerste|laatste) {N:k} (?P<unit>maanden|weken) van (?:het )?(?P<y>{RY}|jaar)",
)
def _first_months(match: re.Match[str], at: At) -> Unit:
    year = at.today.year if match["y"] == "jaar" else year_of(match["y"], at) or at.today.year
    number = number_of(match["k"])
    new_year, end_of_year = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if match["n"] == "eerste":
        first_after = calendar.plus_days(new_year, 7 * number)
        if match["unit"] == "maanden":
            first_after = calendar.plus_months(new_year, number)
        return Unit(Span(first=new_year, last=calendar.plus_days(first_after, -1)), "season")
    first = calendar.plus_days(end_of_year, 1 - 7 * number)
    if match["unit"] == "maanden":
        first = calendar.plus_months(dt.date(year, 12, 1), 1 - number)
    return Unit(Span(first=first, last=end_of_year), "season")


@MONTHS.rule(
    "eerste weken van een maand",
    "{ORD}",
    r"(?P<n>eerste|laatste) {N:k} (?P<unit>weken|dagen) van (?:de )?(?:maand )?{M:m}(?: (?:van )?{RY:y})?",
)
def _first_weeks(match: re.Match[str], at: At) -> Unit | None:
    month = month_meant(match, at)
    if month is None or month.span.first is None or month.span.last is None:
        return None
    days = number_of(match["k"]) * (7 if match["unit"] == "weken" else 1) - 1
    if match["n"] == "eerste":
        return replace(
            month, span=Span(first=month.span.first, last=calendar.plus_days(month.span.first, days))
        )
    return replace(month, span=Span(first=calendar.plus_days(month.span.last, -days), last=month.span.last))
