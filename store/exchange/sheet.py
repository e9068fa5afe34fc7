"""A file as lines of text cells, before anybody knows what the columns mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What a spreadsheet takes for a formula, after any apostrophes that already guard it.
_FORMULA = re.compile(r"'*[=+\-@]")
_GUARDED = re.compile(r"'+[=+\-@]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something in it. `number` is its place in the file, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a file, the header first; empty lines are left out but do count in the numbers."""

    lines: tuple[Line, ...]


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula.

    A text that already looks guarded gets one apostrophe more, so that `unguarded` gives back
    exactly what went in. See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `guarded` put there ('t Scheep keeps its own)."""
    return text[1:] if _GUARDED.match(text) else text


def typed(text: str) -> str:
    """The text for a cell that says itself that it is text, so that only `unguarded` matters."""
    return f"'{text}" if _GUARDED.match(text) else text
