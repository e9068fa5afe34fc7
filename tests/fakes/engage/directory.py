"""Groups, people and the network of the fake's REST API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage import payloads
from tests.fakes.engage.feeds import readable
from tests.fakes.engage.gate import missing
from tests.fakes.engage.world import User, World


def _paged(found: Sequence[Any], request: Request, size: int = 50) -> tuple[list[Any], bool]:
    page = max(int(request.query_params.get("page", 1)), 1)
    return list(found[(page - 1) * size : page * size]), len(found) > page * size


async def groups(world: World, me: User, request: Request) -> Response:
    found = [each for each in world.groups.values() if readable(world, me, each.id) is not None]
    if request.query_params.get("mine"):
        found = [each for each in found if me.id in each.members]
    page, _ = _paged(found, request)
    return JSONResponse([payloads.group(each) for each in page])


async def group(world: World, me: User, request: Request) -> Response:
    found = readable(world, me, request.path_params["group"])
    return missing() if found is None else JSONResponse(payloads.group(found))


async def groups_of(world: World, me: User, request: Request) -> Response:
    wanted = request.path_params["user"]
    found = [each for each in world.groups.values() if wanted in each.members and not each.deleted]
    return JSONResponse([payloads.group(each) for each in found])


async def me(world: World, me: User, request: Request) -> Response:
    return JSONResponse(payloads.user(me, world.network_id))


async def user(world: World, me: User, request: Request) -> Response:
    found = world.users.get(request.path_params["user"])
    return missing() if found is None else JSONResponse(payloads.user(found, world.network_id))


async def by_email(world: World, me: User, request: Request) -> Response:
    wanted = request.query_params.get("email", "").lower()
    found = [each for each in world.users.values() if each.email.lower() == wanted]
    if not found:
        return missing()
    return JSONResponse([payloads.user(each, world.network_id) for each in found])


async def in_group_users(world: World, me: User, request: Request) -> Response:
    group = readable(world, me, request.path_params["group"])
    if group is None:
        return missing()
    page, more = _paged([world.users[each] for each in sorted(group.members)], request)
    people = [payloads.user(each, world.network_id) for each in page]
    return JSONResponse({"users": people, "more_available": more})


async def users(world: World, me: User, request: Request) -> Response:
    page, _ = _paged(list(world.users.values()), request)
    return JSONResponse([payloads.user(each, world.network_id) for each in page])


async def networks(world: World, me: User, request: Request) -> Response:
    return JSONResponse(
        [
            {
                "type": "network",
                "id": world.network_id,
                "name": "Atrium Lerend Netwerk",
                "permalink": "example.org",
                "is_primary": True,
                "m365_native_mode": True,
                "created_at": payloads.moment(dt.datetime(2019, 9, 9, 7, 53, 18, tzinfo=dt.UTC)),
            }
        ]
    )
