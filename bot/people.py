"""Who speaks, as they are at this very moment: known to the store, and vouched for by their platform.

What a platform said when a message came in is worth something for a while only: a message that waited,
because the bot was away, is answered by what is known of its author now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from handlers.message import Message
from handlers.model import Community, Person, Role
from scheduler import personal
from scheduler.rules import Rules
from store import belonging, identities, members
from store.belonging import FRESH_FOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """What counts of what the platform says of a message's author.

    Attributes:
        reads, moderates: keys of the communities that the author may read, and those that are theirs to
            moderate.
    """

    reads: frozenset[str]
    moderates: frozenset[str]


def vouched_for(session: Session, message: Message, now: dt.datetime) -> Vouched:
    """What the platform said with the message, or, when that is too old by `now`, what it said since."""
    if now - message.sent_at <= FRESH_FOR:
        return Vouched(reads=message.author_reads, moderates=message.author_moderates)
    who = (session, message.author_id, message.platform, now - FRESH_FOR)
    return Vouched(reads=belonging.joined_by(*who), moderates=belonging.moderated_by(*who))


def author_of(
    session: Session,
    message: Message,
    vouched: Vouched,
    communities: Sequence[Community],
    rules: Rules,
    now: dt.datetime,
) -> Person:
    """The author of a message, made known if they are new, with every right that they have now."""
    person = meet(
        session,
        message.platform,
        message.author_id,
        message.author_name,
        message.author_role,
        now,
        rules=rules,
        email=message.author_email,
    )
    moderated = moderated_by(
        session, person, communities, vouched.moderates, now, in_private=message.community is None
    )
    return replace(person, communities=moderated) if moderated else person


def meet(
    session: Session,
    platform: str,
    external_id: str,
    name: str,
    role: Role,
    now: dt.datetime,
    *,
    rules: Rules,
    email: str | None = None,
) -> Person:
    """Somebody whom a platform vouches for, made known if they are new, and known again by their address.

    Args:
        role: what the platform vouches for; a higher stored role wins.
        email: an address that the platform vouches for: whoever has it elsewhere is the same person.
    """
    person = members.ensure_person(session, platform, external_id, name, role, now)
    if email is None:
        return person
    linked = identities.link(session, platform, external_id, email)
    if linked is None:
        return person
    personal.replan_member(session, linked, rules, now)
    return members.ensure_person(session, platform, external_id, name, role, now)


def moderated_by(
    session: Session,
    person: Person,
    communities: Sequence[Community],
    vouched: frozenset[str],
    now: dt.datetime,
    *,
    in_private: bool,
) -> frozenset[str]:
    """The communities that are this person's to moderate.

    Where a community names its moderators, those are they, and nobody else; elsewhere those whom its
    platform calls its owners. What the platforms said of this person before counts too in private, where
    no community's platform was asked.
    """
    owned, known, addresses = vouched, set[tuple[str, str]](), set[str]()
    if in_private or any(each.moderators for each in communities):
        member = members.member_id_of(session, person.platform, person.external_id)
        for each in identities.identities_of(session, member):
            known.add((each.platform, each.external_id))
            addresses.add(each.email or "")
        if in_private:
            owned = owned | belonging.moderated_by_member(session, member, now - FRESH_FOR)

    if not owned and not known:
        return frozenset()

    def is_named(community: Community) -> bool:
        return any(
            (community.platform, name) in known or name.casefold() in addresses
            for name in community.moderators
        )

    return frozenset(
        each.key for each in communities if (is_named(each) if each.moderators else each.key in owned)
    )
