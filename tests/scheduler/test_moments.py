"""Offsets become moments: on the clocks of Brussels, and only when people may be spoken to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.model import BRUSSELS
from scheduler.moments import (
    NoAllowedDayError,
    digest_moment,
    is_allowed,
    last_allowed,
    moment_of,
    next_allowed,
    offset_of,
    offset_text,
    week_of,
)
from scheduler.rules import Attention, DigestRules
from tests.fakes.network import brussels

ATTENTION = Attention()
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def before(start: str, offset: dt.timedelta, attention: Attention = ATTENTION) -> dt.datetime:
    starts_at = brussels(start)
    day = starts_at.astimezone(BRUSSELS).date()
    return moment_of(offset, day, starts_at, attention)


def test_a_week_before_is_at_nine_on_that_day() -> None:
    assert before("2027-02-17 09:30", 7 * DAY) == brussels("2027-02-10 09:00")


def test_a_reminder_keeps_its_hour_over_the_spring_change() -> None:
    """C-24, C-26: 28 March 2027 lies between the reminder and the atrium."""
    due_at = before("2027-04-01 14:00", 7 * DAY)
    assert due_at == brussels("2027-03-25 09:00")
    assert due_at.hour == 8, "nine o'clock is still winter time"
    assert before("2027-04-01 14:00", DAY).hour == 7, "nine o'clock is summer time by then"


def test_a_reminder_keeps_its_hour_over_the_autumn_change() -> None:
    """C-24: 31 October 2027 lies between the reminder and the atrium."""
    assert before("2027-11-03 14:00", 7 * DAY) == brussels("2027-10-27 09:00")
    assert before("2027-11-03 14:00", DAY) == brussels("2027-11-02 09:00")


def test_hours_before_the_start_are_real_hours() -> None:
    assert before("2027-02-17 14:00", 3 * HOUR) == brussels("2027-02-17 11:00")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2027-02-22 09:30", "2027-02-19 09:00"),  # from a Sunday to the Friday before
        ("2027-03-30 09:30", "2027-03-26 09:00"),  # from Easter Monday, over the weekend
        ("2027-05-07 09:30", "2027-05-05 09:00"),  # from Ascension Day
        ("2027-01-02 09:30", "2026-12-31 09:00"),  # from New Year's Day into the old year
    ],
)
def test_a_forbidden_day_gives_way_to_the_last_allowed_one(start: str, expected: str) -> None:
    """C-40: nothing on weekends and public holidays."""
    assert before(start, DAY) == brussels(expected)


def test_the_night_gives_way_to_the_last_slot_of_the_day_before() -> None:
    assert before("2027-02-17 08:30", 2 * HOUR) == brussels("2027-02-16 17:45")


def test_the_evening_gives_way_to_the_last_slot_of_that_day() -> None:
    assert before("2027-02-17 20:30", HOUR) == brussels("2027-02-17 17:45")


def test_what_would_land_after_the_start_is_moved_earlier() -> None:
    """An atrium at 8.30 with a reminder on the day itself at 9.00."""
    assert before("2027-02-17 08:30", 0 * DAY) == brussels("2027-02-16 09:00")


def test_a_notice_at_night_waits_for_the_morning() -> None:
    assert next_allowed(brussels("2027-02-16 22:00"), ATTENTION) == brussels("2027-02-17 08:00")
    assert next_allowed(brussels("2027-02-17 06:00"), ATTENTION) == brussels("2027-02-17 08:00")
    assert next_allowed(brussels("2027-02-19 19:00"), ATTENTION) == brussels("2027-02-22 08:00")


def test_an_overview_on_a_holiday_moves_forward() -> None:
    """Easter Monday 2027 is 29 March."""
    assert digest_moment(dt.date(2027, 3, 29), DigestRules(), ATTENTION) == brussels("2027-03-30 08:30")


def test_a_week_over_a_clock_change_begins_and_ends_at_midnight() -> None:
    first, end = week_of(brussels("2027-03-28 12:00"))
    assert (first, end) == (brussels("2027-03-22 00:00"), brussels("2027-03-29 00:00"))
    assert end - first == dt.timedelta(days=7) - HOUR


def test_closing_time_itself_is_closed() -> None:
    assert is_allowed(brussels("2027-02-17 08:00"), ATTENTION)
    assert not is_allowed(brussels("2027-02-17 18:00"), ATTENTION)


@pytest.mark.parametrize("day", ["2027-02-20", "2027-02-21", "2027-03-29", "2027-07-21", "2026-12-25"])
def test_weekends_and_belgian_holidays_are_closed_all_day(day: str) -> None:
    """C-40: a Saturday, a Sunday, Easter Monday, the national holiday, Christmas."""
    assert not is_allowed(brussels(f"{day} 10:00"), ATTENTION)
    assert last_allowed(brussels(f"{day} 10:00"), ATTENTION) < brussels(f"{day} 00:00")


def test_settings_without_an_allowed_day_are_said_to_be_wrong() -> None:
    with pytest.raises(NoAllowedDayError):
        next_allowed(brussels("2027-02-17 20:00"), replace(ATTENTION, weekdays=frozenset()))


@pytest.mark.parametrize("text", ["28d", "0d", "3h", "90m", "36h"])
def test_offsets_are_written_as_they_are_read(text: str) -> None:
    assert offset_text(offset_of(text)) == text


@given(
    minutes=st.integers(0, 500 * 24 * 60),
    offset=st.one_of(
        st.integers(0, 30).map(lambda days: days * DAY), st.integers(1, 40).map(lambda hours: hours * HOUR)
    ),
)
def test_every_moment_is_allowed_and_before_its_start(minutes: int, offset: dt.timedelta) -> None:
    """C-26, C-40: whatever the start, over both clock changes of two years."""
    starts_at = brussels("2026-09-01 00:00") + dt.timedelta(minutes=minutes)
    due_at = moment_of(offset, starts_at.astimezone(BRUSSELS).date(), starts_at, ATTENTION)
    assert is_allowed(due_at, ATTENTION)
    assert due_at < starts_at


@given(minutes=st.integers(0, 14 * 24 * 60), day=st.sampled_from(["2026-10-20", "2027-03-23", "2027-10-26"]))
def test_moving_never_skips_an_allowed_slot(minutes: int, day: str) -> None:
    """C-26: over each clock change, due-ness depends on the instant alone."""
    moment = brussels(f"{day} 00:00") + dt.timedelta(minutes=minutes)
    earlier, later = last_allowed(moment, ATTENTION), next_allowed(moment, ATTENTION)
    assert earlier <= moment <= later
    assert is_allowed(earlier, ATTENTION)
    assert is_allowed(later, ATTENTION)
