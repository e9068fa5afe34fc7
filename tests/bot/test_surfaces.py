"""One atrium, one wording: posts, answers, lists, pages, calendar and data say the same of day and hour."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar

from bot.conversation import Conversation
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from bot.web.app import create_app
from handlers.message import Message
from handlers.model import BRUSSELS, Atrium, Role, Status
from handlers.wording.cards import brief_text, when_text
from scheduler.changes import announce, on_changed
from scheduler.rules import Rules
from store.agenda import save_atrium
from store.engine import Store
from tests.fakes.bench import Bench
from tests.fakes.network import COMMUNITIES, atrium, brussels
from tests.fakes.visitor import Visitor, with_community

RULES = Rules()


class Network:
    """A bot that announces, reminds, changes and cancels, and every place where one can look."""

    def __init__(self, store: Store, one: Atrium) -> None:
        self.bench = Bench(store, one, rules=RULES, communities=COMMUNITIES, planned_at="2027-03-01 10:00")
        self.store, self.one = store, one
        self._conversation = Conversation(Effects(RULES, Pseudonyms(b"k" * 32)), public_url=None)
        with store.writing() as session:
            announce(session, one, ["algemeen"], RULES, self.bench.clock.now())
        self.bench.tick()

    def change(self, after: Atrium) -> None:
        with self.store.writing() as session:
            save_atrium(session, after)
            on_changed(session, self.one, after, RULES, self.bench.clock.now())
        self.one = after

    def days(self, first: str, number: int) -> None:
        """Let time pass, from nine in the morning on the first day."""
        start = brussels(f"{first} 08:30")
        for hours in range(number * 24):
            self.bench.tick(start + dt.timedelta(hours=hours))
            self.bench.tick(start + dt.timedelta(hours=hours, minutes=30))

    def asked(self, text: str) -> str:
        message = Message(
            platform="local",
            event_id=text,
            text=text,
            author_id="An",
            author_name="An",
            author_role=Role.MEMBER,
            sent_at=self.bench.clock.now(),
            community="algemeen",
        )
        with self.store.writing() as session:
            return self._conversation.answer(session, message).plain_text()

    @property
    def visitor(self) -> Visitor:
        return Visitor(create_app(with_community(self.store, self.bench.clock.now())))

    def told(self, kind: str) -> list[str]:
        return [
            each.text
            for each in self.bench.platform.posts
            if each.post.kind == kind and each.post.community and each.post.community.key == "algemeen"
        ]


@pytest.mark.parametrize("at", ["2027-03-25 14:00", "2027-04-01 09:00", "2027-03-28 02:30"])
def test_one_hour_is_the_same_local_text_on_every_surface(sqlite_store: Store, at: str) -> None:
    """C-24, C-25, C-27, C-30: moved over the change of clocks; nothing shows UTC or the old hour."""
    network = Network(sqlite_store, atrium("2027-03-18 11:15"))
    network.bench.clock.moment = brussels("2027-03-02 10:00")
    moved = atrium(at)
    network.change(moved)
    network.days("2027-03-02", 30)
    now = network.bench.clock.now()
    whole, brief = when_text(moved), brief_text(moved, brussels("2027-03-08 08:30"))
    local = moved.starts_at.astimezone(BRUSSELS)
    assert f"{local.hour}.{local.minute:02}" in whole
    if moved.starts_at > now:
        assert whole in network.asked("wanneer is het thematisch atrium circulair bouwen?")
    assert whole in network.told("change")[0]
    assert whole in network.told("reminder")[-1]
    assert any(brief in text for text in network.told("digest"))
    page = network.visitor.get(f"/atria/{moved.uid}").text
    assert whole.rstrip(".") in page
    data = network.visitor.get(f"/api/v1/atria/{moved.uid}").json()
    assert (data["datum"], data["begin"]) == (local.date().isoformat(), f"{local:%H:%M}")
    feed = Calendar.from_ical(network.visitor.get(f"/atria/{moved.uid}.ics").content)
    (event,) = feed.walk("VEVENT")
    assert event["DTSTART"].dt == moved.starts_at
    assert event["DTSTART"].dt.strftime("%H:%M") == f"{local:%H:%M}"


def test_a_cancelled_atrium_is_cancelled_on_every_surface_and_told_once(sqlite_store: Store) -> None:
    """C-27, C-31, C-45: posts, list, answer, overview, page, data and calendar."""
    network = Network(sqlite_store, atrium("2027-03-25 09:30"))
    network.bench.clock.moment = brussels("2027-03-03 10:00")
    off = replace(
        network.one,
        status=Status.GEANNULEERD,
        cancelled_at=network.bench.clock.now(),
        updated_at=network.bench.clock.now(),
        sequence=1,
    )
    network.change(off)
    network.days("2027-03-03", 21)
    (notice,) = network.told("cancellation")
    assert when_text(off) in notice
    assert not network.told("reminder")
    assert sum("circulair bouwen" in text for text in network.told("digest")) <= 1
    assert all("Geannuleerd" in text for text in network.told("digest") if "circulair bouwen" in text)
    answer = network.asked("wanneer is het thematisch atrium circulair bouwen?")
    assert "annuleerd" in answer
    assert "donderdag 25 maart 2027 is geannuleerd" in answer
    assert "eannuleerd" in network.asked("welke atria zijn er in maart 2027?")
    visitor = network.visitor
    assert "annuleerd" in visitor.get(f"/atria/{off.uid}").text
    assert visitor.get(f"/api/v1/atria/{off.uid}").json()["status"] == "geannuleerd"
    (event,) = Calendar.from_ical(visitor.get("/agenda.ics").content).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_what_is_for_politicians_shows_on_no_surface_for_others(sqlite_store: Store) -> None:
    """C-42: announced, moved and cancelled; others never hear, see or download anything of it."""
    hidden = atrium(
        "2027-03-25 19:00", title="Besloten avond", theme="besloten", visibility=frozenset({"mandatarissen"})
    )
    network = Network(sqlite_store, hidden)
    network.change(replace(hidden, venue="Elders"))
    network.days("2027-03-02", 20)
    elsewhere = [
        each.text
        for each in network.bench.platform.posts
        if each.post.community is None or each.post.community.key != "mandatarissen"
    ]
    visitor = network.visitor
    shown = [
        *elsewhere,
        network.asked("wanneer is de besloten avond?"),
        network.asked("welke atria zijn er in maart 2027?"),
        visitor.get("/?q=besloten").text.replace('value="besloten"', ""),
        visitor.get("/agenda.ics").text,
        visitor.get("/api/v1/atria").text,
    ]
    assert not [text for text in shown if "Besloten avond" in text or "25 maart" in text]
    assert visitor.get("/atria/atr-1").status_code == 404
    assert visitor.get("/atria/atr-1.ics").status_code == 404
