"""How long things may be in Slack, and texts parted to fit: between words, and nothing of them lost.

The limits are those of Slack's Block Kit reference. Two are not published and are ours, on the safe side
of what others measured: Slack refuses a message (`msg_blocks_too_long`) whose blocks hold
somewhere between 9 600 and 11 300 characters together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: Blocks in one message.
BLOCKS = 50
#: Characters of the text of a section, or of an element of a context.
SECTION = 3000
#: Fields in a section, and characters of one.
FIELDS = 10
FIELD = 2000
#: Buttons that stand in a row without breaking it on a wide screen; Slack takes 25.
ROW = 5
#: Characters on a button, of what it says, and of the address it opens.
BUTTON = 75
SAYS = 2000
ADDRESS = 3000

#: Characters of the plain text beside the blocks: what `chat.update` takes.
TEXT = 4000

#: Characters that all blocks of a message hold together, and those of a message that may be cut for it.
ALTOGETHER = 8000
BODY = 6000

#: What stands where something was left away.
CUT = "…"


def size(text: str) -> int:
    """The length as Slack counts it: signs outside the basic plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters, cut between words, and the cut shown."""
    text = " ".join(text.split())
    if size(text) <= most:
        return text
    kept = _head(text, most - len(CUT) - 1)
    whole = kept.rsplit(" ", 1)[0] if text[len(kept) : len(kept) + 1].strip() else kept
    return f"{whole.rstrip()} {CUT}"


def pieces(text: str, render: Callable[[str], str], most: int) -> Iterator[str]:
    """The text, rendered, in pieces of at most so many characters: parted between lines, else words."""
    whole = render(text)
    if size(whole) <= most:
        if text.strip():
            yield whole
        return
    kept = ""
    for line in text.split("\n"):
        rest = line
        while size(render(joined := f"{kept}\n{rest}" if kept else rest)) > most:
            if kept and size(render(rest)) <= most:
                yield render(kept)
                kept = ""
                continue
            # The line itself is too long: it is parted where the piece is full.
            end = _fitting(joined, render, most)
            if joined[:end].strip():
                yield render(joined[:end].rstrip())
            kept, rest = "", joined[end:].lstrip()
        kept = joined
    if kept.strip():
        yield render(kept)


def _fitting(text: str, render: Callable[[str], str], most: int) -> int:
    """How many characters of a text fit, up to the end of a word; a longer word is cut."""

    def fits(end: int) -> bool:
        return size(render(text[:end])) <= most

    ends = [found.start() for found in re.finditer(r"\s+", text.rstrip()) if found.start() > 0]
    return _last(ends, fits) or _last(range(1, len(text)), fits) or 1


def _last(ends: list[int] | range, fits: Callable[[int], bool]) -> int:
    """The last of these that fits, 0 when none does; what fits, also fits when it is shorter."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if fits(ends[middle]):
            low = middle + 1
        else:
            high = middle
    return ends[low - 1] if low else 0


def _head(text: str, most: int) -> str:
    """As many whole characters from the beginning as fit."""
    kept = text[:most]
    while size(kept) > most:
        kept = kept[:-1]
    return kept
