"""Which words say what is *not* asked: "buiten Limburg", "behalve de lokale", "ik kan niet op dinsdag".

Only where it stands is found here, by the words before and after it and by what was claimed; what it
means is read by the same grammar as everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.reading.exclusion_words import (
    ABLE,
    ABOUT,
    AFTER_BARE_KIND,
    ASKING,
    AWAY,
    BARE_KINDS,
    BARE_SLOTS,
    BEING,
    CALLED_OFF,
    CLAUSE_ENDS,
    CLOSING,
    DENIES_GEEN,
    FAR,
    FIRST_WORDS,
    JOINERS,
    LEADING,
    MARKS,
    MEANWHILE,
    MOST_SKIPPED,
    NO_DENIAL_AFTER,
    OPENINGS,
    POINTING,
    SAYING_WHO,
    SINGLE_WORDS,
    SKIPPED,
    STOPS,
    SUBJECTS,
    SURE_JOINERS,
    TRAILING,
    WONDERING,
    Strength,
)
from handlers.reading.period_words import WEEKDAY_NUMBERS
from handlers.reading.themes import Themes, known_at
from handlers.reading.words import Sentence

#: So far ahead is looked for the end of a row ("niet in Gent, Aalst of Ninove").
_ROW = 8


#: Slots of the same sort are joined: "geen centrumsteden of mandatarissen".
_SORTS = {
    "PERIODE": "tijd",
    "DAG": "tijd",
    "SOORT": "soort",
    "SOORTEN": "soort",
    "STEDEN": "soort",
    "ROL": "soort",
}


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Where words stand that leave something out.

    Attributes:
        first, after: all words of it, the opening included.
        items: the stretches among them that say what is left out; none where that cannot be read.
    """

    first: int
    after: int
    items: tuple[tuple[int, int], ...]
    strength: Strength


def may_exclude(words: list[str]) -> bool:
    """Whether a question may leave something out at all; quick, for most do not."""
    return not MARKS.isdisjoint(words)


def weekday_of(word: str) -> int | None:
    """The day of "dinsdag", "dinsdagen" and "dinsdags" (0 is Monday), None for any other word."""
    if len(word) < 6:
        return None
    for form in (word, word.removesuffix("en"), word.removesuffix("s"), word[1:].removesuffix("s")):
        if form in WEEKDAY_NUMBERS and len(form) >= 6:
            return WEEKDAY_NUMBERS[form]
    return None


def exclusions(sentence: Sentence, themes: Themes) -> list[Exclusion]:
    """What the sentence leaves out, from left to right; its words are claimed already."""
    found: list[Exclusion] = []
    index = 0
    while index < sentence.closing:
        one = _opened(sentence, index, themes) or _closed(sentence, index)
        if one and (not found or one.first >= found[-1].after):
            found.append(one)
        index = max(index + 1, one.after if one else 0)
    return found


def _opened(sentence: Sentence, index: int, themes: Themes) -> Exclusion | None:
    """What begins with "behalve", "zonder", "niet" ... or "op ... na"."""
    words = sentence.words
    if words[index] == "op" and "na" in words[index + 1 : index + 9]:
        return _all_but(sentence, index, themes)
    if words[index] not in FIRST_WORDS:
        return None
    for phrase, strength in OPENINGS:
        after = index + len(phrase)
        if tuple(words[index:after]) != phrase or not _opens(words, index, strength):
            continue
        items = tuple(_items(sentence, after, themes, strength))
        if items:
            last = _with_trailing(words, items[-1][1], sentence.closing)
            return Exclusion(_from_whom(words, index, strength), last, items, strength)
        before = (
            _item_before(sentence, index)
            if phrase[0] in {"uitgezonderd", "uitgenomen", "exclusief"}
            else None
        )
        if before is not None:
            return Exclusion(before[0], after, (before,), strength)
        if _cannot_be_read(words, index, after, strength):
            return Exclusion(index, clause_end(words, after, sentence.closing), (), strength)
        return None
    return None


def _opens(words: list[str], index: int, strength: Strength) -> bool:
    """Whether the word here really leaves something out."""
    before = words[index - 1] if index else "."
    following = words[index + 1] if index + 1 < len(words) else "."
    if words[index] == "buiten":
        return before not in FAR or (before == "van" and index == 1)
    if strength is not Strength.DENIAL:
        return True
    if not WONDERING.isdisjoint(words[:index]):
        return False
    if words[index] == "geen":
        return before in DENIES_GEEN or index == 0
    if words[index] in {"niet", "not"}:
        if before in NO_DENIAL_AFTER or following in {"alleen", "enkel", "zeker", "of", "only", "."}:
            return False
        # "Is dat niet in Gent?" asks for Gent; "iets dat niet in Gent is" does not.
        return not (before in POINTING and index <= 2 and words[0] in ASKING)
    return True


