"""A theme that the agenda calls otherwise: "windmolens" are its "windturbines", and the answer says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from handlers.answers.question import Question
from handlers.answers.scope import find
from handlers.answers.several import alternation
from handlers.gazetteer import name_key
from handlers.reading.lexicon import forms, rows
from handlers.reading.model import NOTHING, Intent, Reading
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted


@cache
def _near() -> dict[str, tuple[str, ...]]:
    """The near themes of each form, the nearest first."""
    return {
        name_key(form): tuple(forms(row.cells["verwant"]))
        for row in rows("verwante_themas.csv")
        for form in forms(row.cells["vormen"])
    }


def near_themes(theme: str) -> tuple[str, ...]:
    """What the agenda may call a theme instead, the nearest first: of its words, the longest form known."""
    words = name_key(theme).split()
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            found = _near().get(" ".join(words[first : first + size]))
            if found:
                return found
    return ()


def by_near_themes(question: Question, tell: Callable[[Question], Reply]) -> Reply | None:
    """The answer on what comes near, where the agenda holds nothing on the theme; None where it does."""
    reading = question.reading
    if reading.theme is None or question.focus:
        return None
    near = [theme for theme in near_themes(reading.theme) if name_key(theme) != name_key(reading.theme)]
    if not near or _holds(question, reading.theme):
        return None
    held = [theme for theme in near if _holds(question, theme)]
    if not held:
        return None
    others = replace(reading.others, themes=tuple(dict.fromkeys((*held[1:], *reading.others.themes))))
    reply = tell(replace(question, reading=replace(reading, theme=held[0], others=others)))
    names = alternation([quoted(theme) for theme in held])
    said = say("niets.verwant thema", gevraagd=quoted(reading.theme), verwant=names)
    return replace(reply, paragraphs=(said, *reply.paragraphs))


def _holds(question: Question, theme: str) -> bool:
    """Whether anything is still to come on a theme, wherever and whenever; the past where that is asked."""
    reading = question.reading
    bare = Reading(text="", intent=Intent.LIST_SESSIONS, theme=theme, others=NOTHING, past=reading.past)
    return bool(find(replace(question, reading=bare), 1))
