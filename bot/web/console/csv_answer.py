"""A table as a file for a spreadsheet; no cell of it is run as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import Response

from bot.web.console.visit import HEADERS
from store.exchange.csv_file import write_csv


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The file `name` (ASCII, with its ".csv"); `write_csv` guards its cells."""
    kept = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        write_csv(header, rows), media_type="text/csv; charset=utf-8", headers={**HEADERS, **kept}
    )
