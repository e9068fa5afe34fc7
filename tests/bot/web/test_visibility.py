"""What is meant for one community shows nowhere in public: no page, feed, list, count or link."""

from __future__ import annotations

import pytest

from handlers.model import Kind
from store.engine import Store
from tests.fakes.network import atrium, fill
from tests.fakes.visitor import Visitor

SECRET = "Zonnebloem"  # noqa: S105

PUBLIC = (
    "/",
    "/?q=zonnebloem",
    "/?soort=mandatarissen",
    "/?plaats=Aalst",
    "/?plaats=Oost-Vlaanderen",
    "/?thema=zonnebloem",
    "/?van=2027-01-01&tot=2027-12-31",
    "/?wanneer=voorbij",
    "/?plaats=Lochristi",
    "/atria/atr-open",
    "/agenda.ics",
    "/agenda.ics?soort=mandatarissen",
    "/api/v1/atria",
    "/api/v1/atria?soort=mandatarissen",
    "/api/v1/atria?q=zonnebloem&limit=1",
    "/api/docs",
    "/api/openapi.json",
    "/metrics",
    "/readyz",
    "/community/algemeen",
    "/community/algemeen/messages",
)


@pytest.fixture
def outsider(newcomer: Visitor, sqlite_store: Store) -> Visitor:
    told = {
        "title": f"Atrium {SECRET}",
        "theme": f"thema {SECRET}",
        "venue": f"Zaal {SECRET}",
        "municipality": "Aalst",
        "kind": Kind.MANDATARISSEN,
        "visibility": frozenset({"mandatarissen"}),
        "programme_uid": "prog-1",
    }
    fill(
        sqlite_store,
        atrium(uid="atr-geheim-komt", **told),
        atrium("2026-10-05 09:00", uid="atr-geheim-was", **told),
        atrium("2027-03-01 09:00", uid="atr-open", programme_uid="prog-1", municipality="Aalst"),
    )
    return newcomer


@pytest.mark.parametrize("address", PUBLIC)
def test_a_private_atrium_shows_nowhere_in_public(outsider: Visitor, address: str) -> None:
    """C-42: on no page, in no feed and in no data."""
    text = outsider.get(address).text.casefold()
    # What was typed stands in the form and the address; what the record holds does not.
    assert f"atrium {SECRET}".casefold() not in text
    assert f"thema {SECRET}".casefold() not in text
    assert f"zaal {SECRET}".casefold() not in text
    assert "atr-geheim" not in text


@pytest.mark.parametrize("form", ["/atria/{}", "/atria/{}.ics", "/api/v1/atria/{}"])
def test_a_private_atrium_is_as_missing_as_one_that_never_was(outsider: Visitor, form: str) -> None:
    private = outsider.get(form.format("atr-geheim-komt"))
    unknown = outsider.get(form.format("atr-nooit-gezien"))
    assert private.status_code == unknown.status_code == 404
    assert private.text == unknown.text
    assert private.headers == unknown.headers


def test_a_private_atrium_does_not_count(outsider: Visitor) -> None:
    assert "1 atrium<" in " ".join(outsider.get("/").text.split())
    assert len(outsider.get("/api/v1/atria").json()["items"]) == 1
