"""Every page at both widths and in both themes: readable, reachable, nothing out of the window."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page

from handlers.model import Status
from tests.browser.conftest import Look, Site, at_each_width
from tests.fakes.network import atrium, fill

pytestmark = pytest.mark.browser

LONG = "Beveren-Kruibeke-Zwijndrecht"

LONGER = "woord" * 200 + "\nhttps://x.example.org/" + "y" * 200

PAGES = {
    "agenda": "/",
    "agenda-gefilterd": "/?soort=provinciaal&plaats=Gent&van=2027-01-01",
    "agenda-leeg": "/?plaats=Zottegem&q=nietsgevonden",
    "agenda-fout": "/?soort=workshop&plaats=Parijs",
    "agenda-voorbij": "/?wanneer=voorbij",
    "atrium": "/atria/atr-1-044",
    "open-data": "/api/docs",
    "niet-gevonden": "/zomaar",
    "community-leeg": "/community/water",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(look: Look, site: Site, name: str) -> None:
    look.page.goto(site.url + PAGES[name])
    look.check(name)


def test_long_names_and_cancelled_atria_fit(look: Look, site: Site, now: dt.datetime) -> None:
    gone = atrium(
        "2026-11-30 09:00",
        uid="lang",
        title=f"Lokaal Atrium {LONG} over {'gebiedsontwikkelingsovereenkomsten' * 2}",
        theme="klimaatadaptatie, hemelwater- en droogteplannen en gebiedsontwikkeling",
        venue=f"Gemeenschapscentrum {LONG}",
        address=f"Burgemeester-{LONG}laan 1234 bus 56",
        municipality=LONG,
        status=Status.GEANNULEERD,
        contact="https://contact.example.org/" + "x" * 120,
        programme="|".join(["9.00 " + "onthaal" * 12] * 3),
    )
    fill(site.store, gone)
    for name, address in (("agenda-lang", "/"), ("atrium-lang", "/atria/lang")):
        look.page.goto(site.url + address)
        look.check(name)


@at_each_width
def test_the_form_to_hand_something_in_is_accessible_and_works(look: Look, site: Site) -> None:
    page = look.page
    page.goto(f"{site.url}/atria/atr-1-044")
    page.locator("summary", has_text="Inbreng doen").click()
    page.get_by_label("Je vraag, punt of initiatief").fill("Kan het over groendaken?\n" + LONGER)
    look.check("atrium-inbreng")
    page.get_by_label("Wat breng je in?").select_option("vraag")
    page.get_by_label("Je naam (mag leeg blijven)").fill("x" * 80)
    page.get_by_label("Je e-mailadres").fill("an@nergens")
    page.get_by_label("De moderatoren mogen dit lezen").check()
    page.get_by_role("button", name="Verstuur je inbreng").click()
    page.wait_for_selector("#fout-email")
    look.check("atrium-inbreng-fout")
    page.get_by_label("Je e-mailadres").fill("an@gemeente.example.org")
    page.get_by_role("button", name="Verstuur je inbreng").click()
    page.wait_for_url("**inbreng=ontvangen**")
    look.check("atrium-inbreng-dank")


def test_a_busy_community_is_accessible_and_fits(look: Look, site: Site) -> None:
    author = f"Marie-Antoinette Van den Broeck-De Schuyteneer {LONG}"
    site.local.receive(
        "algemeen", author, "moderator", "woord" * 200 + "\nhttps://x.example.org/" + "y" * 200
    )
    begun = site.local.receive("algemeen", "Jo", "lid", "@atriumbot wanneer is het volgende in Gent?")
    site.local.receive("algemeen", "An Peeters", "lid", "en daarna?", str(begun.id))
    look.page.goto(f"{site.url}/community")
    look.page.wait_for_selector(".is-bot")
    look.check("community")


@at_each_width
def test_the_form_under_a_card_is_accessible_and_hands_in(look: Look, site: Site) -> None:
    page = look.page
    site.local.receive("algemeen", "Jo", "lid", "@atriumbot wanneer is het volgende in Gent?")
    page.goto(f"{site.url}/community")
    page.locator(".is-bot summary", has_text="Inbreng doen").click()
    page.get_by_label("Wat breng je in?").select_option("agendapunt")
    page.get_by_label("Je vraag, punt of initiatief").fill("Kan het over groendaken?")
    look.check("community-inbreng")
    page.get_by_role("button", name="Verstuur je inbreng").click()
    page.wait_for_selector("text=agendapunt: Kan het over groendaken?")


@at_each_width
def test_changing_who_one_is_is_accessible(look: Look, site: Site) -> None:
    look.page.goto(f"{site.url}/community")
    look.page.locator("summary", has_text="Je schrijft als").click()
    look.check("community-wie")


def small_targets(page: Page) -> list[str]:
    """Buttons, fields and links outside sentences that are less than 44 px high."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, a.button, nav a, .active a, '
            + 'input:not([type=hidden]), textarea, .briefs a, .links a')]
            .map((one) => one.type === 'checkbox' ? one.closest('label') : one)
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("address", ["/?soort=lokaal", "/atria/atr-1-044", "/community"])
def test_targets_are_large_enough_for_a_thumb(page: Page, site: Site, address: str) -> None:
    site.local.receive("algemeen", "Jo", "lid", "@atriumbot wanneer is het volgende in Gent?")
    page.goto(site.url + address)
    assert small_targets(page) == []


def test_the_agenda_can_be_filtered_with_the_keyboard(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.locator("summary", has_text="Zoeken en filteren").press("Enter")
    page.get_by_label("Zoekwoorden").fill("westhoek")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=westhoek**")
    assert page.locator(".entry h3, .next h3").all_inner_texts() == ["Lokaal Atrium Westhoek"]
