"""Who may see, announce, change, cancel and steer what, and what somebody hears who may not.

The one place that knows: conversations, forms and the console all ask here, with the `Person` as they
are at that very moment. From most to least: an administrator, a moderator, a regional moderator
(own regions and kinds), a moderator of some communities (there alone), a reader (sees the console),
a member.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from handlers.context import Agenda, Context
from handlers.gazetteer import name_key
from handlers.model import Atrium, Community, Kind, Person, Role
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration
from handlers.wording.texts import typed_kind


def moderates(person: Person) -> bool:
    """Whether this person may steer anything at all; an outsider never does."""
    return person.is_known and (person.role.moderates or bool(person.communities))


def moderates_everywhere(person: Person) -> bool:
    """Whether no region, kind or community bounds what this person may do."""
    return person.is_known and person.role in (Role.MODERATOR, Role.ADMINISTRATOR)


def may_see_console(person: Person) -> bool:
    """Whether this person may look at the console; what they may change there is asked apart."""
    return moderates(person) or (person.is_known and person.role is Role.READER)


def may_change_network(person: Person) -> bool:
    """Whether this person may change what is everybody's: groups, regions, words and texts, an import."""
    return moderates_everywhere(person)


def may_administer(person: Person) -> bool:
    """Whether this person may change who may do what, and stop the whole bot."""
    return person.is_known and person.role is Role.ADMINISTRATOR


def in_scope(
    person: Person,
    agenda: Agenda,
    *,
    kind: Kind | None,
    municipality: str | None,
    region: str | None = None,
) -> bool:
    """Whether an atrium of this kind, here, is theirs by role; what is not known yet does not count
    against them."""
    if not person.is_known or not person.role.moderates:
        return False
    if person.role is not Role.REGIONAL_MODERATOR:
        return True
    scope = {name_key(each) for each in person.scope}
    if kind and (name_key(kind.value) in scope or name_key(typed_kind(kind)) in scope):
        return True
    regions = {region, agenda.region_of(municipality) if municipality else None} - {None}
    if any(name_key(each) in scope for each in regions if each):
        return True
    return kind is None or (municipality is None and region is None)


def may_announce(
    person: Person,
    agenda: Agenda,
    *,
    kind: Kind | None,
    municipality: str | None,
    region: str | None = None,
    communities: Collection[str] = (),
) -> bool:
    """Whether this person may announce such an atrium in these communities.

    Args:
        communities: the keys of all where it would be told; none yet does not count against somebody who
            moderates a community.
    """
    if in_scope(person, agenda, kind=kind, municipality=municipality, region=region):
        return True
    return moderates(person) and bool(person.communities) and person.communities.issuperset(communities)


def may_change(person: Person, agenda: Agenda, atrium: Atrium) -> bool:
    """Whether this person may change or cancel an atrium.

    Whoever moderates communities may where it was announced in theirs alone, or is shown in theirs alone.
    """
    place = {"municipality": atrium.municipality, "region": atrium.region}
    if in_scope(person, agenda, kind=atrium.kind, **place):
        return True
    told_in = agenda.announced_in(atrium.uid) or atrium.visibility
    return moderates(person) and bool(told_in) and told_in <= person.communities


def may_steer(person: Person, community: Community) -> bool:
    """Whether this person may pause a community, and hold, skip or resend whatever is said there."""
    if not moderates(person):
        return False
    if moderates_everywhere(person) or community.key in person.communities:
        return True
    scope = {name_key(each) for each in person.scope}
    told = {name_key(each) for each in community.regions or {kind.value for kind in community.kinds}}
    return person.role is Role.REGIONAL_MODERATOR and bool(told) and told <= scope


def asked_where(person: Person, communities: Iterable[Community]) -> frozenset[str] | None:
    """Keys of the communities of which this person sees what was asked and not answered.

    None is everywhere, what was asked in private too; empty is nothing.
    """
    if moderates_everywhere(person):
        return None
    return frozenset(each.key for each in communities if may_steer(person, each))


def may_steer_post(
    person: Person,
    agenda: Agenda,
    community: Community | None,
    *,
    kind: Kind | None,
    municipality: str | None,
    region: str | None = None,
) -> bool:
    """Whether this person may hold, skip or resend one post, by its community or by the atrium that it is
    about (no `kind`: it is about none).

    Args:
        community: None where it is there no more.
    """
    if moderates_everywhere(person):
        return True
    if community is not None and may_steer(person, community):
        return True
    return kind is not None and in_scope(person, agenda, kind=kind, municipality=municipality, region=region)


def may_pause(person: Person, community: Community | None) -> bool:
    """A moderator may pause one community (None: all of them takes an administrator)."""
    return may_administer(person) if community is None else may_steer(person, community)


def refused_member(act: str) -> Reply:
    """What a member hears who tries; `act` names the text of what they tried ("handeling.aankondigen")."""
    way_on = (
        say("niet jouw werk.idee") if act == "handeling.aankondigen" else say("niet jouw werk.klopt niet")
    )
    return Reply(headline=say("niet jouw werk.moderatoren", handeling=say(act)), paragraphs=(way_on,))


def refused_scope(context: Context) -> Reply:
    """What somebody hears outside their own regions, kinds and communities."""
    person = context.person
    own = [one.name for one in context.communities if one.key in person.communities]
    scope = enumeration([*sorted(person.scope), *own]) or say("niet jouw werk.geen werking")
    return Reply(
        headline=say("niet jouw werk.atrium", werking=scope),
        paragraphs=(say("niet jouw werk.atrium uitleg"),),
    )


def refused_community(community: Community) -> Reply:
    """What a regional moderator hears who pauses a community that is not theirs alone."""
    return Reply(
        headline=say("niet jouw werk.community", community=community.name),
        paragraphs=(say("niet jouw werk.vraag"),),
    )


def refused_pause_of_all() -> Reply:
    """Pausing everything is for administrators."""
    return Reply(
        headline=say("niet jouw werk.alles pauzeren"),
        paragraphs=(say("niet jouw werk.alles pauzeren uitleg"),),
    )
