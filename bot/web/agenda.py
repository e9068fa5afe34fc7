"""The public agenda: the list with its filters, and the page of one atrium."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response

from bot.platforms.local import NAME as LOCAL
from bot.web import listing, paging
from bot.web.event import event_data
from bot.web.filters import Filters, read_filters
from bot.web.listing import Item
from bot.web.pages import Pages
from bot.web.paging import Mark, Page
from bot.web.places import wider
from bot.web.site import Web
from handlers.context import Agenda
from handlers.model import Atrium, Kind, Query
from handlers.wording.cards import facts, place_text, programme_lines
from handlers.wording.dates import date_with_year, local_day
from handlers.wording.texts import kind_name
from scheduler.plan import ANNOUNCEMENT, REMINDER
from store import outbox
from store.states import OutboxState

PAGE_SIZE = 30

#: How many atria are offered when nothing was found.
OFFERED = 3

#: Who may see what a public page shows: nobody in particular.
EVERYBODY: frozenset[str] = frozenset()

NOT_FOUND = "Dit atrium staat niet in de openbare agenda."


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What there is near what was asked for: in words, the address of all of it, and the first few."""

    words: str
    address: str
    items: tuple[Item, ...]


def routes(web: Web, pages: Pages) -> APIRouter:
    """`/` and `/atria/{uid}`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    def agenda(request: Request) -> Response:
        with web.agenda() as found:
            return _agenda_page(web, pages, found, request)

    @router.api_route("/atria/{uid}", methods=["GET", "HEAD"])
    def atrium(uid: str) -> Response:
        with web.agenda() as found:
            return _atrium_page(web, pages, found, uid)

    return router


def _agenda_page(web: Web, pages: Pages, agenda: Agenda, request: Request) -> Response:
    filters = read_filters(request.query_params, agenda.regions())
    mark = _mark(request)
    now, today = web.now(), web.today()
    query = filters.query_at(today)
    if filters.problems:
        found, total = Page(atria=()), 0
    else:
        found, total = paging.page(agenda, query, mark, PAGE_SIZE), agenda.count(query)
    past = filters.shows_past(today)
    following = None if mark or past else listing.first_coming(found.atria, now)
    rest = [atrium for atrium in found.atria if atrium is not following]
    more = filters.address("/", ("na", str(found.following))) if found.following else None
    return pages.response(
        "agenda.html",
        422 if filters.problems else 200,
        filters=filters,
        kinds=[(kind.value, kind_name(kind)) for kind in Kind],
        themes=web.themes(),
        active=filters.active(today),
        following=listing.item(following, now) if following else None,
        months=listing.months(rest, now),
        total=total,
        is_continued=mark is not None,
        past=past,
        coming_address=replace(filters, past=False).address("/"),
        past_address=replace(filters, past=True).address("/"),
        start_address=filters.address("/"),
        more=more,
        feed=filters.address("/agenda.ics"),
        offer=None if total or filters.problems else _offer(agenda, filters, web),
        updated=_day(agenda),
    )


def _mark(request: Request) -> Mark | None:
    text = request.query_params.get("na")
    if not text:
        return None
    try:
        return paging.read_mark(text)
    except ValueError:
        raise HTTPException(422, "Deze plek in de lijst bestaat niet. Begin opnieuw bij de agenda.") from None


def _offer(agenda: Agenda, filters: Filters, web: Web) -> Offer | None:
    """The nearest to what was asked for: a wider place first, then without one filter after the other."""
    now, today = web.now(), web.today()
    for words, relaxed in _relaxed(agenda, filters):
        found = agenda.upcoming(replace(relaxed.query_at(today), limit=OFFERED))
        if found:
            items = tuple(listing.item(atrium, now) for atrium in found)
            return Offer(words=words, address=relaxed.address("/"), items=items)
    return None


def _relaxed(agenda: Agenda, filters: Filters) -> list[tuple[str, Filters]]:
    ways: list[tuple[str, Filters]] = []
    if filters.place is not None:
        region = agenda.region_of(filters.place.municipality) if filters.place.municipality else None
        for place in wider(filters.place, region):
            what = "regio" if place.region else "provincie"
            name = place.region or place.province
            ways.append((f"Het dichtst bij vind je in de {what} {name}:", replace(filters, place=place)))
    if filters.first or filters.last:
        ways.append(("Op een andere dag wel:", replace(filters, first=None, last=None)))
    if filters.place is not None:
        ways.append(("In een andere plaats wel:", replace(filters, place=None)))
    if filters.text is not None:
        ways.append(("Zonder de zoekwoorden wel:", replace(filters, text=None)))
    if filters.theme is not None:
        ways.append(("Over een ander thema wel:", replace(filters, theme=None)))
    if filters.kinds:
        ways.append(("Van een andere soort wel:", replace(filters, kinds=())))
    if filters.narrows:
        ways.append(("Dit zijn de eerstvolgende atria:", Filters()))
    return ways


def _atrium_page(web: Web, pages: Pages, agenda: Agenda, uid: str) -> Response:
    atrium = agenda.find(uid, EVERYBODY)
    if atrium is None:
        raise HTTPException(404, NOT_FOUND)
    now = web.now()
    return pages.response(
        "atrium.html",
        item=listing.item(atrium, now),
        atrium=atrium,
        facts=facts(atrium, now),
        where=place_text(atrium),
        programme=programme_lines(atrium),
        elsewhere=[listing.item(other, now) for other in _elsewhere(agenda, atrium)],
        updated=date_with_year(local_day(atrium.updated_at)),
        address=web.address(f"/atria/{uid}"),
        event=event_data(atrium, web),
        takes_contributions=not (atrium.is_cancelled or atrium.has_ended(now)),
        thread=_thread(web, uid),
    )


def _thread(web: Web, uid: str) -> str | None:
    """Where this atrium is spoken of in the local community; None where it is not, or there is none."""
    if web.local is None:
        return None
    with web.store.reading() as session:
        said = [
            each
            for each in outbox.entries_of(session, uid, (ANNOUNCEMENT, REMINDER))
            if each.platform == LOCAL and each.state is OutboxState.SENT and each.message_id
        ]
    if not said:
        return None
    return f"/community/{quote(said[0].community_key or '', safe='')}#bericht-{said[0].message_id}"


def _elsewhere(agenda: Agenda, atrium: Atrium) -> list[Atrium]:
    """The other places of the same programme, by date."""
    if atrium.programme_uid is None:
        return []
    found = agenda.upcoming(Query(programme_uid=atrium.programme_uid))
    return [other for other in found if other.uid != atrium.uid]


def _day(agenda: Agenda) -> str | None:
    at = agenda.updated_at()
    return date_with_year(local_day(at)) if at else None
