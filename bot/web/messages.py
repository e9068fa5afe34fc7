"""The local community for programs: messages as JSON, in and out."""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from bot.platforms.local import BadMessageError, LocalPlatform, UnknownCommunityError
from bot.web.errors import RefusedError
from bot.web.guard import refuse_foreign_host, refuse_other_origin, require_content_type
from bot.web.site import Web
from handlers.model import BRUSSELS, Role
from handlers.wording.catalogue import say
from store import local as messages
from store.local import MAX_ID, LocalMessage

NO_COMMUNITY = say("lokaal.community weg")

#: Bytes of a request; the longest message takes four bytes a character, and twelve when escaped.
MAX_BODY = 200_000


def routes(web: Web, local: LocalPlatform) -> APIRouter:
    """`GET` and `POST /community/{key}/messages`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/community/{key}/messages")
    def read(key: str, request: Request) -> Response:
        refuse_foreign_host(request, web.trusted_hosts)
        require_community(local, key)
        after = read_id(request.query_params.get("after") or "0")
        with web.store.reading() as session:
            found = messages.messages_after(session, after, community=key)
        return JSONResponse({"messages": [_data(message) for message in found]}, headers=_FRESH)

    @router.post("/community/{key}/messages")
    async def write(key: str, request: Request) -> Response:
        refuse_foreign_host(request, web.trusted_hosts)
        refuse_other_origin(request)
        require_content_type(request, "application/json")
        body = _object(await read_body(request))
        # Writing blocks, and so does looking up; neither belongs on the event loop.
        message = await run_in_threadpool(_received, local, key, body)
        return JSONResponse({"id": str(message.id), "thread": str(message.thread)}, 201)

    return router


_FRESH = {"Cache-Control": "no-store"}


def require_community(local: LocalPlatform, key: str) -> None:
    """Raises HTTPException 404 when there is no such local community."""
    try:
        local.get_community(key)
    except UnknownCommunityError:
        raise HTTPException(404, NO_COMMUNITY) from None


def read_id(text: str) -> int:
    """Raises HTTPException 422 when this is no id of a message."""
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID:
        return int(text)
    raise HTTPException(422, say("lokaal.after"))


async def read_body(request: Request) -> bytes:
    """The body; raises HTTPException 413 as soon as it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, say("lokaal.te lang"))
    return bytes(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(422, say("lokaal.geen json")) from None
    if not isinstance(data, dict):
        raise HTTPException(422, say("lokaal.geen object"))
    return data


def _received(local: LocalPlatform, key: str, body: dict[str, object]) -> LocalMessage:
    require_community(local, key)
    author, text = _text(body, "author"), _text(body, "text")
    role = _text(body, "role") if body.get("role") is not None else Role.MEMBER
    thread = _text(body, "thread") if body.get("thread") is not None else None
    try:
        return local.receive(key, author, role, text, thread)
    except BadMessageError as error:
        raise RefusedError(422, error.reason, {error.field: error.reason}) from None


def _text(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if isinstance(value, str):
        return value
    reason = say("lokaal.ontbreekt", veld=name)
    raise RefusedError(422, reason, {name: reason})


def _data(message: LocalMessage) -> dict[str, str | None]:
    return {
        "id": str(message.id),
        "thread": str(message.thread),
        "author": message.author,
        "text": message.text,
        "at": message.at.astimezone(BRUSSELS).isoformat(timespec="seconds"),
        "reply_to": str(message.reply_to) if message.reply_to is not None else None,
    }
