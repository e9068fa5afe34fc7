"""The names of things in Dutch, each said as moderators want it; for sentences see `catalogue.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.model import Audience, Kind
from handlers.wording.catalogue import Said, delivered, say
from handlers.wording.sentences import enumeration

NETWORK = "Atrium Lerend Netwerk"

#: The phone number of the department and its name, as published.
CONTACT_PHONE = "02 553 80 56"
CONTACT_NAME = "Afdeling Partnerschappen met Besturen en Maatschappij (PBM)"


@dataclass(frozen=True, slots=True)
class KindName:
    """The texts that say how a kind of atrium is called; every one takes "het" in the singular."""

    singular: str
    plural: str


KIND_NAMES: Mapping[Kind, KindName] = {
    Kind.LOKAAL: KindName("naam.lokaal", "naam.lokaal meer"),
    Kind.CENTRUMSTEDEN: KindName("naam.centrumsteden", "naam.centrumsteden meer"),
    Kind.MANDATARISSEN: KindName("naam.mandatarissen", "naam.mandatarissen meer"),
    Kind.PROVINCIAAL: KindName("naam.provinciaal", "naam.provinciaal meer"),
    Kind.THEMATISCH: KindName("naam.thematisch", "naam.thematisch meer"),
    Kind.OP_MAAT: KindName("naam.op maat", "naam.op maat meer"),
}

AUDIENCE_NAMES = Said(
    {
        Audience.AMBTENAAR: "doelgroep.ambtenaar",
        Audience.PROVINCIE: "doelgroep.provincie",
        Audience.INTERCOMMUNALE: "doelgroep.intercommunale",
        Audience.MANDATARIS: "doelgroep.mandataris",
        Audience.ALGEMEEN_DIRECTEUR: "doelgroep.algemeen directeur",
        Audience.CENTRUMSTAD: "doelgroep.centrumstad",
        Audience.KOEPEL: "doelgroep.koepel",
        Audience.EXTERN: "doelgroep.extern",
    }
)


_ANY = KindName("naam.atrium", "naam.atria")


def kind_name(kind: Kind | None, number: int = 1) -> str:
    """ "Lokaal Atrium" or, for another number than 1, "Lokale Atria"; "atrium" for no kind."""
    return say(_name_of(kind, number))


def typed_kind(kind: Kind | None, number: int = 1) -> str:
    """The same as it was delivered: by that name the reader knows it, whatever moderators call it."""
    return delivered(_name_of(kind, number))


def typed_audience(audience: Audience) -> str:
    """A group of readers by the name that the reader knows."""
    return delivered(AUDIENCE_NAMES.names[audience])


def _name_of(kind: Kind | None, number: int) -> str:
    names = _ANY if kind is None else KIND_NAMES[kind]
    return names.singular if number == 1 else names.plural


def audience_text(audience: Iterable[Audience]) -> str:
    """For whom, in the fixed order of the house: "lokale omgevingsambtenaren en intercommunales"."""
    wanted = frozenset(audience)
    return enumeration([AUDIENCE_NAMES[role] for role in AUDIENCE_NAMES.names if role in wanted])
