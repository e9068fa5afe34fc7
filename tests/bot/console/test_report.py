"""The figures of the report are what they are called, on the page and in its files."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

import pytest
from sqlalchemy import insert

from bot.conversation import Conversation
from bot.effects import Effects
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Role
from scheduler.delivery import Delivery
from store import events
from store.engine import Store
from store.states import OutboxState
from store.tables import MemberRow, OutboxRow
from tests.bot.console.conftest import Enter
from tests.fakes.console_visitors import RULES
from tests.fakes.platform import RecordingPlatform

#: What moderators and members say to the bot; only the first two are questions that it can answer.
SAID = (
    ("wanneer is het volgende lokale atrium?", Role.MEMBER),
    ("wat is een atrium op maat?", Role.MEMBER),
    ("bedankt!", Role.MEMBER),
    ("wat kost de LOA voor het VVSG-traject?", Role.MEMBER),
    ("blabla atrium hoezo dan zeg", Role.MEMBER),
    ("volg de lokale atria in Waasland", Role.MEMBER),
    ("inbreng: kan het over ontharding gaan?", Role.MEMBER),
    ("keur goed 1", Role.MODERATOR),
    ("bevestig", Role.MODERATOR),
    ("wat staat er gepland", Role.MODERATOR),
    ("pauzeer alles", Role.MEMBER),
)


def table_of(page: str, title: str) -> dict[str, list[str]]:
    """The rows of a table of a page: the name of each, and its values."""
    table = re.search(rf'<table[^>]*aria-label="{re.escape(title)}".*?</table>', page, re.DOTALL)
    assert table is not None, title
    rows = re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', table[0], re.DOTALL)
    told = [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in rows]
    return {name: values for name, *values in told}


@pytest.fixture
def spoken(furnished: Store, now: dt.datetime) -> Store:
    """Everything was said in one community, each in a thread of its own, and answered."""
    with furnished.writing() as session:
        for number, (text, role) in enumerate(SAID):
            message = Message(
                platform="local",
                event_id=str(900 + number),
                text=text,
                author_id=f"U{number}",
                author_name="An",
                author_role=role,
                sent_at=now,
                community="algemeen",
                thread=str(900 + number),
            )
            events.record(session, message, now)
    platform = RecordingPlatform(now=lambda: now)
    delivery = Delivery(furnished, {"local": platform}, RULES, lambda: now, "host-1")
    conversation = Conversation(Effects(RULES, Pseudonyms(b"key")), public_url=None)
    inbox = Inbox(furnished, conversation, delivery, RULES, lambda: now, Metrics())
    asyncio.run(inbox.answer_pending())
    with furnished.reading() as session:
        assert events.unanswered(session) == []
    return furnished


def test_only_questions_that_were_answered_count_as_such(spoken: Store, enter: Enter) -> None:
    page = enter("beheerder").get("/beheer/verslag").text
    reach = table_of(page, "Bereik per community, de voorbije 12 weken")
    assert reach["Atrium Lerend Netwerk"][-1] == "2"
    assert list(table_of(page, "Berichten en vragen per week").values())[-1][-1] == "2"


def test_a_post_is_what_stands_in_a_community_and_the_rest_is_counted_apart(
    furnished: Store, enter: Enter, now: dt.datetime
) -> None:
    at = now - dt.timedelta(hours=1)
    said = (
        ("announcement", "algemeen", None, "1"),
        ("reminder", "algemeen", None, "2"),
        ("reminder", "algemeen", None, "2"),
        ("edit", "algemeen", None, "1"),
        ("notice", "algemeen", 901, "4"),
        ("personal_reminder", None, 901, "5"),
    )
    with furnished.writing() as session:
        session.execute(insert(MemberRow).values(id=901, name="An", created_at=now))
        session.execute(
            insert(OutboxRow),
            [
                {
                    "key": f"k{number}",
                    "kind": kind,
                    "platform": "local",
                    "community_key": community,
                    "member_id": member,
                    "message_id": message,
                    "state": OutboxState.SENT,
                    "sent_at": at,
                    "due_at": at,
                    "created_at": at,
                    "updated_at": at,
                }
                for number, (kind, community, member, message) in enumerate(said)
            ],
        )
    page = enter("beheerder").get("/beheer/verslag").text
    reach = table_of(page, "Bereik per community, de voorbije 12 weken")
    assert reach["Atrium Lerend Netwerk"][1:3] == ["2", "2"]
    assert list(table_of(page, "Berichten en vragen per week").values())[-1][:2] == ["2", "3"]
    narrow = enter("regionaal").get("/beheer/verslag").text
    week = list(table_of(narrow, "Berichten en vragen per week").values())[-1]
    assert week[1] in {"0", "2"}, "what members got in private is for who sees everything"


def test_the_rhythm_tells_what_was_promised_held_and_planned_each_in_its_column(enter: Enter) -> None:
    page = enter("beheerder").get("/beheer/verslag").text
    rhythm = table_of(page, "Ritme tegenover wat het netwerk belooft")
    promised, held, planned, verdict, *_ = rhythm["Lokaal Atrium Waasland"]
    assert (promised, verdict) in {("2 tot 4", "op schema"), ("2 tot 4", "loopt achter")}
    assert held.isdigit()
    assert planned.isdigit()
    assert rhythm["Atrium Centrumsteden"][0] == "4"
    assert re.search(r">\d+ van 2</text>", page), "the drawing says which figure is the promise"


@pytest.mark.parametrize("name", ["weken", "bereik", "ritme", "niet-bereikt"])
def test_each_table_is_a_file_too(enter: Enter, name: str) -> None:
    visitor = enter("lezer")
    assert f'href="/beheer/verslag/{name}.csv"' in visitor.get("/beheer/verslag").text
    file = visitor.get(f"/beheer/verslag/{name}.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["cache-control"] == "no-store"
    assert len(file.content.decode("utf-8-sig").splitlines()) > 1
    assert enter("lid").get(f"/beheer/verslag/{name}.csv").status_code == 403
    assert visitor.get("/beheer/verslag/iets.csv").status_code == 404


def test_a_file_of_the_report_holds_no_formula(enter: Enter, furnished: Store) -> None:
    visitor = enter("beheerder")
    visitor.send("/beheer/netwerk/regio", naam="=1+1", was="", gemeenten="Temse")
    cells = [
        cell.strip('"')
        for line in visitor.get("/beheer/verslag/ritme.csv").content.decode("utf-8-sig").splitlines()
        for cell in line.split(";")
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
