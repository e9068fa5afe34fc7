"""The names of things in Dutch, and the texts that moderators may change.

A text is a template with named placeholders ("{tijd}"). What a moderator makes of it is used
only while its placeholders are those of the original; else the original stands.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.model import Audience, Kind
from handlers.wording.sentences import enumeration

NETWORK = "Atrium Lerend Netwerk"

#: The phone number of the department and its name, as published.
CONTACT_PHONE = "02 553 80 56"
CONTACT_NAME = "Afdeling Partnerschappen met Besturen en Maatschappij (PBM)"


@dataclass(frozen=True, slots=True)
class KindName:
    """How a kind of atrium is called; every one takes "het" in the singular."""

    singular: str
    plural: str


KIND_NAMES: Mapping[Kind, KindName] = {
    Kind.LOKAAL: KindName("Lokaal Atrium", "Lokale Atria"),
    Kind.CENTRUMSTEDEN: KindName("Atrium Centrumsteden", "Atria Centrumsteden"),
    Kind.MANDATARISSEN: KindName("Atrium Lokale Mandatarissen", "Atria Lokale Mandatarissen"),
    Kind.PROVINCIAAL: KindName("Provinciaal Atrium", "Provinciale Atria"),
    Kind.THEMATISCH: KindName("Thematisch Atrium", "Thematische Atria"),
    Kind.OP_MAAT: KindName("Atrium op Maat", "Atria op Maat"),
}

AUDIENCE_NAMES: Mapping[Audience, str] = {
    Audience.AMBTENAAR: "lokale omgevingsambtenaren",
    Audience.PROVINCIE: "provinciale ambtenaren",
    Audience.INTERCOMMUNALE: "intercommunales",
    Audience.MANDATARIS: "lokale mandatarissen",
    Audience.ALGEMEEN_DIRECTEUR: "algemeen directeurs",
    Audience.CENTRUMSTAD: "de centrumsteden",
    Audience.KOEPEL: "koepelorganisaties",
    Audience.EXTERN: "externen",
}


def kind_name(kind: Kind | None, number: int = 1) -> str:
    """ "Lokaal Atrium" or, for another number than 1, "Lokale Atria"; "atrium" for no kind."""
    if kind is None:
        return "atrium" if number == 1 else "atria"
    return KIND_NAMES[kind].singular if number == 1 else KIND_NAMES[kind].plural


def audience_text(audience: Iterable[Audience]) -> str:
    """For whom, in the fixed order of the house: "lokale omgevingsambtenaren en intercommunales"."""
    wanted = frozenset(audience)
    return enumeration([name for role, name in AUDIENCE_NAMES.items() if role in wanted])


@dataclass(frozen=True, slots=True)
class Text:
    """One text that moderators may change.

    Attributes:
        about: where it is used, for the moderator who changes it.
        template: the original.
    """

    about: str
    template: str

    @property
    def placeholders(self) -> frozenset[str]:
        return placeholders(self.template)


def placeholders(template: str) -> frozenset[str]:
    """What stands between braces in a template. Raises ValueError where a brace stands alone.

    A conversion or a format is kept with the name, so that no original has it.
    """
    fields = string.Formatter().parse(template)
    return frozenset(
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in fields
        if name is not None
    )


TEXTS: Mapping[str, Text] = {
    "groet": Text(
        "Antwoord op een groet.",
        "Dag. Ik help je met de atria van het Atrium Lerend Netwerk. "
        'Vraag bijvoorbeeld: "wanneer is het volgende provinciaal atrium in Gent?"',
    ),
    "dank": Text("Antwoord op een bedankje.", "Graag gedaan."),
    "hulp": Text(
        "Eerste zin van de hulptekst.", "Je kunt mij in gewone woorden vragen stellen over de atria."
    ),
    "contact": Text(
        "Wie je kunt bellen.",
        "Afdeling Partnerschappen met Besturen en Maatschappij (PBM), {telefoon}, "
        "bereikbaar op werkdagen tussen 8.30 en 17.00 u.",
    ),
    "inschrijven": Text(
        "Antwoord op een algemene vraag over inschrijven.",
        "Inschrijven voor een atrium is gratis en gaat via de link bij dat atrium. "
        "De inschrijvingen sluiten de dag ervoor, tenzij de agenda iets anders zegt. "
        "Een collega meebrengen mag.",
    ),
    "uitschrijven": Text(
        "Antwoord op een algemene vraag over uitschrijven.",
        "Uitschrijven gaat via dezelfde link als inschrijven, of via de organisator.",
    ),
    "mandatarissen": Text(
        "Antwoord op een vraag naar het Atrium Lokale Mandatarissen waar die agenda niet getoond wordt.",
        "Data van het Atrium Lokale Mandatarissen staan in de eigen community. "
        "Vraag het daar, of bel {telefoon} (op werkdagen tussen 8.30 en 17.00 u.).",
    ),
    "niet voor mij": Text(
        "Antwoord op een vraag die niet over het netwerk gaat.",
        "Daar kan ik je niet mee helpen: ik antwoord alleen over de atria en de groepen van het "
        "Atrium Lerend Netwerk.",
    ),
    "niet begrepen": Text("Antwoord op een vraag die de bot niet begreep.", "Ik begrijp je vraag niet goed."),
    "niet wat je vroeg": Text(
        "Antwoord op de melding dat een antwoord niet was wat iemand vroeg.",
        "Je vraag staat op de lijst van de moderatoren: zij kijken waarom ik ze niet goed begreep.",
    ),
    "thema voorgesteld": Text(
        "Antwoord op een voorstel van een thema of een atrium.",
        "Dank je. Je voorstel gaat naar de moderatoren.",
    ),
}


def text_problem(name: str, template: str) -> str | None:
    """Why this template cannot replace the text of that name, in Dutch; None when it can."""
    if name not in TEXTS:
        return f'Er is geen tekst met de naam "{name}".'
    if not template.strip():
        return "De tekst is leeg."
    try:
        strange = placeholders(template) - TEXTS[name].placeholders
    except ValueError:
        return "Een accolade staat alleen: schrijf {naam} of {{ voor een gewone accolade."
    if strange:
        return f"Onbekende invulplaats: {enumeration(sorted(f'{{{each}}}' for each in strange))}."
    return None


def text(name: str, changed: Mapping[str, str], **values: str) -> str:
    """The text of that name, as a moderator changed it or else the original, with its values filled in.

    Raises KeyError for an unknown name or a value that the original asks for and is not given.
    """
    original = TEXTS[name].template
    template = changed.get(name, original)
    if text_problem(name, template):
        template = original
    return template.format_map(values)
