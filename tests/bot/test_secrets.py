"""No output tells of what is not for who reads it: an atrium for politicians, an announcement not out yet."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.platforms.slack.acting import actor
from bot.platforms.slack.home import Filters, home_view
from bot.platforms.slack.home_contents import home_of
from bot.web.app import create_app
from bot.web.console.rights import ROUTES
from handlers.model import Person, Role, Status
from scheduler.personal import PERSONAL_REMINDER
from scheduler.plan import DIGEST
from scheduler.reach import not_reached_in
from store.agenda import get_atrium
from store.engine import Store
from store.tables import OutboxRow
from tests.fakes.console_visitors import INSIDE, Moderator, application, console_setup
from tests.fakes.desk import AN, LENA, MIA, WAAS, one_place
from tests.fakes.hidden import (
    DRAFT,
    DRAFT_SOUGHT,
    PRIVATE,
    PRIVATE_SOUGHT,
    TOKENS,
    UID,
    HiddenWorld,
)
from tests.fakes.moderators import Talk
from tests.fakes.visitor import Visitor, with_community

PIET = Person(platform="local", external_id="piet", name="Piet")
MODERATOR = replace(AN, external_id="mo", name="Mo")

QUESTIONS = (
    f"is er een atrium over {PRIVATE_SOUGHT}?",
    f"is er een atrium over {DRAFT_SOUGHT}?",
    "wanneer is het volgende atrium lokale mandatarissen?",
    "wanneer is het volgende thematisch atrium?",
    "wat staat er op de agenda?",
    "wat is er op 8 december 2026?",
    "wat is er op 18 maart 2027?",
    "wat is er te doen in Gent?",
    "wat is er te doen in Mechelen?",
    "wie is de organisator in Gent?",
    f"programma van {UID}",
    f"schrijf me in voor {UID}",
    "wat volg ik?",
    "welke themas zijn er?",
    "wat staat er gepland?",
    "toon ontwerpen",
    "toon ontwerp 1",
    f"toon inbreng {UID}",
    f"inbreng voor {UID}: mag ik komen?",
    f"wijzig {UID}: zaal: Kelder",
    f"annuleer {UID}",
    "kondig aan: Thematisch Atrium over wind op 8 december 2026 om 19u in Gent, voor mandatarissen",
)
PAGES = (
    "/",
    f"/?q={PRIVATE_SOUGHT}",
    f"/?q={DRAFT_SOUGHT}",
    f"/?thema={PRIVATE_SOUGHT}",
    f"/?thema={DRAFT_SOUGHT}",
    "/?soort=mandatarissen",
    "/?plaats=Gent",
    "/?plaats=Mechelen",
    "/?wanneer=voorbij",
    "/agenda.ics",
    "/agenda.ics?soort=mandatarissen",
    "/api/v1/atria?limit=500",
    "/api/v1/atria?soort=mandatarissen",
    f"/api/v1/atria?q={PRIVATE_SOUGHT}",
    "/community/algemeen",
    "/community/algemeen/messages",
    "/community/water",
    "/metrics",
    "/readyz",
)


@pytest.fixture
def world(store: Store, now: dt.datetime) -> HiddenWorld:
    return HiddenWorld(store, now)


@pytest.fixture
def quick_world(sqlite_store: Store, now: dt.datetime) -> HiddenWorld:
    """On one database: what renders pages does not know which."""
    return HiddenWorld(sqlite_store, now)


def leaks(text: str, *words: str) -> list[str]:
    """What stands round each secret word, to be read when a test fails."""
    pattern = re.compile("|".join(words or (PRIVATE, DRAFT)), re.IGNORECASE)
    return [text[max(0, found.start() - 60) : found.end() + 40] for found in pattern.finditer(text)]


# --- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_tells_of_either_where_others_read_along(quick_world: HiddenWorld, question: str) -> None:
    talk = Talk(quick_world.desk)
    for who in (MIA, PIET, MODERATOR, WAAS):
        for number, community in enumerate(("algemeen", "water", "moderatoren")):
            said = talk.say(question, who, thread=f"{who.name}{number}", community=community)
            # The uid of the private one holds its word, and is repeated to whoever typed it.
            assert leaks(said.replace(UID, "")) == [], (who.name, community)
    for who in (MIA, WAAS):
        said = talk.say(question, who, thread=f"{who.name}p", community=None)
        assert leaks(said.replace(UID, "")) == [], (who.name, "private")


def test_politicians_get_the_answer_where_politicians_read(quick_world: HiddenWorld) -> None:
    talk = Talk(quick_world.desk)
    question = "wanneer is het volgende atrium lokale mandatarissen?"
    assert leaks(talk.say(question, PIET, community="mandatarissen"), PRIVATE)
    assert leaks(talk.say("toon ontwerp 1", AN, community=None), DRAFT)


# --- what is posted ------------------------------------------------------------------------------------


def test_no_post_tells_of_either_but_to_politicians(world: HiddenWorld) -> None:
    """Reminders, overviews, those of moderators, personal ones, changes and a cancellation."""
    world.until("2026-12-02")
    with world.store.reading() as session:
        before = get_atrium(session, UID)
    later = replace(before, venue=f"Andere zaal {PRIVATE}", sequence=before.sequence + 1)
    with world.store.writing() as session:
        world.desk.announcing.change_atrium(session, AN, "console", world.desk.now, before, later)
    world.until("2026-12-04")
    off = replace(later, status=Status.GEANNULEERD, cancelled_at=world.desk.now, sequence=later.sequence + 1)
    with world.store.writing() as session:
        world.desk.announcing.change_atrium(session, AN, "console", world.desk.now, later, off)
    world.until("2026-12-09")
    told = [
        (each.post.community.key if each.post.community else each.post.member, each.text)
        for each in world.desk.bench.platform.posts
    ]
    assert [(where, leaks(text, DRAFT)) for where, text in told if leaks(text, DRAFT)] == []
    assert {where for where, text in told if leaks(text, PRIVATE)} == {"mandatarissen", "piet"}
    with world.store.reading() as session:
        kinds = set(session.scalars(select(OutboxRow.kind).where(OutboxRow.state == "sent")))
    assert {DIGEST, "reminder", "change", "cancellation", PERSONAL_REMINDER} <= kinds, kinds


# --- pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(quick_world: HiddenWorld) -> Visitor:
    quick_world.until("2026-12-01")
    site = with_community(quick_world.store, quick_world.desk.now)
    return Visitor(create_app(site))


def test_no_public_page_feed_or_data_holds_either(visitor: Visitor) -> None:
    addresses = [
        *PAGES,
        *(f"/atria/{UID}{rest}" for rest in ("", ".ics", "/inbreng")),
        f"/api/v1/atria/{UID}",
        f"/mijn/{TOKENS['mia']}.ics",
        f"/mijn/{TOKENS['piet']}.ics",
    ]
    for address in addresses:
        page = visitor.get(address)
        told = page.text.replace(f"/atria/{UID}", "").replace(f"{UID}.ics", "")
        assert leaks(told) == [], address


# --- the console -----------------------------------------------------------------------------------------


def addresses(world: HiddenWorld) -> Iterator[str]:
    """Every page of the console about either secret, and every list, search and file."""
    with world.store.reading() as session:
        posts = select(OutboxRow.id).where(OutboxRow.atrium_uid.in_([UID, *world.planned.atria])).limit(12)
        numbers = [*session.scalars(posts)]
    fitting = {
        "uid": [UID, *world.planned.atria],
        "name": ["agenda.csv", "agenda.xlsx", "agenda.ics", "contact"],
        "key": ["x"],
        "token": ["x"],
    }
    for method, path in ROUTES:
        if method != "GET":
            continue
        named = re.findall(r"\{(\w+)\}", path)
        own = numbers if path.startswith("/beheer/berichten") else [1, 2, 3]
        values = {**fitting, "number": [str(each) for each in own]}
        for value in values[named[0]] if named else [""]:
            yield path.replace(f"{{{named[0]}}}", value) if named else path
    yield from (f"/beheer/agenda?q={word}" for word in (PRIVATE_SOUGHT, DRAFT_SOUGHT, "Gent"))
    yield from ("/beheer/berichten?wat=geplaatst", "/beheer/berichten?community=mandatarissen")
    yield from (f"/beheer/logboek?q={word}" for word in (PRIVATE, DRAFT))


#: Who may see which of both on the console.
SEES = {
    "lid": (),
    "lezer": (PRIVATE,),
    "regionaal": (),
    "elders": (),
    "mandatarissen": (PRIVATE,),
    "moderator": (PRIVATE, DRAFT),
    "collega": (PRIVATE, DRAFT),
    "beheerder": (PRIVATE, DRAFT),
}


@pytest.mark.parametrize("who", [None, *SEES])
def test_the_console_shows_each_to_who_may_see_it_alone(quick_world: HiddenWorld, who: str | None) -> None:
    app = application(quick_world.store, quick_world.desk.now, console_setup())
    visitor = Moderator(app, quick_world.store, quick_world.desk.now, who)
    hidden = [word for word in (PRIVATE, DRAFT) if word not in SEES.get(who or "lid", ())]
    seen: set[str] = set()
    for address in addresses(quick_world):
        page = visitor.get(address)
        assert page.status_code < 500, address
        # A search repeats what was searched for.
        told = text_of(page.content).replace(UID, "") if UID in address else text_of(page.content)
        if "logboek?q=" not in address and hidden:
            # Where nobody searched for it, the other word tells as much.
            sought = {PRIVATE: PRIVATE_SOUGHT, DRAFT: DRAFT_SOUGHT}
            others = [sought[word] for word in hidden if sought[word] not in address]
            assert leaks(told, *hidden, *others) == [], address
        seen |= {word for word in (PRIVATE, DRAFT) if leaks(told, word)}
    assert set(SEES.get(who or "lid", ())) <= seen


def text_of(body: bytes) -> str:
    """The text of a page, also of a spreadsheet, which is a packed one."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def test_every_role_that_can_enter_is_asked() -> None:
    assert set(INSIDE) <= set(SEES)


