"""The rules that read a week or a weekend, and this, the next or the last week, month or year."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import THIS, At, Rules, Unit
from handlers.reading.period_terms import (
    STRETCHES,
    date_unit,
    in_year,
    is_past,
    month_meant,
    ordinal_of,
    step_of,
    stretch,
    year_of,
)
from handlers.reading.period_words import MONTH_NUMBERS
from handlers.wording.catalogue import say

WEEKS = Rules()


@WEEKS.rule(
    "deze, volgende of vorige week, maand, jaar",
    "{REL} week weekend maand maanden kwartaal jaar van",
    rf"{{REL:rel}} (?P<what>{STRETCHES})",
    r"(?P<what>week|weekend|maand|maanden|kwartaal|jaar) {REL:rel}",
)
def _relative_stretch(match: re.Match[str], at: At) -> Unit | None:
    relative, what = match["rel"], match["what"]
    if match.group().startswith(what) and at.language == "nl":
        return None
    step = step_of(relative)
    if what in {"weekend", "weekeinde"} and step == 1 and relative.startswith(("komend", "eerst", "aan")):
        step = 0
    return Unit(stretch(what, step, at), "relative", past=is_past(relative))


@WEEKS.rule(
    "van de week, van 't jaar", "van", r"van (?:de|het) (?P<what>week|weekend|maand|jaar)(?! van)(?! daarna)"
)
def _dialect_stretch(match: re.Match[str], at: At) -> Unit:
    return Unit(stretch(match["what"], 0, at), "relative")


@WEEKS.rule(
    "deze en volgende week", "{REL}", rf"(?:{THIS}) (?:en|of) (?:de |het )?{{NEXT}} (?P<what>{STRETCHES})"
)
def _this_and_next(match: re.Match[str], at: At) -> Unit:
    first, last = stretch(match["what"], 0, at), stretch(match["what"], 1, at)
    return Unit(Span(first=first.first, last=last.last), "relative")


@WEEKS.rule(
    "het weekend",
    "weekend weekeinde",
    r"(?:weekend|weekeinde)(?: van (?:{WD} )?(?P<d>\d{1,2}) {M:m}(?: {Y:y})?)?",
)
def _weekend(match: re.Match[str], at: At) -> Unit | None:
    if not match["m"]:
        return Unit(calendar.weekend_of(at.today), "relative")
    unit = date_unit(at, int(match["d"]), MONTH_NUMBERS[match["m"]], year_of(match["y"], at))
    return Unit(calendar.weekend_of(unit.span.first), "week") if unit and unit.span.first else None


@WEEKS.rule(
    "week met nummer",
    "week weeknummer wk",
    r"(?:week|weeknummer|wk) (?:nr |nummer )?(?P<n>\d{1,2})(?: (?:van |in )?{RY:y})?",
)
def _week_number(match: re.Match[str], at: At) -> Unit | None:
    number = int(match["n"])
    unit = in_year(year_of(match["y"], at), at, lambda year: calendar.iso_week(year, number), "week")
    if unit is None:
        at.problems.append(say("gelezen.bestaat niet", dag=f"week {number}"))
    return unit


@WEEKS.rule(
    "de week van een dag",
    "week",
    r"week (?:van|vanaf|rond) (?:{WD} )?(?:de )?(?P<d>\d{1,2})(?:ste|de|e)? {M:m}(?: {RY:y})?",
    r"week (?:van|vanaf|rond) (?:{WD} )?(?P<num>\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)",
)
def _week_of_date(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    if named.get("num"):
        parts = [int(part) for part in re.split(r"[./]", named["num"])]
        year = parts[2] % 100 + 2000 if len(parts) == 3 else None
        unit = date_unit(at, parts[0], parts[1], year) if 1 <= parts[1] <= 12 else None
    else:
        unit = date_unit(at, int(named["d"]), MONTH_NUMBERS[named["m"]], year_of(named["y"], at))
    return (
        Unit(calendar.week_of(unit.span.first), "week", floating=unit.floating)
        if unit and unit.span.first
        else None
    )


@WEEKS.rule(
    "zoveelste week",
    "{ORD} vorige",
    r"{ORD:n} (?:volle |volledige )?week (?:van|in) (?:de |het )?(?:maand )?(?P<what>{M:m}(?: (?:van )"
    r"?{RY:y})?|{REL:rel} maand|maand|jaar|{RY:year})",
    r"vorige week (?:van|in) (?P<n>)(?P<what>{M:m}(?: (?:van )?{RY:y})?)",
)
def _nth_week(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    number = ordinal_of(match["n"]) if match["n"] else -1
    if named.get("m") or named.get("rel"):
        whole = month_meant(match, at)
    elif match["what"] == "maand":
        whole = Unit(stretch("maand", 0, at), "month")
    else:
        year = year_of(named.get("year"), at) or at.today.year
        whole = Unit(calendar.year_span(year), "year")
    if whole is None or whole.span.first is None or whole.span.last is None:
        return None
    if number == -1:
        return replace(whole, span=Span(first=calendar.plus_days(whole.span.last, -6), last=whole.span.last))
    first = calendar.plus_days(whole.span.first, 7 * (number - 1))
    if first > whole.span.last:
        return None
    return replace(whole, span=Span(first=first, last=min(calendar.plus_days(first, 6), whole.span.last)))
