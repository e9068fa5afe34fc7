"""The words that the reader knows: spellings, concepts, roles, topics, and the patterns of intents.

They are data (`handlers/data/*.csv`), so that a word can be added without touching code; each row
names a question that would be misread without it. docs/reading.md documents the forms.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from handlers.gazetteer import gazetteer
from handlers.reading.period_words import (
    ENGLISH,
    FRENCH,
    MONTH_NUMBERS,
    NUMBERS,
    ORDINALS,
    WEEKDAY_NUMBERS,
)
from handlers.reading.word_lists import word_set

#: The concepts to whose words a misspelling may be corrected: those that carry a question of this domain.
_MENDED = word_set(
    "ATRIUM ATRIA SESSIE SESSIES WANNEER VOLGENDE INSCHRIJVEN UITSCHRIJVEN PROGRAMMA AGENDA ONDERWERP "
    "SPREKER PRESENTATIE GROEP GROEPEN HERINNEREN VOORSTELLEN CONTACT MELDINGEN AFGELAST ADRES "
    "ORGANISEREN NETWERK DEELNEMEN MEEBRENGEN DEADLINE BEHEERDER VERANTWOORDELIJKE GEPLAND "
    "PLAATSVINDEN DANK ABONNEREN VERSCHIL TOON WORKSHOP VOLZET BEREIKBAAR ETEN BEGINT BETEKENIS "
    "ORGANISEREN LIDWORDEN PRAKTISCH KOST BEHANDELD STOPPEN OPDEHOOGTE PLAATSVINDEN WELK HELP"
)

LANGUAGES = ("nl", "fr", "en")


class LexiconError(ValueError):
    """A row of a lexicon file that cannot be used; the message names file and line."""


#: Files of which every word is right as it is, with the column that holds the words.
_PROTECTING = tuple(
    (file, "vormen")
    for file in ("rollen.csv", "themas.csv", "verwante_themas.csv", "streken.csv", "elders.csv")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a lexicon file; `case` is a question that needs it."""

    file: str
    line: int
    cells: Mapping[str, str]

    @property
    def case(self) -> str:
        return self.cells["geval"]

    def fault(self, what: str) -> LexiconError:
        return LexiconError(f"{self.file}, regel {self.line}: {what}")


@dataclass(slots=True)
class Lexicon:
    """All words, ready to look up.

    Attributes:
        spellings: chat, dialect and abbreviated form -> the words it stands for.
        concepts: per language: word -> concept ("SESSIE"); a concept in lower case is a plain word.
        phrases: per language: first word -> (rest of the words, concept), longest first.
        neutral: words that say nothing of the subject.
        common: those of them to which no misspelling is corrected.
        marks: per language the small words that give it away.
        small: the same with those that several languages share.
        correctable: words to which a misspelling may be corrected.
        protected: words that are right as they are.
        boundaries: words at which a theme in free words ends.
    """

    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: dict[str, dict[str, str]] = field(default_factory=lambda: {one: {} for one in LANGUAGES})
    phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = field(
        default_factory=lambda: {one: {} for one in LANGUAGES}
    )
    neutral: set[str] = field(default_factory=set)
    common: set[str] = field(default_factory=set)
    marks: dict[str, frozenset[str]] = field(default_factory=dict)
    small: dict[str, frozenset[str]] = field(default_factory=dict)
    correctable: set[str] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)
    boundaries: set[str] = field(default_factory=set)

    def concept_names(self) -> set[str]:
        """All concepts, of words and of phrases."""
        named = {concept for words in self.concepts.values() for concept in words.values()}
        return named | {
            concept for phrases in self.phrases.values() for rest in phrases.values() for _, concept in rest
        }

    def knows(self, word: str) -> bool:
        """Whether this is a word as it should be, so that it is no misspelling of another."""
        return word in self.protected


def rows(file: str) -> Iterator[Row]:
    """The rows of a lexicon file: UTF-8, ";" between cells, first line the header, "#" a remark."""
    text = files("handlers.data").joinpath(file).read_text(encoding="utf-8")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1)]
    kept = [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]
    header = kept[0][1].split(";")
    for (number, _), cells in zip(
        kept[1:], csv.reader((line for _, line in kept[1:]), delimiter=";"), strict=True
    ):
        if len(cells) != len(header):
            raise LexiconError(f"{file}, regel {number}: {len(cells)} kolommen in plaats van {len(header)}")
        yield Row(file, number, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def forms(cell: str) -> list[str]:
    """The forms in one cell: "datum|data" -> ["datum", "data"]."""
    return [form.strip() for form in cell.split("|") if form.strip()]


@cache
def lexicon() -> Lexicon:
    """The one lexicon, read at first use; raises LexiconError on a faulty row."""
    known = Lexicon()
    known.protected.update(FRENCH, ENGLISH, ORDINALS, NUMBERS, MONTH_NUMBERS, WEEKDAY_NUMBERS)
    known.neutral.update(ORDINALS, NUMBERS)
    for row in rows("spelling.csv"):
        for form in forms(row.cells["vormen"]):
            known.spellings[form] = tuple(row.cells["woorden"].split())
            known.protected.add(form)
        known.protected.update(row.cells["woorden"].split())
    for row in rows("begrippen.csv"):
        _add_concept(known, row)
    for row in rows("kleine_woorden.csv"):
        _add_small_words(known, row)
    for file, column in _PROTECTING:
        for row in rows(file):
            known.protected.update(word for form in forms(row.cells[column]) for word in form.split())
    known.small = dict(known.marks)
    known.marks = {
        language: words.difference(*(other for one, other in known.marks.items() if one != language))
        for language, words in known.marks.items()
    }
    known.correctable.update(word for word in known.marks["nl"] if len(word) >= 7)
    known.correctable.update(
        word
        for word in known.neutral - known.common
        if len(word) >= 7 and word not in FRENCH and word not in ENGLISH
    )
    known.protected.update(word for name in gazetteer().names for word in name.split())
    return known


def _add_concept(known: Lexicon, row: Row) -> None:
    concept, language = row.cells["begrip"], row.cells["taal"]
    if language and language not in LANGUAGES:
        raise row.fault(f"onbekende taal {language!r}")
    for form in forms(row.cells["vormen"]):
        words = tuple(form.split())
        for one in (language,) if language else LANGUAGES:
            if len(words) == 1:
                known.concepts[one][form] = concept
            else:
                known.phrases[one].setdefault(words[0], []).append((words[1:], concept))
                known.phrases[one][words[0]].sort(key=lambda phrase: -len(phrase[0]))
        known.protected.update(words)
        if (
            len(words) == 1
            and len(form) >= 5
            and form.isalpha()
            and concept in _MENDED
            and language in {"", "nl"}
        ):
            known.correctable.add(form)


def _add_small_words(known: Lexicon, row: Row) -> None:
    words = frozenset(row.cells["woorden"].split())
    known.protected.update(words)
    match row.cells["soort"]:
        case "neutraal":
            known.neutral.update(words)
        case "gewoon":
            known.common.update(words.difference(known.neutral))
            known.neutral.update(words)
        case "verbeterbaar":
            known.correctable.update(words)
        case "grens":
            known.boundaries.update(words)
        case "beschermd":
            pass
        case "nl" | "fr" | "en" as language:
            known.marks[language] = words
            known.neutral.update(words)
        case other:
            raise row.fault(f"onbekende soort {other!r}")
