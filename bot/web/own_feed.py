"""A member's own calendar: the public atria of what they follow, at an address that nobody can guess.

Whoever has the address needs no other proof, and an address is passed on sooner than one thinks:
so an atrium that is not public is not in it, not even for a member who follows that very atrium.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from fastapi import APIRouter, HTTPException, Request, Response

from bot.web.agenda import EVERYBODY
from bot.web.feeds import is_stale, personal_answer, query_atria
from bot.web.places import find_place
from bot.web.site import Web
from handlers.context import Agenda
from handlers.model import Atrium, Follow, FollowWhat, Kind, Query
from handlers.wording.catalogue import say
from store.agenda import StoredAgenda
from store.members import find_follows_by_token

#: What calendars call it; without a name, for whoever looks over a shoulder.
NAME = "kalender.eigen naam"

NO_CALENDAR = "kalender.weg"

_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)


def routes(web: Web) -> APIRouter:
    """`/mijn/{token}.ics`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/mijn/{token}.ics", methods=["GET", "HEAD"])
    def own(token: str, request: Request) -> Response:
        with web.store.reading() as session:
            follows = find_follows_by_token(session, token) if _TOKEN.fullmatch(token) else None
            if follows is None:
                raise HTTPException(404, say(NO_CALENDAR), {"Cache-Control": "no-store"})
            atria = followed(StoredAgenda(session), follows, web.now())
        answer = personal_answer(request, web, atria, say(NAME))
        answer.headers["X-Robots-Tag"] = "noindex"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    return router


def followed(agenda: Agenda, follows: Iterable[Follow], now: dt.datetime) -> list[Atrium]:
    """The public atria that these wishes name, each once, by start."""
    found = {atrium.uid: atrium for each in follows for atrium in _named(agenda, each, now)}
    return sorted(found.values(), key=lambda atrium: (atrium.starts_at, atrium.uid))


def _named(agenda: Agenda, follow: Follow, now: dt.datetime) -> Iterator[Atrium]:
    if follow.what is FollowWhat.ATRIUM:
        atrium = agenda.find(follow.value, EVERYBODY)
        if atrium is not None and not is_stale(atrium, now):
            yield atrium
        return
    query = _query(follow, agenda.regions())
    if query is not None:
        yield from query_atria(agenda, query, now)


def _query(follow: Follow, regions: Sequence[str]) -> Query | None:
    """What to look for; None when nothing is called so any more."""
    match follow.what:
        case FollowWhat.KIND:
            return Query(kinds=frozenset({Kind(follow.value)}), visible_to=EVERYBODY)
        case FollowWhat.REGION:
            return Query(region=follow.value, visible_to=EVERYBODY)
        case FollowWhat.THEME:
            return Query(theme=follow.value, visible_to=EVERYBODY)
        case FollowWhat.PLACE:
            place = find_place(follow.value, regions)
            if place is None:
                return None
            return Query(
                municipality=place.municipality,
                province=place.province,
                region=place.region,
                visible_to=EVERYBODY,
            )
        case FollowWhat.ALL:
            return Query(visible_to=EVERYBODY)
        case FollowWhat.ATRIUM:
            return None
