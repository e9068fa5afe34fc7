"""The open data: what other programs get."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from handlers.model import Status
from store.engine import Store
from store.exchange.columns import COLUMNS
from tests.fakes.network import atrium, fill
from tests.fakes.visitor import PUBLIC_URL, Visitor


def items(visitor: Visitor, address: str) -> list[dict[str, Any]]:
    """All items, over all pages."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        answer = visitor.get(following)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert set(page) == {"items", "next"}
        found += page["items"]
        following = page["next"] and page["next"].removeprefix(PUBLIC_URL)
    return found


def test_an_item_has_the_columns_of_the_agenda_file_and_three_more(visitor: Visitor) -> None:
    item = visitor.get("/api/v1/atria/atr-1-044").json()
    assert tuple(item) == (*COLUMNS, "url", "sequence", "bijgewerkt_op")
    assert item["soort"] == "provinciaal"
    assert (item["datum"], item["begin"], item["einde"]) == ("2027-04-12", "09:00", "16:00")
    assert item["doelgroep"] == "ambtenaar|provincie|intercommunale"
    assert item["url"] == "https://atria.example.org/atria/atr-1-044"
    assert item["sequence"] == 0
    assert dt.datetime.fromisoformat(item["bijgewerkt_op"]).tzinfo is not None


def test_the_list_holds_every_public_atrium_by_date(visitor: Visitor) -> None:
    found = items(visitor, "/api/v1/atria?limit=7")
    moments = [(item["datum"], item["begin"]) for item in found]
    assert moments == sorted(moments)
    assert len({item["uid"] for item in found}) == len(found) > 50
    assert {item["zichtbaarheid"] for item in found} == {"publiek"}


def test_the_filters_are_those_of_the_page(visitor: Visitor) -> None:
    found = items(
        visitor, "/api/v1/atria?soort=provinciaal&plaats=Gent&van=2027-01-01&tot=2027-06-30&limit=1"
    )
    assert [item["uid"] for item in found] == ["atr-1-044"]
    assert items(visitor, "/api/v1/atria?q=westhoek&tot=2026-10-31")[0]["regio"] == "Westhoek"


def test_the_next_page_keeps_the_filters(visitor: Visitor) -> None:
    following = visitor.get("/api/v1/atria?soort=lokaal&limit=2").json()["next"]
    assert following.startswith(f"{PUBLIC_URL}/api/v1/atria?soort=lokaal&limit=2&cursor=")


def test_an_atrium_that_comes_in_between_shifts_nothing(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, *(atrium(f"2027-01-{day:02d} 09:00", uid=f"n-{day}") for day in range(10, 14)))
    first = newcomer.get("/api/v1/atria?limit=2").json()
    fill(sqlite_store, atrium("2027-01-01 09:00", uid="nieuw"))
    second = newcomer.get(first["next"].removeprefix(PUBLIC_URL)).json()
    assert [item["uid"] for item in second["items"]] == ["n-12", "n-13"]


def test_more_atria_at_one_moment_than_fit_a_page_come_in_full(
    newcomer: Visitor, sqlite_store: Store
) -> None:
    fill(sqlite_store, *(atrium(uid=f"n-{number}") for number in range(7)))
    following, seen = "/api/v1/atria?limit=2", []
    for _ in range(4):
        page = newcomer.get(following).json()
        seen += [item["uid"] for item in page["items"]]
        following = (page["next"] or "").removeprefix(PUBLIC_URL)
    assert sorted(seen) == [f"n-{number}" for number in range(7)]
    assert following == ""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("soort=workshop", "soort"),
        ("plaats=Parijs", "plaats"),
        ("van=gisteren", "van"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=veel", "limit"),
        ("limit=-1", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=onzin", "cursor"),
        ("cursor=2027-13-45T99:00:00Z~1", "cursor"),
    ],
)
def test_a_wrong_value_names_its_field_in_json(visitor: Visitor, query: str, field: str) -> None:
    answer = visitor.get(f"/api/v1/atria?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


def test_an_unknown_atrium_is_a_json_error(visitor: Visitor) -> None:
    answer = visitor.get("/api/v1/atria/onbekend")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Dit atrium staat niet in de openbare agenda."}


def test_an_unknown_path_is_a_json_error_in_dutch(visitor: Visitor) -> None:
    answer = visitor.get("/api/v2/atria")
    assert answer.status_code == 404
    assert "Het adres bestaat niet" in answer.json()["detail"]


def test_a_cancelled_atrium_says_so(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium(status=Status.GEANNULEERD))
    assert newcomer.get("/api/v1/atria/atr-1").json()["status"] == "geannuleerd"


def test_every_origin_may_read(visitor: Visitor) -> None:
    asked = {"Origin": "https://elders.example.org"}
    for address in ("/api/v1/atria", "/api/v1/atria/onbekend", "/api/v1/atria?soort=x"):
        assert visitor.get(address, headers=asked).headers["access-control-allow-origin"] == "*"
    preflight = visitor.ask(
        "OPTIONS", "/api/v1/atria", headers={**asked, "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 200


def test_no_origin_may_write(visitor: Visitor) -> None:
    assert visitor.post("/api/v1/atria", json={}).status_code == 405


def test_the_description_names_every_filter_and_field(visitor: Visitor) -> None:
    schema = visitor.get("/api/openapi.json").json()
    ways = schema["paths"]["/v1/atria"]["get"]
    named = {parameter["name"] for parameter in ways["parameters"]}
    assert named == {"soort", "plaats", "thema", "van", "tot", "q", "cursor", "limit"}
    fields = schema["components"]["schemas"]["AtriumData"]["properties"]
    assert set(fields) == {*COLUMNS, "url", "sequence", "bijgewerkt_op"}
    assert schema["servers"] == [{"url": "/api"}]


def test_the_documentation_loads_nothing_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.get("/api/docs")
    assert page.status_code == 200
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert all(urlsplit(address).netloc == "" for address in loaded)
    assert "inschrijven_tot" in page.text


@pytest.mark.parametrize("address", ["/api/", "/api/atria"])
def test_where_people_try_first_leads_to_the_description(visitor: Visitor, address: str) -> None:
    answer = visitor.get(address)
    assert answer.headers["location"] == f"{PUBLIC_URL}/api/docs"
