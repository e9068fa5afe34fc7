"""A real Chromium, and the web of the program on loopback for it to look at."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from bot.platforms.local import LocalPlatform
from store.engine import Store
from tests.fakes.answering import AnsweringBot
from tests.fakes.network import load_sample
from tests.fakes.visitor import served, web

ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

#: Where the screenshots go, for people to look at.
ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"

WIDTHS = {360: 740, 1280: 900}
THEMES = ("light", "dark")

#: The atrium that the answering bot speaks of.
GENT = "atr-1-044"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module; while it is open, this thread cannot `asyncio.run`."""
    program = shutil.which("chromium")
    if program is None:
        missing = "Chromium is missing (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


@dataclass
class Site:
    """The web on loopback, with what tests need to speak behind its back."""

    url: str
    store: Store
    local: LocalPlatform


@pytest.fixture
def site(sqlite_store: Store, now: dt.datetime) -> Iterator[Site]:
    """The sample agenda and a local community with a bot that answers."""
    load_sample(sqlite_store, now - dt.timedelta(days=3))
    local = LocalPlatform(sqlite_store, lambda: now)
    AnsweringBot(sqlite_store, local, now, GENT)
    with served(web(sqlite_store, now, local=local)) as url:
        yield Site(url, sqlite_store, local)


@dataclass
class Look:
    """One window: its width and theme, and what the browser complained of."""

    page: Page
    width: int
    theme: str
    complaints: list[str] = field(default_factory=list)

    def heed(self, message: ConsoleMessage) -> None:
        # Chromium reports each page of status 4xx; those pages are meant.
        if message.type in {"error", "warning"} and "the server responded with" not in message.text:
            self.complaints.append(message.text)

    def check(self, name: str) -> None:
        """Nothing inaccessible, no complaint, nothing wider than the window; keeps a screenshot."""
        ARTEFACTS.mkdir(exist_ok=True)
        file = re.sub(r"\W+", "-", name)
        self.page.screenshot(path=ARTEFACTS / f"{file}-{self.width}-{self.theme}.png", full_page=True)
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert self.complaints == []
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider == 0


WINDOWS = [(width, theme) for width in WIDTHS for theme in THEMES]


@pytest.fixture(params=WINDOWS, ids=lambda window: f"{window[0]}-{window[1]}")
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Look]:
    """A window, once for each width and theme."""
    width, theme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=theme,
        locale="nl-BE",
        timezone_id="Europe/Brussels",
    )
    made = Look(context.new_page(), width, theme)
    made.page.on("console", made.heed)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One window of a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-BE")
    yield context.new_page()
    context.close()
