"""The demo has two moderators, each one person in community and console: one agrees to the other's."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.front import Front
from bot.program import application
from bot.settings import Settings
from bot.web.console.gate import CSRF_FIELD
from bot.web.console.visit import csrf_of
from bot.wiring import Program, build
from handlers.moderation.lifecycle import OUT, State
from store import announcements, sessions
from store.engine import Store
from tests.fakes.network import brussels, load_sample
from tests.fakes.platform import SteeredClock
from tests.fakes.visitor import SAME_ORIGIN, Visitor

AN, BOB = "An Peeters", "Bob Claes"

ANNOUNCED = (
    "@atriumbot kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 13.30 u. in Mechelen"
)


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock(brussels("2026-11-23 10:00"))


@pytest.fixture
def program(sqlite_store: Store, clock: SteeredClock) -> Program:
    load_sample(sqlite_store, clock.now())
    settings = Settings.model_validate(
        {"database": {"url": str(sqlite_store.url)}, "console": {"approval_above": 0}}
    )
    return build(settings, sqlite_store, clock, demo=True)


@pytest.fixture
def app(program: Program) -> Front:
    return application(program)


def choose(visitor: Visitor, name: str) -> None:
    """Press the button that makes this browser that of somebody."""
    page = visitor.get("/community").text
    assert f">Schrijf als {name}</button>" in page
    form = {"author": name, "role": "moderator"}
    assert visitor.post("/community/algemeen/wie", data=form, headers=SAME_ORIGIN).status_code == 303


def write(visitor: Visitor, program: Program, text: str, thread: str = "") -> str:
    """Write on the page of the community and let the bot answer; gives the thread."""
    form = {"text": text, "thread": thread}
    answer = visitor.post("/community/algemeen/schrijven", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    asyncio.run(program.inbox.answer_pending())
    return thread or answer.headers["location"].rpartition("-")[2]


def announce(visitor: Visitor, program: Program) -> None:
    thread = write(visitor, program, ANNOUNCED)
    for text in ("sla over", "bevestig"):
        write(visitor, program, text, thread)


def at_the_desk(app: Front, program: Program, key: str | None) -> Visitor:
    """Somebody who came into the console with a one-time link."""
    with program.store.writing() as session:
        token = sessions.open_way_in(session, sessions.LINK, program.clock.now(), nonce=key)
    visitor = Visitor(app)
    answer = visitor.post("/beheer/eenmalig", data={"token": token}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    return visitor


def agree(visitor: Visitor) -> str:
    """Agree to the one announcement in the console; gives the page that follows."""
    fields = {"stap": "approve", "versie": version(visitor), CSRF_FIELD: csrf_of(visitor.cookies["beheer"])}
    answer = visitor.post("/beheer/aankondigingen/1/stap", data=fields, headers=SAME_ORIGIN)
    return answer.text if answer.status_code != 303 else visitor.get(answer.headers["location"]).text


def version(visitor: Visitor) -> str:
    found = re.search(r'name="versie" value="(\d+)"', visitor.get("/beheer/aankondigingen/1").text)
    assert found is not None
    return found[1]


def state(store: Store) -> State:
    with store.reading() as session:
        return announcements.get_announcement(session, 1).state


def version_of(store: Store) -> int:
    with store.reading() as session:
        return announcements.get_announcement(session, 1).version


def test_what_an_announced_in_the_community_she_cannot_agree_to_in_the_console_and_bob_can(
    app: Front, program: Program, sqlite_store: Store
) -> None:
    visitor = Visitor(app)
    choose(visitor, AN)
    announce(visitor, program)
    assert state(sqlite_store) is State.AWAITING_APPROVAL

    an = at_the_desk(app, program, None)
    page = an.get("/beheer/aankondigingen/1").text
    assert "An Peeters" in page
    assert "(beheerder)" in page
    assert 'value="approve"' not in page
    assert "andere moderator" in agree(an)
    assert state(sqlite_store) is State.AWAITING_APPROVAL

    bob = at_the_desk(app, program, "bob")
    assert 'value="approve"' in bob.get("/beheer/aankondigingen/1").text
    agree(bob)
    assert state(sqlite_store) in OUT


def test_in_the_community_too_bob_agrees_to_what_an_wrote_and_an_does_not(
    app: Front, program: Program, sqlite_store: Store
) -> None:
    visitor = Visitor(app)
    choose(visitor, AN)
    announce(visitor, program)
    agreeing = f"@atriumbot keur goed 1 versie {version_of(sqlite_store)}"
    write(visitor, program, agreeing)
    assert state(sqlite_store) is State.AWAITING_APPROVAL
    choose(visitor, BOB)
    write(visitor, program, agreeing)
    assert state(sqlite_store) in OUT


def test_what_an_wrote_in_the_console_she_cannot_agree_to_in_the_community(
    app: Front, program: Program, sqlite_store: Store
) -> None:
    an = at_the_desk(app, program, None)
    csrf = csrf_of(an.cookies["beheer"])
    typed = {
        "kind": "thematisch",
        "theme": "ontharding",
        "date-1": "2027-03-18",
        "begins-1": "13:30",
        "municipality-1": "Mechelen",
        "communities": "algemeen",
        CSRF_FIELD: csrf,
    }
    new = an.post("/beheer/aankondigingen/nieuw", data=typed, headers=SAME_ORIGIN)
    assert new.status_code == 303
    step = {"stap": "submit", "versie": "1", CSRF_FIELD: csrf}
    an.post("/beheer/aankondigingen/1/stap", data=step, headers=SAME_ORIGIN)
    visitor = Visitor(app)
    choose(visitor, AN)
    write(visitor, program, f"@atriumbot keur goed 1 versie {version_of(sqlite_store)}")
    assert state(sqlite_store) is State.AWAITING_APPROVAL
    assert "een andere moderator" in visitor.get("/community").text


def test_outside_the_demo_nobody_is_offered_to_be(sqlite_store: Store, clock: SteeredClock) -> None:
    settings = Settings.model_validate({"database": {"url": str(sqlite_store.url)}})
    made = build(settings, sqlite_store, clock)
    assert "Schrijf als" not in Visitor(application(made)).get("/community").text
