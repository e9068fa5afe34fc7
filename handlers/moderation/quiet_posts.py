"""Which planned posts an atrium does without, in the words of moderators: "herinneringen, uitnodiging"."""

from __future__ import annotations

import re
from collections.abc import Collection

from handlers.moderation.claims import Remainder
from handlers.posts.names import EVERYTHING, PLANNED_POSTS, post_name
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration

#: Kind of post -> how moderators call it; a name that holds another one comes before it.
_WORDS = {
    EVERYTHING: r"alles|allemaal|alle(?: automatische)? (?:berichten|posts)",
    "deadline": r"(?:herinnering(?:en)?|reminders?) aan de (?:inschrijving(?:en)?|deadline)"
    r"|inschrijfherinnering(?:en)?|deadlines?",
    "reminder": r"herinnering(?:en)?|reminders?",
    "save_the_date": r"vooraankondiging(?:en)?|save[- ]the[- ]dates?",
    "invitation": r"uitnodiging(?:en)?",
    "practical": r"praktische info(?:rmatie)?",
    "thanks": r"(?:dank(?:woord)?|bedanking)(?: en materiaal)?",
}
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in _WORDS.items()}


def quiet_posts_in(text: str) -> tuple[frozenset[str], list[str]]:
    """The kinds of post that are named, and what of the text names none."""
    rest = Remainder(text)
    found = set()
    for kind, pattern in _PATTERNS.items():
        while rest.claim(pattern):
            found.add(kind)
    return frozenset(found), rest.leftovers()


def quiet_posts_text(kinds: Collection[str]) -> str | None:
    """The same in words, in a fixed order; None when nothing is switched off."""
    if EVERYTHING in kinds:
        return say("verschil.alles")
    names = [post_name(kind) for kind in PLANNED_POSTS if kind in kinds]
    return enumeration(names) if names else None
