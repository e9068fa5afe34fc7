"""What of a moderator's text has not been understood yet: each rule takes its words away, once."""

from __future__ import annotations

import re

#: Stands where claimed words were: no rule reads across it.
GAP = "\x1f"

_BREAKS = re.compile(rf"[{GAP}\n;,]|\s-\s|\.\s+(?=[A-Z])")

#: Words that hang on to what they introduced, and mean nothing once that is taken.
_LOOSE = (
    r"(?:op|om|tot|in|vanaf|via|link|url|en|met|u|uur|aub|alsjeblieft|graag|dank je|dank|nee|ja|neen"
    r"|inschrijven|inschrijving|kan|dat|dag|datum|uren|doorgaat|gaat door|is|wordt|dus|nog"
    # With a capital these begin a name: "Van Beethovenstraat", "De Factorij".
    r"|(?-i:van|voor|te|de|het|een))"
)
#: Signs around a part that are not part of it.
_SIGNS = " .:!|-()"
_LEADING = re.compile(rf"^(?:{_LOOSE}\b[\s:.]*)+", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:[\s:.]*\b{_LOOSE})+$", re.IGNORECASE)


class Remainder:
    """The text, with a gap for every claim."""

    def __init__(self, text: str) -> None:
        self.text = text

    def claim(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, taken out of the text."""
        found = pattern.search(self.text)
        if found:
            self.take(found.start(), found.end())
        return found

    def take(self, start: int, end: int) -> None:
        """Take these characters out."""
        self.text = f"{self.text[:start]} {GAP} {self.text[end:]}"

    def put_gap_for(self, part: str) -> None:
        """Take this part out, as `parts` gave it."""
        start = self.text.find(part)
        if start >= 0:
            self.take(start, start + len(part))

    def parts(self) -> list[str]:
        """What is left between gaps, commas and lines, as typed."""
        return [part.strip() for part in _BREAKS.split(self.text) if part.strip(" .:!|-")]

    def leftovers(self) -> list[str]:
        """What is left and says something: without the words that only introduced what was taken."""
        bare = (bare_words(part) for part in self.parts())
        return [part for part in bare if len(part) > 1]


def bare_words(part: str) -> str:
    """The part without loose words at either end ("in Lamot" is "Lamot")."""
    return _TRAILING.sub("", _LEADING.sub("", part.strip(_SIGNS))).strip(_SIGNS)
