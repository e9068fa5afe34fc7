"""The Flemish school holidays, against the published calendars."""

from __future__ import annotations

import datetime as dt

import pytest

from scheduler.school import find_school_holiday, school_holidays


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2019, ["04/03-10/03", "08/04-21/04", "01/07-31/08", "28/10-03/11", "23/12-05/01"]),
        (2024, ["12/02-18/02", "01/04-14/04", "01/07-31/08", "28/10-03/11", "23/12-05/01"]),
        (2025, ["03/03-09/03", "07/04-20/04", "01/07-31/08", "27/10-02/11", "22/12-04/01"]),
        (2026, ["16/02-22/02", "06/04-19/04", "01/07-31/08", "02/11-08/11", "21/12-03/01"]),
        (2027, ["08/02-14/02", "29/03-11/04", "01/07-31/08", "01/11-07/11", "27/12-09/01"]),
    ],
)
def test_the_holidays_are_those_of_the_published_calendar(year: int, expected: list[str]) -> None:
    """Easter in March (2024, 2027), in early April (2026) and late in April (2019, 2025)."""
    found = [f"{each.first:%d/%m}-{each.last:%d/%m}" for each in school_holidays(year)]
    assert found == expected


def test_new_year_lies_in_the_holidays_of_the_old_year() -> None:
    holiday = find_school_holiday(dt.date(2027, 1, 2))
    assert holiday is not None
    assert holiday.first == dt.date(2026, 12, 21)


def test_a_school_day_lies_in_none() -> None:
    assert find_school_holiday(dt.date(2027, 1, 4)) is None
