"""A question as plain words: folded, spelled out and in one language, each word knowing where it stood.

Everything after this works on `Sentence`: words without case, diacritics and chat spelling, of
which each claims its place in the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from handlers.reading.lexicon import Lexicon, lexicon
from handlers.reading.word_lists import word_set

#: Beyond this many characters a message is no longer a question; the rest is not read.
READ_AT_MOST = 800

_NOTHING_TAUGHT: Mapping[str, str] = {}

_NOISE = re.compile(r"<[@!#][^>]*>|https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@[\w.\-]*\w")
_TOKEN = re.compile(
    r"\d{1,4}(?:[./\-]\d{1,4}){1,2}(?![\d])"  # 3/12, 03-12-2026, 12.04
    r"|t/m|en/of"
    r"|[a-z](?:\.[a-z])+\.?(?![a-z])"  # a.u.b.
    r"|\d{1,2}[uh:]\d{2}"
    r"|\d+(?:ste|de|e|th|st|nd|rd|er|eme|ieme|u|h)?(?![a-z0-9])"
    r"|'?[a-z0-9]+(?:'[a-z0-9]+)*"
    r"|[.?!;:,\n()\-]"
)
_SPLIT_FRENCH = re.compile(r"^(?:l|d|j|s|n|c|m|t|qu|jusqu|lorsqu)'(?=[a-z]{2})")
_COMPOUND = re.compile(r"(?P<what>[a-z]{4,}?)s?(?P<head>atriums?|atria|groep|groepen|groepje|sessies?)$")
_VERBS = {
    "moet": "moet", "moete": "moet", "kan": "kan", "kann": "kan", "kanne": "kan", "mag": "mag", "mage": "mag",
    "wil": "wil", "wille": "wil", "zou": "zou", "zoude": "zou", "ben": "ben", "benne": "ben", "heb": "heb",
    "hebbe": "heb",
}  # fmt: skip
_VERB_AND_I = re.compile(rf"(?P<verb>{'|'.join(_VERBS)})e?k(?:ik)?$")
_KIND_STEMS = (
    "mandatarissen",
    "mandataris",
    "centrumsteden",
    "provincie",
    "schepenen",
    "burgemeesters",
    "thema",
)
_STOPS = frozenset(".?!;:\n")
_ABBREVIATED = word_set(
    "jan feb mrt maa apr jun jul aug sep sept okt nov dec st ste prov gem nr nrs tel bv bvb ivm mbt "
    "evt incl excl resp u aub svp min max dr mevr dhr ca vl wvl ovl dd vr wk mnd ma di wo za zo"
)
_CLOSINGS = word_set("mvg groetjes groeten groet vriendelijke cordialement regards grtz grts")


class Sentence:
    """The words of a message and what was claimed of them.

    Attributes:
        text: the message as typed.
        words: its words, folded and spelled out; a stop is ".", a comma ",".
        starts, ends: for each word where it stood in `text`.
        claims: for each word the slot that claimed it ("PERIODE"), None while it is free.
        language: "nl", "fr" or "en".
        closing: index of the first word of the signature; the number of words when there is none.
    """

    __slots__ = ("claims", "closing", "ends", "language", "starts", "text", "words")

    def __init__(
        self, text: str, words: list[str], starts: list[int], ends: list[int], language: str, closing: int
    ) -> None:
        self.text = text
        self.words = words
        self.starts = starts
        self.ends = ends
        self.claims: list[str | None] = [None] * len(words)
        self.language = language
        self.closing = closing

    def span(self, first: int, after: int) -> str:
        """The text as typed of the words from `first` up to `after`."""
        return self.text[self.starts[first] : self.ends[after - 1]]

    def claim(self, slot: str, first: int, after: int) -> None:
        """Mark these words as read, so that nothing reads them twice."""
        for index in range(first, after):
            self.claims[index] = slot

    def is_free(self, first: int, after: int) -> bool:
        return not any(self.claims[first:after])

    def part(self, *stretches: tuple[int, int]) -> Sentence:
        """A sentence of some of its words, of which nothing is claimed yet."""
        kept = [index for first, after in stretches for index in range(first, after)]
        return Sentence(
            self.text,
            [self.words[index] for index in kept],
            [self.starts[index] for index in kept],
            [self.ends[index] for index in kept],
            self.language,
            sum(index < self.closing for index in kept),
        )


def sentence_of(text: str, taught: Mapping[str, str] = _NOTHING_TAUGHT) -> Sentence:
    """The words of a message. Never fails: whatever is no word is passed over.

    Args:
        taught: words that are read as other words, folded.
    """
    known = lexicon()
    shown = _NOISE.sub(lambda found: " " * len(found.group()), text[:READ_AT_MOST])
    folded, places = fold(shown)
    tokens = list(_TOKEN.finditer(folded))
    language = language_of([_SPLIT_FRENCH.sub("", token.group()) for token in tokens])
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    before = ""
    for token in tokens:
        start, end = places[token.start()], places[token.end() - 1] + 1
        meant = taught.get(token.group())
        for word in meant.split() if meant else _spelled_out(token.group(), known, language):
            if word in "()":
                word = ","
            if word in _STOPS:
                if not words or words[-1] in {".", ","} or (word == "." and before in _ABBREVIATED):
                    continue
                word = "."
            elif word == "-" or (word == "," and (not words or words[-1] in {".", ","})):
                continue
            words.append(word)
            starts.append(start)
            ends.append(end)
        before = token.group()
    closing = _closing(words)
    while words and words[-1] in {".", ","}:
        words.pop()
    del starts[len(words) :], ends[len(words) :]
    return Sentence(text, words, starts, ends, language, min(closing, len(words)))


def fold(text: str) -> tuple[str, list[int]]:
    """The text without case and diacritics, and for each of its characters where it stood."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    chars: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        for plain in _folded(char):
            chars.append(plain)
            places.append(index)
    return "".join(chars), places


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in "’‘`´ʼ":
        return "'"
    if char in "–—‑‐−":
        return "-"
    plain = unicodedata.normalize("NFKD", char.casefold())
    kept = "".join(part for part in plain if not unicodedata.combining(part))
    return {"œ": "oe", "æ": "ae", "ø": "o"}.get(kept, kept)


