"""Small pieces of Dutch sentences: enumerations, numbers, and safe quotes of what people typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: How much of a member's own words is repeated at most, in characters.
QUOTE_LENGTH = 80

_NUMBERS = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def enumeration(words: Sequence[str]) -> str:
    """Words in a row, as one says them: "Antwerpen, Leuven en Gent"."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def number_text(number: int) -> str:
    """A small number in words ("drie"), a larger one in figures ("14")."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter and the rest untouched."""
    return sentence[:1].upper() + sentence[1:]


def quoted(text: str, length: int = QUOTE_LENGTH) -> str:
    """What somebody typed, fit to be repeated: one short line without control or markup signs.

    Control and format characters go (they can reorder or hide text), and so do the signs that
    Slack, Viva Engage or HTML would read as a mention, a link or markup.
    """
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[: length * 4])
    shown = " ".join(re.sub(r"[<>@#`*_|\[\]{}\\]", " ", shown).split())
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"
