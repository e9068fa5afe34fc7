"""The real program in a real browser: ask, get the answer, announce as moderator, see the card appear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARTEFACTS
from tests.fakes.program import RunningBot

pytestmark = [pytest.mark.browser, pytest.mark.process]

#: The bot answers within the second; a busy machine gets more.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    running = RunningBot(tmp_path_factory.mktemp("bot"))
    running.start()
    yield running
    running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, timezone_id="Europe/Brussels", locale="nl-BE"
    )
    yield context.new_page()
    context.close()


def become(page: Page, name: str, role: str) -> None:
    page.locator("details.who summary").click()
    page.get_by_label("Naam", exact=True).fill(name)
    page.get_by_label("Rol").select_option(role)
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator("details.who summary")).to_contain_text(name)


def ask(page: Page, text: str) -> None:
    page.get_by_label("Nieuw bericht in").fill(text)
    page.get_by_role("button", name="Vraag het aan de bot").click()


def test_a_member_asks_and_sees_the_answer_appear(page: Page, bot: RunningBot) -> None:
    page.goto(f"{bot.url}/community")
    become(page, "An Peeters", "lid")

    ask(page, "Wanneer is het volgende provinciaal atrium in Gent?")

    answer = page.locator(".is-bot").first
    expect(answer).to_contain_text("maandag 12 april 2027, van 9.00 tot 16.00 u.")
    expect(answer.get_by_role("link", name="Inschrijven:")).to_have_attribute(
        "href", "https://inschrijven.example.org/atr-1-044"
    )
    page.screenshot(path=ARTEFACTS / "whole-program-answer.png")


def test_a_moderator_announces_and_everybody_sees_the_card(page: Page, bot: RunningBot) -> None:
    page.goto(f"{bot.url}/community/water")
    become(page, "Mia Claes", "moderator")

    ask(
        page,
        "kondig aan: thematisch atrium over ontharding op 18 maart 2027 van 13.30 tot 16.30 u. in Mechelen, "
        "Lamot, Van Beethovenstraat 8, inschrijven tot 16 maart via https://inschrijven.example.org/ontharding",
    )
    preview = page.locator(".is-bot").first
    expect(preview).to_contain_text("Zo komt het bericht eruit te zien")
    preview.get_by_role("button", name="Bevestig").click()

    post = page.locator(".thread").filter(has_text="automatisch bericht").first
    expect(post).to_contain_text("donderdag 18 maart 2027")
    expect(post.get_by_role("link", name="Inschrijven:").first).to_have_attribute(
        "href", "https://inschrijven.example.org/ontharding"
    )
    page.screenshot(path=ARTEFACTS / "whole-program-announcement.png", full_page=True)
    post.get_by_role("link", name="Meer:").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ontharding")


def test_a_member_who_announces_is_refused_kindly(page: Page, bot: RunningBot) -> None:
    page.goto(f"{bot.url}/community")
    become(page, "Jo Maes", "lid")

    ask(page, "kondig aan: thematisch atrium over PFAS op 20 maart 2027 om 10 u. in Gent")

    expect(page.locator(".thread").first).to_contain_text("Aankondigen doen de moderatoren")


def test_on_a_phone_the_page_stays_within_its_width(browser: Browser, bot: RunningBot) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-BE")
    page = context.new_page()
    page.goto(f"{bot.url}/community")

    ask(page, "welke atria komen er in februari?")

    expect(page.locator(".is-bot").first).to_contain_text("februari")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.screenshot(path=ARTEFACTS / "whole-program-phone.png", full_page=True)
    context.close()
