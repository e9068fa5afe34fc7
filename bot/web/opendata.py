"""The open data: the public agenda for other programs, in JSON, described by OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, create_model

from bot.web import paging
from bot.web.agenda import EVERYBODY, NOT_FOUND
from bot.web.errors import Problem, RefusedError, add_json_errors
from bot.web.filters import Filters, read_filters
from bot.web.pages import Pages, atrium_page
from bot.web.paging import Mark
from bot.web.site import Web
from handlers.model import BRUSSELS, Atrium, Kind
from handlers.wording.catalogue import say
from handlers.wording.texts import NETWORK
from store.exchange.columns import COLUMNS, as_row

LIMIT = 50
MAX_LIMIT = 500

ABOUT = f"""De openbare agenda van het {NETWORK}.

De namen van de velden zijn die van het agendabestand; een lege tekst betekent: niet ingevuld.
Datum en uren zijn die van de klok in Brussel. Zonder van staat ook in de lijst wat voorbij is.
Je mag de gegevens vrij gebruiken; een sleutel is niet nodig."""

_NOTES = {
    "uid": "Vaste sleutel van het atrium",
    "titel": "Naam van het atrium",
    "thema": "Waarover het gaat",
    "locatie": "Naam van het gebouw of de zaal",
    "adres": "Straat en nummer",
    "gemeente": "Vlaamse gemeente, of Brussel",
    "regio": "Regio van een Lokaal Atrium",
    "omschrijving": "Korte uitleg",
    "inschrijven_url": "Adres waar je inschrijft",
    "organisator": "Wie het organiseert",
    "contact": "Waar je terechtkunt met vragen",
    "soort": f"Een van: {', '.join(kind.value for kind in Kind)}",
    "datum": "Dag, als 2027-04-12",
    "begin": "Beginuur, als 09:30",
    "einde": "Einduur, als 12:30",
    "doelgroep": "Een of meer doelgroepen, met | ertussen",
    "programma": "Onderdelen van het programma, met | ertussen",
    "inschrijven_tot": "Laatste dag waarop je kunt inschrijven",
    "status": "gepland, bevestigd, geannuleerd of voorbij",
    "zichtbaarheid": "Altijd publiek: wat niet openbaar is, staat hier niet",
    "programma_uid": "Gelijk voor alle plaatsen van één programma",
}


class _Columns(BaseModel):
    model_config = ConfigDict(title="Atrium")


_Record = create_model(
    "Atrium",
    __base__=_Columns,
    **{name: (str, Field(description=_NOTES.get(name))) for name in COLUMNS},  # type: ignore[call-overload]
)


class AtriumData(_Record):  # type: ignore[misc,valid-type]
    """Eén atrium."""

    url: str = Field(description="De pagina van dit atrium")
    sequence: int = Field(description="Stijgt bij elke wijziging die mensen moeten weten")
    bijgewerkt_op: str = Field(description="Tijdstip van de laatste wijziging, met tijdzone")


class AtriumList(BaseModel):
    """Een deel van de agenda, op volgorde van begin."""

    items: list[AtriumData]
    next: str | None = Field(description="Adres van het vervolg; null als dit alles is")


_FILTERS = {
    "soort": "Soort atrium; mag meer dan eens voorkomen",
    "plaats": "Gemeente (ook een vroegere naam), provincie of regio",
    "thema": "Thema",
    "van": "Eerste dag, als 2027-04-12",
    "tot": "Laatste dag, die meetelt",
    "q": "Zoekwoorden in titel, thema, omschrijving en plaats",
}


def application(web: Web, pages: Pages) -> FastAPI:
    """The interface under `/api`: open to every origin, JSON even when it refuses."""
    api = FastAPI(
        title=f"Open data van het {NETWORK}",
        description=ABOUT,
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    api.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"], allow_headers=["*"])
    add_json_errors(api)
    _add_atria(api, web)
    _add_docs(api, web, pages)
    return api


def _add_atria(api: FastAPI, web: Web) -> None:
    """The agenda as a list, and each atrium by its key."""

    @api.head("/v1/atria", include_in_schema=False)
    @api.get(
        "/v1/atria",
        summary="De atria van de agenda",
        tags=["atria"],
        response_model=AtriumList,
        responses={422: {"model": Problem, "description": "Een filter klopt niet"}},
        openapi_extra={"parameters": _parameters()},
    )
    def atria(request: Request) -> AtriumList:
        limit, mark = _limit(request), _mark(request)
        with web.agenda() as agenda:
            filters = read_filters(request.query_params, agenda.regions())
            if filters.problems:
                raise RefusedError(422, "Een filter klopt niet.", filters.problems)
            found = paging.page(agenda, filters.query(), mark, limit)
        return AtriumList(items=_data(web, found.atria), next=_next(web, filters, found.following, limit))

    @api.head("/v1/atria/{uid}", include_in_schema=False)
    @api.get(
        "/v1/atria/{uid}",
        summary="Eén atrium",
        tags=["atria"],
        response_model=AtriumData,
        responses={404: {"model": Problem, "description": "Niet in de openbare agenda"}},
    )
    def atrium(uid: str) -> AtriumData:
        with web.agenda() as agenda:
            found = agenda.find(uid, EVERYBODY)
        if found is None:
            raise HTTPException(404, say(NOT_FOUND))
        return _data(web, [found])[0]


def _add_docs(api: FastAPI, web: Web, pages: Pages) -> None:
    """The page that describes the interface, also where people try first."""

    @api.get("/docs", include_in_schema=False)
    def docs() -> Response:
        return pages.response("api_docs.html", schema=api.openapi(), base=web.address("/api"))

    @api.get("/", include_in_schema=False)
    @api.get("/atria", include_in_schema=False)
    def guessed() -> Response:
        return RedirectResponse(web.address("/api/docs"))


def _parameters() -> list[dict[str, object]]:
    """The filters are read by hand, as everywhere; here they are only described."""
    texts = {**_FILTERS, "cursor": "Plek in de lijst, zoals die in next staat"}
    described: list[dict[str, object]] = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": "string"}}
        for name, words in texts.items()
    ]
    number = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT}
    described.append(
        {"name": "limit", "in": "query", "description": "Hoeveel atria ineens", "schema": number}
    )
    return described


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(LIMIT))
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    reason = say("filter.getal", hoogstens=str(MAX_LIMIT))
    raise RefusedError(422, "limit klopt niet.", {"limit": reason})


def _mark(request: Request) -> Mark | None:
    text = request.query_params.get("cursor")
    if not text:
        return None
    try:
        return paging.read_mark(text)
    except ValueError:
        reason = say("filter.cursor")
        raise RefusedError(422, "cursor klopt niet.", {"cursor": reason}) from None


def _next(web: Web, filters: Filters, following: Mark | None, limit: int) -> str | None:
    if following is None:
        return None
    more = (("limit", str(limit)), ("cursor", str(following)))
    return web.address(filters.address("/api/v1/atria", *more))


def _data(web: Web, atria: Sequence[Atrium]) -> list[AtriumData]:
    now = web.now()
    return [
        AtriumData(
            **as_row(atrium, now),
            url=web.address(atrium_page(atrium.uid)),
            sequence=atrium.sequence,
            bijgewerkt_op=atrium.updated_at.astimezone(BRUSSELS).isoformat(timespec="seconds"),
        )
        for atrium in atria
    ]
