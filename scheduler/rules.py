"""What is said unasked, when and how often: the settings of the network as one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.model import Kind


def days(*numbers: int) -> tuple[dt.timedelta, ...]:
    return tuple(dt.timedelta(days=number) for number in numbers)


#: Reminders before the start, by kind. An offset of whole days counts local calendar days.
REMINDERS: Mapping[Kind, tuple[dt.timedelta, ...]] = {
    Kind.LOKAAL: days(14, 1),
    Kind.CENTRUMSTEDEN: days(28, 7, 1),
    Kind.MANDATARISSEN: days(28, 7, 1),
    Kind.PROVINCIAAL: days(28, 7, 1),
    Kind.THEMATISCH: days(28, 7, 1),
    Kind.OP_MAAT: days(14, 1),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attention:
    """When people may be spoken to unasked, Brussels wall clock; weekdays count from Monday = 0."""

    at: dt.time = dt.time(9, 0)
    opens: dt.time = dt.time(8, 0)
    closes: dt.time = dt.time(18, 0)
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    max_posts_per_week: int = 5
    change_window: dt.timedelta = dt.timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestRules:
    """The weekly overview: on this weekday (Monday = 0) at this Brussels time, looking so far ahead."""

    weekday: int = 0
    time: dt.time = dt.time(8, 30)
    weeks_ahead: int = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """How late a post may still go out after its moment, by kind of post."""

    reminder: dt.timedelta = dt.timedelta(hours=8)
    deadline: dt.timedelta = dt.timedelta(hours=8)
    digest: dt.timedelta = dt.timedelta(days=2)
    notice: dt.timedelta = dt.timedelta(days=14)
    answer: dt.timedelta = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """Everything that planning and delivery must know besides the agenda.

    `public_url` is the base of the agenda page, without trailing slash; None when there is none.
    """

    reminders: Mapping[Kind, tuple[dt.timedelta, ...]] = field(default_factory=lambda: REMINDERS)
    deadline: tuple[dt.timedelta, ...] = days(7, 1)
    attention: Attention = Attention()
    digest: DigestRules = DigestRules()
    lateness: Lateness = Lateness()
    public_url: str | None = None
