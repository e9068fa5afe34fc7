"""The names of things in Dutch. What the bot says in sentences is in `handlers/wording/catalogue.py`."""

from __future__ import annotations

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
