"""What the asker takes back: "Lier, nee, Lint", "ik bedoel overmorgen", "niet voor ambtenaren"."""

from __future__ import annotations

from handlers.reading.word_lists import word_set

_MEANING = word_set("bedoel bedoelde bedoelen bedoelt meant correctie pardon")
_NO = word_set("nee neen euh sorry no non")
_DENYING = word_set("geen niet zonder behalve buiten not sans pas")
#: Between a denial and what it denies: "niet dat voor de ambtenaren".
_BETWEEN = word_set("dat die het de een voor van in met op bij wat not the for")


def is_corrected(words: list[str]) -> bool:
    """Whether a later word takes back an earlier one: then the last counts."""
    return any(
        word in _MEANING or (word in _NO and 0 < index < len(words) - 1) for index, word in enumerate(words)
    )


def is_denied(words: list[str], first: int) -> bool:
    """Whether what begins at `first` is what is *not* asked ("niet voor mandatarissen")."""
    index = first - 1
    while index >= 0 and words[index] in _BETWEEN and first - index <= 4:
        index -= 1
    return index >= 0 and words[index] in _DENYING
