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
    """When people may be spoken to unasked, Brussels wall clock; weekdays count from Monday = 0.

    In calm school holidays members hear only what cannot wait; the rest comes with the overview after.
    """

    at: dt.time = dt.time(9, 0)
    opens: dt.time = dt.time(8, 0)
    closes: dt.time = dt.time(18, 0)
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    max_posts_per_week: int = 5
    change_window: dt.timedelta = dt.timedelta(minutes=30)
    calm_school_holidays: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestRules:
    """The overviews: on this weekday (Monday = 0) at this Brussels time, looking so far ahead.

    A monthly one is given on the first such weekday of the month. `moderators_community` is the key of
    the community that gets the moderators' overview; None: it is not made.
    """

    weekday: int = 0
    time: dt.time = dt.time(8, 30)
    weeks_ahead: int = 6
    monthly_weeks_ahead: int = 13
    moderators_community: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lateness:
    """How late a post may still go out after its moment, by kind of post."""

    reminder: dt.timedelta = dt.timedelta(hours=8)
    deadline: dt.timedelta = dt.timedelta(hours=8)
    digest: dt.timedelta = dt.timedelta(days=2)
    notice: dt.timedelta = dt.timedelta(days=14)
    answer: dt.timedelta = dt.timedelta(days=1)


Offsets = tuple[dt.timedelta, ...]

#: Twelve weeks before: for what people must keep free long before.
SAVE_THE_DATE: Mapping[Kind, Offsets] = {Kind.MANDATARISSEN: days(84), Kind.PROVINCIAAL: days(84)}

THANKS: Mapping[Kind, Offsets] = {kind: days(1) for kind in Kind}


@dataclass(frozen=True, kw_only=True, slots=True)
class PostRules:
    """The posts of an atrium besides reminders and nudges, each by kind of atrium.

    Attributes:
        save_the_date: how long before the start.
        invitation: how long after it became known, for an atrium that no moderator announced.
        practical: how long before the start; a kind without one finds it in its last reminder.
        thanks: how many working days after the end, or after the materials when these come later.
        off: kinds of planned post that this kind of atrium never gets.
        feedback: whether people are thanked, and asked for feedback, without materials too.
        programme_once: whether the first reminder of a programme speaks for all its places.
    """

    save_the_date: Mapping[Kind, Offsets] = field(default_factory=lambda: SAVE_THE_DATE)
    invitation: Mapping[Kind, Offsets] = field(default_factory=dict)
    practical: Mapping[Kind, Offsets] = field(default_factory=dict)
    thanks: Mapping[Kind, Offsets] = field(default_factory=lambda: THANKS)
    off: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    feedback: bool = False
    programme_once: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """Everything that planning and delivery must know besides the agenda.

    `public_url` is the base of the agenda page, without trailing slash; None when there is none.
    """

    reminders: Mapping[Kind, tuple[dt.timedelta, ...]] = field(default_factory=lambda: REMINDERS)
    deadline: tuple[dt.timedelta, ...] = days(7, 1)
    attention: Attention = Attention()
    posts: PostRules = PostRules()
    digest: DigestRules = DigestRules()
    lateness: Lateness = Lateness()
    public_url: str | None = None

    def longest_before(self) -> dt.timedelta:
        """The longest that any post precedes its atrium, to know how far ahead atria must be read."""
        before = [
            *self.reminders.values(),
            *self.posts.save_the_date.values(),
            *self.posts.practical.values(),
        ]
        return max((offset for each in [*before, self.deadline] for offset in each), default=dt.timedelta())
