"""The console in a real browser: each page at both widths and in both themes, and the main ways through."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from bot.outcomes import Saved
from handlers.model import Contribution, Role
from scheduler.changes import replan_all
from store import contributions, outbox, sessions, texts
from store.agenda import save_atrium
from store.engine import Store
from store.states import OutboxState
from tests.browser.conftest import Look, at_each_width
from tests.browser.test_pages import small_targets
from tests.fakes.console_visitors import PEOPLE, PRIVATE_DRAFT, RULES, console_setup, furnish
from tests.fakes.desk import AN, one_place
from tests.fakes.filled import filled
from tests.fakes.network import atrium, fill
from tests.fakes.visitor import served, web

pytestmark = pytest.mark.browser

LONG = "Beveren-Kruibeke-Zwijndrecht"

PAGES = {
    "beheer-overzicht": "/beheer",
    "beheer-agenda": "/beheer/agenda",
    "beheer-agenda-leeg": "/beheer/agenda?q=nietsgevonden",
    "beheer-agenda-fout": "/beheer/agenda?plaats=Parijs",
    "beheer-atrium": "/beheer/agenda/atr-1-044",
    "beheer-atrium-wijzigen": "/beheer/agenda/atr-1-044/wijzigen",
    "beheer-atrium-annuleren": "/beheer/agenda/atr-1-044/annuleren",
    "beheer-atrium-plaatsen": "/beheer/agenda/atr-1-044/plaatsen",
    "beheer-bestand": "/beheer/agenda/bestand",
    "beheer-aankondigingen": "/beheer/aankondigingen",
    "beheer-aankondiging-nieuw": "/beheer/aankondigingen/nieuw",
    "beheer-aankondiging": "/beheer/aankondigingen/1",
    "beheer-aankondiging-intrekken": "/beheer/aankondigingen/1/intrekken",
    "beheer-aankondiging-nu": "/beheer/aankondigingen/1/nu",
    "beheer-bericht-nu": "/beheer/berichten/1/nu",
    "beheer-berichten": "/beheer/berichten",
    "beheer-niet-verstuurd": "/beheer/berichten?wat=niet-verstuurd",
    "beheer-vragen": "/beheer/vragen",
    "beheer-vraag": "/beheer/vragen/1",
    "beheer-woorden": "/beheer/woorden",
    "beheer-inbreng": "/beheer/inbreng",
    "beheer-inbreng-atrium": "/beheer/agenda/atr-1-044/inbreng",
    "beheer-voorstellen": "/beheer/inbreng/voorstellen",
    "beheer-netwerk": "/beheer/netwerk",
    "beheer-groep": "/beheer/netwerk/groep",
    "beheer-regio": "/beheer/netwerk/regio?naam=Waasland",
    "beheer-teksten": "/beheer/teksten",
    "beheer-teksten-groep": "/beheer/teksten?groep=inbreng",
    "beheer-teksten-zoeken": "/beheer/teksten?q=atrium",
    "beheer-tekst": "/beheer/teksten/contact",
    "beheer-rollen": "/beheer/rollen",
    "beheer-logboek": "/beheer/logboek",
    "beheer-verslag": "/beheer/verslag",
    "beheer-niet-gevonden": "/beheer/zomaar",
}


@dataclass
class Desk:
    """The console on loopback, and the store behind it."""

    url: str
    store: Store
    now: dt.datetime

    def enter(self, context: BrowserContext, role: str = "beheerder") -> None:
        """Sign somebody in, as the provider would have."""
        with self.store.writing() as session:
            secret = sessions.open_session(
                session, PEOPLE[role], role.capitalize(), Role.MEMBER.value, self.now
            )
        context.add_cookies([{"name": "beheer", "value": secret, "url": self.url}])

    def a_post(self) -> int:
        with self.store.reading() as session:
            return outbox.entries(session, (OutboxState.PLANNED,), not_kinds=("digest",), limit=1)[0].id

    def posted(self) -> int:
        """The number of an announcement that is being posted in every community."""
        announcing = console_setup().announcing
        with self.store.writing() as session:
            values = one_place(communities=("algemeen", "slack", "engage"))
            saved = announcing.save(session, AN, "console", self.now, values)
            assert isinstance(saved, Saved)
            number = saved.announcement.id
            assert isinstance(announcing.publish(session, AN, "console", self.now, number), Saved)
        return number


@pytest.fixture
def desk(sqlite_store: Store, now: dt.datetime) -> Iterator[Desk]:
    """A furnished console with a plan, one long-named atrium and one post that failed."""
    filled(sqlite_store, furnish, now)
    gone = atrium(
        "2026-11-30 09:00",
        uid="lang",
        title=f"Lokaal Atrium {LONG} over {'gebiedsontwikkelingsovereenkomsten' * 2}",
        municipality=LONG,
        venue=None,
        address=None,
    )
    with sqlite_store.writing() as session:
        save_atrium(session, gone)
    replan_all(sqlite_store, RULES, now)
    setup = console_setup(has_link=True)
    with served(web(sqlite_store, now, console=setup, public_url="http://127.0.0.1")) as url:
        yield Desk(url, sqlite_store, now)


def test_each_page_is_accessible_and_fits(look: Look, desk: Desk) -> None:
    """One console for all pages: to furnish it takes longer than to look at a page."""
    desk.enter(look.page.context)
    for name, address in PAGES.items():
        look.page.goto(desk.url + address)
        look.check(name)


@at_each_width
def test_what_needs_a_number_is_accessible_and_fits(look: Look, desk: Desk) -> None:
    desk.enter(look.page.context)
    look.page.goto(f"{desk.url}/beheer/berichten/{desk.a_post()}")
    look.check("beheer-bericht")
    look.page.goto(f"{desk.url}/beheer/agenda/nieuw")
    look.page.get_by_role("button", name="Bewaar").click()
    expect(look.page.locator("#fouten")).to_be_focused()
    look.check("beheer-formulier-fouten")


def test_the_ways_in_are_accessible_and_fit(look: Look, desk: Desk) -> None:
    look.page.goto(f"{desk.url}/beheer")
    look.check("beheer-aanmelden")
    with desk.store.writing() as session:
        token = sessions.open_way_in(session, sessions.LINK, desk.now)
    look.page.goto(f"{desk.url}/beheer/eenmalig/{token}")
    look.check("beheer-eenmalig")
    desk.enter(look.page.context, "lid")
    look.page.goto(f"{desk.url}/beheer")
    look.check("beheer-geen-toegang")


def test_an_empty_console_says_so(look: Look, sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store)
    with served(
        web(sqlite_store, now, console=console_setup(has_link=True), public_url="http://127.0.0.1")
    ) as url:
        with sqlite_store.writing() as session:
            secret = sessions.open_session(session, "demo", "Demo", Role.ADMINISTRATOR.value, now)
        look.page.context.add_cookies([{"name": "beheer", "value": secret, "url": url}])
        for name in ("", "/agenda", "/aankondigingen", "/berichten", "/vragen", "/verslag", "/logboek"):
            look.page.goto(f"{url}/beheer{name}")
            look.check(f"beheer-leeg{name.replace('/', '-')}")


@pytest.mark.parametrize("width", [320, 360, 704, 768, 840])
def test_the_tables_of_the_report_fit_whatever_the_width(page: Page, desk: Desk, width: int) -> None:
    """On a phone and a little wider each row is a list; from there on a table."""
    desk.enter(page.context)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{desk.url}/beheer/verslag")
    page.get_by_text("De cijfers in een tabel").click()
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    cells = page.locator("main td")
    assert cells.count() > 100
    assert cells.evaluate_all("all => all.every(one => one.getBoundingClientRect().right <= innerWidth)")


def test_what_became_of_an_announcement_is_a_list_on_a_phone(page: Page, desk: Desk) -> None:
    number = desk.posted()
    desk.enter(page.context, "moderator")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{desk.url}/beheer/aankondigingen/{number}")
    cells = page.get_by_role("region", name="Per community").locator("td:visible")
    assert cells.count() >= 6
    assert cells.evaluate_all("all => all.every(one => one.getBoundingClientRect().right <= innerWidth)")
    assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize("address", ["/beheer", "/beheer/agenda/nieuw", "/beheer/aankondigingen/1"])
def test_targets_are_large_enough_for_a_thumb(page: Page, desk: Desk, address: str) -> None:
    desk.enter(page.context)
    page.goto(desk.url + address)
    assert [one for one in small_targets(page) if 'type="checkbox"' not in one] == []


def test_the_link_of_the_demo_signs_in_once(page: Page, desk: Desk) -> None:
    with desk.store.writing() as session:
        token = sessions.open_way_in(session, sessions.LINK, desk.now)
    page.goto(f"{desk.url}/beheer/eenmalig/{token}")
    page.get_by_role("button", name="Aanmelden als An Peeters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overzicht")
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aanmelden")
    page.goto(f"{desk.url}/beheer/eenmalig/{token}")
    expect(page.get_by_role("alert")).to_contain_text("verlopen of al gebruikt")


def test_an_announcement_is_written_looked_at_and_posted(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer")
    page.get_by_role("link", name="Kondig iets aan").click()
    page.get_by_label("Soort atrium").select_option("thematisch")
    page.get_by_label("Thema").fill("ontharding")
    page.get_by_label("Datum").first.fill("2027-03-18")
    page.get_by_label("Begin").first.fill("13:30")
    page.get_by_label("Gemeente").first.fill("Mechelen")
    page.get_by_label("Atrium Lerend Netwerk").check()
    page.get_by_role("button", name="Toon het voorbeeld").click()
    expect(page.locator("#voorbeeld")).to_contain_text("donderdag 18 maart 2027")
    page.get_by_role("button", name="Bewaar als ontwerp").click()
    expect(page.locator("#gemeld")).to_contain_text("Bewaard als ontwerp")
    page.get_by_role("button", name="Plaats nu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze aankondiging nu plaatsen?")
    page.get_by_role("button", name="Ja, plaats nu").click()
    expect(page.locator("main")).to_contain_text("wordt geplaatst")
    expect(page.get_by_role("region", name="Per community")).to_contain_text("Atrium Lerend Netwerk")


def test_a_post_is_held_moved_and_released(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/berichten/{desk.a_post()}")
    page.get_by_role("button", name="Hou tegen").click()
    expect(page.locator("main")).to_contain_text("tegengehouden")
    page.get_by_label("Verplaats naar dag").fill("2026-11-26")
    page.get_by_label("Om", exact=True).fill("10:15")
    page.get_by_role("button", name="Verplaats").click()
    expect(page.locator("main")).to_contain_text("donderdag 26 november 2026, 10.15 u.")
    page.get_by_role("button", name="Laat los").click()
    expect(page.locator("main .facts")).to_contain_text("gepland")


def test_a_text_is_checked_while_it_is_typed_and_put_back(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/teksten/contact")
    box = page.get_by_label("Tekst", exact=True)
    box.fill("Bel ons op {nummer}.")
    expect(page.locator("#voorbeeld")).to_contain_text("Onbekende invulplaats")
    box.fill("Bel ons gerust: {telefoon}.")
    expect(page.locator("#voorbeeld")).to_contain_text("Bel ons gerust: 02 555 00 00.")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator("#gemeld")).to_contain_text("Bewaard")
    page.get_by_role("button", name="Zet terug").click()
    expect(page.get_by_label("Tekst", exact=True)).to_have_value(
        "Afdeling Partnerschappen met Besturen en Maatschappij (PBM), {telefoon}, "
        "bereikbaar op werkdagen tussen 8.30 en 17.00 u."
    )


def test_what_was_typed_is_offered_again_after_an_accident(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/agenda/nieuw")
    page.get_by_label("Titel").fill("Een titel die ik niet kwijt wil")
    page.goto(f"{desk.url}/beheer")
    page.goto(f"{desk.url}/beheer/agenda/nieuw")
    page.get_by_role("button", name="Zet het terug").click()
    expect(page.get_by_label("Titel")).to_have_value("Een titel die ik niet kwijt wil")


def test_what_was_typed_outlives_the_session(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/agenda/nieuw")
    page.get_by_label("Titel").fill("Een titel die ik niet kwijt wil")
    page.context.clear_cookies()
    page.get_by_role("button", name="Bewaar").first.click()
    expect(page.get_by_role("alert")).to_contain_text("wat je typte, biedt het formulier je dan weer aan")
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/agenda/nieuw")
    expect(page.get_by_role("status").first).to_contain_text("Wat je typte, staat er weer")
    expect(page.get_by_label("Titel")).to_have_value("Een titel die ik niet kwijt wil")


def test_a_preview_without_a_session_says_so_and_one_comes_back_to_what_was_typed(
    page: Page, desk: Desk
) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/aankondigingen/nieuw")
    page.get_by_label("Soort atrium").select_option("thematisch")
    page.get_by_label("Thema").fill("ontharding")
    page.get_by_label("Atrium Lerend Netwerk").check()
    page.get_by_role("button", name="Nog een plaats").click()
    page.get_by_label("Gemeente").nth(1).fill("Gent")
    page.context.clear_cookies()
    page.get_by_role("button", name="Toon het voorbeeld").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Je bent niet meer aangemeld. Wat je typte, staat er nog.")
    expect(page.get_by_label("Thema")).to_have_value("ontharding")
    assert Axe().run(page).violations_count == 0
    way_in = told.get_by_role("link", name="Meld je opnieuw aan")
    expect(way_in).to_have_attribute("href", "/beheer/aanmelden?verder=%2Fbeheer%2Faankondigingen%2Fnieuw")
    desk.enter(page.context, "moderator")
    way_in.click()
    expect(page).to_have_url(f"{desk.url}/beheer/aankondigingen/nieuw")
    expect(page.get_by_label("Thema")).to_have_value("ontharding")
    expect(page.get_by_label("Soort atrium")).to_have_value("thematisch")
    expect(page.get_by_label("Atrium Lerend Netwerk")).to_be_checked()
    expect(page.get_by_label("Gemeente").nth(1)).to_be_visible()
    expect(page.get_by_label("Gemeente").nth(1)).to_have_value("Gent")
    page.get_by_role("button", name="Toon het voorbeeld").click()
    expect(page.locator("#fouten-voorbeeld")).to_contain_text("Vul")


def test_the_mistakes_that_a_preview_finds_take_the_place_of_those_before(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer/aankondigingen/nieuw")
    page.get_by_role("button", name="Bewaar als ontwerp").click()
    kind = page.get_by_label("Soort atrium")
    expect(kind).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).not_to_contain_text("Wat je typte")
    kind.select_option("thematisch")
    place = page.get_by_label("Gemeente").first
    place.fill("Parijs")
    page.get_by_role("button", name="Toon het voorbeeld").click()
    summary = page.locator("#fouten-voorbeeld")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Wat je typte, staat er nog")
    expect(page.locator("#fouten")).to_have_count(0)
    expect(kind).not_to_have_attribute("aria-invalid", "true")
    expect(place).to_have_attribute("aria-invalid", "true")
    expect(place).to_have_accessible_description(re.compile("Parijs"))
    expect(page.locator("#voorbeeld")).not_to_contain_text("Parijs")
    summary.get_by_role("link", name="Gemeente").click()
    expect(place).to_be_focused()
    assert Axe().run(page).violations_count == 0
    place.fill("Mechelen")
    page.get_by_role("button", name="Toon het voorbeeld").click()
    expect(place).not_to_have_attribute("aria-invalid", "true")


def test_contributions_are_put_in_order_with_the_keyboard(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    with desk.store.writing() as session:
        for text in ("Eerst", "Daarna"):
            contributions.add(session, None, Contribution(text=text, atrium_uid="atr-1-044"), desk.now)
    page.goto(f"{desk.url}/beheer/agenda/atr-1-044/inbreng")
    for number in (1, 2):
        page.get_by_role("button", name=f"Zet op de agenda inbreng {number}").press("Enter")
    page.get_by_role("button", name="Omhoog punt 2").press("Enter")
    expect(page.locator("#gemeld")).to_contain_text("nu punt 1 van de agenda")
    assert page.locator("main li .handed").all_inner_texts() == ["Daarna", "Eerst"]


def test_the_menu_can_be_walked_with_the_keyboard(page: Page, desk: Desk) -> None:
    desk.enter(page.context)
    page.goto(f"{desk.url}/beheer")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.locator(".menu summary").press("Enter")
    page.locator(".menu").get_by_role("link", name="Agenda").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")


@at_each_width
def test_the_menu_opens_below_its_button_which_stays_in_place(look: Look, desk: Desk) -> None:
    desk.enter(look.page.context)
    look.page.goto(f"{desk.url}/beheer")
    button = look.page.locator(".menu summary")
    if not button.is_visible():
        return
    closed = button.bounding_box()
    button.click()
    assert button.bounding_box() == closed
    assert closed is not None
    first = look.page.locator(".menu li").first.bounding_box()
    assert first is not None
    assert closed["y"] + closed["height"] <= first["y"] <= closed["y"] + closed["height"] + 8
    look.check("beheer-menu-open")


@at_each_width
def test_a_long_name_of_the_console_does_not_widen_its_pages(look: Look, desk: Desk) -> None:
    with desk.store.writing() as session:
        texts.change_text(session, "beheer.naam", "W" * 39, "Mo", desk.now)
    desk.enter(look.page.context)
    look.page.goto(f"{desk.url}/beheer")
    expect(look.page.locator(".desk-top .name")).to_have_text("W" * 39)
    look.check("beheer-lange-naam")


def test_a_draft_is_on_the_overview_of_who_may_see_it(page: Page, desk: Desk) -> None:
    desk.enter(page.context, "moderator")
    page.goto(f"{desk.url}/beheer")
    expect(page.locator("main")).to_contain_text(PRIVATE_DRAFT)
