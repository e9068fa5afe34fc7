"""What the agenda does not tell of an atrium: said as it is, with who may know, before what it does tell."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answers.absent import ask_others_text
from handlers.answers.question import Question, folded
from handlers.model import Atrium
from handlers.reply import Reply
from handlers.wording.cards import programme_lines
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration

_FOOD = (
    r"\b(eten|lunch\w*|\w*broodje\w*|maaltijd\w*|catering|koffie\w*|drank\w*|hapje\w*|vegetari\w*|vegan\w*"
    r"|middagmaal|ontbijt|receptie|netwerkdrink|drink|allergie\w*|glutenvrij\w*|halal|buffet)\b"
)
#: What people ask, by the name of the text that says what it is.
_ASKED: tuple[tuple[str, str], ...] = (
    (
        "atrium.over eten",
        _FOOD,
    ),
    ("atrium.over aantal mensen", r"\bhoeveel (?:volk|mensen|deelnemers|personen|collegas|inschrijvingen)\b"),
    (
        "atrium.over attest",
        r"\b(attest\w*|getuigschrift\w*|certificaat|certificaten|vormingsuren|vormingspunten)\b",
    ),
    ("atrium.over vertaling", r"\b(tolk\w*|vertaling|vertaald|gebarentaal|ondertitel\w*)\b"),
    ("atrium.over opname", r"\b(opname\w*|opgenomen|herbekijk\w*|herbekeken)\b"),
)
#: "Welk atrium is het langst": atria are not compared.
_COMPARING = (
    r"\b(?:het|de) (?:langst|kortst|grootst|kleinst|drukst|best|populairst|interessantst|leukst|duurst"
    r"|goedkoopst|belangrijkst|nuttigst|moeilijkst|verst)e?(?:\W*$|\s+(?:atri|sessie))"
)


def untold_first(reply: Reply, atrium: Atrium, question: Question) -> Reply:
    """The answer on one atrium, below what was asked of it and is not in its record."""
    asked = [(name, sign) for name, sign in _ASKED if question.says(sign)]
    if not asked:
        return reply
    unknown = [say(name) for name, sign in asked if not _is_told(atrium, sign)]
    lines = [say("atrium.niets over", onderwerpen=enumeration(unknown)), ask_others_text()] if unknown else []
    shown = {line for _, sign in asked for line in programme_lines(atrium) if re.search(sign, folded(line))}
    told = [line for line in programme_lines(atrium) if line in shown]
    if told and not set(told) & {line.removeprefix("- ") for line in reply.paragraphs}:
        lines.append(say("atrium.in het programma", regels=enumeration(told)))
    if not lines:
        return reply
    return replace(reply, headline=lines[0], paragraphs=(*lines[1:], reply.headline, *reply.paragraphs))


def _is_told(atrium: Atrium, sign: str) -> bool:
    record = " ".join(filter(None, (atrium.description, atrium.programme)))
    return re.search(sign, folded(record)) is not None


def compares(question: Question) -> bool:
    """Whether it asks which atrium is the longest, the best, the busiest."""
    return question.says(r"\b(?:atri|sessie)") and question.says(_COMPARING)


def not_compared() -> Reply:
    """Atria are not ranked: of each the agenda tells what it holds."""
    return Reply(
        headline=say("atrium.niet vergeleken"),
        paragraphs=(say("atrium.niet vergeleken uitleg"), ask_others_text()),
    )
