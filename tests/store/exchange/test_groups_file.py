from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import Group
from store.engine import Store
from store.exchange.csv_file import write_csv
from store.exchange.groups_file import COLUMNS, read_groups_file
from store.groups import list_groups, replace_groups

SAMPLE = files("bot.data").joinpath("groepen_voorbeeld.csv").read_bytes()


def file_of(*rows: dict[str, str]) -> bytes:
    return write_csv(COLUMNS, [[row.get(column, "") for column in COLUMNS] for row in rows])


def test_the_sample_is_read_whole() -> None:
    parsed = read_groups_file(SAMPLE, "groepen.csv", known_communities=["handhaving"])
    assert not parsed.problems
    assert not parsed.warnings
    assert len(parsed.groups) == 8
    assert parsed.groups[1] == Group(
        name="Handhaving",
        theme="handhaving",
        description="Vragen en voorbeelden over de handhaving van omgevingsregels.",
        link="https://engage.example.org/groups/handhaving",
        how_to_join="Vraag toegang aan de beheerder (alleen voor handhavers).",
        owner="Team Handhaving (voorbeeld)",
        visibility=frozenset({"handhaving"}),
    )


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        ({"naam": "water"}, "naam", "regel 2"),
        ({"naam": ""}, "naam", "verplicht"),
        ({"naam": "Lucht", "link": "engage"}, "link", "https://"),
        ({"naam": "Lucht", "zichtbaarheid": "publiek|x"}, "zichtbaarheid", "niet samen"),
        ({"naam": "Lu\x00cht"}, "naam", "stuurtekens"),
        ({"naam": "Lucht", "omschrijving": "x" * 9000}, "omschrijving", "te lang"),
    ],
)
def test_a_wrong_row_is_named(row: dict[str, str], column: str, part: str) -> None:
    data = file_of({"naam": "Water"}, {"thema": "x"} | row)
    (problem,) = read_groups_file(data, "g.csv").problems
    assert (problem.line, problem.column) == (3, column)
    assert part in problem.reason


def test_an_unknown_community_is_a_warning() -> None:
    data = file_of({"naam": "Water", "zichtbaarheid": "waterploeg"})
    parsed = read_groups_file(data, "g.csv", known_communities=["handhaving"])
    assert not parsed.problems
    assert [warning.column for warning in parsed.warnings] == ["zichtbaarheid"]
    assert parsed.groups[0].visibility == {"waterploeg"}


def test_a_file_takes_the_place_of_the_groups_there_were(store: Store) -> None:
    for data in (SAMPLE, file_of({"naam": "Lucht"})):
        with store.writing() as session:
            replace_groups(session, read_groups_file(data, "g.csv").groups)
    with store.reading() as session:
        assert list_groups(session) == [Group(name="Lucht")]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert read_groups_file(data, "g.csv").problems
    read_groups_file(b"naam;thema\n" + data, "g.csv")
