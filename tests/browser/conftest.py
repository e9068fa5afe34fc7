"""A real Chromium, and the web of the program on loopback for it to look at."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from bot.platforms.local import LocalPlatform
from store.engine import Store
from tests.fakes.answering import AnsweringBot
from tests.fakes.filled import filled
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
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

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
    filled(sqlite_store, load_sample, now - dt.timedelta(days=3))
    local = LocalPlatform(sqlite_store, lambda: now)
    AnsweringBot(sqlite_store, local, now, GENT)
    with served(web(sqlite_store, now, local=local)) as url:
        yield Site(url, sqlite_store, local)


@dataclass
class Look:
    """One window that can be made of each width and theme, and what the browser complained of."""

    page: Page
    widths: tuple[int, ...]
    complaints: list[str] = field(default_factory=list)

    def heed(self, message: ConsoleMessage) -> None:
        # Chromium reports each page of status 4xx; those pages are meant.
        if message.type in {"error", "warning"} and "the server responded with" not in message.text:
            self.complaints.append(message.text)

    def check(self, name: str) -> None:
        """At each width and in each theme: nothing inaccessible, no complaint, nothing wider than the window.

        The page is loaded once and stays; of each a screenshot is kept.
        """
        ARTEFACTS.mkdir(exist_ok=True)
        file = re.sub(r"\W+", "-", name)
        for width, theme in itertools.product(self.widths, THEMES):
            self.become(width, theme)
            self.page.screenshot(path=ARTEFACTS / f"{file}-{width}-{theme}.png", full_page=True)
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{width}, {theme}: {found.generate_report()}"
            assert self.complaints == [], f"{width}, {theme}"
            wider = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider == 0, f"{width}, {theme}"
        self.become(self.widths[0], THEMES[0])

    def become(self, width: int, theme: Literal["light", "dark"]) -> None:
        self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        self.page.emulate_media(color_scheme=theme)
        # Colours slide to those of the other theme: what is half-way is no colour that anybody reads by.
        self.page.evaluate(
            """() => {
                const sliding = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
                for (let some = sliding(); some.length; some = sliding()) some.forEach((one) => one.finish());
            }"""
        )


#: For what is done in a window before it is looked at: it is done at each width, looked at in that one.
at_each_width = pytest.mark.parametrize("look", WIDTHS, indirect=True)


@pytest.fixture
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Look]:
    """A window that is looked at in each theme, at the width that the test gives or at every one."""
    widths = (request.param,) if hasattr(request, "param") else tuple(WIDTHS)
    context = browser.new_context(locale="nl-BE", timezone_id="Europe/Brussels")
    made = Look(context.new_page(), widths)
    made.page.on("console", made.heed)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    made.become(widths[0], THEMES[0])
    yield made
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One window of a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-BE")
    yield context.new_page()
    context.close()
