"""The fake tenant as a process: Viva Engage's REST API, Graph and Entra on one loopback address.

    python -m tests.fakes.engage.server --port 8071

`/` is a small page on which one writes as a member and sees the threads; `/control` is for tests
and for the curious: people, communities, messages, faults, calls.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.clock import SystemClock
from tests.fakes.engage import entra, graph, yammer
from tests.fakes.engage.carrying import Losing
from tests.fakes.engage.gate import Fault, Rest
from tests.fakes.engage.page import page_routes
from tests.fakes.engage.world import YAMMER, World

#: A token that always holds, for a bot that was told of it.
READY_TOKEN = "ready-token-of-the-fake-2f81"  # noqa: S105  # of the fake


def application(world: World) -> ASGIApp:
    """Everything of one world."""
    routes = [
        *yammer.routes(world),
        *graph.routes(world),
        *_control(world),
        *page_routes(world),
        *entra.routes(world),
    ]
    return Losing(Starlette(routes=routes))


def demo_world() -> World:
    """A tenant with the communities and people of the demo."""
    world = World(SystemClock().now)
    people = [world.add_user(name) for name in ("An Peeters", "Bart Claes", "Chris De Smet")]
    moderator = world.add_user("Mia Moderator")
    mandatary = world.add_user("Dirk Schepen")
    world.add_group("Atrium Lerend Netwerk", members=[*people, moderator], owners=[moderator, world.bot])
    world.add_group("Atrium Lokale Mandatarissen", members=[mandatary, moderator], owners=[moderator])
    world.add_group("Water en ruimte", members=[people[0], moderator], owners=[moderator])
    hold_ready_token(world)
    return world


def hold_ready_token(world: World) -> None:
    """Let the ready token be good for as long as anybody runs a fake."""
    token = world.issue(YAMMER, world.bot, dt.timedelta(days=3650))
    world.tokens[READY_TOKEN] = dataclasses.replace(world.tokens.pop(token), value=READY_TOKEN)


def _control(world: World) -> list[BaseRoute]:
    async def state(request: Request) -> Response:
        rest = world.part(Rest)
        return JSONResponse(
            {
                "bot": world.bot.id,
                "users": [dataclasses.asdict(each) for each in world.users.values()],
                "groups": [
                    {"id": each.id, "name": each.name, "graph_id": each.graph_id, "entra_id": each.entra_id}
                    for each in world.groups.values()
                ],
                "messages": [
                    dataclasses.asdict(each)
                    | {"at": each.at.isoformat(), "participants": [*each.participants]}
                    for each in world.messages.values()
                ],
                "calls": [dataclasses.asdict(each) | {"at": each.at.isoformat()} for each in rest.calls],
                "violations": rest.violations,
            }
        )

    async def say(request: Request) -> Response:
        asked: dict[str, Any] = await request.json()
        said = world.say(
            world.users[asked["user"]],
            asked["text"],
            group=world.groups[asked["group"]] if asked.get("group") else None,
            thread=asked.get("thread"),
            to=[world.users[each] for each in asked.get("to", ())],
            mention=asked.get("mention", False),
        )
        return JSONResponse({"id": said.id, "thread": said.thread}, status_code=201)

    async def fault(request: Request) -> Response:
        world.part(Rest).faults.append(Fault(**await request.json()))
        return Response(status_code=204)

    async def settings(request: Request) -> Response:
        for name, value in (await request.json()).items():
            setattr(world.part(Rest), name, value)
        return Response(status_code=204)

    async def revoke(request: Request) -> Response:
        world.revoke()
        return Response(status_code=204)

    return [
        Route("/control", state),
        Route("/control/say", say, methods=["POST"]),
        Route("/control/fault", fault, methods=["POST"]),
        Route("/control/rest", settings, methods=["POST"]),
        Route("/control/revoke", revoke, methods=["POST"]),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=8071)
    parser.add_argument("--poll-seconds", type=float, default=60.0, help="how often a feed may be polled")
    asked = parser.parse_args()
    world = demo_world()
    world.part(Rest).poll_seconds = asked.poll_seconds
    uvicorn.run(application(world), host="127.0.0.1", port=asked.port, log_level="warning")


if __name__ == "__main__":
    main()
