"""The agenda for calendars: one feed with the filters of the page, and one file per atrium."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from bot.web import paging
from bot.web.agenda import EVERYBODY, NOT_FOUND
from bot.web.filters import Filters, midnight, read_filters
from bot.web.pages import atrium_page
from bot.web.site import Web
from handlers.context import Agenda
from handlers.model import Atrium, Query
from handlers.wording.catalogue import say, wording
from handlers.wording.texts import NETWORK

#: How far back a feed goes, in days.
LOOKS_BACK = dt.timedelta(days=365)

#: How long a cancelled atrium stays in a feed, so that every calendar has heard of it.
KEEPS_CANCELLED = dt.timedelta(days=60)

MEDIA_TYPE = "text/calendar; charset=utf-8"

#: Calendars ask again every few hours of their own; a quarter of an hour spares the database.
CACHE = "public, max-age=900"


#: How many different feeds are kept as they were last written.
REMEMBERED = 4


@dataclass(frozen=True, kw_only=True)
class _Calendar:
    """A calendar to be written; two of the same tag are the same."""

    etag: str
    atria: Sequence[Atrium] = field(compare=False)
    name: str = field(compare=False)
    now: dt.datetime = field(compare=False)
    web: Web = field(compare=False)


def routes(web: Web) -> APIRouter:
    """`/agenda.ics` and `/atria/{uid}.ics`."""
    router = APIRouter(include_in_schema=False)
    # Writing thousands of events takes seconds, and a feed has many readers of the same bytes.
    written = lru_cache(maxsize=REMEMBERED)(_written)

    @router.api_route("/agenda.ics", methods=["GET", "HEAD"])
    def feed(request: Request) -> Response:
        with web.agenda() as agenda:
            filters = read_filters(request.query_params, agenda.regions())
            if filters.problems:
                return PlainTextResponse("\n".join(filters.problems.values()) + "\n", 422)
            atria = feed_atria(agenda, filters, web.now())
        return _answer(request, _calendar(web, atria, feed_name(filters)), written)

    @router.api_route("/atria/{uid}.ics", methods=["GET", "HEAD"])
    def file(uid: str, request: Request) -> Response:
        with web.agenda() as agenda:
            atrium = agenda.find(uid, EVERYBODY)
        if atrium is None:
            raise HTTPException(404, say(NOT_FOUND))
        answer = _answer(request, _calendar(web, [atrium], atrium.title), _written)
        answer.headers["Content-Disposition"] = 'inline; filename="atrium.ics"'
        return answer

    return router


def feed_atria(agenda: Agenda, filters: Filters, now: dt.datetime) -> list[Atrium]:
    """What a feed with these filters holds at `now`: a year back, and what was cancelled of late."""
    return query_atria(agenda, filters.query(), now)


def query_atria(agenda: Agenda, query: Query, now: dt.datetime) -> list[Atrium]:
    """The same for a query."""
    earliest = midnight((now - LOOKS_BACK).date())
    first = max(earliest, query.begins_from) if query.begins_from else earliest
    found = paging.every(agenda, replace(query, begins_from=first))
    return [atrium for atrium in found if not is_stale(atrium, now)]


def feed_name(filters: Filters) -> str:
    """What calendars call the feed: the network, and what it was narrowed to."""
    parts = [words for words, _ in filters.active(dt.date.min)] if filters.narrows else []
    return f"{NETWORK}: {', '.join(parts)}" if parts else NETWORK


def personal_answer(request: Request, web: Web, atria: Sequence[Atrium], name: str) -> Response:
    """A calendar for one person: not for other sites to read, nor for caches that others share."""
    answer = _answer(request, _calendar(web, atria, name), _written)
    answer.headers["Cache-Control"] = "private, no-cache"
    del answer.headers["Access-Control-Allow-Origin"]
    return answer


def is_stale(atrium: Atrium, now: dt.datetime) -> bool:
    """Whether it was cancelled so long ago that every calendar has heard of it."""
    since = atrium.cancelled_at or atrium.updated_at
    return atrium.is_cancelled and since < now - KEEPS_CANCELLED


def _calendar(web: Web, atria: Sequence[Atrium], name: str) -> _Calendar:
    now = web.now()
    return _Calendar(etag=_etag(web, atria, name), atria=atria, name=name, now=now, web=web)


def _answer(request: Request, calendar: _Calendar, written: Callable[[_Calendar], bytes]) -> Response:
    headers = {"ETag": calendar.etag, "Cache-Control": CACHE, "Access-Control-Allow-Origin": "*"}
    if _is_known(request, calendar.etag):
        return Response(status_code=304, headers=headers)
    return Response(written(calendar), media_type=MEDIA_TYPE, headers=headers)


def _written(calendar: _Calendar) -> bytes:
    def page(atrium: Atrium) -> str:
        return calendar.web.address(atrium_page(atrium.uid))

    # Slow to import, and not every run of the bot is asked for a calendar.
    from store.exchange.calendar import calendar_bytes

    return calendar_bytes(calendar.atria, name=calendar.name, now=calendar.now, url_of=page)


def _etag(web: Web, atria: Sequence[Atrium], name: str) -> str:
    """Changes when what the calendar says changes; cheaper than writing the calendar first."""
    now = web.now()
    digest = hashlib.sha256(f"{name}\n{web.public_url}\n{wording()}\n".encode())
    for atrium in atria:
        told = (
            atrium.uid,
            atrium.sequence,
            atrium.updated_at.isoformat(),
            atrium.registration_is_open(now),
            atrium.has_ended(now),
        )
        digest.update(f"{told}\n".encode())
    return f'W/"{digest.hexdigest()[:32]}"'


def _is_known(request: Request, etag: str) -> bool:
    """RFC 9110, 13.1.2: any of the tags named, compared weakly."""
    given = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return given.strip() == "*" or etag.removeprefix("W/") in tags
