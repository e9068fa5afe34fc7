"""Which of the coming atria are cancelled."""

from __future__ import annotations

import re

from handlers.answers.lists import MOST, list_name, list_reply
from handlers.answers.question import Question, folded
from handlers.answers.scope import find
from handlers.answers.shown import source_text, withheld_text
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import number_text

_OFF = r"(?:geannuleerde?|afgelaste?|geschrapte?|geschrapt)"
_MANY = r"(?:atria|sessies|bijeenkomsten|vergaderingen|overleggen)"
_NOT_ON = r"niet (?:meer )?door\b"
#: Asked of atria in general; "gaat het door?" asks of one.
_ASKED = re.compile(
    rf"\b{_OFF}\s+(?:\w+\s+){{0,2}}{_MANY}\b"
    rf"|\b(?:welke?|wat is er|is er|zijn er)\b[^?.]*\b{_OFF}\b(?<!e)"
    rf"|\bwelke?\b[^?.]*\b(?:gaat|gaan)\b[^?.]*\b{_NOT_ON}"
    rf"|\bwat gaat er\b[^?.]*\b{_NOT_ON}|\b(?:gaan|gaat) er\b[^?.]*\b{_NOT_ON}"
)
#: So many coming atria are looked through.
_LOOKED_AT = 200


def asks_for_cancelled(text: str) -> bool:
    """Whether somebody asks which atria are cancelled, rather than whether one goes on."""
    return _ASKED.search(folded(text)) is not None


def cancelled_atria(question: Question) -> Reply:
    """The coming atria that are cancelled and fit the question, by start."""
    found = [atrium for atrium in find(question, _LOOKED_AT) if atrium.is_cancelled]
    if found:
        name = "lijst.een geannuleerd" if len(found) == 1 else "lijst.meer geannuleerd"
        number, atria = number_text(len(found)), list_name(question, len(found))
        headline = say(name, aantal=number, atria=atria)
        return list_reply(found[:MOST], question, headline, more=False)
    if question.withholds_mandatarissen:
        return Reply(headline=withheld_text())
    return Reply(
        headline=say("lijst.geen geannuleerd", atrium=list_name(question, 1)),
        source=source_text((), question.context),
    )
