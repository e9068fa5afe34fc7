"""The local community as a page: read, write, ask the bot; it works without scripts too."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, StreamingResponse

from bot.platforms.local import BadMessageError, LocalPlatform, clean
from bot.web import conversation_view as view
from bot.web import page_contributions
from bot.web.conversation_view import Who
from bot.web.guard import refuse_foreign_host, refuse_other_origin, require_content_type
from bot.web.live import Live
from bot.web.messages import NO_COMMUNITY, read_body, read_id, require_community
from bot.web.pages import Pages
from bot.web.site import Web
from handlers.model import Community, Role
from handlers.wording.catalogue import say
from store import local as messages
from store.local import LocalMessage

#: Threads of one page.
PAGE_SIZE = 20

#: Under which name the browser keeps who writes; asked for once.
COOKIE = "atrium_wie"

NOBODY_YET = "lokaal.gast"

#: What somebody can say that they hand in, as the form under a card offers it.
SORTS = tuple((sort.value, words) for sort, words in page_contributions.SORTS.items())

#: Questions to begin with, for a member who has no idea yet.
SUGGESTIONS = (
    "Wanneer is het volgende Lokaal Atrium in Zottegem?",
    "Welke Provinciale Atria komen eraan?",
    "Welke thematische groepen zijn er?",
    "Wie kan ik bellen?",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unplaced:
    """What somebody wrote that could not be placed: the form keeps it and says why."""

    text: str
    thread: str
    reason: str


def routes(web: Web, pages: Pages, local: LocalPlatform, live: Live) -> APIRouter:
    """`/community` and what its page needs."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/community", methods=["GET", "HEAD"])
    def first(request: Request) -> Response:
        refuse_foreign_host(request, web.trusted_hosts)
        communities = local.communities()
        if not communities:
            raise HTTPException(404, say("lokaal.geen community"))
        return _page(web, pages, request, communities, communities[0])

    @router.api_route("/community/{key}", methods=["GET", "HEAD"])
    def community(key: str, request: Request) -> Response:
        refuse_foreign_host(request, web.trusted_hosts)
        communities = local.communities()
        return _page(web, pages, request, communities, _get(communities, key))

    @router.post("/community/{key}/schrijven")
    async def write(key: str, request: Request) -> Response:
        form = await _form(web, request)
        return await run_in_threadpool(_written, web, pages, local, request, key, form)

    @router.post("/community/{key}/wie")
    async def who(key: str, request: Request) -> Response:
        form = await _form(web, request)
        await run_in_threadpool(require_community, local, key)
        answer = RedirectResponse(f"/community/{quote(key, safe='')}", 303)
        chosen = _who(form.get("author", ""), form.get("role", ""))
        answer.set_cookie(
            COOKIE, _cookie(chosen), max_age=31_536_000, path="/community", httponly=True, samesite="strict"
        )
        return answer

    @router.get("/community/{key}/stream")
    async def stream(key: str, request: Request) -> Response:
        refuse_foreign_host(request, web.trusted_hosts)
        await run_in_threadpool(require_community, local, key)
        after = read_id(request.headers.get("last-event-id") or request.query_params.get("after") or "0")
        told = _told(web, pages, live, key, after, read_who(request))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(told, media_type="text/event-stream", headers=headers)

    return router


def read_who(request: Request) -> Who:
    """Who writes in this browser, as far as it was told."""
    author, _, role = request.cookies.get(COOKIE, "").partition("|")
    return _who(unquote(author), role)


def _who(author: str, role: str) -> Who:
    name = " ".join(clean(author).split())[:80].strip()
    known = Role.MODERATOR if role == Role.MODERATOR else Role.MEMBER
    return Who(author=name or say(NOBODY_YET), role=known)


def _cookie(who: Who) -> str:
    return f"{quote(who.author, safe='')}|{who.role.value}"


def _get(communities: Sequence[Community], key: str) -> Community:
    found = next((one for one in communities if one.key == key), None)
    if found is None:
        raise HTTPException(404, NO_COMMUNITY)
    return found


def _page(
    web: Web,
    pages: Pages,
    request: Request,
    communities: Sequence[Community],
    community: Community,
    unplaced: Unplaced | None = None,
) -> Response:
    before = request.query_params.get("voor")
    now = web.now()
    with web.store.reading() as session:
        last = messages.last_id(session, community.key)
        threads = messages.recent_threads(
            session, community.key, before=read_id(before) if before else None, limit=PAGE_SIZE + 1
        )
        shown = threads[:PAGE_SIZE]
        public = messages.public_uids(session, view.uids(shown))
    older = max(message.id for message in shown[-1]) if len(threads) > PAGE_SIZE else None
    return pages.response(
        "community.html",
        422 if unplaced else 200,
        communities=communities,
        community=community,
        threads=[view.thread(thread, public, now) for thread in shown],
        older=older,
        is_older=before is not None,
        last=last,
        who=read_who(request),
        suggestions=SUGGESTIONS,
        unplaced=unplaced,
        sorts=SORTS,
        people=web.people,
        headers={"Cache-Control": "no-store"},
    )


async def _form(web: Web, request: Request) -> dict[str, str]:
    """A form as a browser without scripts sends it; the last value of each field."""
    refuse_foreign_host(request, web.trusted_hosts)
    refuse_other_origin(request)
    require_content_type(request, "application/x-www-form-urlencoded")
    try:
        fields = parse_qs((await read_body(request)).decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise HTTPException(422) from None
    return {name: values[-1] for name, values in fields.items()}


def _written(
    web: Web, pages: Pages, local: LocalPlatform, request: Request, key: str, form: dict[str, str]
) -> Response:
    communities = local.communities()
    community = _get(communities, key)
    text, thread = form.get("text", ""), form.get("thread", "")
    who = read_who(request)
    said = view.addressed(text) if form.get("aan") == "bot" else text
    if uid := form.get("inbreng_voor", ""):
        said = view.handed_in(uid, form.get("soort", ""), text, named=form.get("met_naam") == "ja")
    try:
        message = local.receive(key, who.author, who.role, said, thread or None, form.get("onder") or None)
    except BadMessageError as error:
        unplaced = Unplaced(text=text, thread=thread, reason=error.reason)
        return _page(web, pages, request, communities, community, unplaced)
    return RedirectResponse(f"/community/{quote(key, safe='')}#bericht-{message.id}", 303)


async def _told(web: Web, pages: Pages, live: Live, key: str, after: int, who: Who) -> AsyncIterator[str]:
    """Server-sent events: one per message, with what the page must show; a comment as heartbeat."""
    yield "retry: 2000\n\n"
    async for batch in live.messages(key, after):
        if not batch:
            yield ": hartslag\n\n"
            continue
        for event in await run_in_threadpool(_events, web, pages, key, batch, who):
            yield event


def _events(web: Web, pages: Pages, key: str, batch: Sequence[LocalMessage], who: Who) -> list[str]:
    with web.store.reading() as session:
        public = messages.public_uids(session, view.uids([batch]))
    told = []
    for message in batch:
        shown = view.message(message, public, web.now())
        begins = message.id == message.thread
        template = "community/thread.html" if begins else "community/message.html"
        html = pages.text(template, thread=[shown], message=shown, key=key, who=who, sorts=SORTS)
        data = {
            "id": str(message.id),
            "thread": str(message.thread),
            "author": message.author,
            "text": message.text[:140],
            "begins": begins,
            "html": html,
        }
        told.append(f"id: {message.id}\nevent: bericht\ndata: {json.dumps(data)}\n\n")
    return told