def _from_whom(words: list[str], index: int, strength: Strength) -> int:
    """Where "ik kan (niet op dinsdag)" begins."""
    if strength is Strength.DENIAL:
        while index and words[index - 1] in SAYING_WHO:
            index -= 1
    return index


def _items(sentence: Sentence, start: int, themes: Themes, strength: Strength) -> Iterator[tuple[int, int]]:
    """The stretches that are left out: the first, and those joined to it."""
    item = _item(sentence, start, themes, about=False)
    slot = None
    while item is not None:
        first, after, about = item
        if slot is not None and _slot_at(sentence, first) != slot:
            return
        slot = _slot_at(sentence, first)
        if strength is Strength.DENIAL:
            after = _until_comma(sentence.words, first, after)
        yield _led(sentence.words, first, start), after
        at = after
        while at < sentence.closing and sentence.words[at] in TRAILING and sentence.claims[at] is None:
            at += 1
        if at >= sentence.closing or sentence.words[at] not in JOINERS:
            return
        row = sentence.words[at : min(at + _ROW, sentence.closing)]
        if strength is Strength.DENIAL and row[0] == "," and not SURE_JOINERS.intersection(row):
            return
        start = at + 1
        while start < sentence.closing and sentence.words[start] in JOINERS | {"niet", "geen"}:
            start += 1
        item = _item(sentence, start, themes, about=about)


def _until_comma(words: list[str], first: int, after: int) -> int:
    """ "Niet Beringen, Beernem", "niet in maart, april": after the comma stands what is meant."""
    row = words[first:after]
    return first + row.index(",") if "," in row and SURE_JOINERS.isdisjoint(row) else after


def _slot_at(sentence: Sentence, index: int) -> str:
    """What sort of thing stands here, so that only the like is joined to it."""
    claim = sentence.claims[index]
    if weekday_of(sentence.words[index]) is not None:
        return "tijd"
    if claim is None:
        return "soort" if sentence.words[index] in BARE_KINDS else "thema"
    return _SORTS.get(claim, claim)


def _led(words: list[str], first: int, start: int) -> int:
    """From where a stretch is read: with the prepositions before it."""
    while first > start and words[first - 1] in LEADING:
        first -= 1
    return first


def _item(sentence: Sentence, start: int, themes: Themes, *, about: bool) -> tuple[int, int, bool] | None:
    """The first stretch from `start` on that names something, with whether it follows "over"."""
    words, claims = sentence.words, sentence.claims
    index = start
    while index < sentence.closing and index - start <= MOST_SKIPPED:
        word, claim = words[index], claims[index]
        if claim in BARE_SLOTS:
            return index, _claimed_until(sentence, index), about
        if claim is not None:
            return None
        if weekday_of(word) is not None or word in {"weekend", "weekends"}:
            return index, index + 1, about
        if word in BARE_KINDS and (words[index + 1 : index + 2] or ["."])[0] in AFTER_BARE_KIND:
            return index, index + 1, about
        if words[index : index + 2] == ["op", "maat"]:
            return index, index + 2, about
        known = known_at(sentence, index, themes, needs_cue=not about)
        if known:
            return known.first, known.after, about
        if word not in SKIPPED:
            return _free_theme(sentence, index) if about else None
        about = about or word in ABOUT
        index += 1
    return None


def _claimed_until(sentence: Sentence, index: int) -> int:
    """Where the stretch ends that begins here; a theme does not run on into what is left out next."""
    words, claim = sentence.words, sentence.claims[index]
    after = index + 1
    while after < len(words) and sentence.claims[after] == claim and words[after] not in SINGLE_WORDS:
        after += 1
    if words[after : after + 1] == ["tot"] and claim in {"PERIODE", "DAG"}:
        until = after + 3 if words[after : after + 3] == ["tot", "en", "met"] else after + 1
        return _claimed_until(sentence, until) if sentence.claims[until : until + 1] == [claim] else after
    while index + 1 < after < len(words) and words[after] in SINGLE_WORDS and words[after - 1] in JOINERS:
        after -= 1
    return after


