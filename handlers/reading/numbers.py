"""How many are asked for ("de volgende drie"), and which of a list is meant ("de tweede")."""

from __future__ import annotations

from handlers.reading.period_words import NUMBERS, ORDINALS
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

_BEFORE = word_set(
    "volgende eerste komende eerstvolgende laatste vorige top next first last upcoming prochains "
    "prochaines premiers derniers voorbije aankomende afgelopen eerstkomende toekomende"
)
_MANY = word_set(
    "atria atriums sessies bijeenkomsten vergaderingen samenkomsten data edities momenten "
    "overlegmomenten meetings sessions events ateliers activiteiten netwerkmomenten datums seances "
    "workshops"
)
_AT_MOST = frozenset({"top", "enkel", "max", "maximum", "maximaal", "hoogstens"})
_NOT_AFTER = word_set(
    "dagen dag weken week maanden maand jaar jaren uur uren minuten keer keren maal collega "
    "collegas personen mensen centrumsteden leden euro km kilometer steden gemeenten thema themas "
    "onderwerpen groepen plaatsen plaats soorten provincies regios jours semaines mois days weeks "
    "months years maanden kwartalen cities deelnemers plekken"
)
_FOREIGN = {
    "fr": {
        "deux": 2,
        "trois": 3,
        "quatre": 4,
        "cinq": 5,
        "six": 6,
        "sept": 7,
        "huit": 8,
        "neuf": 9,
        "dix": 10,
    },
    "en": {
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
    },
}
_ASKING = word_set("geef toon lijst noem stuur som show give list donne donnez montre top")


def read_count(sentence: Sentence) -> int | None:
    """The number of atria that is asked for; None when none is said."""
    words = sentence.words
    for index in range(len(words)):
        number = _number(sentence, index)
        if number is None or sentence.claims[index] is not None:
            continue
        after = index + 1
        while after < len(words) and words[after] in (
            _BEFORE | {"lokale", "provinciale", "thematische", "andere"}
        ):
            after += 1
        following = words[after] if after < len(words) else ""
        claimed = after < len(words) and sentence.claims[after] == "SOORTEN"
        before = words[index - 1] if index else ""
        free = following not in _NOT_AFTER and not (after < len(words) and sentence.claims[after] == "ROL")
        if "per" in words[after : after + 3] or "geleden" in words[after : after + 3] or words[0] == "waarom":
            continue
        if before == "er" and following in {"", "."} and _ASKING.intersection(words):
            sentence.claim("AANTAL", index, index + 1)
            return number
        if claimed or following in _MANY or (before in _BEFORE and free) or (before in _AT_MOST and free):
            sentence.claim("AANTAL", index, index + 1)
            return number
        if free and words[after - 1] in _BEFORE and after > index + 1 and following not in {"", "."}:
            sentence.claim("AANTAL", index, index + 1)
            return number
    return None


def _number(sentence: Sentence, index: int) -> int | None:
    word = sentence.words[index]
    if word.isdigit():
        return int(word) if 1 <= int(word) <= 60 else None
    if word in _FOREIGN.get(sentence.language, {}):
        return _FOREIGN[sentence.language][word]
    number = NUMBERS.get(word)
    return number if number and number > 1 and word != "paar" else None


_FOREIGN_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "premier": 1, "premiere": 1, "deuxieme": 2,
    "second one": 2, "troisieme": 3, "dernier": -1, "derniere": -1,
}  # fmt: skip
_CHOOSING = word_set(
    "de het die den the le la nummer nr optie keuze graag aub ja nee doe maar geef neem ik kies "
    "liever dan in voor wil bedoel bedoelde van lijst deze , . please one ok oke option number "
    "numero toon meer info over choix choisis"
)


def read_ordinal(sentence: Sentence) -> int | None:
    """Which of what was offered or listed is meant, from 1; -1 for the last; None when none is."""
    words = sentence.words
    if not words or len(words) > 12:
        return None
    marks = [(index, number) for index in range(len(words)) if (number := _ordinal(words, index)) is not None]
    if len(marks) != 1:
        return None
    index, number = marks[0]
    if sentence.claims[index] is not None:
        return None
    rest = [word for at, word in enumerate(words) if at != index and word not in _CHOOSING]
    if not rest:
        return number
    following = words[index + 1] if index + 1 < len(words) else ""
    before = words[index - 1] if index else ""
    closing = following in {
        "",
        ".",
        ",",
        "graag",
        "van",
        "door",
        "gratis",
        "in",
        "nog",
        "online",
        "op",
        "precies",
        "juist",
        "dan",
        "one",
    }
    named = before in {"nummer", "nr", "optie", "number", "numero"}
    if named or (not words[index].isdigit() and before in {"de", "die", "the", "le", "la"} and closing):
        claimed_after = index + 1 < len(words) and sentence.claims[index + 1] in {"SOORT", "SOORTEN"}
        return None if claimed_after else number
    return None


#: So many are never offered or listed.
_MOST = 30


def _ordinal(words: list[str], index: int) -> int | None:
    word = words[index]
    if word.isdigit() and len(word) <= 2 and 0 < int(word) <= _MOST:
        return int(word)
    return ORDINALS.get(word) or _FOREIGN_ORDINALS.get(word)
