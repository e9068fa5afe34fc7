"""The story at a desk of the local community: told by form, or in conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.posting import CAPABILITIES
from scheduler.port import Capabilities
from store.engine import Store
from tests.fakes.desk import BOB, Desk
from tests.fakes.moderators import Talk
from tests.fakes.story import (
    APPROVAL_ABOVE,
    CLOSED,
    HALL,
    MEMBERS,
    POLITICIANS,
    STORY,
    TARGETS,
    cancelled,
    corrected,
    network,
    only,
    record,
)

Values = Mapping[str, str | tuple[str, ...]]

ANNOUNCED = """kondig aan: Thematisch Atrium over ontharding op 18 maart 2027 van 13.30 tot 16.30 \
in Mechelen, Lamot, Van Beethovenstraat 8, \
inschrijven tot 16 maart via https://inschrijven.example.org/ontharding, \
voor ambtenaren
community: algemeen, water, ruimte en klimaat"""


def story_desk(store: Store) -> Desk:
    """Three people belong to each community, and posts can be changed as in Slack."""
    rules, communities = network()
    desk = Desk(store, rules=rules, communities=communities, approval_above=APPROVAL_ABOVE)
    desk.bench.platform.capabilities = Capabilities(
        find=True, edit=True, buttons=True, max_length=CAPABILITIES.max_length
    )
    for each in communities:
        desk.has_members(each.key, *MEMBERS)
    desk.bench.platform.closed.add(CLOSED)
    return desk


def ending(desk: Desk) -> dict[str, Any]:
    return record(desk.store, {key: desk.texts(key) for key in (*TARGETS, POLITICIANS)})


class ByForm:
    """Every step with the very functions that the forms call."""

    def __init__(self, desk: Desk, values: Values) -> None:
        self.desk, self.values = desk, values

    def tell(self) -> dict[str, Any]:
        for act in STORY:
            self.desk.at(act.at)
            getattr(self, act.name)()
            self.desk.at(act.at)
        return ending(self.desk)

    @property
    def number(self) -> int:
        return only(self.desk.store).id

    @property
    def uids(self) -> tuple[str, ...]:
        return only(self.desk.store).atria

    def wait(self) -> None: ...

    def open(self) -> None:
        self.desk.bench.platform.closed.clear()

    def plan(self) -> None:
        draft = self.desk.saved("save", self.values)
        self.desk.saved("schedule", draft.id)

    def agree(self) -> None:
        self.desk.saved("approve", self.number, who=BOB)

    def look(self) -> None:
        with self.desk.store.reading() as session:
            report = self.desk.announcing.report(session, BOB, self.desk.now, self.number)
        assert report is not None
        assert [each.community_key for each in report.failed] == [CLOSED]

    def retry(self) -> None:
        self.desk.saved("retry", self.number)

    def correct(self) -> None:
        number = corrected(self.values)
        with self.desk.store.reading() as session:
            announcement = self.desk.announcing.get(session, BOB, self.desk.now, self.number)
        assert announcement is not None
        typed = announcement.typed
        of_place = {
            name.replace(f"-{number + 1}", "-1"): value
            for name, value in typed.items()
            if name.endswith(f"-{number + 1}") or "-" not in name
        }
        self.desk.saved("correct", self.uids[number], {**of_place, "venue-1": HALL})

    def cancel(self) -> None:
        self.desk.saved("cancel", self.number, [self.uids[cancelled(self.values)]])


class InConversation(ByForm):
    """Every step in words. A conversation announces one place at a time: five are planned by form."""

    def __init__(self, desk: Desk, values: Values) -> None:
        super().__init__(desk, values)
        self.talk = Talk(desk, whispering=("local",))

    def plan(self) -> None:
        if "date-5" in self.values:
            super().plan()
            return
        self.talk.say(ANNOUNCED)
        said = self.talk.say("bevestig donderdag 9 uur")
        assert "andere moderator" in said, said

    def agree(self) -> None:
        read = self.talk.say(f"keur goed {self.number}", BOB, thread="b", community=None)
        assert "Inschrijven" in read, read
        said = self.talk.say("1", BOB, thread="b", community=None)
        assert "donderdag 26 november 2026 om 9.00 u." in said, said

    def look(self) -> None:
        said = self.talk.say(f"toon ontwerp {self.number}", BOB, thread="b", community=None)
        assert "Niet geplaatst: Klimaat (het kanaal is gearchiveerd)." in said, said

    def retry(self) -> None:
        said = self.talk.say(f"probeer {self.number} opnieuw", thread="r")
        assert "Opnieuw geprobeerd" in said, said

    def correct(self) -> None:
        self.talk.say(f"wijzig {self.uids[corrected(self.values)]}: zaal: {HALL}", thread="2")
        said = self.talk.say("bevestig", thread="2")
        assert "Gewijzigd" in said, said

    def cancel(self) -> None:
        self.talk.say(f"annuleer {self.uids[cancelled(self.values)]}", thread="3")
        said = self.talk.say("bevestig", thread="3")
        assert "Geannuleerd" in said, said
