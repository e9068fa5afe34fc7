"""Every address of the console, as everybody: the table says who may, and nothing is outside the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from bot.web.console.rights import ROUTES, Right
from tests.bot.console.conftest import Enter
from tests.fakes.console_visitors import INSIDE, PEOPLE, PRIVATE_DRAFT, PRIVATE_TITLE

#: Who has which right; everybody else is refused.
HOLDERS = {
    Right.READ: frozenset(INSIDE),
    Right.STEER: frozenset(INSIDE) - {"lezer"},
    Right.WATCH: frozenset({"lezer", "moderator", "collega", "beheerder"}),
    Right.MODERATE: frozenset({"moderator", "collega", "beheerder"}),
    Right.ADMINISTER: frozenset({"beheerder"}),
}

FILLED = {
    "uid": "atr-1-044",
    "number": "1",
    "name": "contact",
    "key": "x",
    "token": "x",
}


def own_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """What the router itself answers under /beheer, apart from the door for everything else."""
    for route in app.routes:
        found = getattr(route, "original_router", None)
        inner = found.routes if found is not None else [route]
        for each in inner:
            if (
                isinstance(each, APIRoute)
                and each.path.startswith("/beheer")
                and "{rest:path}" not in each.path
            ):
                for method in each.methods - {"HEAD"}:
                    yield method, each.path


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: FILLED[found[1]], path)


def test_the_router_and_the_table_name_the_same_addresses(app: FastAPI) -> None:
    assert set(own_routes(app)) == set(ROUTES)


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_everybody_gets_where_they_may_and_nowhere_else(app: FastAPI, enter: Enter, who: str | None) -> None:
    visitor = enter(who)
    for (method, path), right in ROUTES.items():
        if right is Right.OPEN:
            continue
        answer = visitor.get(filled(path)) if method == "GET" else visitor.send(filled(path))
        if who is None:
            assert answer.status_code == 401, (method, path)
            assert "Aanmelden" in answer.text
        elif who in HOLDERS[right]:
            assert answer.status_code not in {401, 500}, (method, path, answer.status_code)
            if method == "GET":
                assert answer.status_code != 403 or "eigen werking" in answer.text, (method, path)
        else:
            assert answer.status_code == 403, (who, method, path, answer.status_code)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_without_a_session_every_path_asks_to_sign_in(enter: Enter, method: str) -> None:
    for path in ("/beheer", "/beheer/", "/beheer/zomaar", "/beheer/agenda/x/y/z", "/beheer/rollen"):
        answer = enter(None).ask(method, path)
        assert answer.status_code in {401, 405, 307}, (method, path, answer.status_code)
        if answer.status_code == 307:
            assert answer.headers["location"].endswith("/beheer")


def test_a_form_without_the_proof_of_this_session_is_refused(enter: Enter) -> None:
    visitor, other = enter("beheerder"), enter("moderator")
    stolen = other.get("/beheer/rollen").text
    proof = re.search(r'name="bewijs" value="(\w+)"', stolen)
    assert proof is not None
    for (method, path), right in ROUTES.items():
        if method == "POST" and right is not Right.OPEN:
            for sent in ({}, {"bewijs": ""}, {"bewijs": "x"}, {"bewijs": proof[1]}):
                answer = visitor.post(filled(path), data={**sent, "a": "b"})
                assert answer.status_code == 403, (path, sent)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elders.example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(enter: Enter, headers: dict[str, str]) -> None:
    visitor = enter("beheerder")
    page = visitor.get("/beheer/woorden").text
    proof = re.search(r'name="bewijs" value="(\w+)"', page)
    assert proof is not None
    data = {"bewijs": proof[1], "woord": "hwp", "betekenis": "hemelwaterplan"}
    assert visitor.post("/beheer/woorden", data=data, headers=headers).status_code == 403
    assert visitor.post("/beheer/aanmelden", data={}, headers=headers).status_code == 403
    assert visitor.post("/beheer/eenmalig", data={}, headers=headers).status_code == 403
    assert "Geleerd door" not in visitor.get("/beheer/woorden").text


#: Where a private atrium and a draft could show.
EVERY_PAGE = [
    *(path for (method, path), _ in ROUTES.items() if method == "GET" and "{" not in path),
    "/beheer/agenda?q=besloten",
    "/beheer/agenda?wanneer=voorbij",
    "/beheer/agenda/besloten-1",
    "/beheer/agenda/besloten-1/wijzigen",
    "/beheer/agenda/besloten-1/annuleren",
    "/beheer/agenda/besloten-1/plaatsen",
    "/beheer/agenda/nieuw?van=besloten-1",
    "/beheer/agenda/uitvoer/agenda.csv",
    "/beheer/agenda/uitvoer/agenda.ics",
    "/beheer/aankondigingen/1",
    "/beheer/aankondigingen/1/verslag.csv",
    "/beheer/aankondigingen/1/wijzigen",
    "/beheer/aankondigingen?staat=ontwerp",
    "/beheer/berichten?community=mandatarissen",
    "/beheer/berichten?wat=niet-verstuurd",
    "/beheer/berichten?wat=geplaatst",
    "/beheer/vragen/2",
    *(f"/beheer/berichten/{number}" for number in range(1, 60)),
    "/",
    "/?q=besloten",
    "/atria/besloten-1",
    "/agenda.ics",
    "/api/v1/atria",
]

#: Everybody who may know: of the atrium whoever sees everything or moderates politicians; of the draft
#: whoever moderates everywhere.
KNOW_ATRIUM = frozenset({"lezer", "moderator", "collega", "beheerder", "mandatarissen"})
KNOW_DRAFT = frozenset({"moderator", "collega", "beheerder"})


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_a_private_atrium_and_a_draft_leak_to_nobody(enter: Enter, planned: None, who: str | None) -> None:
    visitor = enter(who)
    shown = "\n".join(visitor.get(path).text for path in EVERY_PAGE)
    for words in (PRIVATE_TITLE, "besloten thema", "Besloten zaal", "besloten vraag"):
        assert (words in shown) == (who in KNOW_ATRIUM), words
    assert (PRIVATE_DRAFT in shown) == (who in KNOW_DRAFT)
