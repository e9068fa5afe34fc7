"""The guard before the console: who is this, may they come here, does the form come from our own page.

Every address is registered here and nowhere else, with the right that `rights.ROUTES` names.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.people import moderated_by
from bot.web.console.forms import Form, read_form
from bot.web.console.rights import ROUTES, WHO, Right, has_right
from bot.web.console.visit import HEADERS, PLACE, Desk, Visit, csrf_of
from bot.web.console.way_back import page_of
from bot.web.errors import TITLES
from bot.web.guard import refuse_other_origin
from handlers.model import Person, Role
from handlers.wording.catalogue import say
from store.communities import list_communities
from store.members import find_person
from store.sessions import NOTED_EVERY, SignedIn, find_session, touch_session

Page = Callable[[Visit], Response]
Act = Callable[[Visit, Form], Response]

#: The field of each form that proves that it is ours.
CSRF_FIELD = "bewijs"

_RANKS = {role: rank for rank, role in enumerate(Role)}

EXPIRED = "beheer.formulier verlopen"
FOREIGN = "fout.andere site"


class Gate:
    """Registers the addresses of the console, each behind the guard."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.router = APIRouter(include_in_schema=False)

    def page(self, path: str, page: Page) -> None:
        """A page to look at."""
        right = ROUTES["GET", path]

        async def shown(request: Request) -> Response:
            return await run_in_threadpool(self._shown, request, right, page)

        self.router.add_api_route(path, shown, methods=["GET", "HEAD"], name=f"GET {path}")

    def act(self, path: str, act: Act) -> None:
        """A form to send."""
        right = ROUTES["POST", path]

        async def done(request: Request) -> Response:
            visit = await run_in_threadpool(self.visit, request)
            refusal = self._refusal(request, visit, right)
            if refusal is not None or visit is None:
                return refusal or sign_in_page(self.desk, request, 401)
            try:
                refuse_foreign(request)
                form = await read_form(request)
                if not hmac.compare_digest(form.text(CSRF_FIELD).encode(), visit.csrf.encode()):
                    raise HTTPException(403, say(EXPIRED))
                return await run_in_threadpool(act, visit, form)
            except HTTPException as error:
                return refused_page(visit, error)

        self.router.add_api_route(path, done, methods=["POST"], name=f"POST {path}")

    def visit(self, request: Request) -> Visit | None:
        """Who comes with this request; None when nobody is signed in."""
        secret = request.cookies.get(cookie_name(self.desk), "")
        if not secret or len(secret) > 200:
            return None
        store, now = self.desk.web.store, self.desk.web.now()
        with store.reading() as session:
            signed_in = find_session(session, secret, now)
            if signed_in is None:
                return None
            found = find_person(session, PLACE, signed_in.external_id)
            communities = list_communities(session)
            person = _person(found, signed_in)
            if found is not None:
                moderated = moderated_by(session, found, communities, frozenset(), now, in_private=True)
                person = replace(person, communities=moderated)
        if now - signed_in.seen_at >= NOTED_EVERY:
            with store.writing() as session:
                touch_session(session, secret, now)
        return Visit(
            desk=self.desk, request=request, person=person, secret=secret, communities=communities, now=now
        )

    def _shown(self, request: Request, right: Right, page: Page) -> Response:
        visit = self.visit(request)
        refusal = self._refusal(request, visit, right)
        if refusal is not None or visit is None:
            return refusal or sign_in_page(self.desk, request, 401)
        try:
            return page(visit)
        except HTTPException as error:
            return refused_page(visit, error)

    def _refusal(self, request: Request, visit: Visit | None, right: Right) -> Response | None:
        if visit is None:
            problem = say("beheer.formulier afgemeld") if request.method == "POST" else ""
            return sign_in_page(self.desk, request, 401, problem)
        if not has_right(visit.person, right):
            if not has_right(visit.person, Right.READ):
                return no_access_page(self.desk, visit.person.name, csrf_of(visit.secret))
            return visit.page("geweigerd.html", 403, reason=WHO[right])
        return None


def refused_page(visit: Visit, error: HTTPException) -> Response:
    """What cannot be done or is not there, said within the console, so that one finds the way on."""
    headline = TITLES.get(error.status_code, say("fout.titel lukte niet"))
    return visit.page("fout.html", error.status_code, headline=headline, reason=error.detail)


def refuse_foreign(request: Request) -> None:
    """Refuse a form that a page of another site sends; raises HTTPException 403."""
    refuse_other_origin(request, FOREIGN)


def cookie_name(desk: Desk) -> str:
    """Over https the name itself makes browsers refuse the cookie from anybody but this very host."""
    return "__Host-beheer" if desk.is_secure else "beheer"


def remember(answer: Response, desk: Desk, secret: str) -> None:
    """Give the browser the secret of its session; it goes when the browser closes, or when it is over."""
    answer.set_cookie(
        cookie_name(desk), secret, path="/", httponly=True, samesite="lax", secure=desk.is_secure
    )


def forget(answer: Response, desk: Desk) -> None:
    answer.delete_cookie(cookie_name(desk), path="/", httponly=True, samesite="lax", secure=desk.is_secure)


def sign_in_page(desk: Desk, request: Request, status: int, problem: str = "") -> Response:
    """The page "Aanmelden"; after signing in one comes where one wanted to be."""
    onward = request.query_params.get("verder", "")[:300] or page_of(request.url.path)
    return desk.pages.response(
        "beheer/aanmelden.html",
        status,
        HEADERS,
        has_provider=desk.setup.provider is not None,
        has_link=desk.setup.has_link,
        onward=safe_onward(onward),
        problem=problem,
        token="",
    )


def no_access_page(desk: Desk, name: str, csrf: str = "") -> Response:
    """What somebody sees who signed in and is not on the list."""
    return desk.pages.response("beheer/geen_toegang.html", 403, HEADERS, name=name, csrf=csrf)


def safe_onward(path: str) -> str:
    """The path when it is one of the console itself, so that nobody is sent elsewhere."""
    inside = path == "/beheer" or path.startswith("/beheer/")
    away = path.startswith(("/beheer/aanmelden", "/beheer/eenmalig", "/beheer/afmelden"))
    plain = path.isprintable() and "\\" not in path and "//" not in path
    return quote(path, safe="/%._-~") if inside and plain and not away and len(path) < 300 else "/beheer"


def onward_to(path: str) -> Response:
    return RedirectResponse(safe_onward(path), 303, headers=HEADERS)


def _person(found: Person | None, signed_in: SignedIn) -> Person:
    """The person behind a session, with the highest of the stored and the vouched role."""
    person = found or Person(platform=PLACE, external_id=signed_in.external_id, name=signed_in.name)
    vouched = Role(signed_in.vouched_role)
    return replace(person, role=max(person.role, vouched, key=_RANKS.__getitem__))
