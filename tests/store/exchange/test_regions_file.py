from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine import Store
from store.exchange.csv_file import read_csv, write_csv
from store.exchange.regions_file import read_regions_file
from store.exchange.sheet import Sheet
from store.exchange.xlsx_file import write_xlsx
from store.regions import list_regions, replace_regions

SAMPLE = files("bot.data").joinpath("regios_voorbeeld.csv").read_bytes()


def test_the_sample_is_read_whole() -> None:
    parsed = read_regions_file(SAMPLE, "regios.csv")
    assert not parsed.problems
    assert not parsed.warnings
    assert len(parsed.regions) == 9
    assert sum(len(names) for names in parsed.regions.values()) == 195
    assert "Zottegem" in parsed.regions["Vlaamse Ardennen"]


def test_an_excel_file_says_the_same() -> None:
    sheet = read_csv(SAMPLE)
    assert isinstance(sheet, Sheet)
    header, *rows = [line.cells for line in sheet.lines]
    assert read_regions_file(write_xlsx(header, rows), "r.xlsx") == read_regions_file(SAMPLE, "r.csv")


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        (["Kempen", "Mol"], "gemeente", "regel 2, bij Waasland"),
        (["Waasland", "Mol"], "gemeente", "regel 2"),
        (["Kempen", "Zotegem"], "gemeente", "Bedoel je Zottegem?"),
        (["Kempen", "Galmaarden"], "gemeente", "Vul Pajottegem in"),
        (["", "Geel"], "regio", "verplicht"),
        (["Kempen", ""], "gemeente", "verplicht"),
    ],
)
def test_a_wrong_row_is_named(row: list[str], column: str, part: str) -> None:
    parsed = read_regions_file(write_csv(["regio", "gemeente"], [["Waasland", "Mol"], row]), "r.csv")
    (problem,) = parsed.problems
    assert (problem.line, problem.column) == (3, column)
    assert part in problem.reason


def test_a_region_is_one_whatever_its_capitals() -> None:
    rows = [["Waasland", "Temse"], ["waasland", "Lokeren"]]
    parsed = read_regions_file(write_csv(["Regio", "GEMEENTE"], rows), "r.csv")
    assert parsed.regions == {"Waasland": ("Temse", "Lokeren")}


def test_a_file_takes_the_place_of_the_table_there_was(store: Store) -> None:
    for data in (SAMPLE, write_csv(["regio", "gemeente"], [["Noord", "Essen"]])):
        with store.writing() as session:
            replace_regions(session, read_regions_file(data, "r.csv").regions)
    with store.reading() as session:
        assert list_regions(session) == {"Noord": ["Essen"]}


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert read_regions_file(data, "r.csv").problems
    read_regions_file(b"regio;gemeente\n" + data, "r.csv")
