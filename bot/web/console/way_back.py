"""From the address of a step to the page that it belongs to: a step can be sent, and not be opened again."""

from __future__ import annotations

import re

from bot.web.console.rights import ROUTES


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


_PAGES = [_pattern(path) for method, path in ROUTES if method == "GET"]
_STEPS = [_pattern(path) for method, path in ROUTES if method == "POST"]


def is_step(path: str) -> bool:
    """Whether this is an address that only forms are sent to."""
    return _matches(_STEPS, path) and not _matches(_PAGES, path)


def page_of(path: str) -> str:
    """The nearest page at or above an address of the console: "/beheer/berichten/7" for its "/stap"."""
    if ("POST", path) in ROUTES and ("GET", path) not in ROUTES:
        # A step with a name of its own, where a page is called by any name.
        path = path.rpartition("/")[0]
    while path.count("/") > 1 and not _matches(_PAGES, path):
        path = path.rpartition("/")[0]
    return path if _matches(_PAGES, path) else "/beheer"


def _matches(patterns: list[re.Pattern[str]], path: str) -> bool:
    return any(each.fullmatch(path) for each in patterns)
