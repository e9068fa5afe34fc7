"""What is asked: weighed evidence for each intent over the abstract sentence.

The abstract sentence has what was read in place of the words that said it: "WANNEER is het VOLGENDE
SOORT in PLAATS". Each pattern of `bedoelingen.csv` that fits is evidence; the heaviest counts whole, a
second one a little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from handlers.reading.forms import related_concept
from handlers.reading.kinds import role_words
from handlers.reading.lexicon import Row, forms, lexicon, rows
from handlers.reading.model import Intent
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence, sentence_of

#: Under this weight nothing is certain enough.
THRESHOLD = 2.0
#: Under this confidence a follow-up has no intent of its own.
CERTAIN = 0.45
#: What a second, lighter piece of evidence for the same intent adds.
_SECOND = 0.03
#: What each word that is not of this domain takes away where nothing else points to an atrium: a thing
#: ("een kadasterplan") more than any other word.
_STRANGE_THING, _STRANGE_WORD = 1.5, 0.7
#: Evidence of this weight is of this domain by itself, and strange words take no more than this from it.
TELLING, _AT_MOST = 4.3, 1.5
#: A statement of less weight than this only tells why a question is asked.
PLAIN = 4.5
_DETERMINERS = word_set("de het een mijn ons onze jullie je uw zijn haar deze die the a my le la un une mon")

_FROM_ELSEWHERE = frozenset({"ONBEKEND", "VREEMD", "VREEMDEDOEN"})

#: What stands in an abstract sentence for words that were read.
SLOT_ITEMS = frozenset(
    ["DAG", "PERIODE", "PLAATS", "SOORT", "SOORTEN", "STEDEN", "ROL", "THEMA", "AANTAL", "TITEL", "ONBEKEND"]
)
MACROS = {
    "S": ("SOORT", "STEDEN", "ATRIUM", "SESSIE", "TITEL"),
    "P": ("SOORTEN", "ATRIA", "SESSIES"),
    "X": ("SOORT", "STEDEN", "ATRIUM", "SESSIE", "SOORTEN", "ATRIA", "SESSIES", "TITEL"),
    "T": ("DAG", "PERIODE"),
}
_GAP = r"(?: (?!\. )[^ ]+){0,8}?"
#: What shows that a sentence is about the network at all.
ANCHORS = frozenset(
    [
        "SOORT",
        "SOORTEN",
        "ATRIUM",
        "ATRIA",
        "SESSIE",
        "SESSIES",
        "GROEP",
        "GROEPEN",
        "NETWERK",
        "TITEL",
        "STEDEN",
    ]
)


@dataclass(slots=True)
class Pattern:
    """One row of `bedoelingen.csv`; its expression is compiled when first needed."""

    row: Row
    intent: Intent
    weight: float
    text: str
    first: frozenset[str]
    compiled: re.Pattern[str] | None = None

    def fits(self, abstract: str) -> bool:
        if self.compiled is None:
            self.compiled = re.compile(_expression(self.text))
        return self.compiled.search(abstract) is not None


@dataclass(frozen=True, slots=True)
class Abstract:
    """A sentence with concepts and slots for words.

    `text` begins and ends with a blank, `items` are its words, `strange` weighs those that are not of
    this domain, `origins` gives for each item the first of the words it stands for.
    """

    text: str
    items: tuple[str, ...]
    origins: tuple[int, ...]
    strange: float

    def holds(self, *wanted: str) -> bool:
        return not frozenset(wanted).isdisjoint(self.items)


@dataclass(slots=True)
class Verdict:
    """The intents by weight, heaviest first, with the patterns that carried them."""

    ranked: list[tuple[Intent, float]] = field(default_factory=list)
    reasons: dict[Intent, str] = field(default_factory=dict)

    @property
    def best(self) -> tuple[Intent | None, float]:
        return self.ranked[0] if self.ranked else (None, 0.0)


def abstract_of(sentence: Sentence) -> Abstract:
    """The sentence with slots, concepts, small words, and ONBEKEND for every other word."""
    known = lexicon()
    concepts, phrases = known.concepts[sentence.language], known.phrases[sentence.language]
    small = _plain_words()
    words, claims = sentence.words, sentence.claims
    items: list[str] = []
    origins: list[int] = []
    index = 0
    while index < sentence.closing:
        word, claim, start = words[index], claims[index], index
        index += 1
        if claim is not None:
            while index < len(words) and claims[index] == claim:
                index += 1
            item = claim
        else:
            item, index = _concept(word, words, claims, index, concepts, phrases)
            if item == "GROET" and len(words) > 5 and items and items[-1] not in {"GROET", "BOT", "."}:
                item = word
            if item == word and word not in small and not word[0].isdigit():
                item = related_concept(word) or _without_diminutive(word, small) or "ONBEKEND"
        items.append(item)
        origins.append(start)
    return abstract_from(tuple(items), tuple(origins))


def abstract_from(items: tuple[str, ...], origins: tuple[int, ...]) -> Abstract:
    """An abstract sentence of these items; commas do not count in patterns."""
    text = " ".join(item for item in items if item != ",")
    strange = 0.0
    for index, item in enumerate(items):
        if item in {"VREEMD", "VREEMDEDOEN"} or (item == "ONBEKEND" and _is_thing(items, index)):
            strange += _STRANGE_THING
        elif item == "ONBEKEND":
            strange += _STRANGE_WORD
    return Abstract(f" {text} ", items, origins, strange)


def _without_diminutive(word: str, small: frozenset[str]) -> str | None:
    """ "puntje" is "punt", "vraagske" is "vraag"."""
    for ending in ("tjes", "jes", "kes", "skes", "tje", "ske", "je", "ke"):
        if word.endswith(ending) and word[: -len(ending)] in small and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return None


def _is_thing(items: tuple[str, ...], index: int) -> bool:
    """Whether an unknown word stands where a noun does: after an article, alone or with an adjective."""
    before = items[max(0, index - 2) : index]
    return before[-1:] != () and (
        before[-1] in _DETERMINERS or (len(before) == 2 and before[0] in _DETERMINERS)
    )


def _concept(
    word: str,
    words: list[str],
    claims: list[str | None],
    index: int,
    concepts: dict[str, str],
    phrases: dict[str, list[tuple[tuple[str, ...], str]]],
) -> tuple[str, int]:
    for rest, concept in phrases.get(word, ()):
        after = index + len(rest)
        if tuple(words[index:after]) == rest and not any(claims[index:after]):
            return concept, after
    return concepts.get(word, word), index


def is_nonsense(text: str) -> bool:
    """Whether a message holds no word at all that the bot knows, be it of elsewhere."""
    items = abstract_of(sentence_of(text)).items
    return bool(items) and set(items) == {"ONBEKEND"}


@lru_cache(maxsize=2048)
def weigh(abstract: Abstract) -> Verdict:
    """The evidence for each intent."""
    heaviest: dict[Intent, float] = {}
    second: dict[Intent, float] = {}
    reasons: dict[Intent, str] = {}
    index = _patterns()
    seen: set[int] = set()
    for item in (*abstract.items, ""):
        for pattern in index.get(item, ()):
            if id(pattern) in seen:
                continue
            seen.add(id(pattern))
            best = heaviest.get(pattern.intent, 0.0)
            if pattern.weight <= second.get(pattern.intent, 0.0) or not pattern.fits(abstract.text):
                continue
            if pattern.weight > best:
                heaviest[pattern.intent], second[pattern.intent] = pattern.weight, best
                reasons[pattern.intent] = pattern.text
            else:
                second[pattern.intent] = pattern.weight
    scores = {intent: weight + _SECOND * second.get(intent, 0.0) for intent, weight in heaviest.items()}
    _discount(scores, abstract)
    ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return Verdict(ranked, reasons)


def _discount(scores: dict[Intent, float], abstract: Abstract) -> None:
    """Take away from what rests on a sentence full of words from elsewhere."""
    anchored = not ANCHORS.isdisjoint(abstract.items)
    if anchored:
        # "Het atrium van het stadhuis huren": the word alone may well be another atrium.
        elsewhere = abstract.holds("VREEMD") and ANCHORS.intersection(abstract.items) <= {"ATRIUM", "ATRIA"}
        if Intent.OUT_OF_SCOPE in scores and not elsewhere and not abstract.holds("MANIPULATIE"):
            scores[Intent.OUT_OF_SCOPE] -= 1.2
        return
    brief = len(abstract.items) <= 4
    for intent in scores:
        if intent in {Intent.GREETING, Intent.THANKS} and brief:
            continue
        if intent is not Intent.OUT_OF_SCOPE:
            telling = scores[intent] >= TELLING
            strange = abstract.strange / 2 if abstract.holds("DAG", "PERIODE") else abstract.strange
            scores[intent] -= min(strange, _AT_MOST) if telling else strange


def _expression(text: str) -> str:
    parts = [""]
    for element in text.split():
        optional = element.startswith("[")
        element = element.strip("[]")
        if element == "..":
            parts.append(_GAP)
        elif element == "~":
            parts.append(r"(?: [a-z]+){0,5}?")
        elif element == "^":
            parts.append(r"(?:(?<=\.)|^)")
        elif element == "$":
            parts.append(r"(?= $| \.)")
        else:
            words = [word for part in element.split("|") for word in MACROS.get(part, (part,))]
            starts = "^" in words
            named = "|".join(re.escape(word) for word in words if word != "^")
            one = rf"(?: (?:{named})(?= ))"
            if starts:
                one = rf"(?:{one}|(?<=\.)|^)"
            parts.append(one + "?" if optional else one)
    return "".join(parts)


def _first_words(text: str) -> frozenset[str]:
    """The words of which one must be there: the first element that cannot be left out."""
    for element in text.split():
        if element in {"..", "~", "^", "$"} or element.startswith("["):
            continue
        words = [word for part in element.split("|") for word in MACROS.get(part, (part,))]
        return frozenset(("",)) if "^" in words else frozenset(words)
    return frozenset(("",))


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns of `bedoelingen.csv`; raises LexiconError on a faulty row."""
    found: list[Pattern] = []
    known = lexicon().concept_names() | SLOT_ITEMS | MACROS.keys()
    for row in rows("bedoelingen.csv"):
        try:
            intent, weight = Intent(row.cells["bedoeling"]), float(row.cells["gewicht"])
        except ValueError as error:
            raise row.fault(str(error)) from error
        text = row.cells["patroon"]
        unknown = {word for word in _all_words(text) if word.isupper()} - known
        if unknown:
            raise row.fault(f"onbekende begrippen {', '.join(sorted(unknown))}")
        found.append(Pattern(row, intent, weight, text, _first_words(text)))
    return tuple(found)


@cache
def _patterns() -> dict[str, list[Pattern]]:
    index: dict[str, list[Pattern]] = {}
    for pattern in patterns():
        for word in pattern.first:
            index.setdefault(word, []).append(pattern)
    for found in index.values():
        found.sort(key=lambda pattern: -pattern.weight)
    return index


@cache
def _plain_words() -> frozenset[str]:
    """The words that stand for themselves: small words, those in patterns, punctuation."""
    in_patterns = {word for pattern in patterns() for word in _words_in(pattern.text)}
    in_phrases = {
        word
        for phrases in lexicon().phrases.values()
        for first, rests in phrases.items()
        for rest, concept in rests
        if concept not in _FROM_ELSEWHERE and concept != "MANIPULATIE"
        for word in (first, *rest)
    }
    small = lexicon().neutral | lexicon().boundaries | in_patterns | in_phrases | role_words()
    return frozenset(small | {".", ","})


def _words_in(text: str) -> Iterable[str]:
    return (word for word in _all_words(text) if word.islower())


def _all_words(text: str) -> Iterable[str]:
    return (word for element in text.split() for word in forms(element.strip("[]")))
