"""Handing in a question or a point for the agenda of an atrium: "inbreng: ..."."""

from __future__ import annotations

import datetime as dt
import re

from handlers.changes import ContributionHandedIn
from handlers.context import Context
from handlers.model import Atrium, Contribution, ContributionSort, Query
from handlers.moderation.claims import bare_words
from handlers.moderation.steps import step
from handlers.moderation.target import OFFERED, about_here, find_by_key, find_described
from handlers.reply import Choice, Reply
from handlers.wording.cards import brief_text, when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

_WITH_NAME = re.compile(
    r"\s*[(\[]?\b(?:(?:dit|het)\s+)?(?:mag\s+|graag\s+)?met\s+(?:mijn\s+)?naam(?:\s+(?:erbij|vermeld(?:en)?))?"
    r"[)\]]?[\s.]*$",
    re.IGNORECASE,
)

_SORTED = re.compile(
    r"^\s*(?:een\s+)?(?:(?P<vraag>vraag)|(?P<punt>agendapunt|punt voor de agenda)"
    r"|(?P<initiatief>(?:lokaal )?initiatief))\s*:\s*(?=\S)",
    re.IGNORECASE,
)
_SORTS = {
    "vraag": ContributionSort.VRAAG,
    "punt": ContributionSort.AGENDAPUNT,
    "initiatief": ContributionSort.INITIATIEF,
}

#: Characters of one thing that is handed in with a form.
MOST_TEXT = 2000


def takes_contributions(atrium: Atrium, now: dt.datetime) -> bool:
    """Whether something can still be handed in for it; `now` is aware UTC."""
    return not (atrium.is_cancelled or atrium.has_ended(now))


def contribution_for(
    atrium: Atrium, text: str, *, sort: ContributionSort | None = None, named: bool = False
) -> Contribution:
    """What somebody hands in for an atrium."""
    return Contribution(
        text=text,
        atrium_uid=atrium.uid,
        kind=atrium.kind,
        place=atrium.municipality,
        theme=atrium.theme,
        named=named,
        sort=sort,
    )


def hand_in(command: str, context: Context) -> Reply:
    """Any member may. `command` holds on its first line which atrium it is for, if that was said."""
    described, _, text = command.partition("\n")
    text = text.strip()
    if not context.person.is_known:
        return Reply(headline=say("inbreng.onbekende"))
    if not text:
        return step(
            context,
            say("inbreng.wat"),
            [say("inbreng.wat uitleg")],
            understood=False,
        )
    found = _meant(described, context)
    coming = [one for one in found if takes_contributions(one, context.now)]
    if found and not coming:
        return step(context, closed_text(found[0]), [say("inbreng.nieuw idee")])
    if len(coming) == 1:
        return _thanks(coming[0], text, context)
    return _which(coming or _next_ones(context), text, context)


def closed_text(atrium: Atrium) -> str:
    """Why nothing can be handed in any more."""
    name = "inbreng.geannuleerd" if atrium.is_cancelled else "inbreng.voorbij"
    return say(name, titel=atrium.title)


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
    text, sort = _sort_in(text)
    contribution = contribution_for(atrium, text, sort=sort, named=named)
    return step(
        context,
        say("inbreng.dank", titel=atrium.title, wanneer=when_text(atrium)),
        [
            f'"{quoted(text)}"',
            say("inbreng.dank uitleg"),
            say("inbreng.naam erbij") if named else "",
        ],
        uids=(atrium.uid,),
        changes=(ContributionHandedIn(contribution=contribution),),
    )


def _consent_in(text: str) -> tuple[str, bool]:
    """The text without the words by which somebody agrees to be named, and whether they did."""
    bare = _WITH_NAME.sub("", text).strip()
    return (bare, True) if bare and bare != text.strip() else (text, False)


def _sort_in(text: str) -> tuple[str, ContributionSort | None]:
    """The text without the word that says what it is ("vraag: ..."), and what it is."""
    said = _SORTED.match(text)
    if said is None:
        return text, None
    return text[said.end() :], _SORTS[str(said.lastgroup)]


def _which(candidates: list[Atrium], text: str, context: Context) -> Reply:
    if not candidates:
        return step(context, say("inbreng.geen atrium"))
    choices = tuple(
        Choice(label=brief_text(one, context.now), says=f"inbreng voor {one.uid}: {text}")
        for one in candidates[:OFFERED]
    )
    return step(context, say("inbreng.welk atrium"), choices=choices, understood=False)
