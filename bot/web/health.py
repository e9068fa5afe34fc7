"""Is the program alive, and is each part of it well? For monitors, in JSON."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.web.guard import SecurityHeaders

OK = "OK"
#: Something may be amiss that anybody on the internet may have caused: told, and no reason to be unready.
WARNING = "WARNING"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of the program and how it is.

    Attributes:
        name: "database", "clockwork", or the name of a platform.
        state: "OK", or what is the matter: "THROTTLED", "AUTH_REQUIRED", "TRANSPORT_GONE", ...
            "WARNING" is told, and makes nothing unready.
        reason: for an operator: what is wrong and what to do; empty when well.
    """

    name: str
    state: str = OK
    reason: str = ""

    @property
    def is_well(self) -> bool:
        return self.state in (OK, WARNING)


#: Asks every part how it is; may wait for the answers.
Readiness = Callable[[], Sequence[Part] | Awaitable[Sequence[Part]]]


class _Watched(Protocol):
    """What these routes need to know of the web."""

    @property
    def readiness(self) -> Readiness: ...

    @property
    def metrics(self) -> Metrics: ...


def routes(web: _Watched) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`; made without the framework of the pages, which loads later."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def readyz(_: Request) -> Response:
        # An answer that asks the database blocks, so it is not asked on the event loop.
        asked = await run_in_threadpool(web.readiness)
        parts = await asked if inspect.isawaitable(asked) else asked
        ready = all(part.is_well for part in parts)
        body = {"ready": ready, "parts": [asdict(part) for part in parts]}
        return JSONResponse(body, 200 if ready else 503, headers={"Cache-Control": "no-store"})

    def metrics(_: Request) -> Response:
        return Response(generate_latest(web.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    guarded = [Middleware(SecurityHeaders)]
    answers = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
    return [Route(path, answer, middleware=guarded) for path, answer in answers.items()]
