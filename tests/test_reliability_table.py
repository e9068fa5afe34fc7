"""The table of what goes wrong elsewhere names tests that exist, and each of those names its row."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [f"C-{number}" for number in range(1, 46)]
PLATFORMS = ("Slack", "Viva Engage")


class Row(NamedTuple):
    """A row of the table: its tests as "path::name", and what became of it."""

    name: str
    tests: tuple[str, ...]
    result: str


def table() -> list[Row]:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"C-\d+", cells[0]):
            name, _, tests, result = cells
            found.append(Row(name, tuple(re.findall(r"`([^`]+)`", tests)), result))
    return found


@cache
def docstrings(path: str) -> dict[str, str]:
    """The docstring of each test in a file, by its name."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        each.name: ast.get_docstring(each) or ""
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_row_is_in_the_table_once_and_in_order() -> None:
    assert [row.name for row in table()] == ROWS


@pytest.mark.parametrize("row", table(), ids=lambda row: row.name)
def test_every_row_is_held_by_tests_that_name_it(row: Row) -> None:
    """A row without a test of ours is one that only a platform can show."""
    assert row.tests or row.result in PLATFORMS
    assert row.result.startswith(("holds", "partly: ")) or row.result in PLATFORMS
    for test in row.tests:
        path, _, name = test.partition("::")
        named = docstrings(path).get(name)
        assert named is not None, f"{test} does not exist"
        assert re.search(rf"\b{row.name}\b", named), f"the docstring of {test} does not name {row.name}"
