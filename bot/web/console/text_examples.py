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
    "agenda": "de agenda",
    "atria": "Provinciale Atria",
    "atrium": _ATRIUM,
    "begin": "9.00 u.",
    "bereik": "Soorten zonder atrium",
    "berichten": "Vijf berichten",
    "communities": "Algemeen en Water en droogte",
    "community": "Algemeen",
    "contact": "Afdeling Partnerschappen met Besturen en Maatschappij, 02 555 00 00",
    "dag": "maandag 12 april 2027",
    "dagen": "30 dagen",
    "deelgemeente": "Gentbrugge",
    "doelgroep": "lokale omgevingsambtenaren",
    "eerste": "zaterdag 3 april 2027",
    "einde": "16.00 u.",
    "feestdag": "Paasmaandag",
    "fout": "restricted_action",
    "gelezen": "provinciaal atrium in Gent",
    "gemeente": "Gent",
    "gemeenten": "Gent en Zottegem",
    "getypt": "donderdag de 31ste",
    "gevraagd": "windturbines in Gent",
    "groep": "Water en droogte",
    "handeling": "Aankondigen",
    "hoofdplaats": "Gent",
    "hoogstens": "6000",
    "jaar": "2027",
    "jaren": "twee",
    "laatste": "zondag 18 april 2027",
    "link": "https://inschrijven.example.org/atr-1-044",
    "maand": "april 2027",
    "moment": "donderdag 26 november 2026, 9.00 u.",
    "momenten": "7 dagen en 1 dag",
    "naam": "Jan Janssens",
    "namen": "Thematisch Atrium en Atrium op Maat",
    "netwerk": "Atrium Lerend Netwerk",
    "nummer": "12",
    "onderwerp": "windturbines",
    "organisator": "Departement Omgeving",
    "periode": "in april 2027",
    "plaats": "Gent",
    "plaatsen": "Antwerpen (6/4), Leuven (9/4) en Brugge (19/4)",
    "platform": "Viva Engage",
    "proces": "atriumbot-1",
    "programma": "Verwelkoming",
    "provincie": "Oost-Vlaanderen",
    "punt": "1",
    "recht": "chat:write",
    "reden": "dit kanaal is gearchiveerd",
    "regio": "Waasland",
    "sleutel": "atr-1-044",
    "soort": "Provinciaal Atrium",
    "soorten": "lokaal, provinciaal",
    "tekst": "Mag het korter?",
    "telefoon": "02 555 00 00",
    "terugsturen": 'Terugsturen: "wijs af 12: reden".',
    "thema": "windturbines en draagvlak",
    "titel": _ATRIUM,
    "toestand": "gepland",
    "uur": "9.00 u.",
    "vaak": "twee tot vier",
    "veld": "Zaal",
    "volgende": "volgende",
    "waar": "Provinciaal Administratief Centrum, Gent",
    "waarom": "zonder reden",
    "waarschuwing": "die dag valt in een schoolvakantie",
    "waarvoor": "wat je volgt",
    "wanneer": _WHEN,
    "wat": "de Lokale Atria",
    "wat_nu": "kijk op het platform of dit bericht er staat, en beslis",
    "weekdag": "maandag",
    "weken": "zes weken",
    "werkwoord": "is",
    "wie": "Jan Janssens",
    "zone": "Mars/Noord",
}


def sample(name: str, template: str) -> str:
    """The text of that name as it could be said; empty when this template cannot replace it."""
    if text_problem(name, template):
        return ""
    return template.format_map({each: EXAMPLES.get(each, f"‹{each}›") for each in placeholders(template)})
