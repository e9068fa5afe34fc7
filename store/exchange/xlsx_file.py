"""Excel files: what moderators keep the agenda in."""

from __future__ import annotations

import datetime as dt
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.read_only import EMPTY_CELL, EmptyCell, ReadOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from handlers.model import Kind, Status
from handlers.wording.catalogue import say
from store.exchange.columns import DATE_COLUMNS, TIME_COLUMNS
from store.exchange.limits import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    MAX_UNPACKED_PARTS,
    TOO_BIG,
    TOO_MANY_ROWS,
)
from store.exchange.problems import Problem
from store.exchange.sheet import Line, Sheet, typed, unguarded
from store.exchange.table import column_name

#: The name of the sheet that is read when a workbook has several, and of the one that is written.
SHEET = "agenda"

#: The last row a sheet can have, and the last day that Excel can count to (31 December 9999).
_LAST_ROW, _LAST_DAY = 1_048_576, 2_958_466

_ZIP = b"PK\x03\x04"
#: How an old .xls begins, and also a workbook with a password on it.
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"

#: What openpyxl trips over in a damaged file: it has no exception of its own for that.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

_DAMAGED, _LOCKED = "invoer.excel beschadigd", "invoer.excel op slot"

_WIDTHS = {"titel": 42, "thema": 34, "locatie": 30, "adres": 30, "omschrijving": 50, "programma": 50}
_WIDTHS |= {"inschrijven_url": 40, "doelgroep": 36, "organisator": 34, "gemeente": 20, "uid": 14}
_HEADER_FILL = PatternFill("solid", fgColor="222222")
_HEADER_FONT = Font(bold=True, color="FFFFFF")
_TOP = Alignment(vertical="top", wrap_text=True)

#: A cell as openpyxl's reader gives it; its own types also name what only occurs in writing.
ReadCell = Cell | MergedCell | ReadOnlyCell | EmptyCell


