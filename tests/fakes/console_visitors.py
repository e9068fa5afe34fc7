"""The console as tests visit it: a network with people of every role, and a browser for each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import httpx
from fastapi import FastAPI

from bot.announcing import Announcing
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from bot.web.app import create_app
from bot.web.console.gate import CSRF_FIELD
from bot.web.console.setup import ConsoleSetup
from bot.web.console.visit import csrf_of
from handlers.model import Atrium, Community, Kind, Person, Role
from scheduler.rules import Rules
from store import questions, sessions
from store.communities import sync_communities
from store.engine import Store
from store.members import sync_roles
from store.questions import Asked
from tests.fakes.network import COMMUNITIES, POLITICIANS, atrium, fill, load_sample
from tests.fakes.visitor import SAME_ORIGIN, Visitor, web

#: Two more communities, so that a post is drawn as every platform draws it.
SLACK = Community(
    key="slack",
    platform="slack",
    name="Omgeving op Slack",
    channel="C1",
    kinds=frozenset(set(Kind) - {Kind.MANDATARISSEN}),
)
ENGAGE = Community(
    key="engage",
    platform="engage",
    name="Viva Engage",
    channel="7",
    kinds=frozenset(set(Kind) - {Kind.MANDATARISSEN}),
)
EVERYWHERE = (*COMMUNITIES, SLACK, ENGAGE)

#: Everybody by role; two regional moderators of different regions, and somebody without any role.
PEOPLE: Mapping[str, str] = {
    "lid": "lid@example.org",
    "lezer": "lezer@example.org",
    "regionaal": "waasland@example.org",
    "elders": "westhoek@example.org",
    "mandatarissen": "mandatarissen@example.org",
    "moderator": "moderator@example.org",
    "collega": "collega@example.org",
    "beheerder": "beheerder@example.org",
}

#: Who may enter at all.
INSIDE = tuple(role for role in PEOPLE if role != "lid")

PRIVATE_TITLE = "Besloten overleg met de schepenen"
PRIVATE_DRAFT = "Geheim ontwerp over ontpitting"

RULES = Rules(public_url="https://atria.example.org")


def secret_atrium() -> Atrium:
    """An atrium that only those who read along with the politicians may know of."""
    return atrium(
        "2026-11-26 19:00",
        uid="besloten-1",
        kind=Kind.MANDATARISSEN,
        title=PRIVATE_TITLE,
        theme="besloten thema",
        visibility=frozenset({POLITICIANS.key}),
        municipality="Gent",
        venue="Besloten zaal",
    )


def console_setup(**different: Any) -> ConsoleSetup:
    announcing = Announcing(RULES, approval_above=different.pop("approval_above", None))
    effects = Effects(RULES, Pseudonyms(b"key"), announcing)
    return ConsoleSetup(effects=effects, announcing=announcing, **different)


def settle_people(store: Store) -> None:
    """Give everybody their role, as the settings would."""
    with store.writing() as session:
        sync_roles(
            session,
            administrators=[f"console:{PEOPLE['beheerder']}"],
            moderators=[f"console:{PEOPLE['moderator']}", f"console:{PEOPLE['collega']}"],
            readers=[f"console:{PEOPLE['lezer']}"],
            regional={
                f"console:{PEOPLE['regionaal']}": ["Waasland"],
                f"console:{PEOPLE['elders']}": ["Westhoek"],
                f"console:{PEOPLE['mandatarissen']}": ["mandatarissen"],
            },
        )


def furnish(store: Store, now: dt.datetime) -> None:
    """The sample agenda, a private atrium, a draft of a moderator, questions and people."""
    load_sample(store, now - dt.timedelta(days=3))
    fill(store, secret_atrium(), communities=EVERYWHERE)
    settle_people(store)
    with store.writing() as session:
        sync_communities(session, EVERYWHERE)
        author = Person(
            platform="console", external_id=PEOPLE["moderator"], name="Mo Derator", role=Role.MODERATOR
        )
        Announcing(RULES).save(
            session,
            author,
            "console",
            now,
            {
                "kind": "thematisch",
                "title": PRIVATE_DRAFT,
                "date-1": "2027-03-18",
                "begins-1": "13:30",
                "municipality-1": "Mechelen",
                "communities": ("algemeen", "slack", "engage"),
            },
        )
        questions.keep_unread(
            session,
            "a1",
            "waneer is da hwp atrium?",
            "niet begrepen",
            now - dt.timedelta(hours=2),
            Asked(platform="local", community="algemeen", thread="17"),
        )
        questions.keep_unread(
            session,
            "a2",
            "besloten vraag van een schepen",
            "niet begrepen",
            now - dt.timedelta(hours=1),
            Asked(platform="local", community="mandatarissen", thread="18"),
        )


def application(
    store: Store,
    now: dt.datetime,
    setup: ConsoleSetup | None = None,
    clock: Callable[[], dt.datetime] | None = None,
) -> FastAPI:
    """The web with the console; its clock stands still unless one is given."""
    made = web(store, now, console=setup or console_setup())
    return create_app(replace(made, now=clock) if clock else made)


class Moderator(Visitor):
    """Somebody with a browser who is signed in, in whatever role; None is nobody."""

    def __init__(self, app: FastAPI, store: Store, now: dt.datetime, who: str | None) -> None:
        super().__init__(app)
        # Over https, as behind a public address: only so does a browser send these cookies back.
        self._base = self._base.replace("http://", "https://")
        self.secret = ""
        if who is not None:
            with store.writing() as session:
                self.secret = sessions.open_session(
                    session, PEOPLE[who], who.capitalize(), Role.MEMBER.value, now
                )
            # The public address of tests is https, so the cookie has the name that goes with it.
            self.cookies.set("__Host-beheer", self.secret)

    def send(self, address: str, **fields: Any) -> httpx.Response:
        """Send a form as our own page does; a field with several values is a tuple."""
        data: dict[str, Any] = {CSRF_FIELD: csrf_of(self.secret)}
        data |= {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}
        return self.post(address, data=data, headers=SAME_ORIGIN)
