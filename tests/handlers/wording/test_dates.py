"""Dates and times as the network writes them, on the wall clock of Brussels."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from handlers.model import BRUSSELS, Span
from handlers.wording.dates import (
    brief_date,
    clock_text,
    deadline_text,
    long_date,
    numeric_date,
    period_text,
    relative_day,
    span_text,
)

MONDAY = dt.date(2026, 11, 23)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


def test_a_day_is_written_in_full_with_its_year() -> None:
    assert long_date(dt.date(2027, 4, 12)) == "maandag 12 april 2027"


def test_hours_are_those_of_brussels_in_summer_and_in_winter() -> None:
    assert span_text(utc(2027, 4, 12, 7), utc(2027, 4, 12, 14)) == (
        "maandag 12 april 2027, van 9.00 tot 16.00 u."
    )
    assert span_text(utc(2027, 2, 17, 8, 30), utc(2027, 2, 17, 11, 30)) == (
        "woensdag 17 februari 2027, van 9.30 tot 12.30 u."
    )


@pytest.mark.parametrize(
    "day", [dt.date(2027, 3, 27), dt.date(2027, 3, 28), dt.date(2027, 3, 29), dt.date(2026, 10, 25)]
)
def test_two_oclock_in_the_afternoon_stays_so_around_a_change_of_the_clock(day: dt.date) -> None:
    starts_at = dt.datetime.combine(day, dt.time(14), BRUSSELS).astimezone(dt.UTC)
    assert span_text(starts_at, None) == f"{long_date(day)}, om 14.00 u."


def test_a_late_evening_in_utc_is_the_next_day_in_brussels() -> None:
    assert span_text(utc(2027, 6, 1, 22, 30), None) == "woensdag 2 juni 2027, om 0.30 u."


def test_without_an_end_only_the_start_is_said() -> None:
    assert span_text(utc(2027, 4, 12, 7), None) == "maandag 12 april 2027, om 9.00 u."


def test_an_atrium_of_two_days_names_both() -> None:
    assert span_text(utc(2027, 4, 12, 7), utc(2027, 4, 13, 14)) == (
        "maandag 12 april 2027, van 9.00 u. tot dinsdag 13 april 2027, 16.00 u."
    )


def test_minutes_have_two_digits_and_hours_do_not() -> None:
    assert clock_text(dt.time(9, 5)) == "9.05"
    assert clock_text(utc(2027, 1, 4, 8)) == "9.00"


def test_a_list_says_the_year_only_when_it_is_another() -> None:
    assert brief_date(dt.date(2026, 12, 17), MONDAY) == "do 17 december"
    assert brief_date(dt.date(2027, 4, 12), MONDAY) == "ma 12 april 2027"


def test_a_deadline_takes_the_year_of_what_it_stands_beside() -> None:
    assert deadline_text(dt.date(2027, 4, 11), beside=dt.date(2027, 4, 12)) == "zondag 11 april"
    assert deadline_text(dt.date(2026, 12, 31), beside=dt.date(2027, 1, 4)) == "donderdag 31 december 2026"


def test_between_brackets_a_day_is_in_figures() -> None:
    assert numeric_date(dt.date(2027, 4, 6)) == "6/4"
    assert numeric_date(dt.date(2028, 1, 4), beside=dt.date(2027, 12, 20)) == "4/1/2028"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (-1, None),
        (0, "vandaag"),
        (1, "morgen"),
        (2, "overmorgen"),
        (3, "deze week"),
        (6, "deze week"),
        (7, "volgende week"),
        (13, "volgende week"),
        (14, None),
    ],
)
def test_a_near_day_has_a_word_of_its_own(ahead: int, said: str | None) -> None:
    assert relative_day(MONDAY + dt.timedelta(days=ahead), MONDAY) == said


def test_tomorrow_is_tomorrow_also_when_it_is_next_week() -> None:
    assert relative_day(dt.date(2026, 11, 30), dt.date(2026, 11, 29)) == "morgen"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-12-10", "2026-12-10", "op donderdag 10 december 2026"),
        ("2026-11-24", "2026-11-24", "op dinsdag 24 november 2026 (morgen)"),
        ("2027-03-01", "2027-03-15", "van 1 tot en met 15 maart 2027"),
        ("2026-12-01", "2026-12-31", "in december 2026"),
        ("2027-01-01", "2027-12-31", "in 2027"),
        ("2027-01-01", "2027-03-31", "van 1 januari tot en met 31 maart 2027"),
        ("2026-12-21", "2027-01-03", "van 21 december 2026 tot en met 3 januari 2027"),
        ("2027-02-15", None, "vanaf 15 februari 2027"),
        (None, "2026-12-31", "tot en met 31 december 2026"),
        (None, None, ""),
    ],
)
def test_a_period_is_said_with_its_dates(first: str | None, last: str | None, said: str) -> None:
    span = Span(
        first=dt.date.fromisoformat(first) if first else None,
        last=dt.date.fromisoformat(last) if last else None,
    )
    assert period_text(span, MONDAY) == said


def test_no_other_module_renders_dates() -> None:
    root = Path(__file__).parents[3]
    rendering = re.compile(r"from babel|import babel|strftime\([^)]*%[aAbB]")
    found = [
        str(file.relative_to(root))
        for package in ("handlers", "scheduler", "bot")
        for file in (root / package).rglob("*.py")
        if rendering.search(file.read_text(encoding="utf-8"))
    ]
    assert found == ["handlers/wording/dates.py"]
