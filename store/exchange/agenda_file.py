"""The agenda as a file, by its extension: .csv, .xlsx or .ics, in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePath

from handlers.model import Atrium, Kind
from handlers.wording.catalogue import say
from handlers.wording.texts import NETWORK
from store.exchange.cells import quote
from store.exchange.columns import COLUMNS, REQUIRED, as_row
from store.exchange.csv_file import read_csv, write_csv
from store.exchange.limits import MAX_BYTES
from store.exchange.problems import Problem
from store.exchange.rows import Known, Parsed, read_rows
from store.exchange.sheet import Sheet
from store.exchange.table import Table, read_table

EXTENSIONS = (".csv", ".xlsx", ".ics")


def extension_of(name: str) -> str:
    """The extension by which a file is read or written, in small letters: ".xlsx"."""
    extension = PurePath(name).suffix.lower()
    return ".csv" if extension == ".txt" else extension


def contents_of(file: Path | bytes) -> bytes | Problem:
    """The bytes of a file (one more than the limit at most, so that the reader sees it is too big)."""
    if isinstance(file, bytes):
        return file
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        return Problem(reason=say("invoer.niet te openen", bestand=str(file), fout=str(error.strerror)))


def read_sheet(file: Path | bytes, name: str) -> Sheet | Problem:
    """The lines of a CSV or Excel file."""
    data = contents_of(file)
    if isinstance(data, Problem):
        return data
    extension = extension_of(name)
    if extension == ".xlsx":
        # Excel and calendars are slow to import, and most runs of the bot see neither.
        from store.exchange.xlsx_file import read_xlsx

        return read_xlsx(data)
    if extension == ".csv":
        return read_csv(data)
    return Problem(reason=say("invoer.geen tabel", bestand=quote(name)))


def _table(file: Path | bytes, name: str, kind: Kind | None) -> Table:
    extension = extension_of(name)
    if extension not in EXTENSIONS:
        return Table(problems=(Problem(reason=say("invoer.geen agenda", bestand=quote(name))),))
    if extension == ".ics":
        from store.exchange.ics_file import read_ics

        data = contents_of(file)
        return Table(problems=(data,)) if isinstance(data, Problem) else read_ics(data, kind)
    sheet = read_sheet(file, name)
    if isinstance(sheet, Problem):
        return Table(problems=(sheet,))
    return read_table(sheet, COLUMNS, REQUIRED)


def _each_once(of_table: Iterable[Problem], of_rows: Iterable[Problem]) -> Iterator[Problem]:
    """All problems, but not that a cell is empty which the file had wrong in the first place."""
    named = set()
    for problem in of_table:
        named.add((problem.line, problem.column))
        if problem.column == "datum":
            named.add((problem.line, "begin"))  # a calendar tells both in one
        yield problem
    yield from (problem for problem in of_rows if (problem.line, problem.column) not in named)


def read_agenda_file(
    file: Path | bytes,
    name: str,
    *,
    now: dt.datetime,
    kind: Kind | None = None,
    known_regions: Collection[str] | None = None,
    known_communities: Collection[str] | None = None,
) -> Parsed:
    """Read a file of atria and check every cell of it; never raises for what is in the file.

    Args:
        file: where it is, or its bytes.
        name: its name, for the extension.
        now: aware UTC.
        kind: the kind of the events in a calendar of somebody else; not needed for our own files.
        known_regions, known_communities: names that are not a cause for a warning; None checks nothing.

    Returns:
        The candidates, and all problems and warnings with their line and column. With any problem
        nothing of the file may be imported.
    """
    table = _table(file, name, kind)
    parsed = read_rows(table.rows, Known(regions=known_regions, communities=known_communities), now)
    problems = sorted(_each_once(table.problems, parsed.problems), key=lambda problem: problem.line or 0)
    if not problems and not parsed.candidates:
        problems = [Problem(reason=say("invoer.geen atria"))]
    return Parsed(
        candidates=parsed.candidates,
        problems=tuple(problems),
        warnings=(*table.warnings, *parsed.warnings),
    )


def agenda_file_bytes(atria: Iterable[Atrium], name: str, now: dt.datetime) -> bytes:
    """These atria as a file that `read_agenda_file` reads back without loss.

    Args:
        name: its name, for the extension.
        now: aware UTC; what is over at that moment gets the status "voorbij".

    Raises:
        ValueError: the extension is none of .csv, .xlsx and .ics; the text is for the operator.
    """
    extension = extension_of(name)
    if extension == ".ics":
        from store.exchange.calendar import calendar_bytes

        return calendar_bytes(atria, name=NETWORK, now=now)
    rows = [list(as_row(atrium, now).values()) for atrium in atria]
    if extension == ".csv":
        return write_csv(COLUMNS, rows)
    if extension == ".xlsx":
        from store.exchange.xlsx_file import write_xlsx

        return write_xlsx(COLUMNS, rows)
    raise ValueError(f"cannot write {name}: give a name that ends in {', '.join(EXTENSIONS)}")
