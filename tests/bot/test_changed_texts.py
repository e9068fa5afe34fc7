"""What moderators make of a text is said so on every surface, and what they put back as it was delivered."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from icalendar import Calendar

from bot.web.app import create_app
from handlers.model import Follow, FollowWhat, Kind, Role
from handlers.wording.catalogue import TEXTS
from scheduler.preview import preview
from store import texts
from store.engine import Store
from store.members import ensure_person, follow, keep_feed_token, member_id_of
from store.tables import OutboxRow
from tests.fakes.bench import QUIET, Bench
from tests.fakes.console_visitors import Moderator, application, furnish
from tests.fakes.network import GENERAL, atrium, brussels, fill, load_sample
from tests.fakes.platform import SteeredClock
from tests.fakes.private import PrivateNetwork
from tests.fakes.slack_api import running
from tests.fakes.slack_caller import shortcut
from tests.fakes.slack_forms import opened
from tests.fakes.slack_program import CHANNEL, SlackProgram
from tests.fakes.slack_workspace import Workspace
from tests.fakes.visitor import Visitor, with_community

NOW = brussels("2026-11-23 10:00")
TOKEN = "kWq3_vN8-ZpL5xT2yB7dR9cM4fH6jS1g"  # noqa: S105  # a made-up one
GENT = atrium("2027-02-17 09:30", uid="atr-1-044", kind=Kind.PROVINCIAAL, municipality="Gent", theme="wind")


def page_of(address: str) -> Callable[[Store], str]:
    def shown_page(store: Store) -> str:
        fill(store, GENT, communities=(GENERAL,))
        return Visitor(create_app(with_community(store, NOW))).get(address).text

    return shown_page


def unfolded(body: bytes) -> str:
    """A calendar with its lines whole, and its signs as they are read."""
    calendar = Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    kinds = event["CATEGORIES"].to_ical()
    return f"{calendar['X-WR-CALNAME']}\n{event['DESCRIPTION']}\n{kinds!r}"


def feed(store: Store) -> str:
    fill(store, GENT, communities=(GENERAL,))
    return unfolded(Visitor(create_app(with_community(store, NOW))).get("/agenda.ics").content)


def own_feed(store: Store) -> str:
    fill(store, GENT, communities=(GENERAL,))
    with store.writing() as session:
        ensure_person(session, "local", "An", "An Peeters", Role.MEMBER, NOW)
        member = member_id_of(session, "local", "An")
        keep_feed_token(session, member, TOKEN)
        follow(session, member, Follow(what=FollowWhat.ALL), NOW)
    return unfolded(Visitor(create_app(with_community(store, NOW))).get(f"/mijn/{TOKEN}.ics").content)


def answer(question: str) -> Callable[[Store], str]:
    return lambda store: PrivateNetwork(store, GENT).say(question).plain_text()


def reminder(store: Store) -> str:
    bench = Bench(store, GENT)
    bench.tick(brussels("2027-02-10 09:00"))
    return bench.platform.texts()[0]


def personal_reminder(store: Store) -> str:
    network = PrivateNetwork(store, GENT)
    network.clock.moment = brussels("2027-02-01 10:00")
    network.say("herinner mij aan atr-1-044")
    network.tick("2027-02-10 09:00")
    return "\n".join(network.texts())


def rehearsal(store: Store) -> str:
    fill(store, GENT, communities=(GENERAL,))
    found = asyncio.run(preview(store, QUIET, NOW, 100))
    return "\n".join(each.text for each in found)


def skipped_in_console(store: Store) -> str:
    furnish(store, NOW)
    with store.writing() as session:
        row = OutboxRow(
            key="reminder:x",
            kind="reminder",
            platform="local",
            community_key="algemeen",
            state="skipped",
            reason='reden.te laat {"uur": "9.00"}',
            due_at=NOW - dt.timedelta(hours=1),
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(row)
        session.flush()
        number = row.id
    return console(store, f"/beheer/berichten/{number}")


def console(store: Store, address: str) -> str:
    return Moderator(application(store, NOW), store, NOW, "moderator").get(address).text


def announcement_form(store: Store) -> str:
    furnish(store, NOW)
    return console(store, "/beheer/aankondigingen/nieuw")


def in_slack(act: Callable[[SlackProgram], Awaitable[dict[str, Any]]]) -> Callable[[Store], str]:
    def shown_view(store: Store) -> str:
        clock = SteeredClock(NOW)
        workspace = Workspace(now=clock.now)
        workspace.add_channel(CHANNEL)
        workspace.add_person("U0MO", "Mo Derator", CHANNEL, admin=True)
        load_sample(store, NOW)
        with running(workspace):
            bot = SlackProgram(store, workspace, clock)
            view = bot.run(lambda: act(bot))
        return json.dumps(view, ensure_ascii=False)

    return shown_view


async def home(bot: SlackProgram) -> dict[str, Any]:
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": "U0MO", "tab": "home"}))
    return bot.slack.homes["U0MO"]


async def form(bot: SlackProgram) -> dict[str, Any]:
    return await opened(bot, shortcut("atrium_aankondigen", user="U0MO"))


@dataclass(frozen=True)
class Seen:
    """One text on one surface: how a moderator words it, and what is read there then."""

    where: Callable[[Store], str]
    name: str
    template: str
    reads: str
    read_before: str


SURFACES = {
    "page": Seen(
        page_of("/"), "pagina.kop", "Waar we elkaar zien", "Waar we elkaar zien", "Agenda van de atria"
    ),
    "kind on a page": Seen(
        page_of("/"), "naam.provinciaal", "Grote Kring", "Grote Kring", "Provinciaal Atrium"
    ),
    "page of an atrium": Seen(
        page_of("/atria/atr-1-044"), "label.waar", "Plek", "<dt>Plek</dt>", "<dt>Waar</dt>"
    ),
    "page that is not there": Seen(
        page_of("/nergens"),
        "fout.titel is er niet",
        "Hier is niets",
        "Hier is niets",
        "Deze pagina is er niet",
    ),
    "wrong filter": Seen(
        page_of("/?plaats=Parijs"), "filter.plaats", "Waar ligt {plaats}?", "Waar ligt Parijs?", "ken ik niet"
    ),
    "local community": Seen(
        page_of("/community/algemeen"),
        "lokaal.vraag de bot",
        "Bot gevraagd",
        "Bot gevraagd",
        "Vraag het aan de bot",
    ),
    "feed": Seen(feed, "kalender.thema", "Het gaat over {thema}", "Het gaat over wind", "Thema: wind"),
    "kind in a feed": Seen(feed, "naam.provinciaal", "Grote Kring", "Grote Kring", "Provinciaal Atrium"),
    "own feed": Seen(own_feed, "kalender.eigen naam", "Wat ik volg", "Wat ik volg", "Mijn atria"),
    "answer": Seen(
        answer("wanneer is het volgende provinciaal atrium in Gent?"),
        "label.waar",
        "Plek",
        "Plek:",
        "Waar:",
    ),
    "reminder": Seen(reminder, "dag.volgende week", "binnenkort al", "Binnenkort al", "Volgende week"),
    "rehearsal": Seen(rehearsal, "dag.volgende week", "binnenkort al", "Binnenkort al", "Volgende week"),
    "personal reminder": Seen(
        personal_reminder, "dag.volgende week", "binnenkort al", "Binnenkort al", "Volgende week"
    ),
    "reason in the console": Seen(
        skipped_in_console, "reden.te laat", "gemist om {uur} u.", "gemist om 9.00 u.", "dit moest om 9.00 u."
    ),
    "form in the console": Seen(announcement_form, "formulier.veld zaal", "Gebouw", ">Gebouw<", ">Zaal<"),
    "home in Slack": Seen(
        in_slack(home), "slack.mijn atria", "Dit komt eraan", "Dit komt eraan", "Mijn volgende atria"
    ),
    "button in Slack": Seen(
        in_slack(home), "slack.kondig aan", "Roep samen", "Roep samen", "Kondig een atrium aan"
    ),
    "title in Slack": Seen(
        in_slack(form), "slack.titel aankondigen", "Nieuw atrium", '"Nieuw atrium"', '"Atrium aankondigen"'
    ),
    "field in Slack": Seen(in_slack(form), "formulier.veld zaal", "Gebouw", '"Gebouw"', '"Zaal"'),
    "kind in Slack": Seen(in_slack(form), "naam.thematisch", "Themadag", '"Themadag"', '"Thematisch Atrium"'),
}


def change(store: Store, name: str, template: str) -> None:
    with store.writing() as session:
        texts.change_text(session, name, template, "Mo Derator", NOW)


@pytest.mark.parametrize("seen", SURFACES.values(), ids=SURFACES)
def test_a_changed_text_is_said_on_every_surface(sqlite_store: Store, seen: Seen) -> None:
    change(sqlite_store, seen.name, seen.template)
    read = seen.where(sqlite_store)
    assert seen.reads in read
    assert seen.read_before not in read


@pytest.mark.parametrize("seen", SURFACES.values(), ids=SURFACES)
def test_a_text_that_was_put_back_is_said_as_it_was_delivered(sqlite_store: Store, seen: Seen) -> None:
    change(sqlite_store, seen.name, seen.template)
    with sqlite_store.writing() as session:
        assert texts.put_back(session, seen.name)
    read = seen.where(sqlite_store)
    assert seen.read_before in read
    assert seen.reads not in read


def test_a_page_says_a_change_at_once_and_what_was_put_back_too(sqlite_store: Store) -> None:
    fill(sqlite_store, GENT, communities=(GENERAL,))
    visitor = Visitor(create_app(with_community(sqlite_store, NOW)))
    original = TEXTS["pagina.kop"].template
    first = visitor.get("/agenda.ics")
    assert original in visitor.get("/").text
    change(sqlite_store, "pagina.kop", "Waar we elkaar zien")
    change(sqlite_store, "kalender.thema", "Het gaat over {thema}")
    assert "Waar we elkaar zien" in visitor.get("/").text
    again = visitor.get("/agenda.ics", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert "Het gaat over wind" in unfolded(again.content)
    with sqlite_store.writing() as session:
        texts.put_back(session, "pagina.kop")
    assert original in visitor.get("/").text
