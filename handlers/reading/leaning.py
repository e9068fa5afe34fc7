"""How a sentence leans on what was said before: it follows up, corrects, or asks for what comes later."""

from __future__ import annotations

from typing import NamedTuple

from handlers.reading.intents import ANCHORS, Abstract
from handlers.reading.questions import QUESTION_WORDS
from handlers.reading.slots import SLOTS
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

_POINTING = word_set(
    "dat die deze daar daarvan daarvoor daarheen daarnaartoe erbij daarover dit daarbij er hem"
)
#: These add to what was asked before: "ook iets in Gent?", "nog iets in maart?".
_ADDING = word_set("en ook nog et and aussi also")
_EXISTING = word_set("is zijn komt komen gaat gaan valt vallen staat staan gebeurt bestaat bestaan was waren")


class Leaning(NamedTuple):
    """How a sentence leans on what was said before."""

    follow_up: bool
    corrects: bool
    later: bool

    @classmethod
    def of(cls, sentence: Sentence, abstract: Abstract) -> Leaning:
        words, items = sentence.words, abstract.items
        opening = words[:1]
        corrects = bool(words) and (
            (
                words[0] in {"nee", "neen", "niet", "no", "non"}
                and len(words) <= 8
                and not abstract.holds("IETS")
            )
            or words[:2] in (["ik", "bedoel"], ["ik", "bedoelde"], ["i", "meant"], ["sorry", "ik"])
        )
        later = abstract.holds("daarna", "erna", "nadien", "volgt") and len(words) <= 8
        anchored = not ANCHORS.isdisjoint(items)
        whole = _is_whole(words, abstract)
        points = any(word in _POINTING for word in words) and not anchored and not whole
        bare = (
            "het" in words
            and not anchored
            and not abstract.holds("DAG", "THEMA", "PLAATS")
            and len(words) <= 8
        )
        fragment = (
            len(items) <= 4
            and any(item in SLOTS for item in items)
            and not anchored
            and not whole
            and not (abstract.holds(*QUESTION_WORDS))
        )
        follow_up = (
            opening in (["en"], ["et"], ["and"], ["ook"]) or points or bare or fragment or corrects or later
        )
        return cls(follow_up, corrects, later)


def _is_whole(words: list[str], abstract: Abstract) -> bool:
    """Whether a sentence asks all by itself: "iets over water", "wat is er vandaag te doen"."""
    if not _ADDING.isdisjoint(words[:3]) or _POINTING.intersection(words) - {"er"}:
        return False
    if abstract.holds("IETS"):
        return abstract.holds(*SLOTS)
    there = "er" in words and not _EXISTING.isdisjoint(words)
    return there and abstract.holds(*SLOTS) and abstract.holds("WAT")
