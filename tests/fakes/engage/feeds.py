"""The feeds of the fake's REST API: what each shows, its pages, and how a faulty one distorts them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage import payloads
from tests.fakes.engage.gate import Rest, missing
from tests.fakes.engage.world import Group, Said, User, World

PAGE = 20

#: The messages of a feed, oldest first, or what is answered instead.
Chosen = Callable[[World, User, Request], Iterable[Said] | Response]


def feed(chosen: Chosen) -> Callable[[World, User, Request], Awaitable[Response]]:
    async def answer(world: World, me: User, request: Request) -> Response:
        found = chosen(world, me, request)
        if isinstance(found, Response):
            return found
        state = world.part(Rest)
        visible = [said for said in found if not said.deleted and _is_shown(world, state, said, request)]
        if state.ignores_bounds:
            page, older, extended = visible[: -PAGE - 1 : -1], True, None
        else:
            page, older, extended = _page(visible, request)
        fault = state.fault("GET", request.url.path, "feed")
        if fault is not None:
            page = _distorted(page, fault.what)
        shape = payloads.envelope(
            world,
            page,
            me=me,
            older_available=older,
            extended=extended,
            shows_announcement=state.shows_announcement,
            hides_notified=state.hides_notified,
        )
        return JSONResponse(shape)

    return answer


def _is_shown(world: World, state: Rest, said: Said, request: Request) -> bool:
    if "/in_thread/" in request.url.path:
        return True
    return said.id not in state.hidden and said.at + state.lag <= world.now()


def _page(found: Sequence[Said], request: Request) -> tuple[list[Said], bool, dict[int, list[Said]] | None]:
    """The newest of what is asked for, newest first; whether there is more; replies of an extended feed."""
    query = request.query_params
    newer, older = int(query.get("newer_than", 0)), int(query.get("older_than", 0))
    limit = min(int(query.get("limit", PAGE)), PAGE)
    matching = [said for said in found if said.id > newer and (not older or said.id < older)]
    if query.get("threaded") not in ("true", "extended"):
        newest = matching[: -limit - 1 : -1]
        return newest, len(matching) > limit, None
    # The boundary is the newest message of a thread: a reply lets an old thread surface.
    threads = list(dict.fromkeys(said.thread for said in reversed(matching)))
    by_id = {said.id: said for said in found}
    starters = [by_id[number] for number in threads if number in by_id][:limit]
    if query["threaded"] == "true":
        return starters, len(threads) > limit, None
    shown = {said.id for said in starters}
    replies: dict[int, list[Said]] = {number: [] for number in shown}
    for said in reversed(found):
        if said.thread in shown and said.id != said.thread and len(replies[said.thread]) < 2:
            replies[said.thread].append(said)
    return starters, len(threads) > limit, replies


def _distorted(page: list[Said], what: str) -> list[Said]:
    if what == "omit":
        return page[1:]
    if what == "repeat":
        return [*page, *page]
    return page[1::2] + page[0::2]


def readable(world: World, me: User, number: int) -> Group | None:
    group = world.groups.get(number)
    if group is None or group.deleted or (group.privacy == "private" and me.id not in group.members):
        return None
    return group


def everything(world: World, me: User, request: Request) -> Iterable[Said]:
    return [
        said
        for said in world.messages.values()
        if me.id in said.participants
        or (not said.participants and (said.group is None or readable(world, me, said.group) is not None))
    ]


def following(world: World, me: User, request: Request) -> Iterable[Said]:
    mine = {each.id for each in world.groups.values() if me.id in each.members and not each.deleted}
    merged = [said for number in mine for said in world.by_group.get(number, [])[-_DEEP:]]
    return sorted(merged, key=lambda said: said.id)


#: No feed shows more of one group than this at once; a real one ends somewhere too.
_DEEP = 400


def sent(world: World, me: User, request: Request) -> Iterable[Said]:
    return [said for said in world.messages.values() if said.sender == me.id]


def private(world: World, me: User, request: Request) -> Iterable[Said]:
    return [said for said in world.private if me.id in said.participants]


def received(world: World, me: User, request: Request) -> Iterable[Said]:
    mine = f"[[user:{me.id}]]"
    recent = list(world.messages.values())[-_DEEP:]
    if world.part(Rest).received_is_all:
        return [said for said in recent if said.sender != me.id and may_read(world, me, said)]
    return [
        said
        for said in recent
        if said.sender != me.id
        and (me.id in said.participants or me.id in said.notifies or mine in said.body)
    ]


def in_group(world: World, me: User, request: Request) -> Iterable[Said] | Response:
    group = readable(world, me, request.path_params["group"])
    return missing() if group is None else world.by_group.get(group.id, [])


def in_thread(world: World, me: User, request: Request) -> Iterable[Said] | Response:
    said = world.thread(request.path_params["thread"])
    if not said or not may_read(world, me, said[0]):
        return missing()
    return said


def from_user(world: World, me: User, request: Request) -> Iterable[Said]:
    wanted = request.path_params["user"]
    return [said for said in everything(world, me, request) if said.sender == wanted]


def may_read(world: World, me: User, said: Said) -> bool:
    if said.participants:
        return me.id in said.participants
    return said.group is None or readable(world, me, said.group) is not None
