"""What the kinds of post are called, by the words that settings and records use for them."""

from __future__ import annotations

from handlers.wording.catalogue import Said

#: In a list of kinds that are switched off: all that can be.
EVERYTHING = "all"

#: What is planned around an atrium, and can be switched off.
PLANNED_POSTS = Said(
    {
        "save_the_date": "soort bericht.vooraankondiging",
        "invitation": "soort bericht.uitnodiging",
        "reminder": "soort bericht.herinnering",
        "deadline": "soort bericht.inschrijving",
        "practical": "soort bericht.praktisch",
        "thanks": "soort bericht.dank",
    }
)

POST_NAMES = Said(
    {
        **PLANNED_POSTS.names,
        "announcement": "soort bericht.aankondiging",
        "change": "soort bericht.wijziging",
        "cancellation": "soort bericht.annulering",
        "edit": "soort bericht.aanpassing",
        "digest": "soort bericht.overzicht",
        "moderators": "soort bericht.moderatoren",
        "answer": "soort bericht.antwoord",
        "notice": "soort bericht.melding",
    }
)


def post_name(kind: str) -> str:
    """What a kind of post is called: "herinnering"; its own word when it has no name."""
    return POST_NAMES.get(kind, kind)
