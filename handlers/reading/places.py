"""The place of a question: the longest name that the gazetteer or the moderators' regions know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise

from handlers.gazetteer import PROVINCE_PREFIX, gazetteer, name_key, province_place
from handlers.reading.alternatives import joined_with
from handlers.reading.corrections import is_corrected
from handlers.reading.lexicon import forms, lexicon, rows
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence
from handlers.wording.catalogue import say

_PREPOSITIONS = word_set(
    "in te aan van voor uit bij naar rond nabij stad gemeente deelgemeente dorp atrium atria a in "
    "at near for chez pour de lokaal regio tegen omgeving en of from of hoort horen behoort valt "
    "vallen ligt zit nee neen"
)
_OFFICES = word_set(
    "dienst omgeving milieu ruimte ro wonen mobiliteit stedenbouw schepen burgemeester ambtenaar "
    "directeur omgevingsambtenaar gemeentebestuur stadsbestuur bestuur gemeente stad planning "
    "vergunningen stedenbouwkundige"
)
_STRICT = word_set("in te uit gemeente deelgemeente dorp stad nabij bij rond")
_NAMED = word_set("gemeente deelgemeente stad dorp")
_BOUNDARIES = word_set(
    "willen zouden weten hebben zoeken vragen te naar met gaan komen zitten werken moet mogen "
    "kunnen . , en of is zijn was door ook nog dan wanneer waar nu aub graag volgende gaat komt hoe "
    "wat wie er of plaats bijeen samen terug weer ? organiseert doorgaat"
)
_POSTCODE_CUES = word_set("postcode van uit in regio gemeente voor bij naar te zijn ben atrium")
_NO_POSTCODE = word_set("euro uur u leden mensen deelnemers personen inwoners eur")
_HOME = word_set("woon wonen woont woonachtig thuis inwoner habite live")
_WORK = word_set("werk werken werkt job kantoor travaille work dienst bestuur gemeentebestuur")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a question names.

    Attributes:
        name: canonical; None when the name may mean several.
        names: those several.
        first, after: the words that say it.
        rule: how it was recognised.
        noticed: what to tell the asker of how it was read, None when it was plain.
        others: the alternatives that are named beside it ("in Gent of Aalst").
    """

    name: str | None
    names: tuple[str, ...]
    first: int
    after: int
    rule: str
    noticed: str | None = None
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class _Names:
    """Every name of a place by its words, with what it means."""

    meant: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cues: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    fuzzy: dict[str, str] = field(default_factory=dict)
    doubled: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, meant: tuple[str, ...]) -> None:
        words = key.split()
        if not words:
            return
        self.meant[key] = meant
        self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))


@cache
def _names() -> _Names:
    names = _Names()
    known = gazetteer()
    for key, municipalities in known.names.items():
        names.add(key, tuple(one.name for one in municipalities))
    for row in rows("streken.csv"):
        for form in forms(row.cells["vormen"]):
            names.add(form, (row.cells["plaats"],))
    for row in rows("dubbelzinnige_plaatsen.csv"):
        if row.cells["aanwijzing"] not in {"voorzetsel", "plaats", "nooit"}:
            raise row.fault(f"onbekende aanwijzing {row.cells['aanwijzing']!r}")
        for form in forms(row.cells["namen"]):
            names.cues[form] = row.cells["aanwijzing"]
    for one in known.municipalities:
        for name in (one.name, *one.former):
            key = name_key(name)
            if len(key) >= 6:
                names.fuzzy[key] = one.name
            names.doubled[_single_letters(key)] = one.name
    for row in rows("streken.csv"):
        canonical = name_key(row.cells["plaats"].removeprefix(PROVINCE_PREFIX))
        if len(canonical) >= 7:
            names.fuzzy[canonical] = row.cells["plaats"]
    return names


def _single_letters(key: str) -> str:
    """A name with each doubled letter once: "gennt" and "gent" are the same."""
    return "".join(char for at, char in enumerate(key) if at == 0 or char != key[at - 1])


def read_place(sentence: Sentence, regions: Mapping[str, str]) -> Place | None:
    """The place of the question as it is spelled; `regions` are the moderators' own, by key.

    A place in the signature counts only where none is named before it.

    Where a place of living and a place of working are named, the place of working counts; else the one
    that stands with the atrium asked about.
    """
    found = [place for place in _found(sentence, regions) if _may_sign(sentence, place)]
    found = [place for place in found if place.first < sentence.closing] or found[:1]
    for place in found:
        sentence.claim("PLAATS", place.first, place.after)
    if not found:
        return None
    return _with_others(sentence, found, _as_province(sentence, _chosen(sentence, found)))


