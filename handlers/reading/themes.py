"""The theme of a question: what follows "rond" or "over", and any theme that is known by name.

A theme that is nobody's yet is taken as typed; one that is known (in the agenda, in the groups or in
`themas.csv`) is spelled as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from handlers.gazetteer import name_key
from handlers.reading.lexicon import forms, lexicon, rows
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence
from handlers.wording.catalogue import say

_CUES = (
    "met betrekking tot", "in verband met", "naar aanleiding van", "met als thema", "met als onderwerp",
    "op het vlak van", "op vlak van", "met het thema", "rond het thema", "over het thema", "au sujet de",
    "a propos de", "autour de", "on the topic of", "on the subject of", "dedicated to", "gewijd aan",
    "in het kader van", "rond thema", "over thema", "het thema", "als thema", "thema", "onderwerp", "rond",
    "over", "rondom", "omtrent", "betreffende", "aangaande", "inzake", "sur", "concernant", "about",
    "regarding", "concerning", "around", "waarin", "project met", "project rond", "ervaring met",
    "ervaringen met", "problemen met", "probleem met", "initiatief voor", "initiatief rond", "projecten met",
    "topic", "nood aan", "behoefte aan", "interesse in", "die met", "bezig met", "werken aan",
    "werken rond", "on",
)  # fmt: skip
_CUE_LANGUAGE = {"sur": "fr", "concernant": "fr", "about": "en", "on": "en", "around": "en", "topic": "en"}
_LONGEST_CUE = 5
_ARTICLES = word_set("de het een den the a an le la les l un une ons onze mijn jullie meer zo")
_LINKS = word_set(
    "in van voor op met bij aan en of tussen door de het een naar te for of and in the et du des d "
    "buiten zonder tegen onder langs"
)
#: What does not end a theme: little words, and the loose part of a verb ("keurt ... goed").
_TRAILING = _LINKS | _ARTICLES | word_set("goed af uit mee hoor eens dan zo klaar open")
_SELF = word_set(
    "collega collegas anderen elkaar wie ons mij jullie onze mijn hen u mensen iedereen buurt regio "
    "streek omgeving jaar maand week toekomst"
)
#: Themes that are everyday words too: they count only after a cue.
_NEEDS_CUE = word_set(
    "pas mer ai wonen water natuur bodem energie geluid ruimtelijke ordening participatie fusies "
    "rup toerisme landbouw hoogbouw energie verharding duurzaamheid stedenbouw omgevingsvergunning "
    "luchthaven"
)
_THEMATIC_CONCEPTS = frozenset({"VREEMD", "VREEMDEDOEN", "BEREIKBAAR", "ETEN", "MANIPULATIE", "MELDINGEN"})
_MOST_WORDS = 7
#: What stands between one theme and its alternative ("over water of over klimaat").
_OR_ELSE = word_set("of , en ofwel or ou")
_CHOOSING = word_set("of ofwel or ou")
_LEADING_ON = word_set("of en het de over rond rondom omtrent thema eventueel desnoods anders ook")
#: An alternative in free words is no longer than this.
_MOST_FREE = 3


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with the words that say it.

    Attributes:
        noticed: tells of a mended spelling.
        others: the alternatives beside it ("water of klimaat").
    """

    name: str
    first: int
    after: int
    rule: str
    noticed: str | None = None
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Themes:
    """Themes by key, as spelled where they are kept."""

    spelled: dict[str, str] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, key: str | None = None) -> None:
        key = key or name_key(name)
        words = key.split()
        if words:
            self.spelled.setdefault(key, name)
            self.longest[words[0]] = max(self.longest.get(words[0], 0), len(words))

    def extended(self, names: tuple[str, ...]) -> Themes:
        """These themes and the live ones of the store."""
        more = Themes(dict(self.spelled), dict(self.longest))
        for name in names:
            more.add(name)
        return more


@cache
def known_themes() -> Themes:
    """The themes of the field, from `themas.csv`."""
    themes = Themes()
    for row in rows("themas.csv"):
        for form in forms(row.cells["vormen"]):
            themes.add(row.cells["thema"], form)
    return themes


