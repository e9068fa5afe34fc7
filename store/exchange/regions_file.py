"""The table of the regions of the Lokale Atria: `regio;gemeente`, one line for each municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handlers.wording.catalogue import say
from store.exchange import cells
from store.exchange.agenda_file import read_sheet
from store.exchange.places import read_municipality
from store.exchange.problems import Problem, Unfit
from store.exchange.table import Row, read_table

COLUMNS = ("regio", "gemeente")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedRegions:
    """The whole table, which takes the place of the one there was; with any problem nothing may.

    Attributes:
        regions: name of each region -> official names of its municipalities, both as in the file.
    """

    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class _Gathering:
    """The table while it is read, with what is wrong in it."""

    def __init__(self) -> None:
        self.municipalities: dict[str, list[str]] = {}
        self.spelled: dict[str, str] = {}
        self.seen: dict[str, tuple[int, str]] = {}
        self.problems: list[Problem] = []

    def wrong(self, row: Row, column: str, reason: str) -> None:
        self.problems.append(Problem(reason=reason, line=row.line, column=column))

    def region(self, row: Row) -> str | None:
        """The region of a row, as its first line spells it."""
        region = cells.line(100)(row.cells["regio"])
        if isinstance(region, Unfit):
            self.wrong(row, "regio", region.reason)
            return None
        if not region:
            self.wrong(row, "regio", say("invoer.verplicht"))
            return None
        return self.spelled.setdefault(region.casefold(), region)

    def municipality(self, row: Row) -> str | None:
        if not row.cells["gemeente"]:
            self.wrong(row, "gemeente", say("invoer.verplicht"))
            return None
        place = read_municipality(row.cells["gemeente"])
        if isinstance(place, Unfit):
            self.wrong(row, "gemeente", place.reason)
            return None
        return place.name

    def add(self, row: Row) -> None:
        region, municipality = self.region(row), self.municipality(row)
        if region is None or municipality is None:
            return
        if municipality in self.seen:
            line, other = self.seen[municipality]
            reason = say("invoer.gemeente dubbel", gemeente=municipality, regel=str(line), regio=other)
            self.wrong(row, "gemeente", reason)
            return
        self.seen[municipality] = (row.line, region)
        self.municipalities.setdefault(region, []).append(municipality)


def read_regions_file(file: Path | bytes, name: str) -> ParsedRegions:
    """Read the table of regions, .csv or .xlsx; never raises for what is in the file.

    A municipality in two regions, or one that does not exist, is a problem with its line.
    """
    sheet = read_sheet(file, name)
    if isinstance(sheet, Problem):
        return ParsedRegions(problems=(sheet,))
    table = read_table(sheet, COLUMNS, COLUMNS)
    gathering = _Gathering()
    for row in table.rows:
        gathering.add(row)
    problems = [*table.problems, *gathering.problems]
    if not problems and not table.rows:
        problems = [Problem(reason=say("invoer.geen gemeenten"))]
    return ParsedRegions(
        regions={region: tuple(names) for region, names in gathering.municipalities.items()},
        problems=tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        warnings=table.warnings,
    )
