"""The thematic groups of the online network as a file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from handlers.model import Group
from handlers.wording.catalogue import say
from store.exchange import cells
from store.exchange.agenda_file import read_sheet
from store.exchange.problems import Problem, Unfit
from store.exchange.table import Row, read_table
from store.exchange.visibility import held_to

COLUMNS = ("naam", "thema", "omschrijving", "link", "hoe_lid_worden", "beheerder", "zichtbaarheid")
REQUIRED = ("naam",)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedGroups:
    """All groups, which take the place of those there were; with any problem nothing may."""

    groups: tuple[Group, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class _Gathering:
    """The groups while they are read, with what is wrong in them."""

    def __init__(self, communities: Collection[str] | None) -> None:
        self.communities = communities
        self.groups: list[Group] = []
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def wrong(self, row: Row, column: str, reason: str) -> None:
        self.problems.append(Problem(reason=reason, line=row.line, column=column))

    def text(self, row: Row, column: str, read: Callable[[str], str | Unfit]) -> str | None:
        value = read(row.cells.get(column, "")) if row.cells.get(column) else None
        if isinstance(value, Unfit):
            self.wrong(row, column, value.reason)
            return None
        return value

    def visibility(self, row: Row) -> frozenset[str]:
        keys = cells.read_keys(row.cells.get("zichtbaarheid", ""))
        if isinstance(keys, Unfit):
            self.wrong(row, "zichtbaarheid", keys.reason)
            return frozenset()
        spelled, remarks = held_to(keys, self.communities, "invoer.ziet deze groep niet")
        for remark in remarks:
            self.warnings.append(Problem(reason=remark, line=row.line, column="zichtbaarheid"))
        return spelled

    def add(self, row: Row) -> None:
        short, long = cells.line(300), cells.paragraphs(8000)
        name = self.text(row, "naam", short)
        group = Group(
            name=name or "",
            theme=self.text(row, "thema", short),
            description=self.text(row, "omschrijving", long),
            link=self.text(row, "link", cells.read_url),
            how_to_join=self.text(row, "hoe_lid_worden", long),
            owner=self.text(row, "beheerder", short),
            visibility=self.visibility(row),
        )
        if not row.cells["naam"]:
            self.wrong(row, "naam", say("invoer.verplicht"))
        elif name and name.casefold() in self.lines:
            line = str(self.lines[name.casefold()])
            self.wrong(row, "naam", say("invoer.groep dubbel", groep=cells.quote(name), regel=line))
        elif name:
            self.lines[name.casefold()] = row.line
            self.groups.append(group)


def read_groups_file(
    file: Path | bytes, name: str, *, known_communities: Collection[str] | None = None
) -> ParsedGroups:
    """Read the thematic groups, .csv or .xlsx; never raises for what is in the file.

    Args:
        known_communities: keys that are not a cause for a warning; None checks nothing.
    """
    sheet = read_sheet(file, name)
    if isinstance(sheet, Problem):
        return ParsedGroups(problems=(sheet,))
    table = read_table(sheet, COLUMNS, REQUIRED)
    gathering = _Gathering(known_communities)
    for row in table.rows:
        gathering.add(row)
    problems = [*table.problems, *gathering.problems]
    if not problems and not table.rows:
        problems = [Problem(reason=say("invoer.geen groepen"))]
    return ParsedGroups(
        groups=tuple(gathering.groups),
        problems=tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        warnings=(*table.warnings, *gathering.warnings),
    )
