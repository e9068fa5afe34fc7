"""Labelled lines: "titel: ...", "datum: ...", "zaal wordt ..."; each label names one field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.moderation.claims import Remainder

#: Field of the draft -> how moderators call it. "where", "times" and "when" fill several fields.
_LABELS: dict[str, str] = {
    "title": r"titel|naam",
    "kind": r"soort(?: atrium)?|type",
    "theme": r"thema|onderwerp",
    "registration_until": (
        r"deadline|(?:inschrijven|inschrijving(?:en)?) (?:kan )?(?:tot(?: en met)?|t/m|voor)"
        r"|uiterste (?:inschrijf\w*|datum)|inschrijfdatum"
    ),
    "registration_url": r"(?:inschrijf|inschrijvings)?-?(?:link|url)|inschrijven(?: via)?|inschrijving",
    "when": r"datum|dag|wanneer",
    "times": r"uur|uren|tijd|tijdstip",
    "begins": r"begin(?:uur|t)?|start(?:uur)?|aanvang|beginuur",
    "ends": r"eind(?:e|uur)?|einduur",
    "municipality": r"gemeente|stad",
    "venue": r"zaal|locatie|gebouw",
    "address": r"adres|straat",
    "where": r"waar|plaats",
    "audience": r"doelgroep|voor wie|publiek",
    "description": r"omschrijving|beschrijving|uitleg|toelichting",
    "communities": r"communit(?:y|ies)|kanaal|kanalen",
    "materials_url": r"presentaties?|materia(?:al|len)|slides|verslag",
    "quiet_posts": r"stil",
    "is_full": r"volzet|volgeboekt",
}
_ANY = "|".join(_LABELS.values())

#: Without a colon a label needs a verb, or one of the words that are nothing but a label.
_BARE = r"titel|datum|zaal|locatie|adres|einduur|beginuur|einde|deadline|doelgroep|omschrijving|link|gemeente"
_VERB = r"(?:\s*:\s*|\s+(?:wordt|worden|is nu|is|naar|moet zijn|verandert in|=)\s+)"
_START = r"(?:^|(?<=[\n;,\x1f])|(?<=\. )|(?<=\ben )|(?<=^de )|(?<=^het ))\s*(?:(?:de|het|en)\s+){0,2}"
_LINE = re.compile(
    rf"{_START}(?:(?P<label>{_ANY}){_VERB}|(?P<bare>{_BARE})\s+)(?P<value>(?!\s)(?:https?://\S+|[^\n;])*?)"
    rf"(?=\s*(?:$|[\n;\x1f])|,\s*(?:(?:de|het)\s+)?(?:(?:{_ANY}){_VERB}|(?:{_BARE})\s)"
    rf"|\s+en\s+(?:(?:de|het)\s+)?(?:(?:{_ANY}){_VERB}|(?:{_BARE})\s))",
    re.IGNORECASE,
)


def labelled(rest: Remainder) -> Iterator[tuple[str, str]]:
    """Take the labelled lines out, one by one: (field, what was said of it)."""
    while found := rest.claim(_LINE):
        field = field_of(found["label"] or found["bare"])
        # A description is a sentence of its own, with its full stop.
        yield field, found["value"].strip(" \t" if field == "description" else " .\t")


def starts_with_label(text: str) -> bool:
    """Whether the text begins with a label of a field ("datum 19 maart")."""
    return bool(_LINE.match(text.strip()))


def count_labels(text: str) -> int:
    """How many fields are labelled."""
    return sum(1 for _ in labelled(Remainder(text)))


def field_of(label: str) -> str:
    """The field that a label names."""
    return next(
        field for field, words in _LABELS.items() if re.fullmatch(words, label.strip(), re.IGNORECASE)
    )