def _spelled_out(typed: str, known: Lexicon, language: str) -> tuple[str, ...]:
    if typed == "\n":
        return (".",)
    if language != "nl" and (typed in known.small[language] or typed in known.concepts[language]):
        return (typed,)
    if "'" in typed:
        typed = _SPLIT_FRENCH.sub("", typed)
        if typed in known.spellings:
            return known.spellings[typed]
        if typed.endswith("'s") and len(typed) > 3 and typed[:-2] in {"what", "when", "where", "who", "how"}:
            return (typed[:-2], "is")
        typed = typed.replace("'", "")
        if not typed:
            return ()
    elif "." in typed and not typed[0].isdigit() and len(typed) > 1:
        typed = typed.replace(".", "")
    if typed in known.spellings:
        return known.spellings[typed]
    if typed[0] == "t" and len(typed) > 5 and known.knows(typed[1:]) and not known.knows(typed):
        return ("het", typed[1:])  # "tprogramma"
    verb = _VERB_AND_I.match(typed)
    if verb:
        return (_VERBS[verb["verb"]], "ik")  # "moetek", "kannekik"
    for kind in _KIND_STEMS:
        if typed.startswith(kind) and corrected(typed[len(kind) :]) in {"atrium", "atria"}:
            return (kind, corrected(typed[len(kind) :]))
    compound = _COMPOUND.match(typed)
    if compound and not known.knows(typed):
        return (corrected(compound["what"]), compound["head"])  # "mandatarissenatria", "klimaatgroep"
    if "y" in typed and not known.knows(typed) and typed.replace("y", "ij") in known.neutral:
        return (typed.replace("y", "ij"),)  # "zyn"
    return (corrected(typed),)


@lru_cache(maxsize=1024)
def corrected(word: str) -> str:
    """A word of the domain for its misspelling, any other word as it is.

    One error in five letters or more, two in nine or more; the same first letter (or the first two
    swapped), and no other word as near. A word that is known is never corrected.
    """
    known = lexicon()
    if not word.isalpha() or known.knows(word):
        return word
    if len(word) < 5:
        return _missing_vowel().get(word, word)
    from rapidfuzz import process  # slow to import: at the first misspelling only
    from rapidfuzz.distance import OSA

    allowed = 1 if len(word) < 9 else 2
    near = process.extract(
        word, _by_length(len(word), allowed), scorer=OSA.distance, score_cutoff=allowed, limit=6
    )
    near = [one for one in near if one[0][0] == word[0] or one[0][:2] == word[1::-1]]
    if not near:
        return word
    best = [one[0] for one in near if one[1] == near[0][1]]
    if len(best) > 1 and near[0][1] > 1:
        return word
    return max(best, key=lambda one: (one[-1] == word[-1], len(one)))


@cache
def _missing_vowel() -> dict[str, str]:
    """Words of five letters with a vowel left out ("thma"), where only one can be meant."""
    found: dict[str, set[str]] = {}
    for word in lexicon().correctable:
        if len(word) == 5:
            for index in range(1, 5):
                if word[index] in "aeiou":
                    found.setdefault(word[:index] + word[index + 1 :], set()).add(word)
    return {short: next(iter(words)) for short, words in found.items() if len(words) == 1}


@cache
def _by_length(length: int, allowed: int) -> tuple[str, ...]:
    return tuple(
        word for word in lexicon().correctable if abs(len(word) - length) <= allowed and len(word) >= 5
    )


def language_of(words: list[str]) -> str:
    """The language by a vote of the small words; Dutch unless another clearly wins."""
    known = lexicon()
    votes = {language: sum(word in marks for word in words) for language, marks in known.marks.items()}
    best = max(("fr", "en"), key=lambda language: votes[language])
    return best if votes[best] > votes["nl"] else "nl"


def _closing(words: list[str]) -> int:
    """Where "met vriendelijke groeten, An Peeters" begins; past the end when nowhere."""
    for index, word in enumerate(words):
        if index >= 3 and word in _CLOSINGS:
            while index and words[index - 1] in {"met", "kind", "best", ",", "."}:
                index -= 1
            return index
    return len(words)
