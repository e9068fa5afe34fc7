"""A follow-up in a thread: "en in Hasselt?", "waar is dat juist?", "nee, Leuven", "de tweede".

What it leaves open it takes over from what was said before, and it says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from handlers.context import Topic
from handlers.model import BRUSSELS, Kind, Span
from handlers.reading.intents import CERTAIN
from handlers.reading.model import Intent, Named, Reading, Step
from handlers.reading.weekdays import is_long
from handlers.wording.catalogue import say
from handlers.wording.dates import weekday_name

#: How long what was said in a thread is remembered; never into the next day.
REMEMBERED = dt.timedelta(hours=2)

KIND_NAMES = {
    Kind.LOKAAL: "lokaal atrium",
    Kind.CENTRUMSTEDEN: "Atrium Centrumsteden",
    Kind.MANDATARISSEN: "Atrium Lokale Mandatarissen",
    Kind.PROVINCIAAL: "provinciaal atrium",
    Kind.THEMATISCH: "thematisch atrium",
    Kind.OP_MAAT: "atrium op maat",
}

_Value = TypeVar("_Value")

#: Intents that say nothing of what a later fragment asks.
_PASSING = frozenset(
    {Intent.GREETING, Intent.THANKS, Intent.OUT_OF_SCOPE, Intent.CLARIFY, Intent.HELP, Intent.UNSUBSCRIBE}
)
#: Intents that stand on their own, whatever was said before.
_ALONE = _PASSING - {Intent.CLARIFY} | {Intent.SUGGEST_TOPIC}


def is_remembered(topic: Topic, now: dt.datetime) -> bool:
    """Whether what was said is fresh enough to lean on: two hours, and the same day in Brussels."""
    same_day = topic.at.astimezone(BRUSSELS).date() == now.astimezone(BRUSSELS).date()
    return same_day and dt.timedelta(0) <= now - topic.at <= REMEMBERED


def lean(reading: Reading, topic: Topic | None, now: dt.datetime) -> Reading:
    """The reading with what it leaves open taken from the thread; unchanged when it stands alone.

    `now` is aware. `ordinal` and `later` stay for the routing, which knows what was shown.
    """
    if topic is None or not is_remembered(topic, now):
        return reading
    if not (reading.follow_up or reading.ordinal is not None) or _stands_alone(reading):
        return reading
    before = topic.reading
    leaning = replace(_taken_over(reading, before), intent=_intent(reading, before))
    leaning = _moved_on(leaning, reading, before)
    return _told(leaning, reading)


def _stands_alone(reading: Reading) -> bool:
    return reading.intent in _ALONE and reading.confidence >= CERTAIN


def _intent(reading: Reading, before: Reading) -> Intent:
    """The intent said before, where the follow-up has none of its own."""
    if reading.confidence >= CERTAIN or before.intent in _PASSING:
        return reading.intent
    if reading.later:
        return before.intent if before.intent is Intent.LIST_SESSIONS else Intent.NEXT_SESSION
    if reading.ordinal is not None and before.intent in {Intent.NEXT_SESSION, Intent.LIST_SESSIONS}:
        return Intent.SESSION_DETAIL
    return before.intent


def _taken_over(reading: Reading, before: Reading) -> Reading:
    """The slots taken over: what a new role, kind or place does not set aside."""
    kind, audience = reading.kind, reading.audience
    if reading.kind is None and reading.audience is None:
        kind, audience = before.kind, before.audience
    place, places = reading.place, reading.places
    if place is None and not places and reading.elsewhere is None:
        place, places = before.place, before.places
    period, period_text = reading.period, reading.period_text
    if period is None and reading.ordinal is None:
        period, period_text = before.period, before.period_text
    weekdays, day_part = reading.weekdays, reading.day_part
    if not weekdays and (reading.period is None or is_long(reading.period)):
        weekdays, day_part = before.weekdays, before.day_part
    taken = replace(
        reading,
        weekdays=weekdays,
        day_part=day_part,
        kind=kind,
        audience=audience,
        place=place,
        places=places,
        theme=reading.theme or before.theme,
        period=period,
        period_text=period_text,
        mine=reading.mine or (before.mine and reading.place is None and reading.elsewhere is None),
    )
    return _less_what_is_left_out(replace(taken, others=_others(taken, reading, before)), reading, before)


def _others(taken: Reading, reading: Reading, before: Reading) -> Named:
    """The alternatives of each slot, from where the slot itself comes."""
    now, then = reading.others, before.others
    return Named(
        kinds=then.kinds if reading.kind is None and taken.kind is not None else now.kinds,
        places=then.places if reading.place is None and taken.place is not None else now.places,
        audiences=then.audiences if reading.audience is None and taken.audience else now.audiences,
        themes=then.themes if reading.theme is None and taken.theme is not None else now.themes,
        periods=then.periods if reading.period is None and taken.period is not None else now.periods,
    )


def _less_what_is_left_out(taken: Reading, reading: Reading, before: Reading) -> Reading:
    """What was left out stays so, except what is asked now; what is left out now is no longer asked."""
    then, now = before.without, reading.without
    asked, others = reading, reading.others
    without = now | Named(
        kinds=_but(then.kinds, (asked.kind, *others.kinds)),
        places=_but(then.places, (asked.place, *others.places)),
        audiences=_but(then.audiences, (asked.audience, *others.audiences)),
        themes=_but(then.themes, (asked.theme, *others.themes)),
        periods=then.periods if asked.period is None else (),
        weekdays=then.weekdays if asked.period is None else (),
        unread=then.unread,
    )
    kinds = _but((taken.kind, *taken.others.kinds), now.kinds)
    places = _but((taken.place, *taken.others.places), now.places)
    audiences = _but((taken.audience, *taken.others.audiences), now.audiences)
    themes = _but((taken.theme, *taken.others.themes), now.themes)
    return replace(
        taken,
        kind=next(iter(kinds), None),
        place=next(iter(places), None),
        audience=next(iter(audiences), None),
        theme=next(iter(themes), None),
        without=without,
        others=replace(
            taken.others, kinds=kinds[1:], places=places[1:], audiences=audiences[1:], themes=themes[1:]
        ),
    )


def _but(values: Iterable[_Value | None], excluded: Collection[_Value | None]) -> tuple[_Value, ...]:
    """The values that are there and not among the excluded."""
    return tuple(value for value in values if value is not None and value not in excluded)


def _moved_on(leaning: Reading, reading: Reading, before: Reading) -> Reading:
    """ "en daarna?" after a period: what comes after it."""
    if not reading.later or reading.period is not None or before.period is None or before.period.last is None:
        return leaning
    first = before.period.last + dt.timedelta(days=1)
    return replace(leaning, period=Span(first=first), period_text=None)


def _told(leaning: Reading, reading: Reading) -> Reading:
    taken = []
    if leaning.kind is not None and reading.kind is None:
        taken.append(KIND_NAMES[leaning.kind])
    for name in ("place", "theme", "period_text"):
        value = getattr(leaning, name)
        if value and not getattr(reading, name):
            taken.append(value)
    if leaning.weekdays != reading.weekdays:
        taken.append(", ".join(weekday_name(day) for day in leaning.weekdays))
    if not taken and leaning.intent is reading.intent:
        return leaning
    said = ", ".join(taken)
    step = Step(rule="vervolgvraag", span=reading.text, value=f"{leaning.intent.value}; {said}".rstrip("; "))
    noticed = (*leaning.noticed, say("gelezen.overgenomen", gelezen=said)) if said else leaning.noticed
    return replace(leaning, noticed=noticed, trace=(*leaning.trace, step))