def _with_others(sentence: Sentence, found: list[Place], chosen: Place) -> Place:
    """The place with those that are named beside it as alternatives."""
    if len(found) < 2 or is_corrected(sentence.words) or any(_lies_within(one, chosen) for one in found):
        return chosen
    spans = [(one.first, one.after) for one in found]
    rows = [
        joined_with(sentence.words, spans, index)
        for index, one in enumerate(found)
        if one.name == chosen.name
    ]
    row = max(rows, key=len, default=[])
    names = [name for index in row for name in (found[index].name, *found[index].names) if name]
    return replace(chosen, others=tuple(dict.fromkeys(name for name in names if name != chosen.name)))


def _as_province(sentence: Sentence, place: Place) -> Place:
    """ "Antwerpen, ik bedoel de provincie"."""
    words = sentence.words
    after = words[place.after :]
    if place.name in gazetteer().provinces and is_corrected(words) and "provincie" in after:
        return replace(place, name=province_place(place.name))
    return place


def _chosen(sentence: Sentence, found: list[Place]) -> Place:
    names = {place.name for place in found if place.name}
    if len(names) == 1 and len(found) > 1:
        return next(place for place in found if place.name)
    homonyms = [place for place in found if place.name is None]
    if homonyms and len(found) > 1:
        for place in found:
            if place.name in homonyms[0].names:
                return place
    if len(found) == 1:
        return found[0]
    words = sentence.words
    owner = next((place for place in found if place.name and _lies_within(found[0], place)), None)
    if owner:
        return owner
    if is_corrected(words):
        return found[-1]
    for place in found:
        before = set(words[max(0, place.first - 4) : place.first])
        if before & _WORK:
            others = [one for one in found if one is not place]
            homes = [one for one in others if set(words[max(0, one.first - 4) : one.first]) & _HOME]
            if homes or "." not in words[place.after :]:
                return place if homes else others[-1] if _asks(words, others[-1]) else place
    bound = [place for place in found if words[place.first - 1 : place.first] == ["naar"]]
    if bound:
        return bound[0]
    if any(set(words[max(0, place.first - 4) : place.first]) & _HOME for place in found):
        others = [one for one in found if not set(words[max(0, one.first - 4) : one.first]) & _HOME]
        return others[0] if others else found[0]
    if "nee" in words[:2] or "neen" in words[:2] or _is_denied_first(words[: found[0].first]):
        return found[-1]
    asked = [place for place in found if _asks(words, place)]
    return asked[0] if asked else found[0]


def _is_denied_first(words: list[str]) -> bool:
    """ "Niet in Gent, Aalst"; "niet alleen in Gent" denies nothing."""
    return any(
        word == "niet" and following not in {"alleen", "enkel"} for word, following in pairwise([*words, ""])
    )


def _lies_within(named: Place, other: Place) -> bool:
    """Whether the first name is also a village of the other place ("Halle, dat van Zoersel")."""
    municipality = gazetteer().municipality(other.name or "")
    return municipality is not None and named.name in municipality.sub_municipalities


def _asks(words: list[str], place: Place) -> bool:
    """Whether the place stands right after the atrium that is asked about ("atrium in Gent")."""
    before = words[max(0, place.first - 4) : place.first]
    return any(word.startswith(("atri", "sessie", "bijeenkomst")) for word in before)


def _found(sentence: Sentence, regions: Mapping[str, str]) -> Iterator[Place]:
    names, words, begin_regions = _names(), sentence.words, _first_words(regions)
    index = 0
    while index < len(words):
        place = None
        if sentence.claims[index] is None:
            most = max(names.longest.get(words[index], 0), 5 if words[index] in begin_regions else 0)
            place = _at(sentence, index, most, names, regions) or _postcode(sentence, index)
        if place:
            yield place
        index = place.after if place else index + 1


def _at(sentence: Sentence, index: int, most: int, names: _Names, regions: Mapping[str, str]) -> Place | None:
    """The place whose name begins at this word and has at most so many."""
    words = sentence.words
    for size in range(min(most, len(words) - index), 0, -1):
        after = index + size
        key = " ".join(words[index:after])
        meant = names.meant.get(key) or ((regions[key],) if key in regions else None)
        if meant is None or not sentence.is_free(index, after):
            continue
        if not _has_cue(words, index, after, names.cues.get(key)):
            continue
        if len(meant) == 1:
            return Place(meant[0], (), index, after, "plaatsnaam")
        return Place(None, meant, index, after, "gelijknamige plaatsen")
    return None


def _first_words(regions: Mapping[str, str]) -> frozenset[str]:
    return frozenset(key.split()[0] for key in regions)


