from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from handlers.model import Atrium
from store.exchange.agenda_file import agenda_file_bytes, read_agenda_file
from store.exchange.limits import MAX_BYTES, MAX_UNPACKED_BYTES
from store.exchange.problems import Problem
from store.exchange.rows import Parsed
from store.exchange.sheet import Sheet
from store.exchange.xlsx_file import read_xlsx

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
HEADER = ["uid", "soort", "titel", "datum", "begin", "gemeente", "einde", "contact"]
ROW = ["a-1", "lokaal", "Atrium", dt.date(2027, 3, 18), dt.time(9, 30), "Gent", None, None]


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def read(*rows: list[object]) -> Parsed:
    return read_agenda_file(workbook(HEADER, *rows), "agenda.xlsx", now=NOW)


def changed(**cells: object) -> list[object]:
    return [cells.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"datum": dt.datetime(2027, 3, 18)},  # noqa: DTZ001 - Excel knows no zones
        {"datum": "18/03/2027", "begin": "9u30"},
        {"datum": 46464},
        {"begin": 9.5 / 24},
        {"begin": dt.timedelta(hours=9, minutes=30)},
        {"begin": dt.datetime(1899, 12, 31, 9, 30)},  # noqa: DTZ001
    ],
)
def test_days_and_hours_are_read_however_excel_keeps_them(cells: dict[str, object]) -> None:
    parsed = read(changed(**cells))
    assert not parsed.problems
    assert parsed.candidates[0].atrium.starts_at == dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)


def test_a_number_is_text_without_a_decimal() -> None:
    parsed = read(changed(contact=25538056.0, titel=2027))
    assert parsed.candidates[0].atrium.contact == "25538056"
    assert parsed.candidates[0].atrium.title == "2027"


def test_empty_rows_count_in_the_numbers() -> None:
    parsed = read(changed(), [None], changed(uid="a-2", gemeente="Nergens"))
    assert [(problem.line, problem.column) for problem in parsed.problems] == [(4, "gemeente")]


def test_the_sheet_named_agenda_is_read_before_the_first() -> None:
    book = Workbook()
    book.active.append(["iets", "anders"])
    sheet = book.create_sheet("Agenda")
    sheet.append(HEADER)
    sheet.append(ROW)
    assert len(read_agenda_file(saved(book), "x.xlsx", now=NOW).candidates) == 1


def with_formula(value: str) -> bytes:
    """A file in which the title is a formula with this last value, as Excel writes it."""
    data = workbook(HEADER, changed(titel="=A2"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                assert b"<f>A2</f><v/>" in text or b"<f>A2</f><v />" in text
                text = text.replace(b'<c r="C2"><f>A2</f><v />', value.encode())
                text = text.replace(b'<c r="C2"><f>A2</f><v/>', value.encode())
            new.writestr(part, text)
    return out.getvalue()


def test_a_formula_counts_as_its_last_value() -> None:
    data = with_formula('<c r="C2" t="str"><f>A2</f><v>Uit een formule</v>')
    assert read_agenda_file(data, "x.xlsx", now=NOW).candidates[0].atrium.title == "Uit een formule"


def test_a_formula_that_comes_to_nothing_is_an_empty_cell() -> None:
    data = with_formula('<c r="C2" t="str"><f>A2</f><v></v>')
    (problem,) = read_agenda_file(data, "x.xlsx", now=NOW).problems
    assert (problem.line, problem.column) == (2, "titel")
    assert "verplicht" in problem.reason


@pytest.mark.parametrize("value", ['<c r="C2"><f>A2</f><v/>', '<c r="C2" t="e"><f>A2</f><v>#REF!</v>'])
def test_a_formula_without_a_value_is_named(value: str) -> None:
    (problem,) = read_agenda_file(with_formula(value), "x.xlsx", now=NOW).problems
    assert (problem.line, problem.column) == (2, "titel")
    assert "formule" in problem.reason


def refusal(data: bytes) -> str:
    read = read_xlsx(data)
    assert isinstance(read, Problem)
    return read.reason


def test_a_file_with_a_password_says_so() -> None:
    assert "wachtwoord" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


@pytest.mark.parametrize("cut", [0, 10, 200, 3000])
def test_a_damaged_file_says_so(cut: int) -> None:
    assert "beschadigd" in refusal(workbook(HEADER, ROW)[:cut])


def test_a_file_that_is_too_big_is_refused() -> None:
    assert "10 MB" in refusal(b"PK\x03\x04" + bytes(MAX_BYTES))


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(MAX_UNPACKED_BYTES // (1 << 20) + 1):
            part.write(bytes(1 << 20))
    assert len(out.getvalue()) < MAX_BYTES
    assert "10 MB" in refusal(out.getvalue())


def test_a_row_at_the_end_of_the_earth_is_refused() -> None:
    data = workbook(HEADER, ROW)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(b'<row r="2">', b'<row r="99999999">')
            new.writestr(part, text)
    assert "20 000" in refusal(out.getvalue())


def test_what_is_written_has_real_days_and_hours_and_lists_to_choose_from(sample: list[Atrium]) -> None:
    sheet = load_workbook(io.BytesIO(agenda_file_bytes(sample, "a.xlsx", NOW)))["agenda"]
    assert sheet["E2"].value == dt.datetime(2026, 9, 14)  # noqa: DTZ001 - Excel knows no zones
    assert sheet["F2"].value == dt.time(10)
    assert sheet.freeze_panes == "B2"
    assert {str(one.sqref).split("2:")[0] for one in sheet.data_validations.dataValidation} == {"B", "S"}


def test_a_text_that_looks_like_a_formula_is_written_as_text(sample: list[Atrium]) -> None:
    atrium = dataclasses.replace(sample[0], title="=1+1", contact="+32 2 553 80 56")
    data = agenda_file_bytes([atrium], "a.xlsx", NOW)
    cell = load_workbook(io.BytesIO(data))["agenda"]["C2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    assert read_agenda_file(data, "a.xlsx", now=NOW).candidates[0].atrium.title == "=1+1"


GOOD_FILE = workbook(HEADER, ROW)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert isinstance(read_xlsx(b"PK\x03\x04" + data), Problem)


def repacked(part: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_FILE)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, text if info.filename == part else old.read(info))
    return out.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_inside_breaks_the_reader(data: st.DataObject) -> None:
    parts = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
    part = data.draw(st.sampled_from(parts))
    with zipfile.ZipFile(io.BytesIO(GOOD_FILE)) as archive:
        text = archive.read(part)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(begin + 40, len(text))))
    new = text[:begin] + data.draw(st.binary(max_size=10)) + text[end:]
    assert isinstance(read_xlsx(repacked(part, new)), Problem | Sheet)
