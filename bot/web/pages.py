"""Renders the pages: one set of templates, with the few things that every page knows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.web.folding import folded
from handlers.wording.catalogue import say
from handlers.wording.reasons import reason_text
from handlers.wording.texts import CONTACT_NAME, CONTACT_PHONE, NETWORK

STATIC = Path(__file__).parent / "static"


class Pages:
    """The templates of the program.

    Args:
        has_community: whether the menu shows the local community.
    """

    def __init__(self, *, has_community: bool) -> None:
        self._environment = Environment(
            loader=PackageLoader("bot.web"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "web_link": web_link,
            "host": host,
            "reason": reason_text,
            "folded": folded,
        }
        self._environment.globals |= {
            "network": NETWORK,
            "say": say,
            "contact_name": CONTACT_NAME,
            "contact_phone": CONTACT_PHONE,
            "has_community": has_community,
            "static": static_address,
            "atrium_page": atrium_page,
            "route_link": route_link,
        }

    def add(self, **known: object) -> None:
        """Let every template know these by name."""
        self._environment.globals |= known

    def text(self, template: str, **values: object) -> str:
        """The template as HTML."""
        return self._environment.get_template(template).render(values)

    def response(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: object
    ) -> HTMLResponse:
        return HTMLResponse(self.text(template, **values), status, headers)


class StaticAssets(StaticFiles):
    """The stylesheets and scripts; their addresses carry a fingerprint, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope["query_string"] and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@cache
def static_address(name: str) -> str:
    """The address of a stylesheet or script, with a fingerprint of its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def atrium_page(uid: str) -> str:
    """The path of the page of one atrium."""
    return f"/atria/{quote(uid, safe='')}"


def route_link(where: str) -> str:
    """A map that shows the way to this place."""
    return f"https://www.openstreetmap.org/search?query={quote(where, safe='')}"


def host(url: str) -> str:
    """The machine that an address leads to, for a link that would else be a long line of signs."""
    return urlsplit(url).hostname or url


def web_link(url: str | None) -> str | None:
    """The address if it is one of the web, None for anything else (never `javascript:`)."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
