"""For whom an atrium is, in the words of moderators: "voor ambtenaren en intercommunales"."""

from __future__ import annotations

import re

from handlers.model import Audience
from handlers.moderation.claims import Remainder

_WORDS: tuple[tuple[str, frozenset[Audience]], ...] = (
    (
        r"(?:lokale|gemeentelijke) en provinciale (?:omgevings)?ambtenaren",
        frozenset({Audience.AMBTENAAR, Audience.PROVINCIE}),
    ),
    (
        r"provinciale (?:omgevings)?ambtena(?:ar|ren)|provincies?(?: ?ambtenaren)?",
        frozenset({Audience.PROVINCIE}),
    ),
    (
        r"(?:(?:lokale|gemeentelijke) )?(?:omgevings|milieu)?-?ambtena(?:ar|ren)|g?oa'?s?|planners",
        frozenset({Audience.AMBTENAAR}),
    ),
    (r"intercommunales?|interco'?s?|igs(?:'?en)?", frozenset({Audience.INTERCOMMUNALE})),
    (
        r"(?:lokale )?mandataris(?:sen)?|schepenen?|burgemeesters?|gedeputeerden?|(?:lokale )?politici",
        frozenset({Audience.MANDATARIS}),
    ),
    (
        r"(?:algemeen|algemene) directeure?[ns]?|ad'?s",
        frozenset({Audience.ALGEMEEN_DIRECTEUR}),
    ),
    (r"(?:de )?(?:13 |dertien )?centrumst(?:ad|eden)", frozenset({Audience.CENTRUMSTAD})),
    (r"koepels?|koepelorganisaties?|vvsg|vvp", frozenset({Audience.KOEPEL})),
)
_EVERYBODY = r"iedereen|alle leden|allen"
_ONE = rf"(?:alle |de )?(?:{'|'.join(words for words, _ in _WORDS)}|{_EVERYBODY})\b"
_ROW = rf"{_ONE}(?:(?:\s*,\s*|\s+en\s+(?:voor\s+)?|\s*[&+/|]\s*){_ONE})*"
_FOR = re.compile(rf"\b(?:doelgroep\s*:?\s*|(?:bedoeld\s+)?(?:alleen |enkel )?voor\s+){_ROW}", re.IGNORECASE)
_ALONE = re.compile(rf"(?:(?<=[\n,;])|^)\s*{_ROW}\s*(?=$|[\n,;])", re.IGNORECASE)


def claim_audience(rest: Remainder, *, alone: bool = False) -> frozenset[Audience] | None:
    """Take the audience out of the text; None when none is named, the empty set for everybody.

    With `alone` a part that only holds an audience counts as well, without "voor".
    """
    found = rest.claim(_FOR) or (rest.claim(_ALONE) if alone else None)
    return audience_in(found[0]) if found else None


def audience_in(text: str) -> frozenset[Audience]:
    """The audiences that this text names, each word counted once; empty for everybody and for none."""
    named: set[Audience] = set()
    for words, audience in _WORDS:
        text, times = re.subn(rf"\b(?:{words})\b", " ", text, flags=re.IGNORECASE)
        if times:
            named |= audience
    return frozenset(named)
