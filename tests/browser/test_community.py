"""The local community as people use it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


def ask(page: Page, text: str) -> None:
    page.get_by_label("Nieuw bericht in").fill(text)
    page.get_by_role("button", name="Vraag het aan de bot").click()


def test_a_question_is_answered_without_leaving_the_page(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    ask(page, "Wanneer is het volgende Provinciaal Atrium in Gent?")
    answer = page.locator(".is-bot")
    expect(answer).to_contain_text("Het volgende atrium.")
    expect(answer).to_contain_text("Provinciaal Atrium Gent")
    expect(page.get_by_label("Nieuw bericht in")).to_be_focused()
    expect(page.get_by_label("Nieuw bericht in")).to_have_value("")
    expect(page.get_by_text("Hier is nog niets gezegd.")).to_have_count(0)
    expect(page.locator("#nieuws")).to_contain_text("Nieuw bericht van atriumbot")


def test_a_card_leads_to_the_page_of_its_atrium(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    ask(page, "Wanneer?")
    page.get_by_role("link", name="Meer: Provinciaal Atrium Gent").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Provinciaal Atrium Gent")


def test_a_choice_says_itself_in_its_thread(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    ask(page, "Wanneer?")
    page.get_by_role("button", name="En daarna").click()
    thread = page.locator(".thread")
    expect(thread).to_have_count(1)
    expect(thread.locator(".message")).to_have_count(4)
    expect(thread.locator(".message").nth(2)).to_contain_text("en daarna?")


def test_only_the_last_answer_of_a_thread_can_be_said_to_be_wrong(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    ask(page, "Wanneer?")
    objection = page.get_by_role("button", name="Niet wat ik vroeg: Het volgende atrium.")
    expect(objection).to_have_count(1)
    objection.click()
    thread = page.locator(".thread")
    expect(thread.locator(".message")).to_have_count(4)
    expect(thread.locator(".message").nth(2)).to_contain_text("👎")
    expect(objection).to_have_count(1)
    expect(thread.locator(".message").nth(3).get_by_role("button", name="Niet wat ik vroeg")).to_be_visible()


def test_a_suggestion_asks_the_bot(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    page.get_by_role("button", name="Wanneer is het volgende Lokaal Atrium in Zottegem?").click()
    expect(page.locator(".is-bot")).to_have_count(1)


def test_a_reply_keeps_the_focus(page: Page, site: Site) -> None:
    begun = site.local.receive("algemeen", "Jo", "lid", "dag allemaal")
    page.goto(f"{site.url}/community")
    box = page.locator(f"#antwoord-{begun.id}")
    box.fill("dag Jo")
    page.locator(f"#gesprek-{begun.id}").get_by_role("button", name="Antwoord").click()
    expect(page.locator(f"#gesprek-{begun.id} .message")).to_have_count(2)
    expect(box).to_be_focused()


def test_everybody_sees_a_message_as_it_comes(browser: Browser, page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    other = browser.new_context().new_page()
    other.goto(f"{site.url}/community")
    other.get_by_label("Nieuw bericht in").fill("Wie rijdt er mee naar Gent?")
    other.get_by_role("button", name="Plaats bericht").click()
    expect(page.locator(".message")).to_contain_text("Wie rijdt er mee naar Gent?")
    expect(other.locator(".message")).to_have_count(1)
    other.context.close()


def test_a_message_of_another_community_does_not_come(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community/water")
    site.local.receive("algemeen", "Jo", "lid", "dag allemaal")
    site.local.receive("water", "Jo", "lid", "dag waterfans")
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".message")).to_contain_text("dag waterfans")


def test_who_writes_is_remembered(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    page.locator("summary", has_text="Je schrijft als").click()
    page.get_by_label("Naam").fill("Zoë Peeters")
    page.get_by_label("Rol").select_option("moderator")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_label("Nieuw bericht in").fill("dag")
    page.get_by_role("button", name="Plaats bericht").click()
    expect(page.locator(".message .by")).to_contain_text("Zoë Peeters")
    expect(page.locator(".message .by")).to_contain_text("moderator")
    page.goto(f"{site.url}/community/water")
    expect(page.locator("summary", has_text="Zoë Peeters")).to_be_visible()


def test_what_cannot_be_placed_is_told_beside_the_field_and_kept(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    page.get_by_label("Nieuw bericht in").fill("x" * 10_001)
    page.get_by_role("button", name="Plaats bericht").click()
    expect(page.locator("#bericht-fout")).to_contain_text("Maak je bericht korter")
    expect(page.get_by_label("Nieuw bericht in")).to_have_value("x" * 10_001)
    expect(page.get_by_label("Nieuw bericht in")).to_be_focused()


def test_typed_markup_stays_text(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/community")
    page.get_by_label("Nieuw bericht in").fill("<img src=x onerror=\"document.title='stuk'\"><b>vet</b>")
    page.get_by_role("button", name="Plaats bericht").click()
    expect(page.locator(".message .text")).to_contain_text("<b>vet</b>")
    assert page.locator(".message img, .message .text b").count() == 0
    assert page.title() != "stuk"


def test_it_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/community")
    ask(page, "Wanneer is het volgende Provinciaal Atrium in Gent?")
    expect(page.locator(".is-bot")).to_contain_text("Het volgende atrium.")
    page.get_by_role("button", name="En daarna").click()
    expect(page.locator(".message")).to_have_count(4)
    context.close()


def test_an_older_conversation_that_gets_an_answer_is_announced(page: Page, site: Site) -> None:
    oldest = site.local.receive("algemeen", "Jo", "lid", "de oudste")
    for number in range(25):
        site.local.receive("algemeen", "Jo", "lid", f"bericht {number}")
    page.goto(f"{site.url}/community")
    site.local.receive("algemeen", "An", "lid", "toch nog", str(oldest.id))
    expect(page.locator("#nieuws")).to_contain_text("in een ouder gesprek")
