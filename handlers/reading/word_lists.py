"""Lists of words, written as one text so that they read as a list and not as punctuation."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text: "in op na" -> {"in", "op", "na"}."""
    return frozenset(text.split())
