"""Days as moderators type them: "donderdag 18 maart 2027", "18/3", "2027-03-18", "volgende week dinsdag"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from handlers.moderation.claims import Remainder
from handlers.wording.catalogue import say
from handlers.wording.dates import date_with_year, long_date

_MONTHS = (
    "jan(?:uari)?", "feb(?:ruari)?", "maart|mrt|maa", "apr(?:il)?", "mei", "juni?", "juli?", "aug(?:ustus)?",
    "sept?(?:ember)?", "okt(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_DAYS = (
    "ma(?:andag)?",
    "di(?:nsdag)?",
    "woe?(?:nsdag)?",
    "do(?:nderdag)?",
    "vr(?:ij(?:dag)?)?",
    "za(?:t(?:erdag)?)?",
    "zon?(?:dag)?",
)
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(_DAYS)})\.?\s+)?"

#: A day written with its number; the words that may stand before it are the caller's.
DATE = (
    rf"{_WEEKDAY}(?:(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})"
    rf"|(?P<day>\d{{1,2}})(?:e|ste|de)?\s+(?P<month>{_MONTH})\b\.?(?:\s+(?P<year>20\d{{2}}|'\d{{2}})\b)?"
    r"|(?P<numbers>\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d{2}))?|\d{1,2}[-.]\d{1,2}[-.]\d{4}))(?![\d/])"
)
_DATE = re.compile(rf"(?<![\d/.])\b(?:op\s+)?{DATE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was read, or in Dutch what is wrong with it; `year_given` when the year was written."""

    date: dt.date | None = None
    problem: str | None = None
    year_given: bool = False


def claim_date(rest: Remainder, today: dt.date) -> Day | None:
    """Take the first written day out of the text; without a year it is the next such day."""
    found = rest.claim(_DATE)
    return day_of(found, today) if found else None


def day_of(found: re.Match[str], today: dt.date) -> Day:
    """The day that a match of `DATE` stands for."""
    day, month, year = _numbers(found)
    try:
        date = dt.date(year or today.year, month, day)
    except ValueError:
        if year is None and (month, day) == (2, 29):
            return _leap_day(today)
        return Day(problem=say("veld.bestaat niet", dag=_as_typed(found)))
    if year is None and date < today:
        date = date.replace(year=date.year + 1)
    return replace(_checked(date, found["weekday"]), year_given=year is not None)


def _leap_day(today: dt.date) -> Day:
    for year in range(today.year, today.year + 9):
        if year % 4 == 0 and (year % 100 or year % 400 == 0) and dt.date(year, 2, 29) >= today:
            return Day(problem=say("veld.schrikkeldag", jaar=str(year)))
    return Day(problem=say("veld.geen schrikkeldag"))


def _checked(date: dt.date, weekday: str | None) -> Day:
    if weekday and _weekday(weekday) != date.weekday():
        name = long_date(date).split()[0]
        return Day(
            problem=say("veld.andere weekdag", dag=date_with_year(date), weekdag=name, getypt=weekday.lower())
        )
    return Day(date)


def _weekday(text: str) -> int:
    return next(number for number, name in enumerate(_DAYS) if re.fullmatch(name, text, re.IGNORECASE))


def _numbers(found: re.Match[str]) -> tuple[int, int, int | None]:
    if found["iso"]:
        year, month, day = (int(each) for each in found["iso"].split("-"))
        return day, month, year
    if found["numbers"]:
        day, month, *years = (int(each) for each in re.split(r"[/.-]", found["numbers"]))
        return day, month, _full_year(years[0]) if years else None
    month = next(
        n for n, name in enumerate(_MONTHS, start=1) if re.fullmatch(name, found["month"], re.IGNORECASE)
    )
    return int(found["day"]), month, _full_year(int(found["year"].strip("'"))) if found["year"] else None


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def _as_typed(found: re.Match[str]) -> str:
    return re.sub(r"^op\s+", "", found[0].strip(), flags=re.IGNORECASE)
