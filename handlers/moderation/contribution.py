"""Handing in a question or a point for the agenda of an atrium: "inbreng: ..."."""

from __future__ import annotations

import re

from handlers.changes import ContributionHandedIn
from handlers.context import Context
from handlers.model import Atrium, Contribution, Query
from handlers.moderation.claims import bare_words
from handlers.moderation.steps import step
from handlers.moderation.target import OFFERED, about_here, find_by_key, find_described
from handlers.reply import Choice, Reply
from handlers.wording.cards import brief_text, when_text
from handlers.wording.sentences import quoted

NAMED = "Je naam staat erbij, ook in de lijst voor de organisator."

_WITH_NAME = re.compile(
    r"\s*[(\[]?\b(?:(?:dit|het)\s+)?(?:mag\s+|graag\s+)?met\s+(?:mijn\s+)?naam(?:\s+(?:erbij|vermeld(?:en)?))?"
    r"[)\]]?[\s.]*$",
    re.IGNORECASE,
)


def hand_in(command: str, context: Context) -> Reply:
    """Any member may. `command` holds on its first line which atrium it is for, if that was said."""
    described, _, text = command.partition("\n")
    text = text.strip()
    if not context.person.is_known:
        return Reply(headline="Inbreng kan alleen van leden van het netwerk komen.")
    if not text:
        return step(
            context,
            "Wat wil je inbrengen?",
            ['Schrijf: "inbreng: ..." met je vraag, agendapunt of voorbeeld.'],
            understood=False,
        )
    found = _meant(described, context)
    coming = [one for one in found if not one.is_cancelled and not one.has_ended(context.now)]
    if found and not coming:
        word = "is geannuleerd" if found[0].is_cancelled else "is voorbij"
        return step(
            context,
            f"{found[0].title} {word}: inbreng kan niet meer.",
            ['Heb je een idee voor een nieuw atrium? Schrijf: "ik stel een thema voor: ...".'],
        )
    if len(coming) == 1:
        return _thanks(coming[0], text, context)
    return _which(coming or _next_ones(context), text, context)


def _meant(described: str, context: Context) -> list[Atrium]:
    described = bare_words(described)
    if not described:
        return list(about_here(context))
    by_key = find_by_key(described, context)
    return [by_key[0]] if by_key else list(find_described(described, context))


def _next_ones(context: Context) -> list[Atrium]:
    query = Query(begins_from=context.now, visible_to=context.reads, include_cancelled=False, limit=OFFERED)
    return [one for one in context.agenda.upcoming(query) if not one.is_cancelled]


def _thanks(atrium: Atrium, text: str, context: Context) -> Reply:
    text, named = _consent_in(text)
    contribution = Contribution(
        text=text,
        atrium_uid=atrium.uid,
        kind=atrium.kind,
        place=atrium.municipality,
        theme=atrium.theme,
        named=named,
    )
    return step(
        context,
        f"Dank je. Je inbreng is genoteerd voor {atrium.title}, {when_text(atrium)}",
        [
            f'"{quoted(text)}"',
            "De moderatoren zien ze, en nemen ze mee naar het atrium.",
            NAMED if named else "",
        ],
        uids=(atrium.uid,),
        changes=(ContributionHandedIn(contribution=contribution),),
    )


def _consent_in(text: str) -> tuple[str, bool]:
    """The text without the words by which somebody agrees to be named, and whether they did."""
    bare = _WITH_NAME.sub("", text).strip()
    return (bare, True) if bare and bare != text.strip() else (text, False)


def _which(candidates: list[Atrium], text: str, context: Context) -> Reply:
    if not candidates:
        return step(context, "Er staat geen atrium in de agenda waarvoor je iets kunt inbrengen.")
    choices = tuple(
        Choice(label=brief_text(one, context.now), says=f"inbreng voor {one.uid}: {text}")
        for one in candidates[:OFFERED]
    )
    return step(context, "Voor welk atrium is je inbreng?", choices=choices, understood=False)
