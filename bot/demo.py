"""The people of the demo: each is one person, in the local community and in the console alike.

An and Bob are colleagues, so that one can be seen to agree to what the other wrote. Whoever says in the local
community that they are An is the An of the console too: there one may be anybody, in the demo more than ever.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from handlers.model import Role
from store import identities, members
from store.engine import Store

_LOCAL = "local"


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPerson:
    """Somebody to be in the demo.

    Attributes:
        key: what a one-time link into the console carries to say who it is for; None for the first.
        name: how they are called, and as whom the local community knows them.
        email: as whom the console knows them, and by which the two are known to be one.
        role: in the console; in the local community either is a moderator.
    """

    key: str | None
    name: str
    email: str
    role: Role


PEOPLE = (
    DemoPerson(
        key=None,
        name="An Peeters",
        email="an.peeters@example.org",
        role=Role.ADMINISTRATOR,
    ),
    DemoPerson(
        key="bob",
        name="Bob Claes",
        email="bob.claes@example.org",
        role=Role.MODERATOR,
    ),
)


def settle_people(store: Store, now: dt.datetime) -> None:
    """Make the people of the demo known in the local community, as who they are in the console."""
    with store.writing() as session:
        for each in PEOPLE:
            members.ensure_person(session, _LOCAL, each.name, each.name, Role.MEMBER, now)
            identities.link(session, _LOCAL, each.name, each.email)
