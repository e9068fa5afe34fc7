"""A fake of Microsoft Entra: signing in by device code, by browser with PKCE, by refresh token, as an app."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.engage.world import GRAPH, YAMMER, User, World

#: What the app proves itself with.
CLIENT_SECRET = "fake-client-secret"  # noqa: S105 - of a fake

_RESOURCES = {"https://www.yammer.com": YAMMER, "https://api.yammer.com": YAMMER, GRAPH: GRAPH}


@dataclass(kw_only=True)
class SignIns:
    """What Entra keeps besides the world.

    Attributes:
        lasts: how long access tokens last.
        refuses: error description with which refreshing is refused, as after a changed password.
        pending: how often a device code must be asked for before the person has typed it in.
        down: every token request is answered 503.
        grants: each grant type that was asked for, in order, with its scope.
    """

    lasts: dt.timedelta = dt.timedelta(hours=1)
    refuses: str | None = None
    pending: int = 0
    down: bool = False
    device_codes: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh_tokens: dict[str, int] = field(default_factory=dict)
    grants: list[tuple[str, str]] = field(default_factory=list)


def routes(world: World) -> list[BaseRoute]:
    """Entra, to be served beside others; MSAL only talks to it over https."""
    base = f"/{world.tenant_id}"

    async def configuration(request: Request) -> Response:
        root = f"{request.url.scheme}://{request.url.netloc}{base}"
        return JSONResponse(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
            }
        )

    async def device_code(request: Request) -> Response:
        form = await request.form()
        if form.get("client_id") != world.client_id:
            return _error("unauthorized_client", "AADSTS700016: Application was not found in the directory.")
        code = uuid.uuid4().hex
        world.part(SignIns).device_codes[code] = str(form["scope"])
        return JSONResponse(
            {
                "device_code": code,
                "user_code": "FAKE42",
                "verification_uri": "https://login.example.org/device",
                "expires_in": 900,
                "interval": 0,
                "message": "Go there and type it in.",
            }
        )

    async def authorize(request: Request) -> Response:
        """The person signs in at once: there is nobody to ask."""
        query = dict(request.query_params)
        code = uuid.uuid4().hex
        world.part(SignIns).codes[code] = query
        answer = {"code": code, "state": query["state"], "client_info": _client_info(world)}
        if query.get("response_mode") == "form_post":
            return _posting_page(query["redirect_uri"], answer)
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer)}", status_code=302)

    async def token(request: Request) -> Response:
        return _token(world, {name: str(value) for name, value in (await request.form()).items()}, request)

    return [
        Route(f"{base}/v2.0/.well-known/openid-configuration", configuration),
        Route(f"{base}/oauth2/v2.0/devicecode", device_code, methods=["POST"]),
        Route(f"{base}/oauth2/v2.0/authorize", authorize),
        Route(f"{base}/oauth2/v2.0/token", token, methods=["POST"]),
    ]


def app(world: World) -> Starlette:
    """Entra alone."""
    return Starlette(routes=routes(world))


def _token(world: World, form: dict[str, str], request: Request) -> Response:
    state, grant = world.part(SignIns), form.get("grant_type", "")
    state.grants.append((grant, form.get("scope", "")))
    if state.down:
        return JSONResponse({"error": "temporarily_unavailable"}, status_code=503)
    if form.get("client_id") != world.client_id:
        return _error("unauthorized_client", "AADSTS700016: Application was not found in the directory.")
    if grant == "client_credentials":
        return _for_app(world, form)
    if grant == "urn:ietf:params:oauth:grant-type:device_code":
        scope = state.device_codes.get(form.get("device_code", ""))
        if scope is None:
            return _error("expired_token", "AADSTS70020: The device code has expired.")
        if state.pending:
            state.pending -= 1
            return _error("authorization_pending", "AADSTS70016: Authorization is pending.")
        return _for_user(world, scope, request)
    if grant == "authorization_code":
        asked = state.codes.pop(form.get("code", ""), None)
        if asked is None or not _proves(form.get("code_verifier", ""), asked.get("code_challenge")):
            return _error("invalid_grant", "AADSTS501481: The code verifier does not match.")
        return _for_user(world, asked["scope"], request, nonce=asked.get("nonce"))
    if grant == "refresh_token":
        if state.refuses is not None:
            return _error("invalid_grant", state.refuses)
        if state.refresh_tokens.pop(form.get("refresh_token", ""), None) is None:
            return _error("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.")
        return _for_user(world, form["scope"], request)
    return _error("unsupported_grant_type", "AADSTS70003: The grant type is not supported.")


def _for_app(world: World, form: dict[str, str]) -> Response:
    by_secret = form.get("client_secret") == CLIENT_SECRET
    if not by_secret and "client_assertion" not in form:
        return _error("invalid_client", "AADSTS7000215: Invalid client secret provided.", status=401)
    state = world.part(SignIns)
    token = world.issue(_audience(form["scope"]), None, state.lasts)
    return JSONResponse(
        {"token_type": "Bearer", "expires_in": int(state.lasts.total_seconds()), "access_token": token}
    )


def _for_user(world: World, scope: str, request: Request, nonce: str | None = None) -> Response:
    """Tokens of the bot's account: who signs in here is always the bot."""
    state, user = world.part(SignIns), world.bot
    refresh = f"refresh-secret-{uuid.uuid4().hex}"
    state.refresh_tokens[refresh] = user.id
    seconds = int(state.lasts.total_seconds())
    resource = [each for each in scope.split() if each.startswith("https://")]
    issuer = f"{request.url.scheme}://{request.url.netloc}/{world.tenant_id}/v2.0"
    return JSONResponse(
        {
            "token_type": "Bearer",
            "scope": " ".join(resource),
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": world.issue(_audience(scope), user, state.lasts),
            "refresh_token": refresh,
            "id_token": _id_token(world, user, issuer, nonce),
            "client_info": _client_info(world),
        }
    )


def _audience(scope: str) -> str:
    for name, audience in _RESOURCES.items():
        if name in scope:
            return audience
    raise AssertionError(f"a token was asked for {scope!r}")


def _proves(verifier: str, challenge: str | None) -> bool:
    """PKCE: whoever redeems the code is who asked for it."""
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return made == challenge


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _client_info(world: World) -> str:
    return _part({"uid": world.bot.entra_id, "utid": world.tenant_id})


def _id_token(world: World, user: User, issuer: str, nonce: str | None) -> str:
    now = int(dt.datetime.now(dt.UTC).timestamp())  # noqa: TID251 - MSAL holds it to the machine's clock
    claims = {
        "iss": issuer,
        "aud": world.client_id,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "oid": user.entra_id,
        "sub": user.entra_id,
        "tid": world.tenant_id,
        "name": user.name,
        "preferred_username": user.email,
        "ver": "2.0",
        **({"nonce": nonce} if nonce else {}),
    }
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.signature"


def _error(error: str, description: str, status: int = 400) -> Response:
    told = f"{description} Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-23 09:00:00Z"
    return JSONResponse({"error": error, "error_description": told, "error_codes": []}, status_code=status)


def _posting_page(address: str, fields: dict[str, str]) -> Response:
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    return Response(
        f'<form method="post" action="{address}">{inputs}</form><script>document.forms[0].submit()</script>',
        media_type="text/html",
    )