def _unpacks_safely(data: bytes) -> bool:
    """Whether the archive is no zip bomb; unpacking never yields more than the sizes it declares."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        return (
            len(parts) <= MAX_UNPACKED_PARTS and sum(part.file_size for part in parts) <= MAX_UNPACKED_BYTES
        )


def _clock(value: dt.timedelta) -> str:
    """A duration since midnight as an hour, rounded to the minute: Excel counts in fractions of a day."""
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _number(value: float, column: str) -> str:
    """A number as it is meant in its column: Excel keeps days and hours as numbers."""
    if column in DATE_COLUMNS and 1 < value < _LAST_DAY:
        day = from_excel(value)
        return f"{day:%Y-%m-%d}" if isinstance(day, dt.datetime) else str(value)
    if column in TIME_COLUMNS and 0 <= value < 1:
        return _clock(dt.timedelta(days=value))
    return str(int(value)) if value == int(value) else str(value)


def _text(value: object, column: str) -> str:
    """A cell as the text that the same row would have in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, int | float):
        return _number(value, column)
    if isinstance(value, dt.datetime):
        if column in TIME_COLUMNS:
            return _clock(value - dt.datetime.combine(value, dt.time()))
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return _clock(dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
    if isinstance(value, dt.timedelta):
        return _clock(value)
    return unguarded(str(value).strip())


def _sheet_of(data: bytes, *, values: bool) -> Iterator[tuple[ReadCell, ...]]:
    """The rows of the sheet named agenda, or of the first: formulas as their last value, or as written."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    named = [sheet for sheet in book.worksheets if sheet.title.strip().casefold() == SHEET]
    sheet = (named or book.worksheets)[0]
    # A sheet may declare fewer cells than it has; without the declaration all are read.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=MAX_COLUMNS)


def _has_no_value(cell: ReadCell, written: ReadCell) -> bool:
    """Whether a formula was never computed, or to an error; the empty text is a value like another."""
    if written.data_type != "f":
        return False
    return cell.data_type == "e" or (cell.value is None and cell.data_type != "str")


def _lines(data: bytes) -> Iterator[Line | Problem]:
    names: list[str] = []
    both = zip(_sheet_of(data, values=True), _sheet_of(data, values=False), strict=False)
    for number, (row, written) in enumerate(both, start=1):
        if number > _LAST_ROW:
            yield Problem(reason=say(TOO_MANY_ROWS))
            return
        # A sheet may hold a million rows of nothing; those are passed over.
        if all(cell is EMPTY_CELL for cell in row):
            continue
        columns = names + [""] * (len(row) - len(names))
        for cell, formula, column in zip(row, written, columns, strict=False):
            if _has_no_value(cell, formula):
                yield Problem(reason=say("invoer.formule zonder waarde"), line=number, column=column or None)
        cells = tuple(_text(cell.value, column) for cell, column in zip(row, columns, strict=False))
        if any(cells):
            names = names or [column_name(cell) for cell in cells]
            yield Line(number, cells)


def read_xlsx(data: bytes) -> Sheet | Problem:
    """Read an Excel file: the sheet "agenda", or the first one.

    Days and hours may be real Excel days and hours, formulas count as their last value.

    Returns:
        The lines that are not empty, with their true numbers, or the first reason why the file
        cannot be read: a password, damage, too large, a formula without a value.
    """
    if len(data) > MAX_BYTES:
        return Problem(reason=say(TOO_BIG))
    if data.startswith(_OLD_OR_LOCKED):
        return Problem(reason=say(_LOCKED))
    if not data.startswith(_ZIP):
        return Problem(reason=say(_DAMAGED))
    lines: list[Line] = []
    try:
        if not _unpacks_safely(data):
            return Problem(reason=say(TOO_BIG))
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out (colours, lists to choose from): nothing we read.
            warnings.simplefilter("ignore")
            for line in _lines(data):
                if isinstance(line, Problem):
                    return line
                lines.append(line)
                if len(lines) > MAX_ROWS + 1:
                    return Problem(reason=say(TOO_MANY_ROWS))
    except _DAMAGE:
        return Problem(reason=say(_DAMAGED))
    return Sheet(tuple(lines))


def _fill(cell: Cell, text: str, column: str) -> None:
    """Put a value in a cell with its own type, so that Excel sorts days as days."""
    cell.alignment = _TOP
    if not text:
        return
    if column in DATE_COLUMNS:
        cell.value = dt.date.fromisoformat(text)
        cell.number_format = "yyyy-mm-dd"
    elif column in TIME_COLUMNS:
        cell.value = dt.time.fromisoformat(text)
        cell.number_format = "hh:mm"
    else:
        cell.value = typed(text.strip())
        # Said outright, because openpyxl takes what begins with = for a formula.
        cell.data_type = "s"
        cell.number_format = "@"


def _choices(sheet: Worksheet, column: int, words: Iterable[str]) -> None:
    """Let Excel offer these words in a column."""
    validation = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    letter = get_column_letter(column)
    validation.add(f"{letter}2:{letter}{MAX_ROWS}")
    sheet.add_data_validation(validation)


def _head(sheet: Worksheet, header: Sequence[str]) -> None:
    for number, name in enumerate(header, start=1):
        cell = sheet.cell(1, number, name)
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 16)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}1"


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An Excel file with one sheet, real days and hours, and lists to choose kind and status from."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one; openpyxl types it loosely
    sheet.title = SHEET
    _head(sheet, header)
    for number, row in enumerate(rows, start=2):
        for place, (text, column) in enumerate(zip(row, header, strict=True), start=1):
            cell = sheet.cell(number, place)
            assert isinstance(cell, Cell)  # noqa: S101 - no cells are merged here
            _fill(cell, text, column)
    if "soort" in header:
        _choices(sheet, header.index("soort") + 1, [kind.value for kind in Kind])
    if "status" in header:
        _choices(sheet, header.index("status") + 1, [status.value for status in Status])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
