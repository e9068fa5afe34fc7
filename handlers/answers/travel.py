"""Getting there: the agenda has an address, and nothing on parking or trains; that is said as it is."""

from __future__ import annotations

import re
from urllib.parse import quote

from handlers.answers.question import Question, folded
from handlers.model import Atrium
from handlers.reply import Link
from handlers.wording.cards import place_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration

#: What people ask of the way there, by the text that it is called in the answer.
_ASKED: tuple[tuple[str, str], ...] = (
    ("atrium.over parkeren", r"\b(park(eer|er|ing)\w*|garage|auto|wagen|laadpa\w*|opladen|carpool\w*)\b"),
    (
        "atrium.over openbaar vervoer",
        r"\b(\w*trein\w*|bus|\w*halte|tram|metro|station|openbaar vervoer|ov)\b",
    ),
    ("atrium.over fietsenstallingen", r"\b(fiets\w*)\b"),
    ("atrium.over toegankelijkheid", r"\b(rolstoel\w*|toegankelijk\w*)\b"),
)
_THE_WAY = r"\b(geraak|raak|kom ik|weg naar|route\w*|wegbeschrijving|bereik\w*)\b"


def _told_in(atrium: Atrium, sign: str) -> bool:
    record = " ".join(filter(None, (atrium.venue, atrium.address, atrium.description, atrium.programme)))
    return re.search(sign, folded(record)) is not None


def travel_lines(atrium: Atrium, question: Question) -> tuple[str, ...]:
    """That the agenda has nothing on what was asked of the way there, or that its description has."""
    asked = [(name, sign) for name, sign in _ASKED if question.says(sign)]
    unknown = [say(name) for name, sign in asked if not _told_in(atrium, sign)]
    lines = [say("atrium.niets over", onderwerpen=enumeration(unknown))] if unknown else []
    if len(unknown) < len(asked) and atrium.description:
        lines.append(atrium.description)
    return tuple(lines)


def route_links(atrium: Atrium, question: Question) -> tuple[Link, ...]:
    """A map that shows the way, where the way there was asked for."""
    if not any(question.says(sign) for sign in (_THE_WAY, *(sign for _, sign in _ASKED))):
        return ()
    url = f"https://www.openstreetmap.org/search?query={quote(place_text(atrium), safe='')}"
    return (Link(label=say("knop.route"), url=url),)
