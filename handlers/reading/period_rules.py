"""The grammar of a rule that reads one stretch of time ("donderdag 3 december", "eind januari", "week 50").

Each rule is named, says with which words it can begin, and turns a match into a `Unit`. The rules stand by
subject in `period_days`, `period_weeks`, `period_months`, `period_seasons` and `period_lengths`. How units
join into a period ("van ... tot ...", "na ...") is told in `periods`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_words import DAY_WORDS, MONTH_NUMBERS, NUMBERS, ORDINALS, WEEKDAY_NUMBERS

DIGITS = "#"  # stands for "any word that begins with a digit" among the first words of a rule

NEXT = (
    "volgende|volgend|komende|komend|eerstvolgende|eerstvolgend|eerstkomende|eerstkomend|"
    "toekomende|aankomende|aanstaande|naaste"
)
THIS = "deze|dit"
PREVIOUS = "vorige|vorig|afgelopen|voorbije|verleden|laatste|voorgaande"


@dataclass(frozen=True, slots=True)
class At:
    """From where a rule reckons.

    Attributes:
        today: the day of the question.
        anchor: what has no year is the first such day on or after this day.
        past: the question is about what has been: then the last such day before today.
        language: of the question.
        problems: where a rule says, in Dutch, what cannot be.
    """

    today: dt.date
    anchor: dt.date
    past: bool = False
    language: str = "nl"
    problems: list[str] = field(default_factory=list)

    def nearest(self, of_year: Callable[[int], Span | None]) -> Span | None:
        """The span of the year that is meant when none is said."""
        years: Iterable[int] = range(self.anchor.year - 1, self.anchor.year + 5)
        spans = [span for year in years if (span := of_year(year)) is not None]
        if self.past:
            gone = [span for span in spans if span.first is not None and span.first <= self.today]
            return gone[-1] if gone else None
        coming = [span for span in spans if span.last is not None and span.last >= self.anchor]
        return coming[0] if coming else None


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of time.

    Attributes:
        span: both ends included.
        floating: the year was not said, so that a range may shift it.
        grain: "day", "week", "month", "season", "year", "relative" ... for what "voor" means before it.
        ends: it is the end of something ("eind maart"): "voor eind maart" includes it.
        past: it lies in the past by its wording.
    """

    span: Span
    grain: str
    floating: bool = False
    ends: bool = False
    past: bool = False


Build = Callable[[re.Match[str], At], "Unit | None"]


@dataclass(frozen=True)
class Rule:
    """A named way of saying a stretch of time; its pattern is compiled when first needed."""

    name: str
    shape: str
    build: Build

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _compile(self.shape)


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_SHAPES = {
    "N": rf"(?:\d{{1,3}}|{any_of(NUMBERS)})",
    "ORD": rf"(?:\d{{1,2}}(?:ste|de|e|th|st|nd|rd)|{any_of(ORDINALS)})",
    "D": rf"(?:\d{{1,2}}(?:ste|de|e|th|st|nd|rd)?|{any_of(ORDINALS)}|{any_of(DAY_WORDS)})",
    "M": rf"(?:{any_of(MONTH_NUMBERS)})",
    "WD": rf"(?:{any_of(WEEKDAY_NUMBERS)})",
    "Y": r"20\d\d",
    "RY": rf"(?:20\d\d|(?:{THIS}|{NEXT}|{PREVIOUS}) jaar)",
    "NEXT": f"(?:{NEXT})",
    "PREV": f"(?:{PREVIOUS})",
    "REL": f"(?:{THIS}|{NEXT}|{PREVIOUS})",
    "SEASON": "(?:voorjaar|najaar|lente|zomer|herfst|winter)",
}


def _compile(shape: str) -> re.Pattern[str]:
    """A pattern from its shape: "{M}" is any month, "{M:m}" a month to be called m."""

    def expand(found: re.Match[str]) -> str:
        name, _, called = found.group(1).partition(":")
        return f"(?P<{called}>{_SHAPES[name]})" if called else _SHAPES[name]

    return re.compile(re.sub(r"\{([A-Z]+(?::\w+)?)\}", expand, shape) + "(?= |$)")


#: What stands for many words among the first words of a rule.
_FIRST_WORDS: dict[str, Iterable[str]] = {
    "{M}": MONTH_NUMBERS,
    "{WD}": WEEKDAY_NUMBERS,
    "{ORD}": ORDINALS,
    "{N}": NUMBERS,
    "{REL}": f"{THIS}|{NEXT}|{PREVIOUS}".split("|"),
    "{NEXT}": NEXT.split("|"),
    "{PREV}": PREVIOUS.split("|"),
    "{SEASON}": calendar.SEASONS,
}


class Rules:
    """The rules of one subject by the words they can begin with, each list in the order of being tried."""

    def __init__(self) -> None:
        self.by_first_word: dict[str, list[Rule]] = {}

    def rule(self, name: str, first: str, *shapes: str) -> Callable[[Build], Build]:
        """Register a rule under the words it can begin with: words, "{M}", "{WD}" ... or `DIGITS`."""
        words = {word for part in first.split() for word in _FIRST_WORDS.get(part, (part,))}

        def register(build: Build) -> Build:
            for shape in shapes:
                one = Rule(name, shape, build)
                for word in words:
                    self.by_first_word.setdefault(word, []).append(one)
            return build

        return register


def in_order(*subjects: Rules) -> dict[str, list[Rule]]:
    """The rules of several subjects by first word, those of an earlier subject before those of a later."""
    rules: dict[str, list[Rule]] = {}
    for subject in subjects:
        for word, its_rules in subject.by_first_word.items():
            rules.setdefault(word, []).extend(its_rules)
    return rules
