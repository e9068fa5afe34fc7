"""A sheet whose header is understood: rows of cells by column name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from handlers.wording.catalogue import say
from store.exchange.problems import Problem
from store.exchange.sheet import Line, Sheet

#: How alike two words must be (0 to 100) before the bot asks "bedoel je".
_ALIKE = 72.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `cells` holds only the columns that the file has."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The rows under a header, with what is wrong (`problems`) or remarkable (`warnings`) in it."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was probably meant, None when nothing is near."""
    found = process.extractOne(
        word, list(words), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_ALIKE
    )
    return found[0] if found else None


def advice(word: str, words: Iterable[str]) -> str:
    """ "Bedoel je Zottegem?", or nothing when nothing is near."""
    near = nearest(word, words)
    return say("invoer.bedoel je", woord=near) if near else ""


def column_name(text: str) -> str:
    """The name of a column as we spell it: "Inschrijven tot" is "inschrijven_tot"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[\s_-]+", "_", plain.strip())


def _header_findings(
    names: Sequence[str], line: int, columns: Sequence[str], required: Sequence[str]
) -> tuple[list[Problem], list[Problem]]:
    problems, warnings = [], []
    absent = [column for column in columns if column not in names]
    for name in dict.fromkeys(name for name in names if name):
        if name in columns:
            if names.count(name) > 1:
                reason = say("invoer.kolom dubbel")
                problems.append(Problem(reason=reason, line=line, column=name))
            continue
        near = nearest(name, absent)
        if near:
            reason = say("invoer.kolom bestaat niet", kolom=near)
            problems.append(Problem(reason=reason, line=line, column=name[:40]))
        else:
            reason = say("invoer.kolom onbekend")
            warnings.append(Problem(reason=reason, line=line, column=name[:40]))
    for column in absent:
        if column in required:
            reason = say("invoer.kolom ontbreekt")
            problems.append(Problem(reason=reason, line=line, column=column))
    return problems, warnings


def _row(line: Line, names: Sequence[str], columns: Sequence[str]) -> Row | Problem:
    if any(line.cells[len(names) :]):
        return Problem(
            reason=say("invoer.te veel cellen", aantal=str(len(line.cells)), kop=str(len(names))),
            line=line.number,
        )
    cells = line.cells + ("",) * (len(names) - len(line.cells))
    return Row(line.number, {name: cell for name, cell in zip(names, cells, strict=False) if name in columns})


def read_table(sheet: Sheet, columns: Sequence[str], required: Sequence[str]) -> Table:
    """Lay the sheet under these columns.

    The header may be in any order, in capitals, with spaces for underscores. Without a good
    header there are no rows: nobody is helped by a thousand problems that are one.
    """
    if not sheet.lines:
        return Table(problems=(Problem(reason=say("invoer.leeg bestand", kop=";".join(columns))),))
    header, *lines = sheet.lines
    names = [column_name(cell) for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    problems, warnings = _header_findings(names, header.number, columns, required)
    if problems:
        return Table(problems=tuple(problems), warnings=tuple(warnings))
    read = [_row(line, names, columns) for line in lines]
    return Table(
        rows=tuple(row for row in read if isinstance(row, Row)),
        problems=tuple(row for row in read if isinstance(row, Problem)),
        warnings=tuple(warnings),
    )
