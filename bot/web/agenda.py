"""The public agenda: the list with its filters, and the page of one atrium."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from bot.platforms.local import NAME as LOCAL
from bot.web import listing, paging
from bot.web.console.attempts import address_of
from bot.web.console.forms import Form
from bot.web.event import event_data
from bot.web.filters import Filters, read_filters
from bot.web.listing import Item
from bot.web.page_contributions import (
    CONTRIBUTED,
    SORTS,
    TRAP,
    Desk,
    Filled,
    read_contribution,
)
from bot.web.pages import Pages, atrium_page
from bot.web.paging import Mark, Page
from bot.web.places import wider
from bot.web.site import Web
from handlers.context import Agenda
from handlers.model import Atrium, Kind, Query
from handlers.moderation.contribution import MOST_TEXT, takes_contributions
from handlers.wording.cards import facts, place_text, programme_lines
from handlers.wording.catalogue import say
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

NOT_FOUND = "pagina.atrium weg"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What there is near what was asked for: in words, the address of all of it, and the first few."""

    words: str
    address: str
    items: tuple[Item, ...]


def routes(web: Web, pages: Pages) -> APIRouter:
    """`/`, `/atria/{uid}` and what its form sends."""
    router = APIRouter(include_in_schema=False)
    desk = Desk(web)

    @router.api_route("/", methods=["GET", "HEAD"])
    def agenda(request: Request) -> Response:
        with web.agenda() as found:
            return _agenda_page(web, pages, found, request)

    @router.api_route("/atria/{uid}", methods=["GET", "HEAD"])
    def atrium(uid: str, request: Request) -> Response:
        with web.agenda() as found:
            shown = _public(found, uid)
            thanks = request.query_params.get("inbreng") == CONTRIBUTED
            return _atrium_page(web, pages, found, shown, desk.blank(shown), thanks=thanks)

    @router.post("/atria/{uid}/inbreng")
    async def hand_in(uid: str, request: Request) -> Response:
        form = await read_contribution(request)
        return await run_in_threadpool(_handed_in, web, pages, desk, uid, form, address_of(request))

    return router


def _handed_in(web: Web, pages: Pages, desk: Desk, uid: str, form: Form, address: str) -> Response:
    with web.agenda() as found:
        atrium = _public(found, uid)
    again = desk.take(atrium, form, address)
    if again is None:
        return RedirectResponse(f"{atrium_page(uid)}?inbreng={CONTRIBUTED}#inbreng", 303)
    with web.agenda() as found:
        return _atrium_page(web, pages, found, atrium, again)


def _public(agenda: Agenda, uid: str) -> Atrium:
    """The atrium of a public page; raises HTTPException 404 where there is none."""
    atrium = agenda.find(uid, EVERYBODY)
    if atrium is None:
        raise HTTPException(404, say(NOT_FOUND))
    return atrium


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
        raise HTTPException(422, say("pagina.plek weg")) from None


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
            what = say("pagina.regio") if place.region else say("pagina.provincie")
            name = place.region or place.province
            ways.append(
                (say("pagina.dichtst bij", soort=what, naam=name or ""), replace(filters, place=place))
            )
    if filters.first or filters.last:
        ways.append((say("pagina.andere dag"), replace(filters, first=None, last=None)))
    if filters.place is not None:
        ways.append((say("pagina.andere plaats"), replace(filters, place=None)))
    if filters.text is not None:
        ways.append((say("pagina.zonder zoekwoorden"), replace(filters, text=None)))
    if filters.theme is not None:
        ways.append((say("pagina.ander thema"), replace(filters, theme=None)))
    if filters.kinds:
        ways.append((say("pagina.andere soort"), replace(filters, kinds=())))
    if filters.narrows:
        ways.append((say("pagina.eerstvolgende"), Filters()))
    return ways


def _atrium_page(
    web: Web, pages: Pages, agenda: Agenda, atrium: Atrium, form: Filled | None, *, thanks: bool = False
) -> Response:
    now, uid = web.now(), atrium.uid
    return pages.response(
        "atrium.html",
        form.status if form else 200,
        # The form proves itself, each time with another proof.
        {"Cache-Control": "no-store"} if form else None,
        item=listing.item(atrium, now),
        atrium=atrium,
        facts=facts(atrium, now),
        where=place_text(atrium),
        programme=programme_lines(atrium),
        elsewhere=[listing.item(other, now) for other in _elsewhere(agenda, atrium)],
        updated=date_with_year(local_day(atrium.updated_at)),
        address=web.address(f"/atria/{uid}"),
        event=event_data(atrium, web),
        takes_contributions=takes_contributions(atrium, now),
        form=form,
        thanks=thanks,
        sorts=[(sort.value, words) for sort, words in SORTS.items()],
        trap=TRAP,
        most_text=MOST_TEXT,
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
