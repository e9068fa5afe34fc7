"""The whole console, put together: each area behind the gate, and nothing beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.web.console import (
    agenda,
    announcement_form,
    announcement_steps,
    announcements,
    atrium_form,
    handed_in,
    importing,
    log,
    network,
    outbox,
    overview,
    people,
    placing_now,
    questions,
    reports,
    texts,
)
from bot.web.console.gate import Gate, refused_page, sign_in_page
from bot.web.console.previews import mrkdwn
from bot.web.console.rights import Right
from bot.web.console.setup import ConsoleSetup
from bot.web.console.signin import Entrance
from bot.web.console.visit import Desk
from bot.web.console.way_back import is_step, page_of
from bot.web.pages import Pages
from bot.web.site import Web
from handlers.wording.catalogue import say

#: Of the menu: the word by which a page says where it is, its text, the address, the right it takes.
MENU = (
    ("overzicht", "beheer.menu overzicht", "/beheer", Right.READ),
    ("agenda", "beheer.menu agenda", "/beheer/agenda", Right.READ),
    ("aankondigingen", "beheer.menu aankondigingen", "/beheer/aankondigingen", Right.READ),
    ("berichten", "beheer.menu berichten", "/beheer/berichten", Right.READ),
    ("vragen", "beheer.menu vragen", "/beheer/vragen", Right.READ),
    ("inbreng", "beheer.menu inbreng", "/beheer/inbreng", Right.READ),
    ("netwerk", "beheer.menu netwerk", "/beheer/netwerk", Right.READ),
    ("teksten", "beheer.menu teksten", "/beheer/teksten", Right.READ),
    ("verslag", "beheer.menu verslag", "/beheer/verslag", Right.READ),
    ("rollen", "beheer.menu rollen", "/beheer/rollen", Right.WATCH),
    ("logboek", "beheer.menu logboek", "/beheer/logboek", Right.MODERATE),
)


def menu_items() -> list[tuple[str, str, str, Right]]:
    """The menu in the words of now."""
    return [(word, say(name), address, right) for word, name, address, right in MENU]


def routes(web: Web, pages: Pages, setup: ConsoleSetup) -> APIRouter:
    """`/beheer` and everything under it."""
    pages.add(
        menu_items=menu_items,
        role_name=people.role_name,
        action_name=log.action_name,
        act_moment=agenda.moment,
        mrkdwn=mrkdwn,
        desk_page=agenda.desk_page,
    )
    gate = Gate(Desk(web=web, pages=pages, setup=setup))
    Entrance(gate).register(gate.router)
    # What has a fixed name before what has a name of its own at the same place.
    atrium_form.register_new(gate)
    announcement_form.register_new(gate)
    importing.register(gate)
    for area in (
        agenda,
        atrium_form,
        handed_in,
        announcements,
        announcement_form,
        announcement_steps,
        outbox,
        placing_now,
        questions,
        network,
        texts,
        people,
        log,
        reports,
        overview,
    ):
        area.register(gate)
    gate.router.add_api_route(
        "/beheer/{rest:path}",
        _elsewhere(gate),
        methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        name="elsewhere",
    )
    return gate.router


def _elsewhere(gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    """Everything else under `/beheer`: nobody who is not signed in learns what exists."""

    async def elsewhere(request: Request) -> Response:
        visit = await run_in_threadpool(gate.visit, request)
        if visit is None:
            return sign_in_page(gate.desk, request, 401)
        if request.method in {"GET", "HEAD"} and is_step(request.url.path):
            # Somebody opens the page again that a form led to.
            return visit.onward(page_of(request.url.path))
        missing = HTTPException(404, say("beheer.geen adres"))
        return refused_page(visit, missing)

    return elsewhere
