"""The rules that reckon so many days, weeks or months from today, and what is left of a stretch.

A bare "nu" and a bare year are tried last, when nothing else fits as well.
"""

from __future__ import annotations

import datetime as dt
import re

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import DIGITS, At, Rules, Unit
from handlers.reading.period_terms import number_of, stretch

LENGTHS = Rules()

_UNITS = "dagen|dag|weken|week|maanden|maand|jaren|jaar"


def _after(at: At, number: int, what: str) -> dt.date:
    if what.startswith("dag"):
        return calendar.plus_days(at.today, number)
    if what.startswith("we"):
        return calendar.plus_days(at.today, 7 * number)
    return calendar.plus_months(at.today, number * (12 if what.startswith("ja") else 1))


@LENGTHS.rule(
    "binnen of komende zoveel weken",
    "binnen in {NEXT} {N} # eerste",
    rf"binnen (?:de |het )?(?:{{NEXT}} )?{{N:n}}(?: tal)? (?P<unit>{_UNITS})",
    r"(?:{NEXT}|eerste) {N:n} (?P<unit>dagen|weken|maanden|jaar|jaren)",
    r"{N:n} (?:{NEXT}) (?P<unit>dagen|weken|maanden|jaar|jaren)",
)
def _within(match: re.Match[str], at: At) -> Unit | None:
    if match["n"] in {"een", "ene"} and match.group().startswith("een "):
        return None
    return Unit(Span(first=at.today, last=_after(at, number_of(match["n"]), match["unit"])), "relative")


@LENGTHS.rule(
    "binnen het half jaar",
    "binnen {NEXT}",
    r"binnen (?:het |een |de )?(?:{NEXT} )?(?:half jaar|halfjaar|zes maanden)",
    r"{NEXT} half jaar",
)
def _within_half_year(_: re.Match[str], at: At) -> Unit:
    return Unit(Span(first=at.today, last=calendar.plus_months(at.today, 6)), "relative")


@LENGTHS.rule("binnen de week, de maand", "binnen", r"binnen (?:de|het|dit|deze) (?P<unit>week|maand|jaar)")
def _within_the(match: re.Match[str], at: At) -> Unit:
    return Unit(Span(first=at.today, last=_after(at, 1, match["unit"])), "relative")


@LENGTHS.rule(
    "over zoveel weken",
    "over in",
    rf"over (?:een )?{{N:n}} (?P<unit>{_UNITS})",
    r"over een (?P<n>paar) (?P<unit>dagen|weken|maanden)",
    rf"in {{N:n}} (?P<unit>{_UNITS})",
    rf"in {{N:n}} (?P<unit>{_UNITS}) time",
)
def _over(match: re.Match[str], at: At) -> Unit | None:
    if (match.group().startswith("in ") and at.language != "en") or match["n"] == "paar":
        return None
    date = _after(at, number_of(match["n"]), match["unit"])
    span = calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date)
    return Unit(span, "relative")


@LENGTHS.rule("over een half jaar", "over", r"over (?:een )?(?:half jaar|halfjaar)")
def _over_half_year(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(calendar.plus_months(at.today, 6)), "relative")


@LENGTHS.rule("zoveel weken van nu", "{N} #", rf"{{N:n}} (?P<unit>{_UNITS}) (?:de )?hierna")
def _from_now(match: re.Match[str], at: At) -> Unit:
    date = _after(at, number_of(match["n"]), match["unit"])
    return Unit(calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date), "relative")


@LENGTHS.rule("zoveel weken geleden", "{N} #", rf"{{N:n}} (?P<unit>{_UNITS}) (?:geleden|terug|ago)")
def _ago(match: re.Match[str], at: At) -> Unit:
    date = _after(at, -number_of(match["n"]), match["unit"])
    span = calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date)
    return Unit(span, "relative", past=True)


@LENGTHS.rule(
    "de voorbije zoveel weken",
    "{PREV} {N} #",
    r"{PREV} {N:n} (?P<unit>dagen|weken|maanden|jaar|jaren)",
    r"{N:n} {PREV} (?P<unit>dagen|weken|maanden|jaar|jaren)",
)
def _past_stretch(match: re.Match[str], at: At) -> Unit:
    return Unit(
        Span(first=_after(at, -number_of(match["n"]), match["unit"]), last=at.today), "relative", past=True
    )


@LENGTHS.rule(
    "rest van",
    "rest resterende",
    r"(?:rest|restant) van (?:de|het|dit|deze) (?P<what>week|maand|jaar|kwartaal|schooljaar|werkjaar"
    r"|najaar|voorjaar)",
)
def _rest(match: re.Match[str], at: At) -> Unit:
    if match["what"] in calendar.SEASONS:
        span = at.nearest(lambda year: calendar.season(match["what"], year)) or Span()
        return Unit(Span(first=at.today, last=span.last), "relative")
    return Unit(Span(first=at.today, last=stretch(match["what"], 0, at).last), "relative")


@LENGTHS.rule("nu", "nu vandaag heden hier", r"nu|heden|hier(?= tot)")
def _now(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(at.today), "now")


@LENGTHS.rule("jaar", DIGITS, r"{Y:y}(?!-)")
def _year(match: re.Match[str], at: At) -> Unit | None:
    year = int(match["y"])
    if not 2015 <= year <= 2045:
        return None
    return Unit(calendar.year_span(year), "year", past=year < at.today.year)
