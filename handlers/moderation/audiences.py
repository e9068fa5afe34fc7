"""For whom an atrium is, in the words of moderators: "voor ambtenaren en intercommunales"."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
_WHOSE = r"(?:van|uit) (?:de |het )?(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)*"
_FOR = re.compile(
    rf"\b(?:doelgroep\s*:?\s*|(?:bedoeld\s+)?(?:alleen |enkel )?voor\s+)(?P<row>{_ROW})"
    rf"(?:\s+(?P<whose>{_WHOSE}))?",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?:(?<=[\n,;])|^)\s*{_ROW}\s*(?=$|[\n,;])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedAudience:
    """The audience, and where it is narrowed to a place the words for it ("de schepenen van de Westhoek").

    The empty set is everybody.
    """

    audience: frozenset[Audience]
    narrowed: str | None = None


def claim_audience(rest: Remainder) -> NamedAudience | None:
    """Take the audience out of the text: after "voor", or a part that holds nothing else."""
    found = rest.claim(_FOR)
    if found:
        narrowed = f"{found['row']} {found['whose']}" if found["whose"] else None
        return NamedAudience(audience_in(found["row"]), narrowed)
    alone = rest.claim(_ALONE)
    return NamedAudience(audience_in(alone[0])) if alone else None


def audience_in(text: str) -> frozenset[Audience]:
    """The audiences that this text names, each word counted once; empty for everybody and for none."""
    named: set[Audience] = set()
    for words, audience in _WORDS:
        text, times = re.subn(rf"\b(?:{words})\b", " ", text, flags=re.IGNORECASE)
        if times:
            named |= audience
    return frozenset(named)
