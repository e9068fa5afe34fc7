"""Questions that ask the same thing, together: for moderators, who see what is asked most.

Places, dates and words that say nothing are left out, so that "wanneer parking in Gent" and "is er
parking in Leuven op 12 april" are one. What is left is compared by rapidfuzz. The same questions
give the same groups, whatever the order in which they come.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from rapidfuzz import fuzz, process

from handlers.model import BRUSSELS
from handlers.reading.lexicon import lexicon
from handlers.reading.periods import read_period
from handlers.reading.places import read_misspelled_place, read_place
from handlers.reading.words import Sentence, sentence_of

#: From this likeness on, of 100, two questions are one (see `_likeness`).
ALIKE = 80.0
#: Of the words that a question has in common with others, so many of the rarest are looked at.
_RAREST = 2
#: Words are looked up by so many letters, so that a later misspelling does not hide them.
_STEM = 5

#: Any question here may be about an atrium: these words tell nothing apart.
_OF_ANY_QUESTION = frozenset(
    {"ATRIUM", "ATRIA", "SESSIE", "SESSIES", "VOLGENDE", "GROET", "DANK", "BOT"}
    | {"WANNEER", "WAAR", "WELK", "WIE", "WAT", "HOE", "HOEVEEL", "WAAROM", "IETS", "MEERDERE"}
)
_SAYING_LITTLE = re.compile(
    r"(?:krijg|bestaa?|gebeur|sta|doe|neem)(?:t|en|n)?|nemen|bestaan|lokale?|lokaal|provinciale?|provinciaal|"
    r"thematische?|centrumsteden"
)
_ENDING = re.compile(r"(?:eringen|ering|eren|ingen|ing|en|es|e|s)$")
_LETTERS_LEFT = 4


class Asked(Protocol):
    """A question on the list; `asked_at` is aware."""

    @property
    def text(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def asked_at(self) -> dt.datetime: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedAlike:
    """Questions that ask the same thing.

    Attributes:
        example: the most typical of them, as typed.
        questions: all of them as typed, the oldest first; two people may have typed the same.
        reasons: how often each reason occurs.
        first, last: when the first and the last of them was asked (aware UTC).
    """

    example: str
    questions: tuple[str, ...]
    reasons: Mapping[str, int]
    first: dt.datetime
    last: dt.datetime

    @property
    def count(self) -> int:
        return len(self.questions)


#: What is left of a question to compare: its telling words, sorted, each once.
Core = tuple[str, ...]


def asked_alike(questions: Iterable[Asked]) -> list[AskedAlike]:
    """The questions in groups, the largest first; of equal ones the last asked first."""
    by_core: dict[Core, list[Asked]] = defaultdict(list)
    for question in sorted(questions, key=lambda each: (each.asked_at, each.text, each.reason)):
        by_core[core_of(question.text, question.asked_at)].append(question)
    groups = [_group(cores, by_core) for cores in _together(by_core)]
    return sorted(groups, key=lambda group: (-group.count, -group.last.timestamp(), group.example))


def core_of(question: str, asked_at: dt.datetime) -> Core:
    """The words that tell this question from others; never empty for a question with words.

    `asked_at` is aware: what "volgende week" is depends on it.
    """
    sentence = sentence_of(question)
    _claim_place_and_period(sentence, asked_at.astimezone(BRUSSELS).date())
    words = [
        word
        for word, claim in zip(sentence.words[: sentence.closing], sentence.claims, strict=False)
        if claim is None and word not in {".", ","}
    ]
    speaking = [word for word in words if word not in lexicon().neutral and not word.isdigit()]
    telling = [word for word in speaking if not _is_of_any_question(word)]
    return tuple(sorted({_stem(word) for word in telling or speaking or words or sentence.words}))


def _claim_place_and_period(sentence: Sentence, today: dt.date) -> None:
    found = read_period(sentence, today, [])
    if found is not None:
        for first, after in ((found.first, found.after), *found.others):
            sentence.claim("PERIODE", first, after)
    if read_place(sentence, {}) is None:
        read_misspelled_place(sentence)


@cache
def _is_of_any_question(word: str) -> bool:
    concepts = (words.get(word) for words in lexicon().concepts.values())
    return bool(_SAYING_LITTLE.fullmatch(word)) or not _OF_ANY_QUESTION.isdisjoint(concepts)


def _stem(word: str) -> str:
    """The word without its ending: "parkeren" and "parking" are both "park"."""
    stem = _ENDING.sub("", word)
    return stem if len(stem) >= _LETTERS_LEFT else word


def _together(by_core: Mapping[Core, Sequence[Asked]]) -> list[list[Core]]:
    """The cores in groups round a leader: the most asked one that nothing before it is like.

    Each core is compared with the leaders alone, and only with those that share one of its rarest
    words: all pairs of 5 000 questions would be 12 million comparisons.
    """
    spread = Counter(word[:_STEM] for core in by_core for word in core)
    groups: dict[Core, list[Core]] = {}
    leaders: dict[str, dict[Core, str]] = defaultdict(dict)
    for core in sorted(by_core, key=lambda each: (-len(by_core[each]), len(each), each)):
        stems = {word[:_STEM] for word in core}
        shared = sorted((stem for stem in stems if spread[stem] > 1), key=lambda stem: (spread[stem], stem))
        near = {leader: said for stem in shared[:_RAREST] for leader, said in leaders[stem].items()}
        leader = _most_alike(core, near)
        if leader is not None:
            groups[leader].append(core)
            continue
        groups[core] = [core]
        for stem in stems:
            leaders[stem][core] = " ".join(core)
    return list(groups.values())


def _most_alike(core: Core, leaders: Mapping[Core, str]) -> Core | None:
    found = process.extractOne(" ".join(core), leaders, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE)
    return None if found is None else found[2]


def _group(cores: Sequence[Core], by_core: Mapping[Core, Sequence[Asked]]) -> AskedAlike:
    asked = sorted((each for core in cores for each in by_core[core]), key=lambda each: each.asked_at)
    return AskedAlike(
        example=_example([each.text for each in by_core[cores[0]]]),
        questions=tuple(each.text for each in asked),
        reasons=dict(sorted(Counter(each.reason for each in asked).items())),
        first=asked[0].asked_at,
        last=asked[-1].asked_at,
    )


def _example(texts: Sequence[str]) -> str:
    """Of the leader's questions the one that was typed most, else the one of middle length."""
    typed = Counter(texts)
    most = max(typed.values())
    usual = sorted((text for text in typed if typed[text] == most), key=lambda text: (len(text), text))
    return usual[(len(usual) - 1) // 2]
