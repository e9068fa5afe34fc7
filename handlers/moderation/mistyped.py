"""The first words of a command, put right where they are all but typed: "kondig an", "wijizg"."""

from __future__ import annotations

import re

#: Words that begin a command, and of which no other word differs by one sign.
_HEADS = ("kondig", "annuleer", "wijzig", "verplaats", "verschuif", "pauzeer", "hervat", "inbreng")

#: Shorter words are too much like others.
_SHORTEST = 5

_FIRST = re.compile(r"(?P<word>[a-z]+)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_ALMOST_AAN = re.compile(r"^\s+(?:an|ann|ana|aann|naa|aaan|aa|aam|aab)(?=\s*[:,.-]|\s)", re.IGNORECASE)


def mended_command(text: str) -> str:
    """The text with its first word as a command has it; the same text where that is no near miss.

    A question is left alone: who asks means no command.
    """
    found = _FIRST.match(text)
    if found is None or text.rstrip().endswith("?"):
        return text
    word, rest = found["word"].casefold(), found["rest"]
    head = word if word in _HEADS else _nearest(word)
    if head is None:
        return text
    if head == "kondig":
        rest = _ALMOST_AAN.sub(" aan", rest)
    return f"{head}{rest}"


def _nearest(word: str) -> str | None:
    """The word that this one is meant for, one sign or two swapped ones away."""
    if len(word) < _SHORTEST or word.removesuffix("t") in _HEADS:
        # Whoever writes "wijzigt" tells of somebody who does.
        return None
    from rapidfuzz.distance import OSA  # slow to import: at the first misspelling only

    near = [head for head in _HEADS if OSA.distance(word, head, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None
