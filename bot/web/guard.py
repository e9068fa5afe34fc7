"""What a browser may do with our pages, and who may write to the local community."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.wording.catalogue import say

#: Everything comes from here, nothing runs inline, nobody frames us. Images may be data: the base
#: stylesheet draws its icons so. A schema.org block is data, not script, and needs no leave.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class SecurityHeaders:
    """Puts the security headers on every response that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def is_loopback(host: str) -> bool:
    """Whether listening on this host means: only programs on this machine can reach it."""
    name = host.strip("[]").casefold()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_foreign_host(request: Request, trusted: Collection[str]) -> None:
    """Refuse a request that names another machine than this one: a page elsewhere may have
    pointed its own name at us (DNS rebinding).

    Args:
        trusted: host names besides those of this machine.

    Raises:
        HTTPException: 403.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if not (is_loopback(host) or host in trusted):
        raise HTTPException(403, say("lokaal.alleen hier"))


ONLY_FROM_COMMUNITY = "lokaal.alleen van de pagina"


def refuse_other_origin(request: Request, words: str = ONLY_FROM_COMMUNITY) -> None:
    """Refuse what a page of another site sends. Programs that are no browser name no origin.

    Raises:
        HTTPException: 403, with the text of this name.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if site not in {"same-origin", "none"} or not same:
        raise HTTPException(403, say(words))


def require_content_type(request: Request, expected: str) -> None:
    """Raises HTTPException 415 unless the body is of this type."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if given != expected:
        raise HTTPException(415, say("lokaal.formaat", soort=expected))
