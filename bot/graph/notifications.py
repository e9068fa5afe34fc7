"""The web addresses at which Graph tells that something changed: checked, noted, and answered at once."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from bot import logs
from bot.graph.subscriptions import LIFECYCLE, NOTIFICATIONS

log = logs.get(__name__)

#: Graph tells of a hundred changes at the most; a body that is longer is not from Graph.
MOST_BYTES = 1_000_000


class Told(StrEnum):
    """What Graph told: that the calendar changed, or something about the subscription itself."""

    CHANGED = "changed"
    REAUTHORIZE = "reauthorizationRequired"
    REMOVED = "subscriptionRemoved"
    MISSED = "missed"


def routes(knows: Callable[[str], bool], note: Callable[[Told], None]) -> APIRouter:
    """`POST /graph/notifications` and `/graph/lifecycle`.

    Args:
        knows: whether a client state is the secret that Graph was given; asked in a worker thread.
        note: remembers what Graph told; likewise.
    """
    router = APIRouter(include_in_schema=False)

    async def answer(
        request: Request, validation: str | None, read: Callable[[Any], Told | None]
    ) -> Response:
        if validation is not None:
            # Graph looks whether somebody is here who can read. Escaped, lest it be shown as a page of ours.
            return PlainTextResponse(html.escape(validation, quote=False))
        told = _items(await _body(request))
        if told is None:
            return Response(status_code=400)
        await run_in_threadpool(take, [(each, read(each)) for each in told])
        return Response(status_code=202)

    def take(told: list[tuple[Mapping[str, Any], Told | None]]) -> None:
        for item, what in told:
            if not knows(str(item.get("clientState") or "")):
                log.warning("graph_notification_not_from_graph")
            elif what is not None:
                note(what)

    @router.post(NOTIFICATIONS)
    async def notifications(
        request: Request, validation: str | None = Query(None, alias="validationToken")
    ) -> Response:
        return await answer(request, validation, lambda _: Told.CHANGED)

    @router.post(LIFECYCLE)
    async def lifecycle(
        request: Request, validation: str | None = Query(None, alias="validationToken")
    ) -> Response:
        return await answer(request, validation, _lifecycle_event)

    return router


async def _body(request: Request) -> bytes:
    """What was sent, no more of it than could be Graph's."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return b""
    return body


def _items(body: bytes) -> list[Mapping[str, Any]] | None:
    """Each single thing that was told; None when it is not in Graph's words."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    items = told.get("value") if isinstance(told, dict) else None
    return list(_objects(items)) if isinstance(items, list) else None


def _objects(items: list[Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in items if isinstance(each, dict))


def _lifecycle_event(item: Mapping[str, Any]) -> Told | None:
    try:
        return Told(str(item.get("lifecycleEvent")))
    except ValueError:
        return None