# --- what moderators look at before and after ----------------------------------------------------------


def test_a_preview_warns_of_nothing_that_its_reader_may_not_know(quick_world: HiddenWorld) -> None:
    desk = quick_world.desk
    form = one_place(**{"date-1": "2026-12-08", "begins-1": "19:00", "municipality-1": "Temse"})
    preview = desk.preview({**form, "registration_until-1": "", "audience": ("mandataris",)}, WAAS)
    told = [*preview.warnings, *preview.checked.errors.values(), *(each.text for each in preview.targets)]
    assert leaks("\n".join(told)) == []


def test_no_report_tells_of_either_to_who_may_not_know(quick_world: HiddenWorld) -> None:
    desk = quick_world.desk
    with desk.store.reading() as session:
        for who in (MIA, LENA, WAAS):
            for number in (1, 2):
                assert desk.announcing.report(session, who, desk.now, number) is None
        told = not_reached_in(session, desk.now, frozenset({"algemeen"})).lines()
    assert leaks("\n".join(told)) == []


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
def test_the_home_in_slack_shows_neither_to_a_member(quick_world: HiddenWorld, role: Role) -> None:
    desk = quick_world.desk
    with desk.store.writing() as session:
        who = actor(session, "U0MIA", "Mia", desk.announcing.rules, desk.now)
        who = replace(who, person=replace(who.person, role=role))
        drawn = [
            home_view(home_of(session, who, filters, desk.announcing))
            for filters in (Filters(), Filters(kind="mandatarissen"), Filters(province="Oost-Vlaanderen"))
        ]
    assert leaks(json.dumps(drawn, ensure_ascii=False)) == []
