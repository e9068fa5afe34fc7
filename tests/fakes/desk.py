"""A moderators' desk: announcements made by form, on a bench with a clock and a platform that records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.announcing import Announcing
from bot.outcomes import Outcome, Preview, Saved
from handlers.model import Community, Person, Role
from handlers.moderation.form import Values
from scheduler.port import Capabilities
from scheduler.rules import Rules
from store import belonging
from store.announcements import Announcement, get_announcement
from store.engine import Store
from tests.fakes.bench import QUIET, SILENT, Bench
from tests.fakes.network import brussels

AN = Person(platform="local", external_id="an", name="An Peeters", role=Role.MODERATOR)
BOB = Person(platform="local", external_id="bob", name="Bob Claes", role=Role.MODERATOR)
MIA = Person(platform="local", external_id="mia", name="Mia Lid")
LENA = Person(platform="local", external_id="lena", name="Lena Lezer", role=Role.READER)
WAAS = Person(
    platform="local",
    external_id="wim",
    name="Wim Waas",
    role=Role.REGIONAL_MODERATOR,
    scope=frozenset({"Waasland"}),
)


def one_place(**different: str | tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    """A form of one Thematisch Atrium."""
    return {
        "kind": "thematisch",
        "theme": "ontharding",
        "date-1": "2027-03-18",
        "begins-1": "13:30",
        "ends-1": "16:30",
        "municipality-1": "Mechelen",
        "venue-1": "Lamot",
        "address-1": "Van Beethovenstraat 8",
        "registration_url-1": "https://inschrijven.example.org/ontharding",
        "registration_until-1": "2027-03-16",
        "audience": ("ambtenaar",),
        **different,
    }


#: The five provincial capitals with the day of each.
PLACES = (
    ("Antwerpen", "2027-04-06"),
    ("Leuven", "2027-04-09"),
    ("Gent", "2027-04-12"),
    ("Hasselt", "2027-04-15"),
    ("Brugge", "2027-04-19"),
)


def programme(**different: str | tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    """A form of one Provinciaal Atrium in five places."""
    values: dict[str, str | tuple[str, ...]] = {"kind": "provinciaal", "theme": "windturbines en draagvlak"}
    for number, (municipality, date) in enumerate(PLACES, start=1):
        values |= {
            f"date-{number}": date,
            f"begins-{number}": "09:00",
            f"ends-{number}": "16:00",
            f"municipality-{number}": municipality,
            f"venue-{number}": "Provinciehuis",
            f"registration_url-{number}": f"https://inschrijven.example.org/wind-{number}",
        }
    return values | different


class Desk:
    """Announces on a bench; who does not say otherwise is An, at the console."""

    def __init__(
        self,
        store: Store,
        *,
        rules: Rules = QUIET,
        approval_above: int | None = None,
        communities: tuple[Community, ...] = SILENT,
        moderators: str | None = None,
        capabilities: Mapping[str, Capabilities] | None = None,
    ) -> None:
        if moderators is not None:
            rules = replace(rules, digest=replace(rules.digest, moderators_community=moderators))
        self.bench = Bench(store, rules=rules, communities=communities)
        self.store = store
        self.announcing = Announcing(rules, approval_above=approval_above, capabilities=capabilities)

    @property
    def now(self) -> dt.datetime:
        return self.bench.clock.now()

    def at(self, text: str) -> None:
        """Put the clock forward, and deliver what is due."""
        self.bench.tick(brussels(text))

    def act(self, name: str, *args: Any, who: Person = AN, place: str = "console", **kwargs: Any) -> Outcome:
        """One method of `Announcing`, in a transaction of its own."""
        with self.store.writing() as session:
            done: Outcome = getattr(self.announcing, name)(session, who, place, self.now, *args, **kwargs)
            return done

    def saved(self, name: str, *args: Any, who: Person = AN, **kwargs: Any) -> Announcement:
        """The announcement after an act that must succeed."""
        done = self.act(name, *args, who=who, **kwargs)
        assert isinstance(done, Saved), done
        return done.announcement

    def preview(self, values: Values, who: Person = AN) -> Preview:
        with self.store.reading() as session:
            return self.announcing.preview(session, who, "console", self.now, values)

    def get(self, number: int) -> Announcement:
        with self.store.reading() as session:
            return get_announcement(session, number)

    def has_members(self, key: str, *people: str) -> None:
        """The platform says that these people belong to a community."""
        with self.store.writing() as session:
            belonging.keep_people(session, key, (), people, self.now)

    def texts(self, key: str) -> list[str]:
        """What a community got, in order."""
        return self.bench.platform.texts(key)
