"""Hours and days as moderators type them."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.moderation.calendar_dates import claim_date
from handlers.moderation.claims import Remainder
from handlers.moderation.clock_times import claim_times

MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [
        ("13u30", "13:30", None),
        ("om 13.30 u.", "13:30", None),
        ("9h30", "09:30", None),
        ("9 h", "09:00", None),
        ("14:00", "14:00", None),
        ("om 14 uur", "14:00", None),
        ("om 14", "14:00", None),
        ("vanaf 9u", "09:00", None),
        ("van 9 tot 12u", "09:00", "12:00"),
        ("van 9 tot 12", "09:00", "12:00"),
        ("9u-12u30", "09:00", "12:30"),
        ("13.30-16.30", "13:30", "16:30"),
        ("13.30 – 16.30 u", "13:30", "16:30"),
        ("van 13.30 tot 16.30 uur", "13:30", "16:30"),
        ("tussen 14 en 16 uur", "14:00", "16:00"),
        ("13u30 tot en met 16u", "13:30", "16:00"),
        ("start om 10u, einde 12u", "10:00", "12:00"),
        ("om half twee", "13:30", None),
        ("half 2", "13:30", None),
        ("kwart over negen", "09:15", None),
        ("kwart voor 10 u", "09:45", None),
        ("om 2 uur 's middags", "14:00", None),
        ("van 7 tot 9u 's avonds", "19:00", "21:00"),
        ("van 2 tot 4u", "14:00", "16:00"),
        ("0u30", "00:30", None),
        ("inschrijven tot 16 maart", None, None),
        ("in zaal 12", None, None),
        ("van 16 tot 18 maart", None, None),
        ("", None, None),
    ],
)
def test_hours_are_read(typed: str, begins: str | None, ends: str | None) -> None:
    times = claim_times(Remainder(typed))

    assert times.begins == (dt.time.fromisoformat(begins) if begins else None)
    assert times.ends == (dt.time.fromisoformat(ends) if ends else None)
    assert times.wrong is None


@pytest.mark.parametrize("typed", ["om 25u", "24u", "13u75", "van 9u tot 31u"])
def test_what_is_no_hour_of_the_day_is_said_to_be_none(typed: str) -> None:
    assert claim_times(Remainder(typed)).wrong


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("18 maart 2027", "2027-03-18"),
        ("donderdag 18 maart", "2027-03-18"),
        ("do 18 mrt", "2027-03-18"),
        ("op de 18e maart", "2027-03-18"),
        ("18/3", "2027-03-18"),
        ("18/03/2027", "2027-03-18"),
        ("18/3/27", "2027-03-18"),
        ("18-03-2027", "2027-03-18"),
        ("18.03.2027", "2027-03-18"),
        ("2027-03-18", "2027-03-18"),
        ("23 november", "2026-11-23"),
        ("22 november", "2027-11-22"),
        ("18 maart 13.30", "2027-03-18"),
        ("1 mei '28", "2028-05-01"),
    ],
)
def test_days_are_read_and_without_a_year_are_the_next(typed: str, day: str) -> None:
    found = claim_date(Remainder(typed), MONDAY)

    assert found is not None
    assert found.date == dt.date.fromisoformat(day)


@pytest.mark.parametrize("typed", ["13.30-16.30", "zaal 18", "9/99", "0/0", "16-18"])
def test_other_numbers_are_no_days(typed: str) -> None:
    found = claim_date(Remainder(typed), MONDAY)

    assert found is None or found.date is None
