"""Places: every name that people use, and none where a word only looks like one."""

from __future__ import annotations

import pytest

from handlers.gazetteer import gazetteer, province_place
from handlers.reading.model import Vocabulary
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW


def place(text: str) -> str | None:
    return read(text, NOW).place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lokaal atrium Galmaarden", "Pajottegem"),
        ("atrium in Velzeke", "Zottegem"),
        ("atrium à Courtrai", "Kortrijk"),
        ("atrium in Ghent", "Gent"),
        ("atrium in St-Niklaas", "Sint-Niklaas"),
        ("atrium in St.-Truiden", "Sint-Truiden"),
        ("ons volgend atrium? wij zijn van 3000", "Leuven"),
        ("wij zijn van 2018, wanneer is ons atrium", "Antwerpen"),
        ("provinciaal atrium limburg", "Provincie Limburg"),
        ("provinciaal atrium antwerpen", "Antwerpen"),
        ("atria in de provincie Antwerpen", "Provincie Antwerpen"),
        ("lokaal atrium Zuid-West-Vlaanderen", "Zuid-West-Vlaanderen"),
        ("atria in West-Vlaanderen", "Provincie West-Vlaanderen"),
        ("het Gentse atrium", "Gent"),
        ("atria in de Gentse regio", "Regio Gent"),
        ("iets in het Hageland", "Oost-Brabant"),
        ("lokaal atrium Mol", "Mol"),
        ("is er iets in As", "As"),
        ("atrium in Kortijk", "Kortrijk"),
        ("atrium in gennt", "Gent"),
        ("lokaal atrium van rivierland", "Rivierenland"),
        ("ik woon in Gent maar werk in Deinze, wanneer is mijn atrium", "Deinze"),
        ("atrium in Heusden, dat bij Destelbergen", "Destelbergen"),
        ("Halle, maar dan dat van Zoersel: wanneer is daar het lokaal atrium", "Zoersel"),
        ("atrium in Lier, euh nee, in Lint bedoel ik", "Lint"),
        ("provinciaal atrium Antwerpen, ik bedoel de provincie", "Provincie Antwerpen"),
        ("thematisch atrium in Brussel", "Brussel"),
    ],
)
def test_a_place_is_read_under_any_of_its_names(text: str, name: str) -> None:
    assert place(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "mag ik een boom kappen in mijn tuin",
        "kan ik meer info krijgen over het lokaal atrium",
        "wij menen dat het atrium te lang duurt",
        "in welke landen bestaan er atria",
        "moet ik iets afhalen of halen",
        "waar kan ik de slides halen van het atrium",
        "is het geel gemarkeerd in de agenda",
        "zijn er atria voor het werken met water",
        "atria in 2027",
        "de volgende drie atria",
        "wanneer komen de steden samen",
    ],
)
def test_an_ordinary_word_is_no_place(text: str) -> None:
    assert place(text) is None


def test_a_homonym_is_left_open_with_its_candidates() -> None:
    reading = read("wanneer is het lokaal atrium in Heusden", NOW)
    assert reading.place is None
    assert set(reading.places) == {"Destelbergen", "Heusden-Zolder"}


def test_a_mended_name_is_told() -> None:
    assert read("atrium in Kortijk", NOW).noticed == ("ik las Kortijk als Kortrijk",)


def test_a_region_of_the_moderators_is_a_place() -> None:
    own = Vocabulary(regions=("Streek van de Demer",), version=7)
    assert read("lokaal atrium streek van de demer", NOW, own).place == "Streek van de Demer"


def test_the_office_in_a_signature_tells_the_place() -> None:
    text = "Wanneer is het volgende atrium? Met vriendelijke groeten, dienst omgeving Zele"
    assert place(text) == "Zele"


def test_a_surname_in_a_signature_is_no_place() -> None:
    assert place("Wanneer is het volgende atrium? Groeten, Jan Van Damme") is None


def test_the_gazetteer_holds_flanders() -> None:
    known = gazetteer()
    assert len(known.municipalities) == 285
    assert len(known.provinces) == 5
    assert len(known.reference_regions) == 15
    assert len(known.centrumsteden) == 13
    assert known.capital_of("Provincie Limburg") == "Hasselt"
    assert known.province_of("Ninove") == "Oost-Vlaanderen"
    assert known.province_of("Brussel") is None
    assert province_place("Limburg") == "Provincie Limburg"


@pytest.mark.parametrize(
    ("name", "municipality"),
    [
        ("GAND", "Gent"),
        ("heule", "Kortrijk"),
        ("9620", "Zottegem"),
        ("Moerbeke", "Lokeren"),
        ("Heusden", None),
    ],
)
def test_the_gazetteer_finds_by_any_unambiguous_name(name: str, municipality: str | None) -> None:
    found = gazetteer().find(name)
    assert (found.name if found else None) == municipality


def test_the_gazetteer_knows_official_names_alone_as_such() -> None:
    assert gazetteer().municipality("sint-niklaas") is not None
    assert gazetteer().municipality("Heule") is None
