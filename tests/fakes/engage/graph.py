"""A fake of Microsoft Graph: the communities, groups and people of a `World`, a mailbox's calendar, mail."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from tests.fakes.engage import graph_calendar, graph_subscriptions
from tests.fakes.engage.graph_answers import missing, page, problem
from tests.fakes.engage.world import GRAPH, Group, Token, User, World

#: Where Graph lies on its host.
BASE_PATH = "/v1.0"

Answer = Callable[[World, Request], Awaitable[Response]]


@dataclass(kw_only=True)
class GraphFault:
    """What goes wrong with the next calls whose "METHOD path?query" matches `on`.

    Attributes:
        status: what is answered instead; nothing happened.
        after: it happened all the same.
    """

    status: int
    on: str = "."
    times: int = 1
    retry_after: str | None = None
    after: bool = False


@dataclass(kw_only=True)
class Calls:
    """What Graph keeps besides the world.

    Attributes:
        seen: each call as "METHOD path?query", in order.
        answers: each answer with JSON, as (method, path, status, body), for who holds it to the schema.
        mails: what was sent, as (mailbox, message).
        denied: patterns of paths for which the app lacks the permission.
    """

    seen: list[str] = field(default_factory=list)
    bodies: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: list[tuple[str, str, int, bytes]] = field(default_factory=list)
    faults: list[GraphFault] = field(default_factory=list)
    mails: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)

    def fault(self, call: str) -> GraphFault | None:
        for fault in self.faults:
            if re.search(fault.on, call):
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None


def routes(world: World) -> list[BaseRoute]:
    """Graph, to be served beside others."""
    return [Mount(BASE_PATH, routes=_routes(world))]


def app(world: World) -> Starlette:
    """Graph alone."""
    return Starlette(routes=routes(world))


def _routes(world: World) -> list[BaseRoute]:
    calls: list[tuple[str, str, Answer]] = [
        ("GET", "/employeeExperience/communities", _communities),
        ("GET", "/employeeExperience/communities/{community}", _community),
        ("GET", "/groups/{group}/owners", _owners),
        ("GET", "/groups/{group}/members", _members),
        ("GET", "/groups/{group}/calendar", _group_calendar),
        ("GET", "/users", _users),
        ("GET", "/users/{user}", _user),
        ("GET", "/me", _me),
        ("POST", "/users/{user}/sendMail", _send_mail),
        ("GET", "/users/{user}/calendarView/delta()", graph_calendar.delta),
        ("GET", "/users/{user}/calendarView/delta", graph_calendar.delta),
        ("GET", "/users/{user}/events/{event}", graph_calendar.one),
        ("GET", "/subscriptions", graph_subscriptions.listed),
        ("POST", "/subscriptions", graph_subscriptions.create),
        ("PATCH", "/subscriptions/{subscription}", graph_subscriptions.renew),
        ("DELETE", "/subscriptions/{subscription}", graph_subscriptions.delete),
        ("POST", "/subscriptions/{subscription}/reauthorize", graph_subscriptions.reauthorize),
    ]
    made = [Route(path, _guarded(world, answer), methods=[method]) for method, path, answer in calls]
    made.append(Route("/{rest:path}", _guarded(world, _unknown)))
    return list(made)


def token_of(world: World, request: Request) -> Token | None:
    """The token that a call carries, if it is one for Graph and did not run out."""
    return world.holder_of(request.headers.get("authorization", "").removeprefix("Bearer "), GRAPH)


def _guarded(world: World, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        calls = world.part(Calls)
        path = request.url.path.removeprefix(BASE_PATH)
        call = f"{request.method} {path}{f'?{request.url.query}' if request.url.query else ''}"
        calls.seen.append(call)
        calls.bodies.append((request.method, path, await request.body()))
        if token_of(world, request) is None:
            return problem(401, "InvalidAuthenticationToken", "Access token validation failure.")
        fault = calls.fault(call)
        if fault is not None and not fault.after:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
            return problem(fault.status, "serviceNotAvailable", "It did not work.", headers)
        if any(re.search(pattern, path) for pattern in calls.denied):
            return problem(403, "Authorization_RequestDenied", "Insufficient privileges.")
        response = await answer(world, request)
        calls.answers.append((request.method, path, response.status_code, bytes(response.body)))
        if fault is not None:
            return problem(fault.status, "serviceNotAvailable", "It did not work.")
        return response

    return endpoint


async def _unknown(world: World, request: Request) -> Response:
    return problem(400, "BadRequest", f"Resource not found for the segment {request.url.path!r}.")


# --- communities and people ----------------------------------------------------------------------------


def community(group: Group) -> dict[str, Any]:
    """A community as Graph tells it."""
    return {
        "id": group.graph_id,
        "displayName": group.name,
        "description": group.description,
        "privacy": group.privacy,
        "groupId": group.entra_id,
    }


def person(user: User) -> dict[str, Any]:
    """A person as a directory object; a guest has a name of the host tenant to sign in with."""
    name = user.email
    if user.guest:
        name = f"{user.email.replace('@', '_')}#EXT#@example.onmicrosoft.com"
    return {
        "@odata.type": "#microsoft.graph.user",
        "id": user.entra_id,
        "displayName": user.name,
        "mail": user.email,
        "userPrincipalName": name,
        "userType": "Guest" if user.guest else "Member",
    }


async def _communities(world: World, request: Request) -> Response:
    found = [community(group) for group in world.groups.values() if not group.deleted]
    return page(request, found, size=20)


async def _community(world: World, request: Request) -> Response:
    wanted = request.path_params["community"]
    found = next((g for g in world.groups.values() if g.graph_id == wanted and not g.deleted), None)
    return missing() if found is None else JSONResponse(community(found))


def _people(world: World, request: Request, numbers: Callable[[Group], Sequence[int]]) -> Response:
    group = world.group_of(request.path_params["group"])
    if group is None or group.deleted:
        return missing()
    found = [person(world.users[number]) for number in numbers(group) if number in world.users]
    return page(request, found, size=100)


async def _owners(world: World, request: Request) -> Response:
    return _people(world, request, lambda group: sorted(group.owners))


async def _members(world: World, request: Request) -> Response:
    return _people(world, request, lambda group: sorted(group.members))


async def _group_calendar(world: World, request: Request) -> Response:
    """Of a group only an account may read the calendar, no app."""
    token = token_of(world, request)
    if token is None or token.user is None:
        return problem(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    return JSONResponse({"id": "calendar", "name": "Calendar"})


async def _users(world: World, request: Request) -> Response:
    wanted = re.fullmatch(r"mail eq '(.+)'", request.query_params.get("$filter", ""))
    found = [
        person(user)
        for user in world.users.values()
        if wanted is None or user.email.lower() == wanted[1].replace("''", "'").lower()
    ]
    return page(request, found, size=100)


async def _user(world: World, request: Request) -> Response:
    found = world.user_of(request.path_params["user"])
    return missing() if found is None else JSONResponse(person(found))


async def _me(world: World, request: Request) -> Response:
    token = token_of(world, request)
    if token is None or token.user is None:
        return problem(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    return JSONResponse(person(world.users[token.user]))


async def _send_mail(world: World, request: Request) -> Response:
    # The SDK writes the parameters of an action with capitals, and Graph takes both.
    sent = {name[0].lower() + name[1:]: value for name, value in (await request.json()).items()}
    if not sent.get("message", {}).get("toRecipients"):
        return problem(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
    world.part(Calls).mails.append((request.path_params["user"], sent["message"]))
    return Response(status_code=202)
