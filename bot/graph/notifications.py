"""The web addresses at which Graph tells that something changed: checked, noted, and answered at once."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot import logs
from bot.doors import Door
from bot.graph.subscriptions import LIFECYCLE, NOTIFICATIONS

log = logs.get(__name__)

#: Graph tells of a hundred changes at the most; what holds more, or is longer, is not from Graph.
MOST_BYTES = 1_000_000
MOST_TOLD = 1_000

#: Secrets looked at in one request: Graph has one of ours, and may still have some of before.
_MOST_STATES = 10


class Told(StrEnum):
    """What Graph told: that the calendar changed, or something about the subscription itself."""

    CHANGED = "changed"
    REAUTHORIZE = "reauthorizationRequired"
    REMOVED = "subscriptionRemoved"
    MISSED = "missed"


def notification_doors(knows: Callable[[str], bool], note: Callable[[Told], None]) -> Mapping[str, Door]:
    """`POST /graph/notifications` and `/graph/lifecycle`.

    Args:
        knows: whether a client state is the secret that Graph was given; asked in a worker thread.
        note: remembers what Graph told; likewise.
    """

    async def answer(request: Request, read: Callable[[Any], Told | None]) -> Response:
        validation = request.query_params.get("validationToken")
        if validation is not None:
            # Graph looks whether somebody is here who can read. Escaped, lest it be shown as a page of ours.
            return PlainTextResponse(html.escape(validation, quote=False))
        told = _items(await _body(request))
        if told is None:
            return Response(status_code=400)
        await run_in_threadpool(take, [(each, read(each)) for each in told])
        return Response(status_code=202)

    def take(told: list[tuple[Mapping[str, Any], Told | None]]) -> None:
        # Anybody may send a thousand of them: each secret is looked at once, and each word is noted once.
        states = sorted({_state(item) for item, _ in told})[:_MOST_STATES]
        known = {state for state in states if knows(state)}
        strangers = sum(_state(item) not in known for item, _ in told)
        if strangers:
            log.warning("graph_notification_not_from_graph", told=strangers)
        for what in sorted({what for item, what in told if what is not None and _state(item) in known}):
            note(what)

    async def notifications(request: Request) -> Response:
        return await answer(request, lambda _: Told.CHANGED)

    async def lifecycle(request: Request) -> Response:
        return await answer(request, _lifecycle_event)

    return {NOTIFICATIONS: notifications, LIFECYCLE: lifecycle}


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
    except (ValueError, RecursionError):
        return None
    items = told.get("value") if isinstance(told, dict) else None
    if not isinstance(items, list) or len(items) > MOST_TOLD:
        return None
    return list(_objects(items))


def _objects(items: list[Any]) -> Iterator[Mapping[str, Any]]:
    return (each for each in items if isinstance(each, dict))


def _state(item: Mapping[str, Any]) -> str:
    return str(item.get("clientState") or "")


def _lifecycle_event(item: Mapping[str, Any]) -> Told | None:
    try:
        return Told(str(item.get("lifecycleEvent")))
    except ValueError:
        return None
