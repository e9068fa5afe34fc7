"""A place that is named and lies outside Flanders and Brussels, or that nobody knows.

Better silent than wrong: what is not in `elders.csv` counts only right after "in", "te" or "nabij" and
with the capital or the ending of a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from handlers.gazetteer import PROVINCE_PREFIX
from handlers.reading.lexicon import forms, lexicon, rows
from handlers.reading.places import nearest_municipality
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

_BEFORE = word_set(
    "in te aan nabij bij naar rond rondom omstreken uit voor van regio stad gemeente provincie omgeving "
    "buurt richting of en hoort horen behoort valt ligt atrium atria sessie sessies near a pour pres to at "
    "lokaal , ."
)
#: Before a name that is an ordinary word too.
_STRICTLY_BEFORE = word_set("in te nabij naar uit bij regio stad gemeente of a pres near to vers")
_LEADING_TO_UNKNOWN = word_set("in te nabij")
_STOPS = word_set(
    ". , en of is zijn komt komen gaat gaan door doorgaat nog ook dan wanneer waar aub graag op volgende "
    "voor over rond een het binnenkort dit deze gepland georganiseerd iets ergens worden wordt staat met als "
    "maar"
)
#: Names with a capital that are no places: means, products, parts of the calendar, the region itself.
_NO_PLACES = word_set(
    "teams zoom outlook engage yammer viva excel word powerpoint slack whatsapp sharepoint onedrive google "
    "facebook linkedin webex chrome edge vlaanderen flanders flandre flandres belgie belgium belgique europa "
    "europe brussel nederlands vlaams frans engels dutch english french orde principe praktijk kwartaal "
    "bijlage agenda atrium provinciehuis stadhuis kort"
)
_BUILDINGS = (
    "huis", "zaal", "centrum", "gebouw", "plein", "straat", "hof", "kasteel", "abdij", "museum", "theater",
    "loket", "school", "park", "hal", "toren", "kapel", "kerk", "laan", "hoeve", "site", "campus", "theek",
    "klooster", "hotel", "molen", "fabriek", "lokaal", "beurs", "burcht", "station", "tie", "ing", "heid",
    "decreet", "plan", "groep", "week", "maand", "dag", "jaar", "vakantie", "periode", "seizoen", "burg",
)  # fmt: skip
#: A word in lower case that ends so can hardly be anything but a place.
_ENDINGS = ("gem", "zele", "beke", "kerke", "ghem", "ville", "rode")
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that is none of ours, with the words that say it; `is_known` when it is in `elders.csv`."""

    name: str
    first: int
    after: int
    is_known: bool = True


@dataclass(slots=True)
class _Known:
    """The places of `elders.csv` by their words."""

    named: dict[str, tuple[str, bool]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)


@cache
def _known() -> _Known:
    known = _Known()
    for row in rows("elders.csv"):
        name, near = row.cells["plaats"], row.cells["dichtbij"]
        if row.cells["aanwijzing"] not in {"", "hoofdletter"}:
            raise row.fault(f"onbekende aanwijzing {row.cells['aanwijzing']!r}")
        if near:
            known.near[name] = f"{PROVINCE_PREFIX}{near}"
        for form in forms(row.cells["vormen"]):
            words = form.split()
            known.named[form] = (name, bool(row.cells["aanwijzing"]))
            known.longest[words[0]] = max(known.longest.get(words[0], 0), len(words))
    return known


def is_known_elsewhere(place: str) -> bool:
    """Whether a place is one of `elders.csv`, so that it surely lies outside Flanders and Brussels."""
    return place in {name for name, _ in _known().named.values()}


def province_near(place: str) -> str | None:
    """The province that is nearest to a place elsewhere, None where that is unknown or far."""
    return _known().near.get(place)


def read_elsewhere(sentence: Sentence) -> Elsewhere | None:
    """A well-known place outside Flanders and Brussels; it claims its words as those of a place."""
    known, words = _known(), sentence.words
    longest = known.longest
    if longest.keys().isdisjoint(words):
        return None
    for index in range(sentence.closing):
        if words[index] not in longest or sentence.claims[index] is not None:
            continue
        for size in range(min(longest[words[index]], len(words) - index), 0, -1):
            after = index + size
            found = known.named.get(" ".join(words[index:after]))
            if found is None or not sentence.is_free(index, after):
                continue
            name, is_ordinary = found
            if _is_meant(sentence, index, after, is_ordinary=is_ordinary):
                sentence.claim("PLAATS", index, after)
                return Elsewhere(name, index, after)
    return None


def _is_meant(sentence: Sentence, first: int, after: int, *, is_ordinary: bool) -> bool:
    """Whether the name stands where a place does."""
    words = sentence.words
    before = words[first - 1] if first else ""
    if before in {"de", "het", "s"} and first > 1:
        before = words[first - 2]
    if not is_ordinary:
        # "Het akkoord van Parijs" is no question about Paris.
        if before == "van" and first > 1:
            return words[first - 2] in {"regio", "buurt", "omgeving", "omstreken", "stad", "buiten"}
        return before in _BEFORE or not first
    capital = sentence.text[sentence.starts[first]].isupper() and not sentence.text.isupper()
    following = words[after] if after < len(words) else "."
    return before in _STRICTLY_BEFORE and (capital or (before in {"in", "te"} and following in _STOPS))


def read_unknown(sentence: Sentence, no_places: frozenset[str]) -> Elsewhere | None:
    """A name after "in" or "te" that no list holds, and that is written as only a place is.

    `no_places` are the words of live names.
    """
    words = sentence.words
    if _LEADING_TO_UNKNOWN.isdisjoint(words):
        return None
    for index in range(1, sentence.closing):
        if words[index - 1] not in _LEADING_TO_UNKNOWN or sentence.claims[index] is not None:
            continue
        if _may_be_a_name(sentence, index, no_places) and not _is_all_capitals(sentence):
            sentence.claim("PLAATS", index, index + 1)
            return Elsewhere(sentence.span(index, index + 1), index, index + 1, is_known=False)
    return None


def _may_be_a_name(sentence: Sentence, index: int, no_places: frozenset[str]) -> bool:
    word, words = sentence.words[index], sentence.words
    following = words[index + 1] if index + 1 < len(words) else "."
    typed = sentence.span(index, index + 1)
    if len(word) < _SHORTEST or not word.isalpha() or following not in _STOPS:
        return False
    if word in _NO_PLACES or word in no_places or lexicon().knows(word):
        return False
    is_a_place = word.endswith(_ENDINGS) and len(word) > _SHORTEST
    if re.fullmatch(r"[A-Z][^\W\d_A-Z]+", typed) is None:
        is_a_place = is_a_place and typed.islower()
    else:
        is_a_place = is_a_place or not word.endswith(_BUILDINGS)
    return is_a_place and nearest_municipality(word) is None


def _is_all_capitals(sentence: Sentence) -> bool:
    """Whether capitals tell nothing: every word has one."""
    initials = [sentence.text[at] for at in sentence.starts if sentence.text[at].isalpha()]
    return len(initials) > 3 and sum(one.isupper() for one in initials) * 2 > len(initials)
