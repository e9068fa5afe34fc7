"""Days of the week that stand for every such day: "op een maandag in februari", "op woensdagnamiddag".

A bare "op dinsdag" is the coming one, unless a longer stretch of time follows it: "op dinsdag in maart".
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from handlers.model import Span
from handlers.reading.calendar import SEASONS
from handlers.reading.exclusions import weekday_of
from handlers.reading.model import DayPart
from handlers.reading.period_words import MONTH_NUMBERS
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

_PARTS = {
    "voormiddag": DayPart.MORNING,
    "ochtend": DayPart.MORNING,
    "morgen": DayPart.MORNING,
    "namiddag": DayPart.AFTERNOON,
    "middag": DayPart.AFTERNOON,
    "avond": DayPart.EVENING,
}
_COMPOUND = re.compile(rf"(\w+?dag)({'|'.join(_PARTS)})(?:en|s)?")
_PART = re.compile(rf"(?:{'|'.join(_PARTS)})s?")
_ANY = word_set("een elke iedere elk ieder alle ne nen")
_ONLY = word_set("alleen enkel uitsluitend liefst altijd telkens")
_BEFORE_PART = word_set("in de s")
_JOINING = word_set("of en , ofwel op een de elke alle")
#: After these a day of the week is one of a longer stretch.
_WITHIN = word_set("in tijdens van gedurende voor na vanaf dit deze tot")
_STRETCHES = frozenset(SEASONS) | word_set(
    "voorjaar najaar lente herfst zomer winter jaar kwartaal semester schooljaar vakantie zomervakantie"
)
#: Before these a day of the week is left out, or one day is meant.
_NOT_ANY = word_set(
    "zonder behalve niet geen buiten uitgezonderd eerste tweede derde vierde laatste volgende komende "
    "eerstvolgende vorige deze aanstaande"
)
#: A stretch is longer than this, in days, or a day of the week in it is one day.
_LONGER = 8


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week (0 is Monday), the part of the day, and the words that say them.

    Attributes:
        needs_stretch: they stand for every such day only within a longer stretch of time.
    """

    days: tuple[int, ...]
    part: DayPart | None
    first: int
    after: int
    needs_stretch: bool


def read_weekdays(sentence: Sentence) -> Weekdays | None:
    """The first days of the week that may stand for every such day."""
    if sentence.language != "nl":
        return None
    words = sentence.words[: sentence.closing]
    for index, word in enumerate(words):
        if "dag" in word and _day_at(words, index) is not None:
            typed = sentence.span(index, index + 1).casefold()
            return _row(words, index, is_plural=typed.endswith(("en", "s")))
    return None


def is_long(span: Span | None) -> bool:
    """Whether a stretch of time holds more than one of each day of the week."""
    if span is None:
        return False
    if span.first is None or span.last is None:
        return True
    return span.last - span.first >= dt.timedelta(days=_LONGER)


def _day_at(words: list[str], index: int) -> tuple[int, DayPart | None, int] | None:
    """The day of the week at this word, its part of the day, and the index after both."""
    word = words[index]
    compound = _COMPOUND.fullmatch(word)
    if compound:
        day = weekday_of(compound[1])
        return None if day is None else (day, _PARTS[compound[2]], index + 1)
    day = weekday_of(word)
    if day is None:
        return None
    after = index + 1
    while after < len(words) and words[after] in _BEFORE_PART:
        after += 1
    if after < len(words) and _PART.fullmatch(words[after]):
        return day, _PARTS[words[after].removesuffix("s")], after + 1
    return day, None, index + 1


def _row(words: list[str], index: int, *, is_plural: bool) -> Weekdays | None:
    """The row of days that begins at this word; None where one day is meant."""
    before = words[max(0, index - 3) : index]
    if not _NOT_ANY.isdisjoint(before):
        return None
    days: list[int] = []
    part: DayPart | None = None
    after = at = index
    while at < len(words):
        found = _day_at(words, at)
        if found is not None:
            days.append(found[0])
            part, after = part or found[1], found[2]
            at = after
        elif words[at] in _JOINING:
            at += 1
        else:
            break
    if after < len(words) and words[after][0].isdigit() and not words[after].startswith("20"):
        return None
    marked = words[index - 1] if index else ""
    is_any = marked in _ANY or is_plural
    first = index
    while first and words[first - 1] in _ANY | {"op", "s"}:
        first -= 1
    is_any = is_any or (marked == "op" and (part is not None or not _ONLY.isdisjoint(before)))
    if not is_any and not (marked == "op" and _stretch_follows(words, after)):
        return None
    return Weekdays(tuple(dict.fromkeys(days)), part, first, after, needs_stretch=not is_any)


def _stretch_follows(words: list[str], index: int) -> bool:
    """Whether "in maart", "dit voorjaar" or "na nieuwjaar" comes right after."""
    following = words[index : index + 4]
    if not following or following[0] not in _WITHIN:
        return False
    return any(word in MONTH_NUMBERS or word in _STRETCHES or word.startswith("20") for word in following[1:])
