"""The story of moderators through the console, in a browser, ends in the same rows and posts as ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from bot.web.console.setup import ConsoleSetup
from handlers.model import Role
from handlers.moderation.fields import FIELDS, Sort, place_count, place_of
from store import sessions
from store.engine import Store
from tests.fakes.console_visitors import PEOPLE, settle_people
from tests.fakes.desk import Desk
from tests.fakes.story import FIVE, HALL, ONE, STORY, cancelled, corrected, only
from tests.fakes.story_desk import ByForm, Values, ending, story_desk
from tests.fakes.visitor import served, web

pytestmark = pytest.mark.browser


class InConsole:
    """Every step on the pages of the console; the author and the colleague have a browser each."""

    def __init__(
        self, desk: Desk, values: Values, windows: tuple[BrowserContext, BrowserContext], url: str
    ) -> None:
        self.desk, self.values, self.url = desk, values, url
        self.author, self.colleague = (each.new_page() for each in windows)
        self.pages = f"{url}/beheer"

    def tell(self) -> dict[str, Any]:
        # While a browser is open no event loop can be run in this thread, and the bot has one.
        with ThreadPoolExecutor(1) as elsewhere:
            for act in STORY:
                elsewhere.submit(self.desk.at, act.at).result()
                self.enter()
                getattr(self, act.name)()
                elsewhere.submit(self.desk.at, act.at).result()
        return ending(self.desk)

    def enter(self) -> None:
        """Sign both in anew: a session ends after some hours, and the story takes five days."""
        for page, who in ((self.author, "moderator"), (self.colleague, "collega")):
            with self.desk.store.writing() as session:
                secret = sessions.open_session(
                    session, PEOPLE[who], who.capitalize(), Role.MEMBER.value, self.desk.now
                )
            page.context.add_cookies([{"name": "beheer", "value": secret, "url": self.url}])

    @property
    def announcement(self) -> str:
        return f"{self.pages}/aankondigingen/{only(self.desk.store).id}"

    def wait(self) -> None: ...

    def open(self) -> None:
        self.desk.bench.platform.closed.clear()

    def plan(self) -> None:
        page = self.author
        page.goto(f"{self.pages}/aankondigingen/nieuw")
        for _ in range(place_count(self.values) - 1):
            page.get_by_role("button", name="Nog een plaats").click()
        for name, value in self.values.items():
            self.fill(page, name, value)
        page.get_by_role("button", name="Bewaar als ontwerp").click()
        page.get_by_role("button", name="Leg voor").click()
        expect(page.locator("main")).to_contain_text("wacht op een andere moderator")

    def fill(self, page: Page, name: str, value: str | tuple[str, ...]) -> None:
        place = place_of(name)
        match FIELDS[place[0] if place else name].sort:
            case Sort.CHOICES:
                for one in value:
                    page.locator(f"[name='{name}'][value='{one}']").check()
            case Sort.CHOICE:
                page.locator(f"[name='{name}']").select_option(value)
            case _:
                page.locator(f"[name='{name}']").fill(str(value))

    def agree(self) -> None:
        self.colleague.goto(self.announcement)
        expect(self.colleague.locator("main")).to_contain_text("Inschrijven")
        self.colleague.get_by_role("button", name="Keur goed").click()
        expect(self.colleague.locator("main")).to_contain_text("gepland")

    def look(self) -> None:
        self.author.goto(self.announcement)
        row = self.author.get_by_role("region", name="Per community").get_by_role("row", name="Klimaat")
        expect(row).to_contain_text("mislukt")
        expect(row).to_contain_text("het kanaal is gearchiveerd")

    def retry(self) -> None:
        self.author.goto(self.announcement)
        self.author.get_by_role("button", name="Probeer opnieuw waar het mislukte").click()
        expect(self.author.locator("main")).to_contain_text("wordt geplaatst")

    def correct(self) -> None:
        uid = only(self.desk.store).atria[corrected(self.values)]
        self.author.goto(f"{self.pages}/agenda/{uid}/wijzigen")
        self.author.locator("[name='locatie']").fill(HALL)
        self.author.get_by_role("button", name="Bewaar").click()
        expect(self.author.locator("#gemeld")).to_contain_text("Bewaard")

    def cancel(self) -> None:
        uid = only(self.desk.store).atria[cancelled(self.values)]
        self.author.goto(self.announcement)
        if place_count(self.values) > 1:
            self.author.locator(f"[name='plaats'][value='{uid}']").check()
            self.author.get_by_role("button", name="Annuleer de gekozen plaatsen").click()
        else:
            self.author.get_by_role("button", name="Annuleer dit atrium").click()
        expect(self.author.locator("main")).to_contain_text("Geannuleerd: ")
        self.author.get_by_role("button", name="Annuleer deze plaats").click()
        expect(self.author.locator("#gemeld")).to_contain_text("Geannuleerd")


@pytest.fixture
def windows(browser: Browser) -> Iterator[tuple[BrowserContext, BrowserContext]]:
    """Two people with a browser each."""
    opened = [browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE") for _ in range(2)]
    yield opened[0], opened[1]
    for each in opened:
        each.close()


@pytest.mark.parametrize("values", [ONE, FIVE], ids=["one place", "five places"])
def test_the_console_ends_in_the_same_rows_and_posts_as_any_form(
    windows: tuple[BrowserContext, BrowserContext], store: Store, other_store: Store, values: Values
) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        by_form = elsewhere.submit(lambda: ByForm(story_desk(other_store), values).tell()).result()
    desk = story_desk(store)
    settle_people(store)
    effects = Effects(desk.announcing.rules, Pseudonyms(b"key"), desk.announcing)
    setup = ConsoleSetup(effects=effects, announcing=desk.announcing)
    site = replace(
        web(store, desk.now, console=setup, public_url="http://127.0.0.1"), now=desk.bench.clock.now
    )
    with served(site) as url:
        in_console = InConsole(desk, values, windows, url).tell()
    assert in_console == by_form
