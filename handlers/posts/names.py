"""What the kinds of post are called, by the words that settings and records use for them."""

from __future__ import annotations

from collections.abc import Mapping

#: In a list of kinds that are switched off: all that can be.
EVERYTHING = "all"

#: What is planned around an atrium, and can be switched off.
PLANNED_POSTS: Mapping[str, str] = {
    "save_the_date": "vooraankondiging",
    "invitation": "uitnodiging",
    "reminder": "herinnering",
    "deadline": "herinnering aan de inschrijving",
    "practical": "praktische info",
    "thanks": "dank en materiaal",
}

POST_NAMES: Mapping[str, str] = {
    **PLANNED_POSTS,
    "announcement": "aankondiging",
    "change": "wijziging",
    "cancellation": "annulering",
    "edit": "aanpassing van een eerder bericht",
    "digest": "overzicht",
    "moderators": "overzicht voor moderatoren",
    "answer": "antwoord",
    "notice": "bericht aan moderatoren of aan één lid",
}


def post_name(kind: str) -> str:
    """What a kind of post is called: "herinnering"; its own word when it has no name."""
    return POST_NAMES.get(kind, kind)