def read_theme(sentence: Sentence, themes: Themes) -> Theme | None:
    """The theme of the question, None when it names none; it claims its words."""
    theme = (
        _after_colon(sentence, themes)
        or _after_cue(sentence, themes)
        or _of_group(sentence, themes)
        or _by_name(sentence, themes)
    )
    theme = (
        theme
        or _after_thematic(sentence, themes)
        or _misspelled(sentence, themes)
        or _to_be_treated(sentence, themes)
    )
    if theme:
        sentence.claim("THEMA", theme.first, theme.after)
        theme = _with_others(sentence, theme, themes)
    return theme


def _with_others(sentence: Sentence, theme: Theme, themes: Themes) -> Theme:
    """The theme with the alternatives that follow it; they claim their words."""
    words = sentence.words
    theme, others = _with_one_before(sentence, theme, themes)
    after = theme.after
    while after < sentence.closing and words[after] in _OR_ELSE and sentence.claims[after] is None:
        is_choice = words[after] in _CHOOSING
        start = after + 1
        while start < sentence.closing and words[start] in _LEADING_ON:
            is_choice = is_choice or words[start] in _CHOOSING
            start += 1
        one = _alternative(sentence, start, themes, is_choice=is_choice)
        if one is None:
            break
        sentence.claim("THEMA", after, one.after)
        others.append(one.name)
        after = one.after
    return replace(theme, others=tuple(dict.fromkeys(other for other in others if other != theme.name)))


def _with_one_before(sentence: Sentence, theme: Theme, themes: Themes) -> tuple[Theme, list[str]]:
    """ "Water of klimaat": the first is asked first, also where the second alone is known without "over"."""
    at = theme.first - 1
    if at < 1 or sentence.words[at] not in _CHOOSING:
        return theme, []
    for start in range(max(0, at - 3), at):
        if sentence.is_free(start, at + 1):
            known = known_at(sentence, start, themes, needs_cue=False)
            if known and known.after == at:
                sentence.claim("THEMA", start, at + 1)
                return replace(known, after=theme.after), [theme.name]
    return theme, []


def _alternative(sentence: Sentence, start: int, themes: Themes, *, is_choice: bool) -> Theme | None:
    """A known theme, or after "of" any words that are none of asking."""
    if start >= sentence.closing or sentence.claims[start] is not None:
        return None
    known = known_at(sentence, start, themes, needs_cue=False)
    if known or not is_choice:
        return known
    free = _phrase(sentence, start, themes, "na 'of'")
    if free is None or free.after - free.first > _MOST_FREE:
        return None
    of_asking = lexicon().neutral | lexicon().boundaries
    said = sentence.words[free.first : free.after]
    return None if any(word in of_asking or lexicon().knows(word) for word in said) else free


def _after_cue(sentence: Sentence, themes: Themes) -> Theme | None:
    words = sentence.words
    for index in range(len(words)):
        if sentence.claims[index] is not None:
            continue
        for size in range(min(_LONGEST_CUE, len(words) - index), 0, -1):
            cue = " ".join(words[index : index + size])
            if cue not in _CUE_SET or _CUE_LANGUAGE.get(cue, sentence.language) != sentence.language:
                continue
            start = index + size
            if cue in {"thema", "onderwerp", "het thema"} and words[start : start + 1] in (
                [],
                ["is"],
                ["van"],
            ):
                break
            theme = _phrase(sentence, start, themes, f"na {cue!r}")
            if theme:
                return theme
            break
    return None


_CUE_SET = frozenset(_CUES)
_PROPOSING = word_set(
    "agendapunt punt puntje voorstel suggestie idee thema onderwerp voorstellen doorgeven meegeven "
    "aanbrengen topic proposition"
)


def _after_colon(sentence: Sentence, themes: Themes) -> Theme | None:
    """ "ik wil een thema voorstellen: dakvormen in verkavelingen"."""
    words = sentence.words
    for index, word in enumerate(words[:-1]):
        if word == "." and _PROPOSING.intersection(words[max(0, index - 12) : index]):
            theme = _phrase(sentence, index + 1, themes, "na een dubbelpunt")
            if theme:
                return theme
    return None


