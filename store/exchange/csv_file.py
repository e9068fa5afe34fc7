"""CSV as Excel in Flanders writes it, and as others do: in any of three encodings and separators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from handlers.wording.catalogue import say
from store.exchange.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, TOO_BIG, TOO_MANY_ROWS
from store.exchange.problems import Problem
from store.exchange.sheet import Line, Sheet, guarded, unguarded

_SEPARATORS = (";", ",", "\t")

#: Excel's own hint on the first line, which names the separator of the rest.
_HINT = "sep="


def _decoded(data: bytes) -> str | Problem:
    # UTF-16 is what Excel calls "Unicode-tekst".
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if wide else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Problem(reason=say("invoer.geen tekstbestand"))


def _separator(header: str) -> str:
    """The separator that occurs most in the header; names of columns hold none of the three."""
    return max(_SEPARATORS, key=header.count)


def _without_hint(text: str) -> tuple[str, str | None, int]:
    """The text after Excel's hint, the separator it names, and how many lines that took."""
    first, _, rest = text.partition("\n")
    hint = first.strip().strip('"')
    if hint.casefold().startswith(_HINT) and len(hint) <= len(_HINT) + 1:
        return rest, hint[len(_HINT) :] or "\t", 1
    return text, None, 0


def read_csv(data: bytes) -> Sheet | Problem:
    """Read a CSV file: UTF-8 with or without BOM, UTF-16 or Windows-1252; `;`, `,` or tab.

    Returns:
        The lines that are not empty, with their true numbers (a cell with line breaks in it
        makes its line count for more), or why the file cannot be read at all.
    """
    if len(data) > MAX_BYTES:
        return Problem(reason=say(TOO_BIG))
    text = _decoded(data)
    if isinstance(text, Problem):
        return text
    text, hinted, skipped = _without_hint(text)
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=hinted or _separator(header), strict=True)
    lines: list[Line] = []
    begins = 1 + skipped
    try:
        for record in reader:
            cells = tuple(unguarded(cell.strip()) for cell in record[:MAX_COLUMNS])
            if any(cells):
                lines.append(Line(begins, cells))
            if len(lines) > MAX_ROWS + 1:
                return Problem(reason=say(TOO_MANY_ROWS))
            begins = reader.line_num + 1 + skipped
    except csv.Error:
        # The module's own words are English and name the mechanism, not the mistake.
        return Problem(reason=say("invoer.aanhalingstekens"), line=begins)
    return Sheet(tuple(lines))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV that Excel in Flanders opens right by a double click: UTF-8 with BOM, `;`, CRLF.

    Nothing is run as a formula, no heading either: moderators may word those.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([guarded(cell.strip()) for cell in row] for row in (header, *rows))
    return out.getvalue().encode("utf-8-sig")
