"""Every row of the lexicon files does what its own question needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.reading import intents
from handlers.reading import lexicon as lexicon_module
from handlers.reading.intents import Pattern, patterns
from handlers.reading.lexicon import LexiconError, Row, rows
from handlers.reading.reading import abstract, read
from handlers.reading.words import sentence_of
from tests.handlers.reading.scoring import NOW

FILES = (
    "spelling.csv",
    "begrippen.csv",
    "kleine_woorden.csv",
    "bedoelingen.csv",
    "rollen.csv",
    "themas.csv",
    "streken.csv",
    "elders.csv",
    "dubbelzinnige_plaatsen.csv",
    "voorbeeldwoorden.csv",
)


def line(row: Row) -> str:
    return f"{row.file}:{row.line}"


@pytest.mark.parametrize("file", FILES)
def test_every_row_names_a_question(file: str) -> None:
    assert [line(row) for row in rows(file) if not row.case] == []


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: line(pattern.row))
def test_a_pattern_carries_its_own_question(pattern: Pattern) -> None:
    reading = read(pattern.row.case, NOW)
    assert reading.intent is pattern.intent, reading.trace[-1]


def test_a_pattern_of_unknown_concepts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {"bedoeling": "where", "gewicht": "3", "patroon": "WAAR .. WAARHEID", "geval": "waar is het"}
    monkeypatch.setattr(intents, "rows", lambda file: [Row(file, 2, cells)])
    with pytest.raises(LexiconError, match=r"bedoelingen\.csv, regel 2: onbekende begrippen WAARHEID"):
        patterns.__wrapped__()


@pytest.mark.parametrize("row", list(rows("begrippen.csv")), ids=line)
def test_a_concept_is_found_in_its_own_question(row: Row) -> None:
    assert row.cells["begrip"] in abstract(row.case, NOW).items


@pytest.mark.parametrize("row", list(rows("spelling.csv")), ids=line)
def test_a_chat_form_is_spelled_out(row: Row) -> None:
    words = sentence_of(row.case).words
    wanted = row.cells["woorden"].split()
    assert any(words[at : at + len(wanted)] == wanted for at in range(len(words) + 1))


@pytest.mark.parametrize("row", list(rows("rollen.csv")), ids=line)
def test_a_role_is_found_in_its_own_question(row: Row) -> None:
    audience = read(row.case, NOW).audience
    assert audience is not None
    assert audience.value == row.cells["doelgroep"]


@pytest.mark.parametrize("row", list(rows("themas.csv")), ids=line)
def test_a_theme_is_spelled_as_it_should_be(row: Row) -> None:
    assert read(row.case, NOW).theme == row.cells["thema"]


@pytest.mark.parametrize("row", list(rows("streken.csv")), ids=line)
def test_a_region_is_found_in_its_own_question(row: Row) -> None:
    assert read(row.case, NOW).place == row.cells["plaats"]


@pytest.mark.parametrize("row", list(rows("elders.csv")), ids=line)
def test_a_place_elsewhere_is_found_in_its_own_question(row: Row) -> None:
    reading = read(row.case, NOW)
    assert (reading.elsewhere, reading.place) == (row.cells["plaats"], None)


@pytest.mark.parametrize("word", ["gepaard", "voorstelling", "overleden", "Beringen", "steden", "weken"])
def test_a_word_that_is_right_is_not_mended(word: str) -> None:
    assert sentence_of(word).words == [word.lower()]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("atrim", "atrium"),
        ("inschrijvne", "inschrijven"),
        ("progamma", "programma"),
        ("febuari", "februari"),
        ("volgnede", "volgende"),
        ("mandatarisenatria", "mandatarissen atria"),
    ],
)
def test_a_misspelled_word_of_the_domain_is_mended(typed: str, meant: str) -> None:
    assert sentence_of(typed).words == meant.split()


def test_a_faulty_row_names_its_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rollen.csv").write_text("vormen;doelgroep;geval\nschepen;mandataris\n", encoding="utf-8")
    monkeypatch.setattr(lexicon_module, "files", lambda package: tmp_path)
    with pytest.raises(LexiconError, match=r"rollen\.csv, regel 2: 2 kolommen in plaats van 3"):
        list(rows("rollen.csv"))
