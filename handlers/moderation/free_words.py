"""What a text tells without labels: first what can be nothing else, then words by what stands around them."""

from __future__ import annotations

import re

from handlers.gazetteer import name_key
from handlers.model import Kind
from handlers.moderation.audiences import claim_audience
from handlers.moderation.claims import GAP, bare_words
from handlers.moderation.clock_times import claim_times
from handlers.moderation.community_choice import claim_communities, claim_every_community
from handlers.moderation.deadline import claim_deadline
from handlers.moderation.hearing import Hearing
from handlers.moderation.kinds import claim_kind
from handlers.moderation.venue import (
    Where,
    claim_municipality,
    claim_venue,
    unknown_municipality,
    where_is,
)

_FULL = re.compile(r"\b(?:(?:het\s+)?is\s+)?(?:nu\s+)?(?:volzet|volgeboekt)\b", re.IGNORECASE)
_ROOM_AGAIN = re.compile(
    r"\b(?:(?:het\s+)?is\s+)?(?:niet\s+(?:(?:meer|langer)\s+)?(?:volzet|volgeboekt)"
    r"|(?:er\s+(?:is|zijn)\s+)?(?:weer|opnieuw)\s+plaats(?:en)?(?:\s+vrij)?)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«](?P<title>[^\"“”«»\n]{3,200})[\"“”»]")
_THEME = re.compile(
    rf"\b(?:over|rond|rondom|omtrent|met (?:als )?thema|rond het thema|thema|onderwerp)\s*:?\s+"
    rf"(?P<theme>[^{GAP}\n;,]+(?:,\s[^{GAP}\n;,]+?\sen\s[^{GAP}\n;,]+)?)",
    re.IGNORECASE,
)
_AFTER_KIND = re.compile(rf"{GAP}\s*[:\-]?\s*(?P<theme>[^{GAP}\n;,]+)")
_GROUP = re.compile(
    rf"\bvoor\s+(?P<group>[^{GAP}\n;,]+?)"
    rf"(?=\s+(?:over|rond|rondom|omtrent|met als thema)\b|\s*[{GAP}\n;,]|\s*$)"
)


def hear_words(hearing: Hearing) -> None:
    """Each rule takes its words away before the next one looks."""
    _hear_forms(hearing)
    told, rest = hearing.told, hearing.rest
    told.all_communities |= claim_every_community(rest)
    told.keep(communities=claim_communities(rest, hearing.context.communities))
    kind = claim_kind(rest)
    told.keep(kind=kind)
    after_kind = rest.text.find(GAP) if kind else -1
    _hear_audience(hearing)
    _hear_place(hearing)
    _hear_subject(hearing, after_kind)
    named = bool(told.draft.municipality)
    venue, address = claim_venue(rest, beside_a_place=named, asked="venue" in hearing.asks)
    told.keep(venue=venue, address=address)
    told.leftovers += rest.leftovers()


def _hear_forms(hearing: Hearing) -> None:
    """What has a form of its own: whether it is full, links, quoted titles, deadlines, days, hours."""
    rest = hearing.rest
    if rest.claim(_ROOM_AGAIN):
        hearing.told.cleared.add("is_full")
    elif rest.claim(_FULL):
        hearing.told.keep(is_full=True)
    hearing.note_link(rest)
    if found := rest.claim(_QUOTED):
        hearing.told.keep(title=found["title"].strip())
    hearing.note_deadline(claim_deadline(rest, hearing.today))
    hearing.note_day(rest)
    hearing.note_times(claim_times(rest))


def _hear_audience(hearing: Hearing) -> None:
    """For whom; a group in one place gives an Atrium op Maat its title."""
    named = claim_audience(hearing.rest)
    if named is None:
        return
    hearing.told.keep(audience=named.audience)
    if not named.audience:
        hearing.told.cleared.add("audience")
    if named.narrowed and (hearing.told.draft.kind or hearing.known.kind) is Kind.OP_MAAT:
        hearing.told.keep(title=f"Atrium op Maat voor {named.narrowed}")


def _hear_place(hearing: Hearing) -> None:
    where = claim_municipality(hearing.rest)
    if where == Where() and not hearing.told.draft.municipality:
        where = unknown_municipality(hearing.rest)
    if where == Where() and not hearing.municipality and "municipality" in hearing.asks:
        where = _bare_answer(hearing)
    hearing.note_where(where)


def _bare_answer(hearing: Hearing) -> Where:
    """The only thing that is left, when the municipality was asked for."""
    left = hearing.rest.leftovers()
    if len(left) != 1:
        return Where()
    guess = where_is(left[0])
    if guess.unknown and not guess.meant and len(hearing.asks) > 1:
        return Where()
    hearing.rest.put_gap_for(left[0])
    return guess


def _hear_subject(hearing: Hearing, after_kind: int) -> None:
    """Theme and title: "over ...", "voor <groep>" of an Atrium op Maat, or what follows the kind."""
    rest, told = hearing.rest, hearing.told
    if found := rest.claim(_THEME):
        told.keep(theme=_live_theme(hearing, bare_words(found["theme"])))
    if (told.draft.kind or hearing.known.kind) is Kind.OP_MAAT and (group := rest.claim(_GROUP)):
        told.keep(title=f"Atrium op Maat voor {group['group'].strip()}")
    if told.draft.theme or told.draft.title:
        return
    if after_kind >= 0 and (found := _AFTER_KIND.match(rest.text, after_kind)):
        words = bare_words(found["theme"])
        if len(words) > 2:
            rest.take(found.start("theme"), found.end("theme"))
            told.keep(theme=_live_theme(hearing, words))
    elif "theme" in hearing.asks and (left := rest.leftovers()):
        rest.put_gap_for(left[0])
        told.keep(theme=_live_theme(hearing, left[0]))


def _live_theme(hearing: Hearing, words: str) -> str:
    """The theme as the network spells it, where it has it already."""
    themes = hearing.context.vocabulary.themes
    return next((theme for theme in themes if name_key(theme) == name_key(words)), words)
