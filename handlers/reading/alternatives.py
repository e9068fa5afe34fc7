"""What is asked in the alternative: "in Gent of Aalst", "lokaal of provinciaal"."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.reading.word_lists import word_set

_JOINERS = word_set("of en , ofwel hetzij alsook or and ou et noch anders desnoods eventueel evengoed")
#: What may stand beside a joiner without parting what it joins.
_BETWEEN = word_set(
    "in te van voor bij naar aan op rond rondom over nabij de het een den anders desnoods eventueel dan wel "
    "ook wat zelfs evengoed regio streek provincie stad gemeente die dat dienst atrium the a an le la les du "
    "des a alternatief liever mogelijk misschien in omgeving buurt"
)
#: A chain of commas alone is one from so many on: "Gent, Oost-Vlaanderen" tells where Gent is.
_MANY = 3


def is_joint(words: Sequence[str], *, both: bool = False) -> bool:
    """Whether these words between two things make them alternatives; `both` after "zowel"."""
    if both and words and words[0] == "als":
        words = words[1:] or [","]
        return all(word in _BETWEEN or word in _JOINERS for word in words)
    if list(words[:2]) == ["maar", "ook"]:
        return all(word in _BETWEEN for word in words[2:])
    return (
        0 < len(words) <= 6
        and any(word in _JOINERS for word in words)
        and all(word in _JOINERS or word in _BETWEEN for word in words)
    ) or list(words) == ["dan", "wel"]


def joined_with(words: Sequence[str], spans: Sequence[tuple[int, int]], at: int) -> list[int]:
    """Which of the spans, in order, stand in one row of alternatives with the one at `at`, itself too."""
    first = last = at
    both = "zowel" in words
    while first and is_joint(words[spans[first - 1][1] : spans[first][0]], both=both):
        first -= 1
    while last + 1 < len(spans) and is_joint(words[spans[last][1] : spans[last + 1][0]], both=both):
        last += 1
    row = list(range(first, last + 1))
    gaps = [words[spans[one][1] : spans[one + 1][0]] for one in row[:-1]]
    if len(row) < _MANY and all(list(gap) == [","] for gap in gaps):
        return [at]
    return row
