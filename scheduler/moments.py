"""When something is said unasked: an offset becomes a moment, and a forbidden moment an allowed one.

Day offsets count calendar days in Brussels and keep the wall clock, so that "a week before" is at
9.00 on both sides of a clock change. Hour offsets count hours before the start. Moments come out
as aware UTC.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from handlers.belgium import belgium
from handlers.model import BRUSSELS
from scheduler.rules import Attention, DigestRules

DAY = dt.timedelta(days=1)

#: The last moment before closing time that something still goes out: a slot must not close while it is used.
LAST_SLOT = dt.timedelta(minutes=15)

#: More forbidden days in a row than any calendar has: a bound against settings that allow no day at all.
SEARCH_DAYS = 60


class NoAllowedDayError(ValueError):
    """The settings leave no day on which anything may be said."""


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """The Belgian public holidays of a year."""
    return frozenset(belgium()(years=year))


def is_allowed_day(day: dt.date, attention: Attention) -> bool:
    """Whether people may be spoken to on this day at all: a weekday of ours and no public holiday."""
    return day.weekday() in attention.weekdays and day not in public_holidays(day.year)


def is_allowed(moment: dt.datetime, attention: Attention) -> bool:
    """Whether people may be spoken to unasked at this aware instant."""
    local = moment.astimezone(BRUSSELS)
    return attention.opens <= local.time() < attention.closes and is_allowed_day(local.date(), attention)


def wall_clock(day: dt.date, time: dt.time) -> dt.datetime:
    """That time on the clocks of Brussels, as aware UTC; in a skipped hour the clock is put forward."""
    return dt.datetime.combine(day, time, BRUSSELS).astimezone(dt.UTC)


def _allowed_day(day: dt.date, attention: Attention, step: dt.timedelta) -> dt.date:
    for _ in range(SEARCH_DAYS):
        if is_allowed_day(day, attention):
            return day
        day += step
    raise NoAllowedDayError("[attention] weekdays leaves no day on which anything may be said")


def last_allowed(moment: dt.datetime, attention: Attention) -> dt.datetime:
    """The moment itself when it is allowed, else the last allowed slot before it."""
    if is_allowed(moment, attention):
        return moment
    local = moment.astimezone(BRUSSELS)
    day = local.date() if local.time() >= attention.closes else local.date() - DAY
    closing = dt.datetime.combine(day, attention.closes) - LAST_SLOT
    return wall_clock(_allowed_day(day, attention, -DAY), closing.time())


def next_allowed(moment: dt.datetime, attention: Attention) -> dt.datetime:
    """The moment itself when it is allowed, else the first allowed one after it."""
    if is_allowed(moment, attention):
        return moment
    local = moment.astimezone(BRUSSELS)
    day = local.date() if local.time() < attention.opens else local.date() + DAY
    return wall_clock(_allowed_day(day, attention, DAY), attention.opens)


def in_days(offset: dt.timedelta) -> bool:
    """Whether an offset counts calendar days, rather than hours."""
    return offset % DAY == dt.timedelta()


def moment_of(offset: dt.timedelta, day: dt.date, ends_at: dt.datetime, attention: Attention) -> dt.datetime:
    """When a reminder with this offset is due, as aware UTC, always before `ends_at`.

    Args:
        offset: how long before; whole days are calendar days in Brussels.
        day: the Brussels date that day offsets count from: of the start, or the last day to register.
        ends_at: aware UTC, the instant that hour offsets count from and after which the reminder
            has lost its sense: the start, or the closing of the registrations.
    """
    if not in_days(offset):
        return last_allowed(ends_at - offset, attention)
    allowed = _allowed_day(day - offset, attention, -DAY)
    moment = wall_clock(allowed, attention.at)
    if moment >= ends_at:
        moment = wall_clock(_allowed_day(allowed - DAY, attention, -DAY), attention.at)
    return moment


def digest_moment(monday: dt.date, rules: DigestRules, attention: Attention) -> dt.datetime:
    """When the overview of the week that begins on `monday` is due; from a holiday it moves forward."""
    day = monday + dt.timedelta(days=rules.weekday)
    return wall_clock(_allowed_day(day, attention, DAY), rules.time)


def monthly_digest_moment(month: dt.date, rules: DigestRules, attention: Attention) -> dt.datetime:
    """When the overview of the month of a date is due: on the first such weekday, forward from a holiday."""
    first = month.replace(day=1)
    day = first + dt.timedelta(days=(rules.weekday - first.weekday()) % 7)
    return wall_clock(_allowed_day(day, attention, DAY), rules.time)


def moment_after(number: int, day: dt.date, attention: Attention) -> dt.datetime:
    """At `[attention] at` so many allowed days after a Brussels date, at least one; aware UTC."""
    for _ in range(max(number, 1)):
        day = _allowed_day(day + DAY, attention, DAY)
    return wall_clock(day, attention.at)


def monday_of(moment: dt.datetime) -> dt.date:
    """The Monday of the week in which an instant falls in Brussels."""
    day = moment.astimezone(BRUSSELS).date()
    return day - dt.timedelta(days=day.weekday())


def week_of(moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The week in which an instant falls in Brussels, as aware UTC: its first instant and the next week's."""
    monday = monday_of(moment)
    return wall_clock(monday, dt.time()), wall_clock(monday + dt.timedelta(days=7), dt.time())


def offset_text(offset: dt.timedelta) -> str:
    """An offset as the settings write it: "28d", "3h", "90m"."""
    if in_days(offset):
        return f"{offset.days}d"
    minutes = round(offset / dt.timedelta(minutes=1))
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def offset_of(text: str) -> dt.timedelta:
    """The offset again. Raises ValueError for anything that `offset_text` does not write."""
    units = {"d": DAY, "h": dt.timedelta(hours=1), "m": dt.timedelta(minutes=1)}
    if not text[:-1].isdecimal() or text[-1:] not in units:
        raise ValueError(f'"{text}" is no offset such as 7d, 3h or 90m')
    return int(text[:-1]) * units[text[-1]]
