"""The rules that read a day: "3 december", "morgen", "vrijdag over drie weken", "tweede dinsdag van mei"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import DIGITS, THIS, At, Rules, Unit, any_of
from handlers.reading.period_terms import (
    date_unit,
    is_past,
    month_meant,
    number_of,
    ordinal_of,
    step_of,
    year_of,
)
from handlers.reading.period_words import DAY_WORDS, MONTH_NUMBERS, WEEKDAY_NUMBERS

DAYS = Rules()


@DAYS.rule(
    "datum in cijfers",
    f"{DIGITS} {{WD}}",
    r"(?:{WD:wd} (?:, )?(?:de )?)?(?P<d>\d{1,4}[./\-]\d{1,2}(?:[./\-]\d{1,4})?)",
)
def _numeric(match: re.Match[str], at: At) -> Unit | None:
    parts = [int(part) for part in re.split(r"[./\-]", match["d"])]
    if match["d"] == "24/7":
        return None
    if parts[0] > 31:
        if len(parts) < 3 or not 1 <= parts[1] <= 12:
            return None
        return date_unit(at, parts[2], parts[1], parts[0])
    if not 1 <= parts[1] <= 12 or parts[0] == 0:
        return None
    year = None
    if len(parts) == 3:
        year = parts[2] if parts[2] > 99 else 2000 + parts[2]
        if not 2000 <= year <= 2100:
            return None
    elif "-" in match["d"]:
        return None
    return date_unit(at, parts[0], parts[1], year, match["wd"])


@DAYS.rule(
    "dag en maand",
    f"{DIGITS} {{WD}} {{ORD}} " + " ".join(DAY_WORDS),
    r"(?:{WD:wd} (?:, )?(?:de )?)?{D:d} (?:van )?(?:de maand )?{M:m}(?: (?:van )?{RY:y})?",
)
def _day_month(match: re.Match[str], at: At) -> Unit | None:
    number = ordinal_of(match["d"])
    if number < 1:
        return None
    return date_unit(at, number, MONTH_NUMBERS[match["m"]], year_of(match["y"], at), match["wd"])


@DAYS.rule("month day", "{M}", r"{M:m} (?:de )?{D:d}(?: (?:, )?{Y:y})?")
def _month_day(match: re.Match[str], at: At) -> Unit | None:
    if at.language != "en":
        return None
    number = ordinal_of(match["d"])
    return date_unit(at, number, MONTH_NUMBERS[match["m"]], year_of(match["y"], at)) if number > 0 else None


@DAYS.rule(
    "dagen van een maand",
    f"{DIGITS} {{ORD}} {{WD}}",
    r"(?:{WD} )?{D:a}(?:(?: ,)?(?: en| of| tot en met| tot)? (?:{WD} )?(?:de )?{D:b})"
    r"{1,3} {M:m}(?: (?:van )?{RY:y})?",
    r"(?P<a>\d{1,2})-(?P<b>\d{1,2}) {M:m}(?: (?:van )?{RY:y})?",
)
def _days_of_month(match: re.Match[str], at: At) -> Unit | None:
    first, last = ordinal_of(match["a"]), ordinal_of(match["b"])
    end = date_unit(at, last, MONTH_NUMBERS[match["m"]], year_of(match["y"], at))
    if end is None or end.span.last is None or not 1 <= first <= last:
        return None
    return replace(end, span=Span(first=end.span.last.replace(day=first), last=end.span.last), grain="days")


@DAYS.rule("days of a month", "{M}", r"{M:m} (?:de )?{D:a} (?:tot|en|tot en met) (?:de )?{D:b}(?: {Y:y})?")
def _month_days(match: re.Match[str], at: At) -> Unit | None:
    return _days_of_month(match, at) if at.language == "en" else None


@DAYS.rule(
    "dag van de maand",
    f"{{WD}} {DIGITS} de",
    r"{WD:wd} (?:de )?{D:d}",
    r"(?P<wd>)(?:de )?(?P<d>\d{1,2}(?:ste|de|e|th))(?! (?:van )?{M})",
)
def _day_number(match: re.Match[str], at: At) -> Unit | None:
    number = ordinal_of(match["d"])
    if not 1 <= number <= 31:
        return None
    wanted = WEEKDAY_NUMBERS.get(match["wd"] or "")
    days = (calendar.plus_days(at.today, -days if at.past else days) for days in range(400))
    fits = (date for date in days if date.day == number and wanted in (None, date.weekday()))
    nearest = next(fits, None)
    return Unit(calendar.day(nearest), "day") if nearest else None


_RELATIVE_DAYS = {
    "eergisteren": -2,
    "gisteren": -1,
    "vandaag": 0,
    "morgen": 1,
    "overmorgen": 2,
    "vanavond": 0,
}
_RELATIVE_DAYS |= {"vanmiddag": 0, "vannamiddag": 0, "vanochtend": 0, "vanmorgen": 0, "vannacht": 0}
_RELATIVE_DAYS |= {
    "morgenvroeg": 1,
    "morgenavond": 1,
    "morgennamiddag": 1,
    "morgenochtend": 1,
    "morgenmiddag": 1,
    "morgenvoormiddag": 1,
}
_RELATIVE_DAYS |= {"gisterenavond": -1, "gisteravond": -1, "gister": -1, "overmorgenvroeg": 2}


@DAYS.rule(
    "vandaag en morgen",
    " ".join(_RELATIVE_DAYS),
    rf"(?P<d>{any_of(_RELATIVE_DAYS)})(?: (?:vroeg|ochtend|voormiddag|middag|namiddag|avond))?",
)
def _relative_day(match: re.Match[str], at: At) -> Unit:
    step = _RELATIVE_DAYS[match["d"]]
    return Unit(calendar.day(calendar.plus_days(at.today, step)), "day", past=step < 0)


@DAYS.rule("dagdeel van vandaag", "deze", r"deze (?:voormiddag|namiddag|middag|avond|ochtend|morgen)")
def _this_afternoon(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(at.today), "day")


def _coming(weekday: int, after: dt.date) -> dt.date:
    return calendar.plus_days(after, (weekday - after.weekday() - 1) % 7 + 1)


_PART = "(?:(?:voor|na)?middag|avond|ochtend|morgen)"


@DAYS.rule(
    "weekdag van een week",
    "{WD} {REL} week over weekend",
    r"{REL:rel} week (?:op )?{WD:wd}(?:" + _PART + ")?",
    r"{WD:wd}(?:" + _PART + ")? (?:van |in )?(?:de )?{REL:rel} week",
    r"week {NEXT:rel} {WD:wd}",
    r"{WD:wd} (?:van |in )?week (?P<week>\d{1,2})",
    r"{WD:wd} (?:van |in )?de week van (?:{WD} )?(?P<d>\d{1,2}) {M:m}(?: {Y:y})?",
)
def _weekday_of_week(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    if named.get("week"):
        span = at.nearest(lambda year: calendar.iso_week(year, int(named["week"])))
    elif named.get("m"):
        unit = date_unit(at, int(named["d"]), MONTH_NUMBERS[named["m"]], year_of(named["y"], at))
        span = calendar.week_of(unit.span.first) if unit and unit.span.first else None
    else:
        step = 7 * step_of(named["rel"])
        span = calendar.week_of(calendar.plus_days(at.today, step))
    if span is None or span.first is None:
        return None
    date = calendar.plus_days(span.first, WEEKDAY_NUMBERS[named["wd"]])
    return Unit(calendar.day(date), "day", past=is_past(named.get("rel") or ""))


@DAYS.rule(
    "weekdag over een week",
    "{WD} over vandaag morgen",
    r"{WD:wd} over {N:n} (?P<unit>weken|week|dagen)",
    r"over {N:n} (?P<unit>weken|week) (?:op )?{WD:wd}",
    r"(?P<rel>vandaag|morgen|overmorgen) over {N:n} (?P<unit>weken|week|dagen)",
)
def _weekday_over_weeks(match: re.Match[str], at: At) -> Unit:
    number = number_of(match["n"])
    days = number if match["unit"] == "dagen" else 7 * number
    named = match.groupdict()
    if named.get("rel"):
        start = calendar.plus_days(at.today, _RELATIVE_DAYS[named["rel"]])
    elif match.group().startswith("over"):
        monday = calendar.monday_of(calendar.plus_days(at.today, days))
        return Unit(calendar.day(calendar.plus_days(monday, WEEKDAY_NUMBERS[named["wd"]])), "day")
    else:
        start = calendar.plus_days(at.today, (WEEKDAY_NUMBERS[named["wd"]] - at.today.weekday()) % 7)
    return Unit(calendar.day(calendar.plus_days(start, days)), "day")


@DAYS.rule(
    "zoveelste weekdag van een maand",
    "{ORD}",
    r"{ORD:n} {WD:wd} (?:van|in|of) (?:de )?(?:maand )?(?P<what>{M:m}(?: {RY:y})?|{REL:rel} maand)",
)
def _nth_weekday(match: re.Match[str], at: At) -> Unit | None:
    month = month_meant(match, at)
    if month is None or month.span.first is None or month.span.last is None:
        return None
    length = (month.span.last - month.span.first).days + 1
    days = [calendar.plus_days(month.span.first, step) for step in range(length)]
    fitting = [date for date in days if date.weekday() == WEEKDAY_NUMBERS[match["wd"]]]
    number = ordinal_of(match["n"])
    if number > len(fitting):
        return None
    return Unit(calendar.day(fitting[number - 1 if number > 0 else -1]), "day", floating=month.floating)


@DAYS.rule(
    "weekdag",
    "{WD} {REL}",
    r"(?:{REL:rel} )?{WD:wd}(?:" + _PART + r")?(?: (?:voor|na)?middag| avond| ochtend)?",
    r"{WD:wd} {REL:rel}",
)
def _weekday(match: re.Match[str], at: At) -> Unit | None:
    wanted, relative = WEEKDAY_NUMBERS[match["wd"]], match["rel"] or ""
    if (relative and is_past(relative)) or (at.past and not relative):
        date = calendar.plus_days(at.today, -((at.today.weekday() - wanted - 1) % 7 + 1))
    elif relative in THIS.split("|"):
        date = calendar.plus_days(at.today, (wanted - at.today.weekday()) % 7)
    else:
        date = _coming(wanted, max(at.today, calendar.plus_days(at.anchor, -1)))
    return Unit(calendar.day(date), "day", floating=not relative, past=is_past(relative))
