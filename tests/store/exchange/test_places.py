from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.exchange.places import Address, Place, read_address, read_municipality
from store.exchange.problems import Unfit


@pytest.mark.parametrize("text", ["Sint-Niklaas", "sint niklaas", "SINT-NIKLAAS"])
def test_a_municipality_gets_its_official_spelling(text: str) -> None:
    assert read_municipality(text) == Place("Sint-Niklaas", "Oost-Vlaanderen")


def test_brussels_has_no_province() -> None:
    assert read_municipality("brussel") == Place("Brussel", None)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Zotegem", "Bedoel je Zottegem?"),
        ("Galmaarden", "Vul Pajottegem in"),
        ("Velzeke", "Vul Zottegem in"),
        ("9620", "Vul Zottegem in"),
        ("Bruxelles", "als Brussel"),
        ("Charleroi", "geen Vlaamse gemeente"),
        ("Zottegem\x00", "stuurtekens"),
    ],
)
def test_another_name_is_refused_with_advice(text: str, advice: str) -> None:
    read = read_municipality(text)
    assert isinstance(read, Unfit)
    assert advice in read.reason


def test_a_village_name_of_several_municipalities_names_them() -> None:
    read = read_municipality("Heusden")
    assert isinstance(read, Unfit)
    assert "Destelbergen" in read.reason
    assert "Heusden-Zolder" in read.reason


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Zottegem", Address(municipality="Zottegem")),
        (
            "Stadhuis, Markt 1, 9620 Zottegem, België",
            Address(municipality="Zottegem", venue="Stadhuis", address="Markt 1"),
        ),
        (
            "Lamot\nVan Beethovenstraat 8\nB-2800 Mechelen",
            Address(municipality="Mechelen", venue="Lamot", address="Van Beethovenstraat 8"),
        ),
        (
            "Herman Teirlinck, Havenlaan 88, bus 100, 1000 Brussel",
            Address(municipality="Brussel", venue="Herman Teirlinck", address="Havenlaan 88, bus 100"),
        ),
    ],
)
def test_a_loose_address_is_taken_apart(text: str, address: Address) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", "België", "Microsoft Teams-vergadering", "Stadhuis Zottegem", "9620"])
def test_an_address_without_a_municipality_of_its_own_is_refused(text: str) -> None:
    assert isinstance(read_address(text), Unfit)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_places(text: str) -> None:
    assert isinstance(read_municipality(text), Place | Unfit)
    assert isinstance(read_address(text), Address | Unfit)