def _phrase(sentence: Sentence, start: int, themes: Themes, rule: str) -> Theme | None:
    """The free words from `start` on, up to a boundary."""
    words, claims = sentence.words, sentence.claims
    while start < len(words) and (words[start] in _ARTICLES or words[start] in {",", "."}):
        start += 1
    after = start
    while after < len(words) and after - start < _MOST_WORDS and claims[after] is None:
        if _is_boundary(sentence, after, start):
            break
        after += 1
    while after > start and words[after - 1] in _TRAILING:
        after -= 1
    if after == start:
        return None
    known = known_at(sentence, start, themes, needs_cue=False)
    if known and (known.after >= after or _says_nothing(words[known.after : after])):
        return known
    return _spelled(sentence, start, after, themes, rule)


def _says_nothing(words: list[str]) -> bool:
    """Whether words after a known theme are no part of it ("open ruimte open")."""
    return lexicon().neutral.issuperset(words) and _LINKS.isdisjoint(words)


def _is_boundary(sentence: Sentence, index: int, start: int) -> bool:
    word, words = sentence.words[index], sentence.words
    if word in {".", ","} or word in lexicon().boundaries:
        return True
    if _opens_phrase(sentence, index):
        return True
    if word in _LINKS:
        following = next((i for i in range(index + 1, len(words)) if words[i] not in _LINKS), None)
        if following is None or index == start or sentence.claims[following] is not None:
            return True
        return words[following] in _SELF or _is_ours(sentence, following)
    return _is_ours(sentence, index)


def _is_ours(sentence: Sentence, index: int) -> bool:
    """Whether a word belongs to asking rather than to a theme."""
    known, word = lexicon(), sentence.words[index]
    if word in known.boundaries or word in {".", ","} or _opens_phrase(sentence, index):
        return True
    concept = known.concepts[sentence.language].get(word)
    return concept is not None and concept not in _THEMATIC_CONCEPTS


def _opens_phrase(sentence: Sentence, index: int) -> bool:
    """Whether a phrase of asking begins here ("op komst", "te doen")."""
    phrases = lexicon().phrases[sentence.language].get(sentence.words[index], ())
    return any(tuple(sentence.words[index + 1 : index + 1 + len(rest)]) == rest for rest, _ in phrases)


def _of_group(sentence: Sentence, themes: Themes) -> Theme | None:
    """ "de groep ontharding", "de klimaatgroep", "the climate group"."""
    known, words = lexicon(), sentence.words
    concepts = known.concepts[sentence.language]
    for index, word in enumerate(words):
        if sentence.claims[index] is not None:
            continue
        if concepts.get(word) in {"GROEP", "GROEPEN", "NETWERK"}:
            start = index + 1
            while start < len(words) and words[start] in {
                "voor",
                "van",
                "rond",
                "over",
                "genaamd",
                "for",
                "sur",
                "die",
            }:
                start += 1
            named = start < len(words) and words[start] not in known.neutral
            theme = _phrase(sentence, start, themes, "na groep") if named else None
            if theme:
                return theme
            if index and (sentence.language == "en" or sentence.starts[index - 1] == sentence.starts[index]):
                before = _compounded(sentence, index - 1, themes)
                if before:
                    return before
    return None


#: What is put before "groep" without being its theme.
_NO_THEME = word_set(
    "regio werk leden lokale vaste streek doel yammer engage teams thema kern stuur bestuurs"
)


def _compounded(sentence: Sentence, index: int, themes: Themes) -> Theme | None:
    """ "klimaatgroep", "the climate group": the word before."""
    known = known_at(sentence, index, themes, needs_cue=False)
    if known:
        return known
    word = sentence.words[index]
    if sentence.starts[index] != sentence.starts[index + 1] or word in _NO_THEME:
        return None
    return Theme(word, index, index + 1, "onderwerp in een samenstelling met groep")


def _by_name(sentence: Sentence, themes: Themes) -> Theme | None:
    """A known theme without a preposition, the longest."""
    best: Theme | None = None
    needs_cue = not (_TREATING | _ABOUT).intersection(sentence.words)
    for index in range(len(sentence.words)):
        if sentence.claims[index] is not None:
            continue
        found = known_at(sentence, index, themes, needs_cue=needs_cue)
        if found and (best is None or found.after - found.first > best.after - best.first):
            best = found
    return best


