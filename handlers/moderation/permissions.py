"""Who may announce, change, cancel and pause, and what somebody hears who may not."""

from __future__ import annotations

from handlers.context import Agenda, Context
from handlers.gazetteer import name_key
from handlers.model import Community, Kind, Person, Role
from handlers.reply import Reply
from handlers.wording.sentences import enumeration
from handlers.wording.texts import kind_name

_WHO = "de moderatoren van het netwerk"


def moderates(person: Person) -> bool:
    """Whether this person may steer anything at all; an outsider never does."""
    return person.is_known and person.role.moderates


def in_scope(
    person: Person,
    agenda: Agenda,
    *,
    kind: Kind | None,
    municipality: str | None,
    region: str | None = None,
) -> bool:
    """Whether an atrium of this kind, here, is theirs; what is not known yet does not count against them."""
    if not moderates(person):
        return False
    if person.role is not Role.REGIONAL_MODERATOR:
        return True
    scope = {name_key(each) for each in person.scope}
    if kind and (name_key(kind.value) in scope or name_key(kind_name(kind)) in scope):
        return True
    regions = {region, agenda.region_of(municipality) if municipality else None} - {None}
    if any(name_key(each) in scope for each in regions if each):
        return True
    return kind is None or (municipality is None and region is None)


def may_pause(person: Person, community: Community | None) -> bool:
    """A moderator may pause one community (None: all of them takes an administrator)."""
    if not moderates(person):
        return False
    if community is None:
        return person.role is Role.ADMINISTRATOR
    if person.role is not Role.REGIONAL_MODERATOR:
        return True
    scope = {name_key(each) for each in person.scope}
    told = {name_key(each) for each in community.regions or {kind.value for kind in community.kinds}}
    return bool(told) and told <= scope


def refused_member(act: str) -> Reply:
    """What a member hears who tries; `act` is the noun of it ("Aankondigen")."""
    ways = (
        'Heb je een idee voor een thema? Schrijf: "ik stel een thema voor: ...". Zij krijgen het te zien.',
        'Klopt er iets niet? Zeg het een moderator, of vraag mij: "met wie kan ik spreken?".',
    )
    return Reply(headline=f"{act} doen {_WHO}.", paragraphs=(ways[0] if act == "Aankondigen" else ways[1],))


def refused_scope(context: Context) -> Reply:
    """What a regional moderator hears outside their own regions and kinds."""
    scope = enumeration(sorted(context.person.scope)) or "geen enkele regio of soort"
    return Reply(
        headline=f"Dit atrium valt buiten je eigen werking ({scope}).",
        paragraphs=(f"Vraag het aan {_WHO}; zij kunnen overal aankondigen, wijzigen en annuleren.",),
    )


def refused_community(community: Community) -> Reply:
    """What a regional moderator hears who pauses a community that is not theirs alone."""
    return Reply(
        headline=f"{community.name} valt buiten je eigen werking.", paragraphs=(f"Vraag het aan {_WHO}.",)
    )


def refused_pause_of_all() -> Reply:
    """Pausing everything is for administrators."""
    return Reply(
        headline="Alles pauzeren of hervatten doen de beheerders.",
        paragraphs=('Eén community kun je wel pauzeren, bijvoorbeeld "pauzeer algemeen".',),
    )
