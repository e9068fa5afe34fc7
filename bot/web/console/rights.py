"""Which right each address of the console asks, and who has which: the table that the guard goes by.

A regional moderator and one of a community have the right to steer; whether this very atrium or post is
theirs is asked again where it is touched (`handlers.moderation.permissions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from handlers.model import WITHHELD, Community, Person, Role
from handlers.moderation.permissions import (
    may_administer,
    may_change_network,
    may_see_console,
    may_steer,
    moderates,
)
from handlers.wording.catalogue import Said


class Right(StrEnum):
    """What an address asks of whoever comes there.

    OPEN: nothing; these are the ways in and out.
    READ: to be known as a reader or more.
    STEER: to moderate something.
    MODERATE: to moderate the whole network.
    WATCH: to see who may do what: a reader or a moderator of the whole network.
    ADMINISTER: to be an administrator.
    """

    OPEN = "open"
    READ = "lezen"
    STEER = "sturen"
    MODERATE = "modereren"
    WATCH = "nakijken"
    ADMINISTER = "beheren"


WHO: Mapping[Right, str] = Said(
    {
        Right.READ: "beheer.mag lezen",
        Right.STEER: "beheer.mag sturen",
        Right.MODERATE: "beheer.mag modereren",
        Right.WATCH: "beheer.mag nakijken",
        Right.ADMINISTER: "beheer.mag beheren",
    }
)

#: Who sees everything, of every community.
EVERYWHERE = frozenset({Role.READER, Role.MODERATOR, Role.ADMINISTRATOR})


def has_right(person: Person | None, right: Right) -> bool:
    """Whether this person (None: nobody signed in) has a right."""
    if right is Right.OPEN:
        return True
    if person is None or not may_see_console(person):
        return False
    match right:
        case Right.READ:
            return True
        case Right.STEER:
            return moderates(person)
        case Right.WATCH:
            return person.role in EVERYWHERE
        case Right.MODERATE:
            return may_change_network(person)
        case _:
            return may_administer(person)


def sight(person: Person, communities: Iterable[Community]) -> frozenset[str]:
    """The communities of which this person may see what is not public."""
    if person.role in EVERYWHERE:
        return frozenset(one.key for one in communities) | {WITHHELD}
    own = {one.key for one in communities if may_steer(person, one)}
    return frozenset(own) | person.communities


_HOME = "/beheer"
_ATRIUM = "/beheer/agenda/{uid}"
_ONE = "/beheer/aankondigingen/{number}"
_POST = "/beheer/berichten/{number}"
_QUESTION = "/beheer/vragen/{number}"

ROUTES: Mapping[tuple[str, str], Right] = {
    # In and out.
    ("GET", "/beheer/aanmelden"): Right.OPEN,
    ("POST", "/beheer/aanmelden"): Right.OPEN,
    ("GET", "/beheer/aanmelden/terug"): Right.OPEN,
    ("GET", "/beheer/eenmalig/{token}"): Right.OPEN,
    ("POST", "/beheer/eenmalig"): Right.OPEN,
    ("POST", "/beheer/afmelden"): Right.OPEN,
    # What needs me.
    ("GET", _HOME): Right.READ,
    # The agenda.
    ("GET", "/beheer/agenda"): Right.READ,
    ("GET", "/beheer/agenda/nieuw"): Right.STEER,
    ("POST", "/beheer/agenda/nieuw"): Right.STEER,
    ("GET", "/beheer/agenda/bestand"): Right.MODERATE,
    ("POST", "/beheer/agenda/bestand"): Right.MODERATE,
    ("GET", "/beheer/agenda/bestand/{key}"): Right.MODERATE,
    ("POST", "/beheer/agenda/bestand/{key}"): Right.MODERATE,
    ("GET", "/beheer/agenda/uitvoer/{name}"): Right.READ,
    ("GET", _ATRIUM): Right.READ,
    ("GET", f"{_ATRIUM}/wijzigen"): Right.STEER,
    ("POST", f"{_ATRIUM}/wijzigen"): Right.STEER,
    ("GET", f"{_ATRIUM}/annuleren"): Right.STEER,
    ("POST", f"{_ATRIUM}/annuleren"): Right.STEER,
    ("GET", f"{_ATRIUM}/plaatsen"): Right.STEER,
    ("POST", f"{_ATRIUM}/plaatsen"): Right.STEER,
    # What members handed in.
    ("GET", f"{_ATRIUM}/inbreng"): Right.READ,
    ("GET", f"{_ATRIUM}/inbreng/{{name}}"): Right.READ,
    ("GET", "/beheer/inbreng"): Right.READ,
    ("GET", "/beheer/inbreng/voorstellen"): Right.READ,
    ("POST", "/beheer/inbreng/{number}/stap"): Right.STEER,
    # Announcements.
    ("GET", "/beheer/aankondigingen"): Right.READ,
    ("GET", "/beheer/aankondigingen/nieuw"): Right.STEER,
    ("POST", "/beheer/aankondigingen/nieuw"): Right.STEER,
    ("POST", "/beheer/aankondigingen/voorbeeld"): Right.STEER,
    ("GET", _ONE): Right.READ,
    ("GET", f"{_ONE}/verslag.csv"): Right.READ,
    ("GET", f"{_ONE}/wijzigen"): Right.STEER,
    ("POST", f"{_ONE}/wijzigen"): Right.STEER,
    ("GET", f"{_ONE}/annuleren"): Right.STEER,
    ("GET", f"{_ONE}/intrekken"): Right.STEER,
    ("GET", f"{_ONE}/nu"): Right.STEER,
    ("POST", f"{_ONE}/stap"): Right.STEER,
    # What the bot is going to post.
    ("GET", "/beheer/berichten"): Right.READ,
    ("GET", _POST): Right.READ,
    ("POST", f"{_POST}/stap"): Right.STEER,
    ("GET", f"{_POST}/nu"): Right.STEER,
    ("POST", "/beheer/pauze"): Right.STEER,
    # What it could not answer.
    ("GET", "/beheer/vragen"): Right.READ,
    ("GET", _QUESTION): Right.READ,
    ("POST", f"{_QUESTION}/antwoord"): Right.STEER,
    ("POST", f"{_QUESTION}/afhandelen"): Right.STEER,
    ("GET", "/beheer/woorden"): Right.READ,
    ("POST", "/beheer/woorden"): Right.MODERATE,
    ("POST", "/beheer/woorden/vergeten"): Right.MODERATE,
    # Groups and regions.
    ("GET", "/beheer/netwerk"): Right.READ,
    ("GET", "/beheer/netwerk/groep"): Right.MODERATE,
    ("POST", "/beheer/netwerk/groep"): Right.MODERATE,
    ("POST", "/beheer/netwerk/groep/weg"): Right.MODERATE,
    ("GET", "/beheer/netwerk/regio"): Right.MODERATE,
    ("POST", "/beheer/netwerk/regio"): Right.MODERATE,
    ("POST", "/beheer/netwerk/regio/weg"): Right.MODERATE,
    # What the bot says.
    ("GET", "/beheer/teksten"): Right.READ,
    ("GET", "/beheer/teksten/{name}"): Right.READ,
    ("POST", "/beheer/teksten/{name}"): Right.MODERATE,
    ("POST", "/beheer/teksten/{name}/voorbeeld"): Right.MODERATE,
    ("POST", "/beheer/teksten/{name}/terugzetten"): Right.MODERATE,
    # Who may do what, and who did what.
    ("GET", "/beheer/rollen"): Right.WATCH,
    ("POST", "/beheer/rollen"): Right.ADMINISTER,
    ("POST", "/beheer/rollen/intrekken"): Right.ADMINISTER,
    ("GET", "/beheer/logboek"): Right.MODERATE,
    ("GET", "/beheer/logboek.csv"): Right.MODERATE,
    ("GET", "/beheer/verslag"): Right.READ,
    ("GET", "/beheer/verslag/{name}"): Right.READ,
}
