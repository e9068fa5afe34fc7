"""Single messages of the fake's REST API: posting, reading one, deleting, liking."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage import payloads
from tests.fakes.engage.feeds import may_read
from tests.fakes.engage.gate import Rest, forbidden, missing
from tests.fakes.engage.world import Group, User, World


async def _fields(request: Request) -> dict[str, Any]:
    """What was sent, in the query, as a form or as JSON: clients do all three."""
    fields: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").split(";")[0]
    if kind == "application/json":
        fields |= json.loads(await request.body() or b"{}")
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        fields |= dict(await request.form())
    return fields


def _numbers(value: Any) -> list[int]:
    parts = value if isinstance(value, list) else str(value).replace(",", " ").split()
    return [int(part) for part in parts]


async def post(world: World, me: User, request: Request) -> Response:
    fields = await _fields(request)
    body = str(fields.get("body", ""))
    if not body.strip():
        return JSONResponse({"base": "Body can't be blank."}, status_code=400)
    state = world.part(Rest)
    group: Group | None = None
    thread = reply_to = None
    if fields.get("replied_to_id"):
        answered = world.messages.get(int(fields["replied_to_id"]))
        if answered is None or answered.deleted or not may_read(world, me, answered):
            return missing()
        thread, reply_to = answered.thread, answered.id
        group = world.groups.get(answered.group) if answered.group is not None else None
    elif fields.get("group_id"):
        group = world.groups.get(int(fields["group_id"]))
    if group is not None and group.deleted:
        return missing()
    if (fields.get("group_id") and group is None) or _is_kept_out(me, group, thread):
        return missing() if group is None else forbidden("You do not have permission to post here.")
    broadcast = str(fields.get("broadcast", "")).lower() == "true"
    may_broadcast = group is not None and me.id in group.owners
    if broadcast and not may_broadcast and state.refuses_broadcast:
        return forbidden("You do not have permission to post an announcement.")
    to = [
        world.users[number]
        for number in _numbers(fields.get("direct_to_user_ids", ""))
        if number in world.users
    ]
    said = world.say(
        me,
        body,
        group=group if thread is None else None,
        thread=thread,
        reply_to=reply_to,
        to=to,
        title=str(fields["title"]) if fields.get("title") else None,
        announcement=broadcast and may_broadcast,
        by_app=True,
    )
    shape = payloads.envelope(world, [said], me=me, shows_announcement=state.shows_announcement)
    return JSONResponse(shape, status_code=201)


def _is_kept_out(me: User, group: Group | None, thread: int | None) -> bool:
    if group is None:
        return False
    return me.id not in group.members or (group.restricted and thread is None and me.id not in group.owners)


async def one(world: World, me: User, request: Request) -> Response:
    said = world.messages.get(request.path_params["message"])
    if said is None or said.deleted or not may_read(world, me, said):
        return missing()
    return JSONResponse(payloads.message(world, said))


async def delete(world: World, me: User, request: Request) -> Response:
    said = world.messages.get(request.path_params["message"])
    if said is None or said.deleted:
        return missing()
    if said.sender != me.id and not me.admin:
        return forbidden("You do not have permission to delete this message.")
    world.delete(said.id)
    return Response(status_code=200)


async def like(world: World, me: User, request: Request) -> Response:
    said = world.messages.get(int(request.query_params.get("message_id", 0)))
    if said is None or said.deleted:
        return missing()
    if request.method == "POST":
        said.liked_by.add(me.id)
        return Response(status_code=204)
    said.liked_by.discard(me.id)
    return Response(status_code=201)