def _free_theme(sentence: Sentence, index: int) -> tuple[int, int, bool] | None:
    """Unknown words after "over", up to the verb or the end of the clause."""
    after = index
    while (
        after < sentence.closing
        and after - index < 4
        and sentence.claims[after] is None
        and sentence.words[after] not in STOPS | TRAILING
    ):
        after += 1
    return (index, after, True) if after > index else None


def _with_trailing(words: list[str], after: int, closing: int) -> int:
    while after < closing and words[after] in TRAILING:
        after += 1
    return after


def clause_end(words: list[str], start: int, closing: int) -> int:
    """Where the clause ends in which something is left out that cannot be read."""
    index = start
    while index < closing and index - start < 8 and words[index] not in {".", ",", "maar"}:
        index += 1
    return index


def _cannot_be_read(words: list[str], index: int, after: int, strength: Strength) -> bool:
    """Whether something is surely left out, in words that name nothing known."""
    if after >= len(words) or words[after] in {".", ","}:
        return False
    if strength is Strength.SURE:
        return True
    if strength is Strength.LIKELY:
        return words[index] == "zonder" and words[after] in {"die", "degene", "diegene", "wat"}
    before = words[max(0, index - 4) : index]
    relative = bool(before) and before[-1] in {"die", "dat", "wat"} and index > 1
    return words[index] == "niet" and relative and words[after] not in CALLED_OFF


def _item_before(sentence: Sentence, index: int) -> tuple[int, int] | None:
    """ "Brussel uitgezonderd": what stands right before."""
    claim = sentence.claims[index - 1] if index else None
    if claim not in BARE_SLOTS:
        return None
    first = index - 1
    while first and sentence.claims[first - 1] == claim:
        first -= 1
    return first, index


def _all_but(sentence: Sentence, index: int, themes: Themes) -> Exclusion | None:
    """ "op de provinciale na"."""
    words = sentence.words
    items = tuple(_items(sentence, index + 1, themes, Strength.SURE))
    if not items:
        return None
    last = _with_trailing(words, items[-1][1], sentence.closing)
    ends = words[last + 1] if last + 1 < len(words) else "."
    if words[last : last + 1] != ["na"] or ends not in CLAUSE_ENDS:
        return None
    return Exclusion(index, last + 1, items, Strength.SURE)


def _closed(sentence: Sentence, index: int) -> Exclusion | None:
    """What ends with "kan ik niet", "hoeft niet", "ben ik weg": the clause from its beginning."""
    words, claims = sentence.words, sentence.claims
    is_item = claims[index] in BARE_SLOTS or weekday_of(words[index]) is not None
    if not is_item or (index and claims[index - 1] == claims[index] and claims[index] is not None):
        return None
    after = index + 1
    while claims[index] is not None and after < len(words) and claims[after] == claims[index]:
        after += 1
    first = _clause_start(words, index)
    ends = _denied_after(words, after, sentence.closing) if first is not None else None
    if first is None or ends is None or MEANWHILE.intersection(words[ends:]):
        return None
    return Exclusion(first, ends, ((_led(words, index, first), after),), Strength.DENIAL)


def _clause_start(words: list[str], index: int) -> int | None:
    """Where the clause begins of which this is the first thing named, None when it is not."""
    first = index
    while first and words[first - 1] not in {".", ",", "maar", "want", "en", "dus"}:
        first -= 1
        if words[first] not in SKIPPED | {
            "enkel",
            "alleen",
            "liever",
            "liefst",
            "ik",
            "we",
            "wij",
            "ben",
            "zit",
            "zijn",
            "zitten",
        }:
            return None
    return first


def _denied_after(words: list[str], after: int, closing: int) -> int | None:
    """Where "... kan ik niet" ends, None when nothing is denied there."""
    index = after
    verb = words[index] if index < closing else ""
    if verb in ABLE or verb in BEING:
        index += 1
    while index < closing and index - after <= 5 and words[index] in SUBJECTS:
        index += 1
    denied = words[index] if index < closing else ""
    if verb in BEING:
        while index < closing and words[index] in {"in", "op", "met", "het"}:
            index += 1
        denied = words[index] if index < closing else ""
    personal = {"ik", "we", "wij"}.intersection(words[after:index])
    if denied in AWAY:
        if verb not in BEING or not personal:
            return None
        while index < closing and words[index] in AWAY:
            index += 1
    elif denied in {"niet", "niets", "nooit", "uitgesloten"}:
        if verb in BEING and not personal:
            return None
        index += 1
    else:
        return None
    while index < closing and words[index] in CLOSING:
        index += 1
    return index if index >= closing or words[index] in CLAUSE_ENDS else None
