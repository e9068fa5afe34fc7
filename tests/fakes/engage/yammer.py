"""A fake of the REST API of Viva Engage: feeds, posts, deletion, groups and people of a `World`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from tests.fakes.engage import directory, feeds, gate, single
from tests.fakes.engage.gate import Rest
from tests.fakes.engage.world import User, World

#: Where the API lies on its host.
BASE_PATH = "/api/v1"

#: What answers one call: the world, who calls, and the call.
Answer = Callable[[World, User, Request], Awaitable[Response]]


def routes(world: World) -> list[BaseRoute]:
    """The API, to be served beside others."""
    return [Mount(BASE_PATH, routes=_routes(world))]


def app(world: World) -> Starlette:
    """The API alone."""
    return Starlette(routes=routes(world))


def _routes(world: World) -> list[BaseRoute]:
    shown = {
        "/messages.json": feeds.everything,
        "/messages/my_feed.json": feeds.following,
        "/messages/algo.json": feeds.following,
        "/messages/following.json": feeds.following,
        "/messages/sent.json": feeds.sent,
        "/messages/private.json": feeds.private,
        "/messages/received.json": feeds.received,
        "/messages/in_group/{group:int}.json": feeds.in_group,
        "/messages/in_thread/{thread:int}.json": feeds.in_thread,
        "/messages/from_user/{user:int}.json": feeds.from_user,
    }
    others: list[tuple[str, str, Answer]] = [
        ("POST", "/messages.json", single.post),
        ("POST", "/messages/liked_by/current.json", single.like),
        ("DELETE", "/messages/liked_by/current.json", single.like),
        ("GET", "/messages/{message:int}.json", single.one),
        ("DELETE", "/messages/{message:int}.json", single.delete),
        ("GET", "/groups.json", directory.groups),
        ("GET", "/groups/{group:int}.json", directory.group),
        ("GET", "/groups/for_user/{user:int}.json", directory.groups_of),
        ("GET", "/users/current.json", directory.me),
        ("GET", "/users/by_email.json", directory.by_email),
        ("GET", "/users/in_group/{group:int}.json", directory.in_group_users),
        ("GET", "/users/{user:int}.json", directory.user),
        ("GET", "/users.json", directory.users),
        ("GET", "/networks/current.json", directory.networks),
    ]
    made = [
        Route(path, _guarded(world, feeds.feed(chosen)), methods=["GET"]) for path, chosen in shown.items()
    ]
    made += [Route(path, _guarded(world, answer), methods=[method]) for method, path, answer in others]
    made.append(Route("/{rest:path}", _guarded(world, _unknown)))
    return list(made)


def _guarded(world: World, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """One call through the gate: is the API there, whose token is it, is there a fault, is there room."""

    async def endpoint(request: Request) -> Response:
        state = world.part(Rest)
        path = request.url.path.removeprefix(BASE_PATH)
        response = await passed(request, state, path)
        call = gate.Call(
            at=world.now(),
            kind=gate.class_of(path),
            method=request.method,
            path=path,
            query=request.url.query,
            status=response.status_code,
            token=gate.token_in(request),
        )
        state.calls.append(call)
        return response

    async def passed(request: Request, state: Rest, path: str) -> Response:
        if state.gone is not None:
            return Response("Gone", status_code=state.gone)
        user = gate.user_of(world, request)
        if user is None:
            return gate.not_signed_in()
        fault = state.fault(request.method, path, "before")
        if fault is not None:
            return gate.before(fault)
        wait = state.take(user.id, gate.class_of(path), world.now())
        if wait is not None:
            return gate.too_many(wait if state.says_retry_after else None)
        if gate.is_poll(request, path):
            state.note_poll(user.id, path, world.now())
        response = await answer(world, user, request)
        fault = state.fault(request.method, path, "after")
        return gate.after(fault, response) if fault is not None else response

    return endpoint


async def _unknown(world: World, me: User, request: Request) -> Response:
    return gate.missing()