def _has_cue(words: list[str], first: int, after: int, needed: str | None) -> bool:
    """Whether a name that is also an ordinary word is a place here."""
    if needed is None:
        return True
    before = words[first - 1] if first else ""
    following = words[after] if after < len(words) else "."
    alone = len(words) == after - first
    if needed == "voorzetsel":
        if before in {"en", "of"} and not _names().meant.get(words[first - 2] if first > 1 else ""):
            return False
        if alone or before in _PREPOSITIONS or before in _OFFICES:
            return not (before in {"van", "voor", "en", "of", "de"} and following not in _BOUNDARIES)
        opens = not first and following in {"lokaal", "lokale", "provinciaal", "atrium", "thematisch"}
        return opens or before.startswith("atri")
    if needed == "plaats":
        strict = before in _STRICT or before in {"atrium", "voor", "van"}
        return (before in _NAMED or strict) and following in _BOUNDARIES
    return before in _NAMED


def _postcode(sentence: Sentence, index: int) -> Place | None:
    word, words = sentence.words[index], sentence.words
    if len(word) != 4 or not word.isdigit() or word not in gazetteer().postcodes:
        return None
    following = words[index + 1] if index + 1 < len(words) else ""
    before = words[index - 1] if index else ""
    looks_like_year = "1990" <= word <= "2045"
    if following in _NO_POSTCODE or (looks_like_year and before not in _POSTCODE_CUES):
        return None
    return Place(gazetteer().postcodes[word].name, (), index, index + 1, "postcode")


def _may_sign(sentence: Sentence, place: Place) -> bool:
    """Whether a name in the signature is a place: after an office, or the last word after a comma."""
    if place.first < sentence.closing:
        return True
    before = sentence.words[max(sentence.closing, place.first - 4) : place.first]
    return bool(_OFFICES.intersection(before)) or (
        place.after == len(sentence.words) and before[-1:] in ([","], ["."])
    )


def read_misspelled_place(sentence: Sentence, no_places: frozenset[str] = frozenset()) -> Place | None:
    """A municipality of which the name is one or two letters off; it claims its words.

    `no_places` are words of live names, which are no misspellings of places.
    """
    words = sentence.words
    for index in range(sentence.closing):
        if sentence.claims[index] is not None:
            continue
        for size in (3, 2, 1):
            after = index + size
            if after > len(words) or not sentence.is_free(index, after):
                continue
            key = " ".join(words[index:after])
            if no_places.issuperset(words[index:after]):
                continue
            if size > 1 and not _has_unknown(words[index:after]):
                continue
            name = nearest_municipality(key)
            if name:
                sentence.claim("PLAATS", index, after)
                noticed = say("gelezen.als", getypt=sentence.span(index, after), gelezen=name)
                return Place(name, (), index, after, "tikfout in een plaatsnaam", noticed)
    return None


def _has_unknown(words: list[str]) -> bool:
    """Whether one of the words is neither of asking nor of a place, so that it may be a misspelling."""
    return any(not lexicon().knows(word) for word in words)


def _is_common(word: str) -> bool:
    """Whether a word is one of asking, so that it is written as it is meant."""
    known = lexicon()
    return word != "sint" and (
        word in known.neutral or word in known.boundaries or word in known.concepts["nl"]
    )


def _keeps_common(typed: str, name: str) -> bool:
    """Whether the words of asking in what was typed are in the name as they stand."""
    parts = typed.split()
    return len(parts) == 1 or (
        len(parts) == len(name.split())
        and all(not _is_common(part) or part in name.split() for part in parts)
    )


@lru_cache(maxsize=1024)
def nearest_municipality(key: str) -> str | None:
    """The one municipality that a misspelled name can be, None when none or several.

    Names of six letters or more, one error (two from eight letters), the same first letter; never a
    word that the reader knows.
    """
    names = _names()
    single = _single_letters(key)
    if single != key and len(single) >= 4 and not lexicon().knows(key) and single in names.doubled:
        return names.doubled[single]
    if len(key) < 6 or not key.replace(" ", "").isalpha() or lexicon().knows(key) or key in names.meant:
        return None
    from rapidfuzz import process  # slow to import: at the first misspelling only
    from rapidfuzz.distance import OSA

    allowed = 1 if len(key) < 8 else 2
    near = process.extract(key, names.fuzzy.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=3)
    near = [one for one in near if one[0][0] == key[0] and _keeps_common(key, one[0])]
    if not near:
        return None
    best = [one for one in near if one[1] == near[0][1]]
    meant = {names.fuzzy[one[0]] for one in best}
    return meant.pop() if len(meant) == 1 else None
