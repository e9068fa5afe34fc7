"""What answers of the fake Graph have in common: pages and errors."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


def problem(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error in Graph's own shape."""
    inner = {"date": "2026-11-23T09:00:00", "request-id": str(uuid.uuid4()), "client-request-id": ""}
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}))


def missing() -> Response:
    return problem(404, "Request_ResourceNotFound", "Resource does not exist.")


def page(request: Request, found: Sequence[Mapping[str, Any]], *, size: int) -> Response:
    """The part of a list that `$top` and `$skiptoken` ask for, with the address of the next."""
    query = request.query_params
    size = min(int(query.get("$top", size)), 999)
    first = int(query.get("$skiptoken", 0))
    chosen = query.get("$select")
    kept = [select(each, chosen) for each in found[first : first + size]]
    body: dict[str, Any] = {"value": kept}
    if len(found) > first + size:
        next_url = request.url.include_query_params(**{"$skiptoken": first + size, "$top": size})
        body["@odata.nextLink"] = str(next_url)
    return JSONResponse(body)


def select(each: Mapping[str, Any], chosen: str | None) -> dict[str, Any]:
    """The properties that `$select` names; the id always comes along."""
    if chosen is None:
        return dict(each)
    wanted = {"id", *chosen.split(",")}
    return {name: value for name, value in each.items() if name in wanted or name.startswith("@")}
