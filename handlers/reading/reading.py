"""A sentence -> a `Reading`: what it names is claimed slot by slot, then the intent is weighed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from handlers.model import BRUSSELS
from handlers.reading.alternatives import is_joint, joined_with
from handlers.reading.elsewhere import Elsewhere, read_elsewhere, read_unknown
from handlers.reading.exclusions import may_exclude
from handlers.reading.intents import (
    ANCHORS,
    CERTAIN,
    PLAIN,
    THRESHOLD,
    Abstract,
    Verdict,
    abstract_from,
    abstract_of,
    weigh,
)
from handlers.reading.kinds import FoundKind, FoundRole, read_kinds, read_roles
from handlers.reading.leaving_out import less_what_is_left_out, values_of
from handlers.reading.model import NOTHING, Intent, Named, Reading, Step, Vocabulary
from handlers.reading.numbers import read_count, read_ordinal
from handlers.reading.periods import Found, read_period
from handlers.reading.places import Place, read_misspelled_place, read_place
from handlers.reading.themes import Theme, read_theme
from handlers.reading.two_questions import apart, may_be_two
from handlers.reading.vocabulary import prepared
from handlers.reading.weekdays import Weekdays, is_long, read_weekdays
from handlers.reading.weights import likelihoods, telling_features
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence, sentence_of
from handlers.wording.dates import weekday_name

_QUESTIONS = word_set(
    "WANNEER UUR WAAR WIE WAT HOE WELK HOEVEEL HOEVAAK HOELANG WAAROM VOORWIE DATUM ADRES PROGRAMMA"
)
_OPENERS = _QUESTIONS | word_set(
    "is kan kunt mag mogen moet moeten zijn gaat heeft hebben kunnen wilt zou zouden INSCHRIJVEN "
    "KOST BEREIKBAAR SPREKER ETEN ONLINE TOON BETEKENIS"
)
_POLITE = frozenset({Intent.GREETING, Intent.THANKS})
#: In these a name that nobody knows may be a place.
_MAY_BE_UNKNOWN = frozenset(
    {Intent.NEXT_SESSION, Intent.LIST_SESSIONS, Intent.CLARIFY, Intent.OUT_OF_SCOPE, Intent.SUBSCRIBE}
)
#: In these a day of the week may stand for every such day.
_SEARCHES = frozenset({Intent.NEXT_SESSION, Intent.LIST_SESSIONS})
_SLOTS = ("DAG", "PERIODE", "PLAATS", "SOORT", "SOORTEN", "ROL", "THEMA", "AANTAL")
_POINTING = word_set(
    "dat die deze daar daarvan daarvoor daarheen daarnaartoe erbij daarover dit daarbij er hem"
)
#: These add to what was asked before: "ook iets in Gent?", "nog iets in maart?".
_ADDING = word_set("en ook nog et and aussi also")
_EXISTING = word_set("is zijn komt komen gaat gaan valt vallen staat staan gebeurt bestaat bestaan was waren")
_DENYING = frozenset({"geen", "niet", "zonder", "NIETMEER", "behalve"})
_TELLERS = word_set("ik wij we mijn ons onze i nous my our collegas")
#: After these a question is asked in a clause of its own.
_WONDERING = word_set(
    "weten zeggen vertellen vernemen verneem vernam vraag vragen benieuwd zoek zoeken weet zeg "
    "geweten horen know tell savoir dire laten verneem afvragen wonder BETEKENIS BEHOORT"
)
_WISHES = word_set(
    "wil willen zou zouden wens wensen zoek zoeken vraag vragen mag mogen vind hoef krijg graag "
    "gelieve would want need voudrais voudrions cherche"
)
#: Without one of these, or a pattern that says so, nothing is proposed.
_WISHING = word_set("graag eens zou zouden wil willen wens wensen VOORSTELLEN ORGANISEREN")
_MINE = re.compile(
    r" (?:mijn|ons|onze|eigen|my|our|notre|mon|nos)(?: [^ .]+){0,3}? "
    r"(?:S|buurt|regio|streek|atrium|area|region|contreien)"
    r"|(?: bij| voor| dicht bij) (?:ons|mij)(?= )| bij ons | pres de chez (?:moi|nous) | near (?:us|me) "
)
#: A question with a date and no more strangeness than this is one of this domain.
_A_LITTLE = 1.0
#: After so many commas and "en" a message is no longer taken apart.
_MOST_JOINTS = 8
#: Evidence of this weight stands, whatever else the message speaks of.
_CERTAIN = 5.0
#: A sentence of fewer items, or of more strangeness, is not judged by what other sentences weighed.
_A_FEW, _VERY = 3, 4.0
#: Of this weight is what asks to be manipulated, or for what the bot must never do.
_FORBIDDEN = 5.8
#: An intent that no pattern carries must be this likely, or the bot asks back.
_LIKELY = 0.35
#: The confidence of a reading that rests on no evidence.
_DOUBTFUL = 0.3


@dataclass(slots=True)
class _Slots:
    """What was read before the intent."""

    period: Found | None = None
    weekdays: Weekdays | None = None
    place: Place | None = None
    elsewhere: Elsewhere | None = None
    kinds: list[FoundKind] = field(default_factory=list)
    count: int | None = None
    roles: list[FoundRole] = field(default_factory=list)
    theme: Theme | None = None
    uid: str | None = None
    problems: list[str] = field(default_factory=list)
    trace: list[Step] = field(default_factory=list)


def read(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Reading:
    """What a message asks, reckoned from `now` (aware); the sample's words when no vocabulary is given.

    Never fails: what cannot be read is out of scope, or the bot asks back.
    """
    sentence = sentence_of(text, vocabulary.taught if vocabulary else {})

    def read_part(part: Sentence, at: dt.datetime) -> Reading:
        slots = _slots_of(part, at, vocabulary)
        two = apart(abstract_of(part), _OPENERS) if may_be_two(part.words) else None
        if two is not None:
            first, second = part.part((0, two[0])), part.part((two[1], len(part.words)))
            also = replace(read_part(second, at), text=part.span(two[1], len(part.words)), also=None)
            return replace(read_part(first, at), also=also)
        found = _with_intent(part, slots)
        if found.weekdays and found.intent not in _SEARCHES:
            # "valt het op een dinsdag?" asks of one atrium.
            part.claims[:] = [None] * len(part.words)
            found = _with_intent(part, _slots_of(part, at, vocabulary, every_such_day=False))
        return found

    reading = read_part(sentence, now)
    if not may_exclude(sentence.words):
        return reading
    return less_what_is_left_out(sentence, reading, now, prepared(vocabulary).themes, read_part)


def abstract(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Abstract:
    """The abstract sentence of a message, for whoever tends the lexicon."""
    sentence = sentence_of(text, vocabulary.taught if vocabulary else {})
    _slots_of(sentence, now, vocabulary)
    return abstract_of(sentence)


def asked(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Abstract:
    """The first question of a message as an abstract sentence, without what introduces it."""
    return _questions(abstract(text, now, vocabulary))[0]


def _slots_of(
    sentence: Sentence, now: dt.datetime, vocabulary: Vocabulary | None, *, every_such_day: bool = True
) -> _Slots:
    """What the sentence names; each claims its words, in this order."""
    words = prepared(vocabulary)
    slots = _Slots()
    if sentence.words:
        slots.weekdays = read_weekdays(sentence) if every_such_day else None
        _read_slots(sentence, now.astimezone(BRUSSELS).date(), slots)
        slots.uid = _read_title(sentence, words.titles)
        slots.elsewhere = read_elsewhere(sentence)
        slots.place = read_place(sentence, words.regions)
        if slots.place is None and slots.elsewhere is None:
            slots.place = read_misspelled_place(sentence, words.words)
        if slots.place and slots.elsewhere and not _is_beside(sentence, slots.place, slots.elsewhere):
            slots.elsewhere = None  # "wie in Nederland woont en in Ravels werkt" asks for Ravels
        slots.kinds = read_kinds(sentence)
        slots.count = read_count(sentence)
        slots.roles = read_roles(sentence)
        slots.theme = read_theme(sentence, words.themes)
        if slots.place is None and slots.elsewhere is None:
            slots.elsewhere = read_unknown(sentence, words.words)
    return slots


def _is_beside(sentence: Sentence, place: Place, other: Elsewhere) -> bool:
    """Whether two places are alternatives ("in Charleroi of Gent")."""
    first, second = sorted(((place.first, place.after), (other.first, other.after)))
    return is_joint(sentence.words[first[1] : second[0]])


def _read_slots(sentence: Sentence, today: dt.date, slots: _Slots) -> None:
    found = _beside_weekdays(sentence, today, slots) or read_period(sentence, today, slots.problems)
    slots.period = found
    if found and found.after > found.first:
        span = found.span
        slot = "DAG" if span and span.first == span.last and span.first else "PERIODE"
        sentence.claim(slot, found.first, found.after)
        for first, after in found.others:
            sentence.claim("PERIODE", first, after)


def _beside_weekdays(sentence: Sentence, today: dt.date, slots: _Slots) -> Found | None:
    """The stretch of time around days of the week; without one only some words mean every such day."""
    days = slots.weekdays
    if days is None:
        return None
    problems: list[str] = []
    found = read_period(sentence, today, problems, (days.first, days.after))
    fits = found is None or problems or is_long(found.span)
    if not fits or (found is None and days.needs_stretch):
        slots.weekdays = None
        return None
    slots.problems += problems
    sentence.claim("DAG", days.first, days.after)
    return found or Found(None, 0, 0, "", past=False)


def _read_title(sentence: Sentence, titles: Mapping[str, str]) -> str | None:
    """The uid of an atrium that is named by its title, the longest first; it claims the title."""
    text = f" {' '.join(sentence.words)} "
    for key in sorted(titles, key=len, reverse=True):
        position = text.find(f" {key} ")
        if position >= 0:
            first = text[:position].count(" ")
            after = first + len(key.split())
            if sentence.is_free(first, after):
                sentence.claim("TITEL", first, after)
                return titles[key]
    return None


def _with_intent(sentence: Sentence, slots: _Slots) -> Reading:
    abstract = abstract_of(sentence)
    questions = _questions(abstract)
    first, also = questions[0], questions[1:]
    base = _slots_as_reading(sentence, slots, abstract)
    reading = _judged(base, first, abstract)
    sure = reading.confidence >= CERTAIN and reading.intent not in _MAY_BE_UNKNOWN
    if sure and slots.elsewhere and not slots.elsewhere.is_known:
        reading = replace(reading, elsewhere=None)  # of one atrium it is more likely a hall
    if also and reading.intent not in {Intent.OUT_OF_SCOPE, Intent.CLARIFY}:
        second = next((_judged(base, one, abstract) for one in also), None)
        if second and second.intent not in {reading.intent, Intent.CLARIFY, Intent.OUT_OF_SCOPE}:
            reading = replace(reading, also=second)
    return reading


def _slots_as_reading(sentence: Sentence, slots: _Slots, abstract: Abstract) -> Reading:
    period, place, theme = slots.period, slots.place, slots.theme
    noticed = tuple(
        remark for remark in (place.noticed if place else None, theme.noticed if theme else None) if remark
    )
    flags = _Flags.of(sentence, abstract)
    others = _others(sentence, slots)
    steps = _trace(sentence, slots)
    if others:
        steps.append(Step(rule="alternatieven", span=sentence.text, value=values_of(others)))
    return Reading(
        text=sentence.text,
        intent=Intent.CLARIFY,
        kind=slots.kinds[0].kind if slots.kinds else None,
        place=place.name if place else None,
        places=place.names if place else (),
        audience=slots.roles[0].audience if slots.roles else None,
        theme=theme.name if theme else None,
        period=period.span if period else None,
        period_text=sentence.span(period.first, period.after) if period and period.span else None,
        count=slots.count,
        weekdays=slots.weekdays.days if slots.weekdays else (),
        day_part=slots.weekdays.part if slots.weekdays else None,
        mine=bool(_MINE.search(_marked(abstract))),
        ordinal=read_ordinal(sentence),
        follow_up=flags.follow_up,
        corrects=flags.corrects,
        later=flags.later,
        uid=slots.uid,
        past=period.past if period else _mentions_past(abstract),
        language=sentence.language,
        noticed=noticed,
        others=others,
        elsewhere=slots.elsewhere.name if slots.elsewhere else None,
        problems=tuple(slots.problems),
        trace=tuple(steps),
    )


def _others(sentence: Sentence, slots: _Slots) -> Named:
    """The alternatives beside the first of each slot."""
    period, place, theme = slots.period, slots.place, slots.theme
    kinds = _in_a_row(sentence.words, slots.kinds)
    roles = _in_a_row(sentence.words, slots.roles)
    if not (
        kinds or roles or (period and period.parts) or (place and place.others) or (theme and theme.others)
    ):
        return NOTHING
    return Named(
        kinds=tuple(dict.fromkeys(one.kind for one in kinds if one.kind is not slots.kinds[0].kind)),
        audiences=tuple(
            dict.fromkeys(one.audience for one in roles if one.audience is not slots.roles[0].audience)
        ),
        places=place.others if place else (),
        themes=theme.others if theme else (),
        periods=period.parts if period else (),
    )


_Found = TypeVar("_Found", FoundKind, FoundRole)


def _in_a_row(words: list[str], found: list[_Found]) -> list[_Found]:
    """Those that stand in one row of alternatives with the first, which is left out."""
    if len(found) < 2:
        return []
    inorder = sorted(found, key=lambda one: one.first)
    at = inorder.index(found[0])
    row = joined_with(words, [(one.first, one.after) for one in inorder], at)
    return [inorder[index] for index in row if index != at]


def _mentions_past(abstract: Abstract) -> bool:
    return abstract.holds("VORIGE", "waren", "was")


def _marked(abstract: Abstract) -> str:
    """The abstract with every atrium as "S"."""
    shown = [
        "S" if item in {"SOORT", "SOORTEN", "ATRIUM", "ATRIA", "SESSIE"} else item for item in abstract.items
    ]
    return f" {' '.join(shown)} "


@dataclass(frozen=True, slots=True)
class _Flags:
    """How a sentence leans on what was said before."""

    follow_up: bool
    corrects: bool
    later: bool

    @classmethod
    def of(cls, sentence: Sentence, abstract: Abstract) -> _Flags:
        words, items = sentence.words, abstract.items
        opening = words[:1]
        corrects = bool(words) and (
            (
                words[0] in {"nee", "neen", "niet", "no", "non"}
                and len(words) <= 8
                and not abstract.holds("IETS")
            )
            or words[:2] in (["ik", "bedoel"], ["ik", "bedoelde"], ["i", "meant"], ["sorry", "ik"])
        )
        later = abstract.holds("daarna", "erna", "nadien", "volgt") and len(words) <= 8
        anchored = not ANCHORS.isdisjoint(items)
        whole = _is_whole(words, abstract)
        points = any(word in _POINTING for word in words) and not anchored and not whole
        bare = (
            "het" in words
            and not anchored
            and not abstract.holds("DAG", "THEMA", "PLAATS")
            and len(words) <= 8
        )
        fragment = (
            len(items) <= 4
            and any(item in _SLOTS for item in items)
            and not anchored
            and not whole
            and not (abstract.holds(*_QUESTIONS))
        )
        follow_up = (
            opening in (["en"], ["et"], ["and"], ["ook"]) or points or bare or fragment or corrects or later
        )
        return cls(follow_up, corrects, later)


def _is_whole(words: list[str], abstract: Abstract) -> bool:
    """Whether a sentence asks all by itself: "iets over water", "wat is er vandaag te doen"."""
    if not _ADDING.isdisjoint(words[:_A_FEW]) or _POINTING.intersection(words) - {"er"}:
        return False
    if abstract.holds("IETS"):
        return abstract.holds(*_SLOTS)
    there = "er" in words and not _EXISTING.isdisjoint(words)
    return there and abstract.holds(*_SLOTS) and abstract.holds("WAT")


def _trace(sentence: Sentence, slots: _Slots) -> list[Step]:
    steps: list[Step] = []
    if slots.period and (slots.period.span or slots.problems):
        span = slots.period.span
        said = sentence.span(slots.period.first, slots.period.after) if slots.period.after else ""
        value = f"{_iso(span.first)} .. {_iso(span.last)}" if span else "; ".join(slots.problems)
        steps.append(Step(rule=f"periode: {slots.period.rule}", span=said, value=value))
    if slots.weekdays:
        days = slots.weekdays
        said = sentence.span(days.first, days.after)
        steps.append(
            Step(rule="weekdagen", span=said, value=", ".join(weekday_name(day) for day in days.days))
        )
    if slots.place:
        place = slots.place
        value = place.name or " of ".join(place.names)
        steps.append(
            Step(rule=f"plaats: {place.rule}", span=sentence.span(place.first, place.after), value=value)
        )
    steps += [
        Step(rule="soort", span=sentence.span(one.first, one.after), value=one.kind.value)
        for one in slots.kinds
    ]
    if slots.count is not None:
        steps.append(Step(rule="aantal", span=str(slots.count), value=str(slots.count)))
    steps += [
        Step(rule="doelgroep", span=sentence.span(one.first, one.after), value=one.audience.value)
        for one in slots.roles
    ]
    if slots.elsewhere:
        outside = slots.elsewhere
        said = sentence.span(outside.first, outside.after)
        steps.append(Step(rule="plaats: elders", span=said, value=outside.name))
    if slots.theme:
        theme = slots.theme
        span_text = sentence.span(theme.first, theme.after)
        steps.append(Step(rule=f"onderwerp: {theme.rule}", span=span_text, value=theme.name))
    return steps


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date else "open"


def _questions(abstract: Abstract) -> list[Abstract]:
    """The questions in a message, in order; at least one, greetings and introductions left out."""
    parts = [_core(_asserted(part)) for sentence in _sentences(abstract) for part in _coordinated(sentence)]
    if len(parts) == 1:
        return parts
    manipulated = [part for part in parts if "MANIPULATIE" in part.items]
    if manipulated:
        return manipulated
    verdicts = [(part, weigh(part).best) for part in parts]
    serious = [(part, weight) for part, (intent, weight) in verdicts if intent not in _POLITE]
    asking = [(part, weight) for part, weight in serious if weight >= 2.5]
    if not asking and serious:
        asking = [max(serious, key=lambda one: one[1])]
    if any(_asks(part) and not _is_known(part) for part, _ in asking):
        asking = [one for one in asking if not _is_known(one[0]) and (_asks(one[0]) or not _introduces(*one))]
    return [part for part, _ in asking] or [abstract]


def _asserted(part: Abstract) -> Abstract:
    """What is asked of "geen mails, wel een herinnering": the part after the denial."""
    items = part.items
    for index in range(2, len(items) - 1):
        denied = not _DENYING.isdisjoint(items[:index])
        if items[index] in {"wel", "maar", "gewoon"} and denied and items[index - 1] not in _DENYING:
            asserted = _part(part, index + 1, len(items))
            if weigh(asserted).best[1] >= THRESHOLD:
                return asserted
    return part


def _core(part: Abstract) -> Abstract:
    """The question proper in "ik zou graag weten wanneer ..." and "kunt u zeggen welke ..."."""
    items = part.items
    for index in range(1, len(items)):
        if items[index] not in _QUESTIONS or not _WONDERING.intersection(items[max(0, index - 4) : index]):
            continue
        core = _part(part, index, len(items))
        if weigh(core).best[1] >= 2.5:
            return core
    return part


def _is_known(part: Abstract) -> bool:
    """ "wanneer weet ik al"."""
    return part.text.endswith((" weet ik al ", " ken ik al ", " weten we al ", " heb ik al "))


def _asks(part: Abstract) -> bool:
    """Whether a part has the form of a question."""
    return part.items[0] in _OPENERS


def _introduces(part: Abstract, weight: float) -> bool:
    """ "Ik werk voor ...", "zit op de trein": tells who asks or why, and asks nothing by itself."""
    if part.items[0] in _DENYING:
        return True
    if _WISHES.intersection(part.items[:4]):
        return weight < 2.5
    first, second = (*part.items[:2], "", "")[:2]
    if second in {"kan", "kunnen", "moet", "moeten"}:
        return weight < PLAIN
    return first in _TELLERS or (weight < PLAIN and not _QUESTIONS.intersection(part.items))


def _sentences(abstract: Abstract) -> list[Abstract]:
    if "." not in abstract.items:
        return [abstract]
    parts: list[Abstract] = []
    start = 0
    for index, item in enumerate((*abstract.items, ".")):
        if item == ".":
            if index > start:
                parts.append(_part(abstract, start, index))
            start = index + 1
    return parts or [abstract]


def _coordinated(abstract: Abstract) -> list[Abstract]:
    """ "wanneer en waar is ..." and "wanneer is ... en hoe schrijf ik mij in" as two."""
    items = abstract.items
    joints = [index for index in range(1, len(items) - 1) if items[index] in {"en", ",", "and", "et", "of"}]
    for index in joints[:_MOST_JOINTS]:
        after = index + 2 if items[index + 1] in {"en", "ook"} else index + 1
        if after >= len(items) or items[after] not in _OPENERS:
            continue
        if items[index - 1] in _QUESTIONS and items[after] in _QUESTIONS and items[index] != ",":
            return [
                _joined(abstract, (0, index), (after + 1, len(items))),
                _joined(abstract, (0, index - 1), (after, len(items))),
            ]
        left, right = _part(abstract, 0, index), _part(abstract, after, len(items))
        if items[index] == "of" or _points_back(right):
            continue
        if weigh(left).best[1] >= 2.5 and weigh(right).best[1] >= 2.5 and weigh(left).best[0] not in _POLITE:
            return [left, right]
    return [abstract]


def _points_back(part: Abstract) -> bool:
    """ "..., wanneer is dat?": no question of its own."""
    return part.items[-1] in {"dat", "die", "het", "dit"} and not part.holds(*_SLOTS, *ANCHORS)


def _part(abstract: Abstract, first: int, after: int) -> Abstract:
    return _joined(abstract, (first, after))


def _joined(abstract: Abstract, *ranges: tuple[int, int]) -> Abstract:
    items = tuple(item for first, after in ranges for item in abstract.items[first:after])
    origins = tuple(origin for first, after in ranges for origin in abstract.origins[first:after])
    return abstract_from(items, origins)


def _judged(base: Reading, question: Abstract, whole: Abstract) -> Reading:
    """The reading with the intent that the evidence carries, or with what the bot must ask back."""
    verdict = weigh(question)
    intent, confidence = _weighed(base, question, verdict, whole)
    guesses: tuple[Intent, ...] = ()
    if intent is Intent.CLARIFY:
        guesses = tuple(one for one, _ in verdict.ranked if one is not Intent.OUT_OF_SCOPE)[:2]
    reason = verdict.reasons.get(intent) or ", ".join(telling_features(question, intent)) or "geen patroon"
    step = Step(
        rule=f"bedoeling: {reason}", span=question.text.strip(), value=f"{intent.value} {confidence:.2f}"
    )
    return replace(
        base, intent=intent, confidence=round(confidence, 2), guesses=guesses, trace=(*base.trace, step)
    )


def _weighed(base: Reading, question: Abstract, verdict: Verdict, whole: Abstract) -> tuple[Intent, float]:
    """The likeliest intent, by patterns and learned weights together, and how sure it is."""
    best, weight = verdict.best
    anchored = not ANCHORS.isdisjoint(whole.items)
    slotted = any(slot in whole.items for slot in _SLOTS)
    if not anchored and question is not whole and weight < _CERTAIN and _is_from_elsewhere(whole):
        return Intent.OUT_OF_SCOPE, 0.6
    if best is Intent.OUT_OF_SCOPE and weight >= _FORBIDDEN:
        return best, 1.0
    intent, confidence = _likeliest(question, verdict)
    if best is None or weight < THRESHOLD:
        default, _ = _by_default(base, question, verdict, anchored=anchored, slotted=slotted)
        unsure = default is Intent.CLARIFY and (base.follow_up or confidence < _LIKELY)
        if unsure or len(question.items) < _A_FEW or question.strange > _VERY:
            return default, min(1.0, _DOUBTFUL + 0.05 * question.strange)
    if base.follow_up and weight < THRESHOLD:
        confidence = min(confidence, _DOUBTFUL)
    return intent, confidence


def _likeliest(question: Abstract, verdict: Verdict) -> tuple[Intent, float]:
    """The likeliest intent; to propose is to wish, so words that merely name a theme propose nothing."""
    ranked = likelihoods(question, verdict)
    wishes = Intent.SUGGEST_TOPIC in verdict.reasons or question.holds(*_WISHING)
    return next(one for one in ranked if wishes or one[0] is not Intent.SUGGEST_TOPIC)


def _is_from_elsewhere(whole: Abstract) -> bool:
    """Whether the message as a whole is about something that this bot knows nothing of."""
    intent, weight = weigh(whole).best
    return "VREEMD" in whole.items or (intent is Intent.OUT_OF_SCOPE and weight >= PLAIN)


def _by_default(
    base: Reading, question: Abstract, verdict: Verdict, *, anchored: bool, slotted: bool
) -> tuple[Intent, float]:
    """What a sentence without clear evidence means."""
    dated = question.holds("DAG", "PERIODE") and question.strange < _A_LITTLE
    if question.strange and not anchored and not dated:
        return Intent.OUT_OF_SCOPE, 2.0 + 0.1 * question.strange
    best, weight = verdict.best
    if anchored and "ATRIUM" in question.items and len(question.items) <= 2 and not slotted:
        return Intent.CLARIFY, 1.0
    if best is not None and weight >= 1.0 and best is not Intent.OUT_OF_SCOPE:
        return best, weight
    if base.ordinal is not None:
        return Intent.SESSION_DETAIL, 1.5
    if not anchored and question.holds("WAT", "WIE", "HOE", "WAAROM", "HOEVEEL"):
        return Intent.OUT_OF_SCOPE, 2.0
    if anchored or slotted:
        return (Intent.LIST_SESSIONS if base.period or base.count else Intent.NEXT_SESSION), 1.0
    if not question.items or question.strange:
        return Intent.OUT_OF_SCOPE, 2.0
    return Intent.CLARIFY, 1.0
