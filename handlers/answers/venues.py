"""The hall that a question names ("het provinciehuis in Hasselt"), and what takes place there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.answers.question import Question, folded
from handlers.answers.scope import find
from handlers.model import Atrium
from handlers.reading.model import Intent

#: So many atria to come are looked through for a hall.
_LOOKED_AT = 200
#: A shorter word is hardly a name by itself.
_SHORTEST = 5
_BUILDING = r"\b\w*(?:huis|centrum|campus|zaal|gebouw|kantoor|bibliotheek|kasteel|abdij)\b"
#: First words of halls that say something else in a question.
_ORDINARY = re.compile(r"provincia\w*|lok\w+|atrium|atria|grote|centrum|vergader\w*|online|digitaal")


def named_halls(question: Question) -> Sequence[Atrium]:
    """The atria that fit and are held in a hall that the question names; none when it names none.

    A hall is named by all its words, or by its first where that is a word of some length. Where the
    kind, theme or period is said, it is that which tells the atrium.
    """
    reading = question.reading
    if reading.kind or reading.theme or reading.period or reading.mine:
        return ()
    if reading.intent is not Intent.WHERE and not question.says(_BUILDING):
        return ()
    asked = f" {_words(reading.text)} "
    held = [atrium for atrium in find(question, _LOOKED_AT) if _is_named(atrium, asked)]
    # The first in each place: of one hall the next time is meant.
    by_place = {atrium.municipality: atrium for atrium in reversed(held)}
    return sorted(by_place.values(), key=lambda atrium: (atrium.starts_at, atrium.uid))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def _is_named(atrium: Atrium, asked: str) -> bool:
    if not atrium.venue:
        return False
    hall = _words(atrium.venue)
    first = hall.split(" ", maxsplit=1)[0] if hall else ""
    telling = len(first) >= _SHORTEST and not _ORDINARY.fullmatch(first)
    return bool(hall) and (f" {hall} " in asked or (telling and f" {first} " in asked))
