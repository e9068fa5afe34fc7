"""Long texts in the local community: their beginning is shown, and the rest on request."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Characters and lines above which a text is folded, and about how many of them are shown then. What is
#: folded away is worth a press: a text that is hardly too long is shown whole.
LONG, LONG_LINES = 1000, 20
SHOWN, SHOWN_LINES = 600, 10

_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z", re.IGNORECASE)


class Folded(NamedTuple):
    """A text in two parts; `rest` is empty where all of it is shown."""

    shown: str
    rest: str


def folded(text: str) -> Folded:
    """The beginning of a text and the rest of it, parted between words or lines, never within an address."""
    if len(text) <= LONG and text.count("\n") < LONG_LINES:
        return Folded(text, "")
    end = _end(text)
    rest = text[end:].lstrip()
    return Folded(text[:end].rstrip(), rest) if rest else Folded(text, "")


def _end(text: str) -> int:
    """Where the beginning ends: after so many lines or words, or in the middle of a word without end."""
    lines = [found.start() for found in re.finditer("\n", text)]
    most = min(SHOWN, lines[SHOWN_LINES - 1]) if len(lines) >= SHOWN_LINES else SHOWN
    if text[most : most + 1].isspace():
        return most
    spaces = [found.start() for found in re.finditer(r"\s", text[:most])]
    if spaces and text[: spaces[-1]].strip():
        return spaces[-1]
    if not _ADDRESS.search(text[:most]):
        return most
    after = re.search(r"\s", text[most:])
    return most + after.start() if after else len(text)
