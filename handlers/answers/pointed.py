"""Which of a list is meant where the sentence says more than that: "meer info over nr 3"."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answers.question import folded
from handlers.reading.model import Reading
from handlers.reply import Reply
from handlers.wording.catalogue import say

_NUMBERED = re.compile(r"(?:\b(?:nr|nummer)\b\.?\s*|#\s*)(\d{1,2})\b")
_IN_A_LIST = r"(?:van|uit|in|op) (?:de|die|dat|het|je|jouw) (?:lijst|lijstje|rij|rijtje|overzicht)"
_WORDS = "eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende"
_POSITIONS = {word: number for number, word in enumerate(_WORDS.split("|"), start=1)} | {"laatste": -1}
# "in de tweede week" is a period, and more follows than the number.
_IN_WORDS = re.compile(rf"\b(?:het|de)\s+({_WORDS}|laatste)\W*$")
_OF_LIST = re.compile(rf"\b({_WORDS}|laatste)\s+{_IN_A_LIST}\W*$")


def says_number(reading: Reading) -> bool:
    """Whether it points at a number or into a list ("nr 3"), which is nothing without a list."""
    said = folded(reading.text)
    return _NUMBERED.search(said) is not None or _OF_LIST.search(said) is not None


def pointing(reading: Reading) -> Reading:
    """The reading with the position that its words point at; a number is never a theme."""
    said = folded(reading.text)
    numbered = _NUMBERED.search(said)
    if numbered:
        theme = reading.theme
        is_number = theme is not None and _NUMBERED.fullmatch(folded(theme).strip()) is not None
        return replace(reading, ordinal=int(numbered[1]), theme=None if is_number else theme)
    in_words = _OF_LIST.search(said) or _IN_WORDS.search(said)
    if in_words and reading.ordinal is None:
        return replace(reading, ordinal=_POSITIONS[in_words[1]])
    return reading


def no_list() -> Reply:
    """A number, where no list was shown."""
    return Reply(
        headline=say("wedervraag.geen lijst"),
        paragraphs=(say("wedervraag.geen lijst uitleg"),),
        understood=False,
    )
