"""The calendar of the fake Graph's mailboxes: events, and what changed since a client last asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage.graph_answers import missing, problem, select
from tests.fakes.engage.world import World


@dataclass(kw_only=True)
class Calendars:
    """The events of each mailbox, and every change in order.

    Attributes:
        events: by mailbox, then by id, as Graph tells them.
        changes: (mailbox, id of the event), oldest first: a delta token is a place in this list.
        forgotten: tokens up to this place are not known any more: 410.
        page_size: of one answer, unless the client asks for less.
    """

    events: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    changes: list[tuple[str, str]] = field(default_factory=list)
    forgotten: int = -1
    page_size: int = 10

    def put(self, mailbox: str, event: dict[str, Any]) -> dict[str, Any]:
        """Add an event, or put it in the place of the one with its id."""
        self.events.setdefault(mailbox, {})[event["id"]] = event
        self.changes.append((mailbox, event["id"]))
        return event

    def remove(self, mailbox: str, event_id: str) -> None:
        del self.events[mailbox][event_id]
        self.changes.append((mailbox, event_id))


def an_event(
    event_id: str,
    subject: str,
    start: str,
    end: str,
    *,
    place: str = "Stadhuis, Markt 1, 9620 Zottegem",
    zone: str = "Europe/Brussels",
    **others: Any,
) -> dict[str, Any]:
    """An event as Graph tells it; `start` and `end` as `2027-03-18T09:30:00` on the clock of `zone`."""
    return {
        "@odata.etag": 'W/"1"',
        "id": event_id,
        "iCalUId": f"ical-{event_id}",
        "subject": subject,
        "bodyPreview": "",
        "body": {"contentType": "text", "content": ""},
        "start": {"dateTime": f"{start}.0000000", "timeZone": zone},
        "end": {"dateTime": f"{end}.0000000", "timeZone": zone},
        "location": {"displayName": place, "locationType": "default"},
        "categories": [],
        "isAllDay": False,
        "isCancelled": False,
        "sensitivity": "normal",
        "showAs": "busy",
        "type": "singleInstance",
        "webLink": f"https://outlook.example.org/{event_id}",
        **others,
    }


async def delta(world: World, request: Request) -> Response:
    """`calendarView/delta`: everything at first, then what changed; in pages, the last with a delta link."""
    calendars, mailbox = world.part(Calendars), request.path_params["user"]
    if mailbox not in calendars.events:
        return missing()
    query = request.query_params
    if "$select" in query:
        return problem(400, "ErrorInvalidUrlQuery", "'$select' is not supported for change tracking.")
    token = query.get("$skiptoken") or query.get("$deltatoken")
    if token is None:
        if not {"startDateTime", "endDateTime"} <= set(query):
            return problem(400, "ErrorInvalidParameter", "The window of the view is missing.")
        window, since, first = (query["startDateTime"], query["endDateTime"]), 0, 0
    else:
        begins, ends, place, offset = token.split("~")
        window, since, first = (begins, ends), int(place), int(offset)
        if since <= calendars.forgotten:
            return problem(410, "syncStateNotFound", "The sync state generation is not found.")
    found = _changed(calendars, mailbox, since, window, anew=since == 0)
    size = _page_size(request, calendars)
    body: dict[str, Any] = {"value": found[first : first + size]}
    base = request.url.replace(query="")
    if len(found) > first + size:
        body["@odata.nextLink"] = f"{base}?$skiptoken={'~'.join(window)}~{since}~{first + size}"
    else:
        body["@odata.deltaLink"] = f"{base}?$deltatoken={'~'.join(window)}~{len(calendars.changes)}~0"
    return JSONResponse(body)


async def one(world: World, request: Request) -> Response:
    found = (
        world.part(Calendars).events.get(request.path_params["user"], {}).get(request.path_params["event"])
    )
    return missing() if found is None else JSONResponse(select(found, request.query_params.get("$select")))


def _changed(
    calendars: Calendars, mailbox: str, since: int, window: tuple[str, str], *, anew: bool
) -> list[dict[str, Any]]:
    """The events touched since a place in the list of changes, once each, in the order of the last change."""
    touched = list(dict.fromkeys(event for box, event in calendars.changes[since:] if box == mailbox))
    found: list[dict[str, Any]] = []
    for event_id in touched:
        event = calendars.events[mailbox].get(event_id)
        if event is not None and _lies_in(event, window):
            found.append(event)
        elif not anew:
            found.append({"id": event_id, "@removed": {"reason": "deleted"}})
    return found


def _lies_in(event: dict[str, Any], window: tuple[str, str]) -> bool:
    day = event["start"]["dateTime"][:10]
    return window[0][:10] <= day <= window[1][:10]


def _page_size(request: Request, calendars: Calendars) -> int:
    for part in request.headers.get("prefer", "").split(","):
        name, _, value = part.strip().partition("=")
        if name == "odata.maxpagesize":
            return min(int(value), calendars.page_size)
    return calendars.page_size
