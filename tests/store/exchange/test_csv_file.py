from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.exchange.agenda_file import read_agenda_file
from store.exchange.csv_file import read_csv, write_csv
from store.exchange.limits import MAX_BYTES
from store.exchange.problems import Problem
from store.exchange.sheet import Sheet

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
MINIMAL = "uid;soort;titel;datum;begin;gemeente\na-1;lokaal;Café één;2027-03-18;09:30;Gent\n"


def lines_of(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    sheet = read_csv(data)
    assert isinstance(sheet, Sheet)
    return [(line.number, line.cells) for line in sheet.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator_is_read(encoding: str, separator: str) -> None:
    data = MINIMAL.replace(";", separator).encode(encoding)
    parsed = read_agenda_file(data, "agenda.csv", now=NOW)
    assert not parsed.problems
    assert parsed.candidates[0].atrium.title == "Café één"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(ending: str) -> None:
    data = MINIMAL.replace("\n", ending).encode()
    assert [number for number, _ in lines_of(data)] == [1, 2]


def test_empty_lines_and_line_breaks_in_cells_count_in_the_numbers() -> None:
    data = b'a;b\n\n1;"x\ny"\n;;\n2;z\n'
    assert lines_of(data) == [(1, ("a", "b")), (3, ("1", "x\ny")), (6, ("2", "z"))]


def test_the_hint_of_excel_names_the_separator() -> None:
    assert lines_of(b"sep=,\r\na,b;c\r\n") == [(2, ("a", "b;c"))]


def test_a_text_with_the_separator_in_it_stands_between_quotes() -> None:
    assert lines_of(b'a;b\n1;"x; ""y"""\n')[1][1] == ("1", 'x; "y"')


def test_a_quote_that_is_never_closed_is_named_with_its_line() -> None:
    read = read_csv(b'a;b\n1;2\n3;"x\n4;5\n')
    assert isinstance(read, Problem)
    assert read.line == 3
    assert "aanhalingstekens" in read.reason


def test_a_file_that_is_too_big_is_refused() -> None:
    read = read_csv(b"a;b\n" + b"x" * MAX_BYTES)
    assert isinstance(read, Problem)
    assert "10 MB" in read.reason


def test_a_file_with_too_many_rows_is_refused() -> None:
    read = read_csv(b"a;b\n" + b"1;2\n" * 20_001)
    assert isinstance(read, Problem)
    assert "20 000" in read.reason


def problems_of(text: str) -> list[tuple[int | None, str | None, str]]:
    parsed = read_agenda_file(text.encode(), "agenda.csv", now=NOW)
    return [(problem.line, problem.column, problem.reason) for problem in parsed.problems]


def test_the_header_may_be_in_capitals_with_spaces_and_in_any_order() -> None:
    text = (
        "Gemeente; UID ;Soort;TITEL;Datum;Begin;Inschrijven tot\nGent;a-1;lokaal;T;2027-03-18;9u;2027-03-17\n"
    )
    parsed = read_agenda_file(text.encode(), "agenda.csv", now=NOW)
    assert not parsed.problems
    assert parsed.candidates[0].atrium.registration_until == dt.date(2027, 3, 17)


def test_a_missing_column_is_named() -> None:
    ((line, column, reason),) = problems_of(MINIMAL.replace(";gemeente", "").replace(";Gent", ""))
    assert (line, column) == (1, "gemeente")
    assert "ontbreekt" in reason


def test_a_column_that_stands_twice_is_named() -> None:
    ((line, column, reason),) = problems_of(MINIMAL.replace("gemeente", "gemeente;titel"))
    assert (line, column) == (1, "titel")
    assert "meer dan één keer" in reason


def test_a_misspelt_column_is_named_with_the_nearest() -> None:
    problems = problems_of(MINIMAL.replace("gemeente", "gemeente;omschrijvng"))
    assert [(line, column) for line, column, _ in problems] == [(1, "omschrijvng")]
    assert "Bedoel je omschrijving?" in problems[0][2]


def test_a_column_of_the_moderators_own_is_left_unread_with_a_warning() -> None:
    text = MINIMAL.replace("gemeente", "gemeente;xyz").replace("Gent", "Gent;vraag Jan")
    parsed = read_agenda_file(text.encode(), "agenda.csv", now=NOW)
    assert not parsed.problems
    assert [warning.column for warning in parsed.warnings] == ["xyz"]


def test_a_line_with_more_cells_than_the_header_is_named() -> None:
    ((line, _, reason),) = problems_of(MINIMAL.replace("Gent", "Gent;en;nog"))
    assert line == 2
    assert "meer cellen" in reason


@pytest.mark.parametrize("text", ["", "\n\n", MINIMAL.partition("\n")[0]])
def test_a_file_without_atria_says_so(text: str) -> None:
    assert len(problems_of(text)) == 1


@pytest.mark.parametrize("name", ["agenda.docx", "agenda", "agenda.xls"])
def test_another_kind_of_file_is_refused_by_its_name(name: str) -> None:
    (problem,) = read_agenda_file(MINIMAL.encode(), name, now=NOW).problems
    assert ".csv, .xlsx of .ics" in problem.reason


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (problem,) = read_agenda_file(tmp_path / "weg.csv", "weg.csv", now=NOW).problems
    assert "weg.csv" in problem.reason


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    parsed = read_agenda_file(data, "x.csv", now=NOW)
    assert parsed.problems
    assert all(str(problem) for problem in parsed.problems)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_under_a_good_header_break_the_reader(data: bytes) -> None:
    read_agenda_file(MINIMAL.partition("\n")[0].encode() + b"\n" + data, "x.csv", now=NOW)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet="a;,\t\"'=+-@\n é", max_size=6), min_size=2, max_size=2), max_size=5)
)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    sheet = read_csv(write_csv(["kop", "nog"], rows))
    assert isinstance(sheet, Sheet)
    expected = [tuple(cell.strip() for cell in row) for row in rows]
    assert [line.cells for line in sheet.lines[1:]] == [row for row in expected if any(row)]
