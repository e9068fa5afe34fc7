"""The concept of a word that is not in the lexicon itself: an inflection or a compound of one that is."""

from __future__ import annotations

from functools import cache, lru_cache

from handlers.reading.lexicon import lexicon
from handlers.reading.word_lists import word_set

_ENDINGS = ("tjes", "kes", "jes", "tje", "ske", "ste", "ke", "je", "en", "te", "de", "t", "e", "s", "n")
_LINKS = ("", "s", "e", "en", "n")
#: Concepts of which a compound still means the thing itself: "sprekerslijst", "inschrijvingsknop".
_LEADING = word_set(
    "SPREKER INSCHRIJVEN UITSCHRIJVEN PRESENTATIE PROGRAMMA MELDINGEN HERINNEREN CONTACT ETEN "
    "BEREIKBAAR VOLZET DEELNEMEN KOST DEADLINE ADRES ONLINE AFGELAST BEHEERDER VREEMD VREEMDEDOEN"
)
#: Concepts that a compound keeps from its last part: "jaarprogramma", "beginuur", "eindverslag".
_CLOSING = word_set(
    "SPREKER PROGRAMMA PRESENTATIE MELDINGEN ADRES TOON ETEN WORKSHOP SESSIE SESSIES KOST VREEMD "
    "VREEMDEDOEN INSCHRIJVEN ONDERWERP AGENDA"
)
#: Short last parts that are telling all the same.
_SHORT_CLOSINGS = frozenset({"lijst", "adres", "lunch", "zaal", "mails", "thema"})
_NEVER = frozenset(
    {"VREEMD", "GROET", "HELP", "MANIPULATIE", "BOT", "WELK", "WIE", "WAT", "WAAR", "HOE", "NIETMEER"}
)


@lru_cache(maxsize=1024)
def related_concept(word: str) -> str | None:
    """The concept of the word's stem, or of a part of it; None when it is a word of its own."""
    if len(word) < 4 or not word.isalpha():
        return None
    concept = _stems().get(stem(word)) if len(word) >= 5 else None
    if concept:
        return concept
    return _of_compound(word) if len(word) >= 9 else None


def stem(word: str) -> str:
    """A word without its ending, with long vowels and final consonants as in its other forms."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    for vowel in "aeou":
        word = word.replace(vowel * 2, vowel)
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + {"v": "f", "z": "s"}.get(word[-1], word[-1])


def _of_compound(word: str) -> str | None:
    concepts = lexicon().concepts["nl"]
    for cut in range(len(word) - 3, 4, -1):
        first = word[:cut]
        for link in _LINKS:
            if not first.endswith(link) or len(first) - len(link) < 5:
                continue
            concept = concepts.get(first[: len(first) - len(link)])
            if concept in _LEADING:
                return concept
    for cut in range(3, len(word) - 3):
        concept = concepts.get(word[cut:])
        if concept in _CLOSING and (len(word) - cut >= 6 or word[cut:] in _SHORT_CLOSINGS):
            return concept
    return None


@cache
def _stems() -> dict[str, str]:
    """Stems that belong to one concept only."""
    found: dict[str, set[str]] = {}
    for word, concept in lexicon().concepts["nl"].items():
        if len(word) >= 4 and concept not in _NEVER:
            found.setdefault(stem(word), set()).add(concept)
    return {key: next(iter(concepts)) for key, concepts in found.items() if len(concepts) == 1}
