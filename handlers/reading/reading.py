"""A sentence -> a `Reading`: what it names is claimed slot by slot, then the intent is weighed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache
from typing import TypeVar

from handlers.reading.alternatives import joined_with
from handlers.reading.exclusions import may_exclude
from handlers.reading.intents import CERTAIN, Abstract, abstract_of
from handlers.reading.judgement import judged
from handlers.reading.kinds import FoundKind, FoundRole
from handlers.reading.leaning import Leaning
from handlers.reading.leaving_out import less_what_is_left_out, values_of
from handlers.reading.model import NOTHING, Intent, Named, Reading, Step, Vocabulary
from handlers.reading.numbers import read_ordinal
from handlers.reading.questions import OPENERS, questions_in
from handlers.reading.slots import Slots, slots_of, trace_of
from handlers.reading.two_questions import apart, may_be_two
from handlers.reading.vocabulary import prepared
from handlers.reading.words import Sentence, sentence_of

#: In these a name that nobody knows may be a place.
_MAY_BE_UNKNOWN = frozenset(
    {Intent.NEXT_SESSION, Intent.LIST_SESSIONS, Intent.CLARIFY, Intent.OUT_OF_SCOPE, Intent.SUBSCRIBE}
)
#: In these a day of the week may stand for every such day.
_SEARCHES = frozenset({Intent.NEXT_SESSION, Intent.LIST_SESSIONS})


@cache
def _mine() -> re.Pattern[str]:
    """What says that the asker's own place is meant; compiled when first needed."""
    return re.compile(
        r" (?:mijn|ons|onze|eigen|my|our|notre|mon|nos)(?: [^ .]+){0,3}? "
        r"(?:S|buurt|regio|streek|atrium|area|region|contreien)"
        r"|(?: bij| voor| dicht bij) (?:ons|mij)(?= )| bij ons | pres de chez (?:moi|nous) | near (?:us|me) "
    )


def read(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Reading:
    """What a message asks, reckoned from `now` (aware); the sample's words when no vocabulary is given.

    Never fails: what cannot be read is out of scope, or the bot asks back.
    """
    sentence = sentence_of(text, vocabulary.taught if vocabulary else {})

    def read_part(part: Sentence, at: dt.datetime) -> Reading:
        slots = slots_of(part, at, vocabulary)
        two = apart(abstract_of(part), OPENERS) if may_be_two(part.words) else None
        if two is not None:
            first, second = part.part((0, two[0])), part.part((two[1], len(part.words)))
            also = replace(read_part(second, at), text=part.span(two[1], len(part.words)), also=None)
            return replace(read_part(first, at), also=also)
        found = _with_intent(part, slots)
        if found.weekdays and found.intent not in _SEARCHES:
            # "valt het op een dinsdag?" asks of one atrium.
            part.claims[:] = [None] * len(part.words)
            found = _with_intent(part, slots_of(part, at, vocabulary, every_such_day=False))
        return found

    reading = read_part(sentence, now)
    if not may_exclude(sentence.words):
        return reading
    return less_what_is_left_out(sentence, reading, now, prepared(vocabulary).themes, read_part)


def abstract(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Abstract:
    """The abstract sentence of a message, for whoever tends the lexicon."""
    sentence = sentence_of(text, vocabulary.taught if vocabulary else {})
    slots_of(sentence, now, vocabulary)
    return abstract_of(sentence)


def asked(text: str, now: dt.datetime, vocabulary: Vocabulary | None = None) -> Abstract:
    """The first question of a message as an abstract sentence, without what introduces it."""
    return questions_in(abstract(text, now, vocabulary))[0]


def _with_intent(sentence: Sentence, slots: Slots) -> Reading:
    abstract = abstract_of(sentence)
    questions = questions_in(abstract)
    first, also = questions[0], questions[1:]
    base = _slots_as_reading(sentence, slots, abstract)
    reading = judged(base, first, abstract)
    sure = reading.confidence >= CERTAIN and reading.intent not in _MAY_BE_UNKNOWN
    if sure and slots.elsewhere and not slots.elsewhere.is_known:
        reading = replace(reading, elsewhere=None)  # of one atrium it is more likely a hall
    if also and reading.intent not in {Intent.OUT_OF_SCOPE, Intent.CLARIFY}:
        second = next((judged(base, one, abstract) for one in also), None)
        if second and second.intent not in {reading.intent, Intent.CLARIFY, Intent.OUT_OF_SCOPE}:
            reading = replace(reading, also=second)
    return reading


def _slots_as_reading(sentence: Sentence, slots: Slots, abstract: Abstract) -> Reading:
    period, place, theme = slots.period, slots.place, slots.theme
    noticed = tuple(
        remark for remark in (place.noticed if place else None, theme.noticed if theme else None) if remark
    )
    leaning = Leaning.of(sentence, abstract)
    others = _others(sentence, slots)
    steps = trace_of(sentence, slots)
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
        mine=bool(_mine().search(_marked(abstract))),
        ordinal=read_ordinal(sentence),
        follow_up=leaning.follow_up,
        corrects=leaning.corrects,
        later=leaning.later,
        uid=slots.uid,
        past=period.past if period else _mentions_past(abstract),
        language=sentence.language,
        noticed=noticed,
        others=others,
        elsewhere=slots.elsewhere.name if slots.elsewhere else None,
        problems=tuple(slots.problems),
        trace=tuple(steps),
    )


def _others(sentence: Sentence, slots: Slots) -> Named:
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
