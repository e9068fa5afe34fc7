"""A network with two secrets: an atrium for politicians alone, and an announcement that is not out yet.

Each has a word of its own in every field that could be shown, so that one search tells of every leak. What
people search for is another word, lest a question that is repeated counts as a leak.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.settings import Settings
from handlers.model import Atrium, Audience, Contribution, Follow, FollowWhat, Kind, Role
from scheduler import personal
from scheduler.changes import replan_all
from scheduler.port import Capabilities
from scheduler.rules import Rules
from store import belonging, contributions, members
from store.agenda import save_atrium
from store.engine import Store
from store.subscriptions import keep_direct_platforms
from tests.fakes.console_visitors import settle_people
from tests.fakes.desk import Desk, one_place
from tests.fakes.network import COMMUNITIES, GENERAL, POLITICIANS, atrium, brussels, load_sample

#: The word of each secret, and the word by which people look for it.
PRIVATE, PRIVATE_SOUGHT = "zonnebloem", "weegbree"
DRAFT, DRAFT_SOUGHT = "quasimodo", "hoogveen"

MODERATORS = replace(
    GENERAL, key="moderatoren", name="Moderatoren", kinds=frozenset(), audience=frozenset(), digest=False
)
UID = f"{PRIVATE}-1"
TOKENS = {"mia": "kWq3_vN8-ZpL5xT2yB7dR9cM4fH6jS1g", "piet": "aWq3_vN8-ZpL5xT2yB7dR9cM4fH6jS1h"}


def rules() -> Rules:
    """Everything that the bot says by itself, the overview for moderators too."""
    made = Settings.model_validate({"web": {"public_url": "https://atria.example.org"}}).rules()
    return replace(made, digest=replace(made.digest, moderators_community=MODERATORS.key))


def private_atrium() -> Atrium:
    return atrium(
        "2026-12-08 19:00",
        uid=UID,
        kind=Kind.MANDATARISSEN,
        title=f"Avond {PRIVATE}",
        theme=PRIVATE_SOUGHT,
        description=f"Over {PRIVATE}",
        programme=f"19.00 Welkom {PRIVATE}",
        venue=f"Zaal {PRIVATE}",
        address=f"{PRIVATE}straat 1",
        organiser=f"Dienst {PRIVATE}",
        contact=f"{PRIVATE}@example.org",
        registration_url=f"https://inschrijven.example.org/{PRIVATE}",
        municipality="Gent",
        province="Oost-Vlaanderen",
        audience=frozenset({Audience.MANDATARIS}),
        visibility=frozenset({POLITICIANS.key}),
    )


def draft_form(**different: str | tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    return one_place(
        title=f"Ontwerp {DRAFT}",
        theme=DRAFT_SOUGHT,
        description=f"Over {DRAFT}",
        programme=f"13.30 Welkom {DRAFT}",
        organiser=f"Dienst {DRAFT}",
        contact=f"{DRAFT}@example.org",
        communities=("algemeen",),
        **{
            "venue-1": f"Zaal {DRAFT}",
            "address-1": f"{DRAFT}straat 1",
            "registration_url-1": f"https://inschrijven.example.org/{DRAFT}",
        }
        | different,
    )


class HiddenWorld:
    """The sample agenda with both secrets; Mia and Piet follow everything, and only Piet is a politician."""

    def __init__(self, store: Store, known: dt.datetime) -> None:
        load_sample(store, known)
        with store.writing() as session:
            save_atrium(session, private_atrium())
        self.store = store
        self.desk = Desk(store, rules=rules(), communities=(*COMMUNITIES, MODERATORS))
        self.desk.bench.platform.capabilities = Capabilities(find=True, edit=True, direct_messages=True)
        settle_people(store)
        self._people()
        self.draft = self.desk.saved("save", draft_form()).id
        planned = self.desk.saved("save", draft_form(publish_on="2027-01-14"))
        self.planned = self.desk.saved("schedule", planned.id)
        replan_all(store, self.desk.announcing.rules, self.desk.now)

    def _people(self) -> None:
        now = self.desk.now
        with self.store.writing() as session:
            keep_direct_platforms(session, ["local"])
            for name in TOKENS:
                members.ensure_person(session, "local", name, name.capitalize(), Role.MEMBER, now)
                number = members.member_id_of(session, "local", name)
                members.keep_feed_token(session, number, TOKENS[name])
                for wish in (Follow(what=FollowWhat.ALL), Follow(what=FollowWhat.ATRIUM, value=UID)):
                    members.follow(session, number, wish, now)
                personal.replan_member(session, number, self.desk.announcing.rules, now)
                told = Contribution(text=f"Vraag over {PRIVATE}", atrium_uid=UID, named=True)
                contributions.add(session, number if name == "piet" else None, told, now, platform="local")
        self.belong()

    def belong(self) -> None:
        """The platform says again who belongs where."""
        with self.store.writing() as session:
            belonging.keep_people(session, "algemeen", (), ("mia",), self.desk.now)
            belonging.keep_people(session, "mandatarissen", (), ("piet",), self.desk.now)

    def until(self, day: str, hours: tuple[int, ...] = (9, 16)) -> None:
        """Let the bot do what it does, day by day, up to and with this day."""
        last = dt.date.fromisoformat(day)
        date = self.desk.now.date()
        while date <= last:
            for hour in hours:
                at = f"{date.isoformat()} {hour:02}:00"
                self.desk.bench.clock.moment = brussels(at)
                self.belong()
                self.desk.at(at)
            date += dt.timedelta(days=1)