def known_at(sentence: Sentence, index: int, themes: Themes, *, needs_cue: bool) -> Theme | None:
    words = sentence.words
    for size in range(min(themes.longest.get(words[index], 0), len(words) - index), 0, -1):
        key = " ".join(words[index : index + size])
        if key not in themes.spelled or not sentence.is_free(index, index + size):
            continue
        if needs_cue and (key in _NEEDS_CUE or len(key) < 3) and not _stands_with_atrium(sentence, index):
            continue
        return Theme(themes.spelled[key], index, index + size, "bekend onderwerp")
    return None


def _stands_with_atrium(sentence: Sentence, index: int) -> bool:
    before = sentence.words[index - 1] if index else ""
    return before.startswith(("atri", "sessie", "thema", "groep")) or (
        index > 0 and sentence.claims[index - 1] in {"SOORT", "SOORTEN"}
    )


def _after_thematic(sentence: Sentence, themes: Themes) -> Theme | None:
    """ "thematisch atrium dakvormen": the words right after."""
    words = sentence.words
    for index in range(len(words) - 1):
        if sentence.claims[index] in {"SOORT", "SOORTEN"} and sentence.claims[index + 1] is None:
            if "thema" not in " ".join(words[max(0, index - 1) : index + 1]):
                continue
            if (
                words[index + 1] in _LINKS
                or words[index + 1] in {".", ","}
                or words[index + 1] in lexicon().neutral
            ):
                continue
            return _phrase(sentence, index + 1, themes, "na thematisch atrium")
    return None


def _misspelled(sentence: Sentence, themes: Themes) -> Theme | None:
    """A known theme of one word with a letter or two wrong."""
    known = lexicon()
    for index, word in enumerate(sentence.words):
        if len(word) < 8 or sentence.claims[index] is not None or known.knows(word) or word in known.neutral:
            continue
        theme = _spelled(sentence, index, index + 1, themes, "tikfout in een onderwerp")
        if theme.noticed:
            return theme
    return None


_TREATING = word_set("behandelen bespreken behandeld besproken agenda bod agenderen aankaarten")
_LEADING_IN = word_set("om jullie we wij er zet zetten even eens het de een over rond jij u punt")
_ABOUT = word_set("thema onderwerp onderwerpen topic aandacht")
_WISHING = word_set(
    "zou zouden kan kunnen wil willen nuttig interessant zinvol goed zet zetten plaatsen mag graag"
)


def _to_be_treated(sentence: Sentence, themes: Themes) -> Theme | None:
    """ "kunnen jullie houtkap eens behandelen": the words that are nothing else."""
    words = sentence.words
    if not (_TREATING.intersection(words) and _WISHING.intersection(words)):
        return None
    known = lexicon()
    for index, word in enumerate(words):
        if word in _TREATING:
            return None
        led = index > 0 and words[index - 1] in _LEADING_IN
        strange = (
            led
            and word not in known.neutral
            and word not in known.protected
            and not _is_boundary(sentence, index, index)
        )
        if strange and sentence.claims[index] is None and word not in _LINKS and not word[0].isdigit():
            return _phrase(sentence, index, themes, "wat behandeld moet worden")
    return None


def _spelled(sentence: Sentence, first: int, after: int, themes: Themes, rule: str) -> Theme:
    key = " ".join(sentence.words[first:after])
    typed = sentence.span(first, after)
    if key in themes.spelled:
        return Theme(themes.spelled[key], first, after, rule)
    allowed = 0 if len(key) < 6 else 1 if len(key) < 10 else 2
    if allowed:
        from rapidfuzz import process  # slow to import: at the first misspelling only
        from rapidfuzz.distance import OSA

        near = process.extract(key, themes.spelled.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=1)
        if near and near[0][0][0] == key[0]:
            name = themes.spelled[near[0][0]]
            return Theme(
                name, first, after, "tikfout in een onderwerp", say("gelezen.als", getypt=typed, gelezen=name)
            )
    return Theme(_as_typed(typed), first, after, rule)


def _as_typed(typed: str) -> str:
    """The typed words in lower case, except what is an abbreviation."""
    if typed.isupper() and " " not in typed.strip() and len(typed) <= 6:
        return typed
    if typed.isupper():
        return typed.lower()
    words = (word if word.isupper() and 1 < len(word) <= 6 else word.lower() for word in typed.split())
    return " ".join(words).strip(" \"'“”‘’«».,;:!?()")
