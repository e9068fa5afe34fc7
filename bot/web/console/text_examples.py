"""What a text is filled in with when it is looked at: one made-up example for each placeholder."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.wording.catalogue import placeholders, text_problem

_ATRIUM = "Provinciaal Atrium Gent"
_WHEN = "maandag 12 april 2027, van 9.00 tot 16.00 u."

#: Placeholder -> example. What is not here is shown by its own name.
EXAMPLES: Mapping[str, str] = {
    "aantal": "3",
    "adres": "Woodrow Wilsonplein 2",
    "atria": "Provinciale Atria",
    "atrium": _ATRIUM,
    "begin": "9.00 u.",
    "communities": "Algemeen en Water en droogte",
    "community": "Algemeen",
    "contact": "Afdeling Partnerschappen met Besturen en Maatschappij, 02 555 00 00",
    "dag": "maandag 12 april 2027",
    "dagen": "30 dagen",
    "deelgemeente": "Gentbrugge",
    "doelgroep": "lokale omgevingsambtenaren",
    "einde": "16.00 u.",
    "feestdag": "Paasmaandag",
    "gelezen": "provinciaal atrium in Gent",
    "gemeente": "Gent",
    "gemeenten": "Gent en Zottegem",
    "getypt": "donderdag de 31ste",
    "gevraagd": "windturbines in Gent",
    "groep": "Water en droogte",
    "handeling": "Aankondigen",
    "hoofdplaats": "Gent",
    "jaar": "2027",
    "link": "https://inschrijven.example.org/atr-1-044",
    "maand": "april 2027",
    "moment": "donderdag 26 november 2026, 9.00 u.",
    "netwerk": "Atrium Lerend Netwerk",
    "nummer": "12",
    "organisator": "Departement Omgeving",
    "plaats": "Gent",
    "plaatsen": "Antwerpen (6/4), Leuven (9/4) en Brugge (19/4)",
    "provincie": "Oost-Vlaanderen",
    "reden": "dit kanaal is gearchiveerd",
    "regio": "Waasland",
    "sleutel": "atr-1-044",
    "soort": "Provinciaal Atrium",
    "telefoon": "02 555 00 00",
    "thema": "windturbines en draagvlak",
    "titel": _ATRIUM,
    "toestand": "gepland",
    "uur": "9.00 u.",
    "waar": "Provinciaal Administratief Centrum, Gent",
    "wanneer": _WHEN,
    "weekdag": "maandag",
    "wie": "Jan Janssens",
}


def sample(name: str, template: str) -> str:
    """The text of that name as it could be said; empty when this template cannot replace it."""
    if text_problem(name, template):
        return ""
    return template.format_map({each: EXAMPLES.get(each, f"‹{each}›") for each in placeholders(template)})
