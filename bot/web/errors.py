"""What went wrong, said in Dutch: a page for people, JSON for programs, never a trace."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot.web.guard import SECURITY_HEADERS
from bot.web.pages import Pages
from handlers.wording.catalogue import Said, say

TITLES = Said(
    {
        401: "fout.titel aanmelden",
        403: "fout.titel mag niet",
        404: "fout.titel is er niet",
        405: "fout.titel kan hier niet",
        409: "fout.titel kan nu niet",
        411: "fout.titel klopt niet",
        413: "fout.titel te groot",
        415: "fout.titel formaat",
        422: "fout.titel klopt niet",
        500: "fout.titel niet klaar",
        503: "fout.titel niet bereikbaar",
    }
)

#: What our own code did not say better.
REASONS = Said(
    {
        403: "fout.andere site",
        404: "fout.adres weg",
        405: "fout.adres anders",
        422: "fout.ingevuld",
        500: "fout.genoteerd",
        503: "fout.later",
    }
)


class Problem(BaseModel):
    """Wat er niet klopt."""

    detail: str = Field(description="Wat er niet klopt, in het Nederlands")
    fields: dict[str, str] = Field(default={}, description="Per veld wat je kunt doen")


class RefusedError(HTTPException):
    """A refusal that says of each field what to do.

    Attributes:
        fields: per field what is wrong and what to do, in Dutch.
    """

    def __init__(self, status: int, detail: str, fields: Mapping[str, str]) -> None:
        super().__init__(status, detail)
        self.fields = fields


def add_json_errors(app: FastAPI) -> None:
    """Have this application answer every error in JSON."""

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> Response:
        return _json(error)

    @app.exception_handler(RequestValidationError)
    def unfit(_request: Request, _error: RequestValidationError) -> Response:
        return _json(HTTPException(422))

    @app.exception_handler(Exception)
    def broken(_request: Request, _error: Exception) -> Response:
        return _json(HTTPException(500), SECURITY_HEADERS)


def add_errors(app: FastAPI, pages: Pages) -> None:
    """Have this application answer errors with a page, and in JSON where a program asks."""

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        return _json(error) if is_for_programs(request) else _page(pages, error)

    @app.exception_handler(RequestValidationError)
    def unfit(request: Request, _: RequestValidationError) -> Response:
        return refused(request, HTTPException(422))

    @app.exception_handler(Exception)
    def broken(request: Request, _: Exception) -> Response:
        # This answer goes around the middleware, so it brings its own headers. The server logs the error.
        failure = HTTPException(500)
        if is_for_programs(request):
            return _json(failure, SECURITY_HEADERS)
        return _page(pages, failure, SECURITY_HEADERS)


def is_for_programs(request: Request) -> bool:
    """Whether the one who asks reads JSON rather than a page."""
    path = request.url.path
    if path.startswith("/api/") or (path.startswith("/community/") and path.endswith("/messages")):
        return True
    wanted = request.headers.get("accept", "")
    return "application/json" in wanted and "text/html" not in wanted


def _words(error: HTTPException) -> str:
    """What our own code said of it, else our own words in the place of the protocol's."""
    if error.detail != HTTPStatus(error.status_code).phrase:
        return error.detail
    return REASONS.get(error.status_code, say("fout.begin opnieuw"))


def _json(error: HTTPException, headers: Mapping[str, str] | None = None) -> Response:
    body: dict[str, object] = {"detail": _words(error)}
    if isinstance(error, RefusedError):
        body["fields"] = dict(error.fields)
    return JSONResponse(body, error.status_code, {**(error.headers or {}), **(headers or {})})


def _page(pages: Pages, error: HTTPException, headers: Mapping[str, str] | None = None) -> Response:
    return pages.response(
        "error.html",
        error.status_code,
        {**(error.headers or {}), **(headers or {})},
        title=TITLES.get(error.status_code, say("fout.titel lukte niet")),
        reason=_words(error),
    )
