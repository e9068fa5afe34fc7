"""In and out of the console: with the provider of the network, or with the one-time link of the demo."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from bot import logs
from bot.demo import PEOPLE
from bot.people import meet, moderated_by
from bot.web.console import gate as door
from bot.web.console.attempts import WINDOW, Attempts, address_of
from bot.web.console.forms import read_form
from bot.web.console.gate import Gate, no_access_page, onward_to, refuse_foreign, remember, sign_in_page
from bot.web.console.oidc import Identity, OpenIdConnect, SignInError
from bot.web.console.people import ROLE_NAMES
from bot.web.console.visit import HEADERS, PLACE, Desk, csrf_of
from handlers.model import Role
from handlers.moderation.permissions import may_see_console
from handlers.wording.catalogue import say
from store import audit, sessions
from store.communities import list_communities
from store.members import find_person

log = logs.get(__name__)

#: Binds the answer of the provider to the browser that asked.
STATE_COOKIE = "beheer_aanmelden"

#: Who comes in with a link of the demo, by the name that the link carries; without one its administrator.
DEMO: Mapping[str | None, tuple[Identity, Role]] = {
    each.key: (Identity(ids=(each.email,), name=each.name, email=each.email), each.role) for each in PEOPLE
}

STALE = "beheer.aanmelden verlopen"
LINK_STALE = "beheer.aanmelden link verlopen"


def demo_link(session_secret: str, public_url: str) -> str:
    """The address that is printed at the start of the demo."""
    return f"{public_url.rstrip('/')}/beheer/eenmalig/{session_secret}"


class _NoAccessError(Exception):
    """Somebody signed in who has no business here."""


class Entrance:
    """The addresses that are open to whoever is not signed in yet."""

    def __init__(self, gate: Gate) -> None:
        self.desk: Desk = gate.desk
        self.gate = gate
        self.attempts = Attempts(self.desk.web.now)
        provider = self.desk.setup.provider
        address = self.desk.web.address("/beheer/aanmelden/terug")
        self.provider = OpenIdConnect(provider, address, self.desk.web.now) if provider else None

    def register(self, router: APIRouter) -> None:
        def add(method: str, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
            methods = ["GET", "HEAD"] if method == "GET" else [method]
            router.add_api_route(path, endpoint, methods=methods, name=f"{method} {path}")

        add("GET", "/beheer/aanmelden", self.page)
        add("POST", "/beheer/aanmelden", self.begin)
        add("GET", "/beheer/aanmelden/terug", self.back)
        add("GET", "/beheer/eenmalig/{token}", self.link)
        add("POST", "/beheer/eenmalig", self.use_link)
        add("POST", "/beheer/afmelden", self.leave)

    async def page(self, request: Request) -> Response:
        visit = await run_in_threadpool(self.gate.visit, request)
        if visit is not None and may_see_console(visit.person):
            return onward_to(request.query_params.get("verder", "")[:300])
        return sign_in_page(self.desk, request, 200)

    async def begin(self, request: Request) -> Response:
        """Send somebody to the provider."""
        refuse_foreign(request)
        form = await read_form(request)
        if self.provider is None:
            return sign_in_page(self.desk, request, 404, say("beheer.aanmelden geen account"))
        if not self.attempts.allows(address_of(request)):
            return self._too_often(request)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        onward = door.safe_onward(form.text("verder"))
        state = await run_in_threadpool(self._opened, nonce, verifier, onward)
        try:
            address = await self.provider.address(state, nonce, verifier)
        except SignInError as error:
            log.warning("console sign-in failed", reason=error.detail)
            return sign_in_page(self.desk, request, 503, say(error.reason))
        answer = RedirectResponse(address, 303, headers=HEADERS)
        answer.set_cookie(
            STATE_COOKIE,
            state,
            max_age=int(sessions.ANSWER_LASTS.total_seconds()),
            path="/beheer/aanmelden",
            httponly=True,
            samesite="lax",
            secure=self.desk.is_secure,
        )
        return answer

    def _opened(self, nonce: str, verifier: str, onward: str) -> str:
        with self.desk.web.store.writing() as session:
            return sessions.open_way_in(
                session,
                sessions.OIDC,
                self.desk.web.now(),
                nonce=nonce,
                verifier=verifier,
                onward=onward,
            )

    async def back(self, request: Request) -> Response:
        """The provider sends somebody back."""
        given = request.query_params
        state = given.get("state", "")
        mine = request.cookies.get(STATE_COOKIE, "")
        if self.provider is None or not mine or not secrets.compare_digest(state.encode(), mine.encode()):
            return sign_in_page(self.desk, request, 400, say(STALE))
        if not self.attempts.allows(address_of(request)):
            return self._too_often(request)
        way = await run_in_threadpool(self._went_in, sessions.OIDC, state)
        if way is None or way.nonce is None or way.verifier is None:
            return sign_in_page(self.desk, request, 400, say(STALE))
        code = given.get("code", "")
        if given.get("error") or not code:
            return sign_in_page(self.desk, request, 400, say("beheer.aanmelden afgebroken"))
        try:
            identity = await self.provider.identity(code, way.nonce, way.verifier)
        except SignInError as error:
            log.warning("console sign-in failed", reason=error.detail)
            return sign_in_page(self.desk, request, 502, say(error.reason))
        return await run_in_threadpool(self._enter, request, identity, way.onward or "/beheer")

    async def link(self, request: Request) -> Response:
        """The page behind the one-time link: a button, so that looking at it does not use it up."""
        token = str(request.path_params["token"])[:200]
        way = await run_in_threadpool(self._found, token)
        if way is None:
            return sign_in_page(self.desk, request, 404, say(LINK_STALE))
        identity, role = _of_demo(way)
        return self.desk.pages.response(
            "beheer/aanmelden.html",
            200,
            # The secret stands in the address: it must not travel on.
            {**HEADERS, "Referrer-Policy": "same-origin"},
            has_provider=False,
            has_link=True,
            onward="/beheer",
            problem="",
            token=token,
            whose=identity.name,
            role=ROLE_NAMES[role],
        )

    def _found(self, token: str) -> sessions.SignIn | None:
        if not self.desk.setup.has_link:
            return None
        with self.desk.web.store.reading() as session:
            return sessions.find_way_in(session, sessions.LINK, token, self.desk.web.now())

    async def use_link(self, request: Request) -> Response:
        refuse_foreign(request)
        form = await read_form(request)
        if not self.attempts.allows(address_of(request)):
            return self._too_often(request)
        token = form.text("token")[:200]
        way = (
            await run_in_threadpool(self._went_in, sessions.LINK, token) if self.desk.setup.has_link else None
        )
        if way is None:
            return sign_in_page(self.desk, request, 404, say(LINK_STALE))
        identity, role = _of_demo(way)
        return await run_in_threadpool(self._open, request, identity, role, "/beheer")

    async def leave(self, request: Request) -> Response:
        """Sign out. Without a session there is nothing to do and nothing to prove."""
        refuse_foreign(request)
        form = await read_form(request)
        secret = request.cookies.get(door.cookie_name(self.desk), "")
        if secret and not secrets.compare_digest(
            form.text(door.CSRF_FIELD).encode(), csrf_of(secret).encode()
        ):
            raise HTTPException(403, say(door.EXPIRED))
        await run_in_threadpool(self._close, secret)
        answer = RedirectResponse("/beheer/aanmelden", 303, headers=HEADERS)
        door.forget(answer, self.desk)
        return answer

    def _went_in(self, kind: str, secret: str) -> sessions.SignIn | None:
        with self.desk.web.store.writing() as session:
            return sessions.go_in(session, kind, secret, self.desk.web.now())

    def _enter(self, request: Request, identity: Identity, onward: str) -> Response:
        """Sign in by the first name of the identity that the roles know, or by whose address it is."""
        try:
            return self._open(request, identity, Role.MEMBER, onward)
        except _NoAccessError:
            return no_access_page(self.desk, identity.name)

    def _open(self, request: Request, identity: Identity, vouched: Role, onward: str) -> Response:
        """Open a session. Raises `_NoAccessError`, and nothing is kept of whoever may not come in."""
        now = self.desk.web.now()
        old = request.cookies.get(door.cookie_name(self.desk), "")
        with self.desk.web.store.writing() as session:
            external_id = _known_as(session, identity)
            person = meet(
                session,
                PLACE,
                external_id,
                identity.name,
                vouched,
                now,
                rules=self.desk.rules,
                email=identity.email,
            )
            moderated = moderated_by(
                session, person, list_communities(session), frozenset(), now, in_private=True
            )
            who = replace(person, role=max(person.role, vouched, key=list(Role).index), communities=moderated)
            if not may_see_console(who):
                raise _NoAccessError
            # A new secret at each sign-in: one that was planted before is worth nothing.
            sessions.close_session(session, old)
            secret = sessions.open_session(session, external_id, identity.name, vouched.value, now)
            audit.write(session, now, who, PLACE, "signed in", f"{PLACE}:{external_id}")
        answer = onward_to(onward)
        remember(answer, self.desk, secret)
        answer.delete_cookie(STATE_COOKIE, path="/beheer/aanmelden")
        return answer

    def _close(self, secret: str) -> None:
        with self.desk.web.store.writing() as session:
            sessions.close_session(session, secret)

    def _too_often(self, request: Request) -> Response:
        answer = sign_in_page(self.desk, request, 429, say("beheer.aanmelden te vaak"))
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        return answer


def _of_demo(way: sessions.SignIn) -> tuple[Identity, Role]:
    """Who comes in with this link."""
    return DEMO[way.nonce if way.nonce in DEMO else None]


def _known_as(session: Session, identity: Identity) -> str:
    """The first name by which the roles know somebody; else the most telling one."""
    for external_id in identity.ids:
        found = find_person(session, PLACE, external_id)
        if found is not None and may_see_console(found):
            return external_id
    return identity.ids[0]
