"""What a sentence names is claimed slot by slot: the period, the place, the kind, the audience, the theme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.model import BRUSSELS
from handlers.reading.alternatives import is_joint
from handlers.reading.elsewhere import Elsewhere, read_elsewhere, read_unknown
from handlers.reading.kinds import FoundKind, FoundRole, read_kinds, read_roles
from handlers.reading.model import Step, Vocabulary
from handlers.reading.numbers import read_count
from handlers.reading.periods import Found, read_period
from handlers.reading.places import Place, read_misspelled_place, read_place
from handlers.reading.themes import Theme, read_theme
from handlers.reading.vocabulary import prepared
from handlers.reading.weekdays import Weekdays, is_long, read_weekdays
from handlers.reading.words import Sentence
from handlers.wording.dates import weekday_name

#: What stands in the abstract sentence for a slot that was read.
SLOTS = ("DAG", "PERIODE", "PLAATS", "SOORT", "SOORTEN", "ROL", "THEMA", "AANTAL")


@dataclass(slots=True)
class Slots:
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


def slots_of(
    sentence: Sentence, now: dt.datetime, vocabulary: Vocabulary | None, *, every_such_day: bool = True
) -> Slots:
    """What the sentence names; each claims its words, in this order."""
    words = prepared(vocabulary)
    slots = Slots()
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


def _read_slots(sentence: Sentence, today: dt.date, slots: Slots) -> None:
    found = _beside_weekdays(sentence, today, slots) or read_period(sentence, today, slots.problems)
    slots.period = found
    if found and found.after > found.first:
        span = found.span
        slot = "DAG" if span and span.first == span.last and span.first else "PERIODE"
        sentence.claim(slot, found.first, found.after)
        for first, after in found.others:
            sentence.claim("PERIODE", first, after)


def _beside_weekdays(sentence: Sentence, today: dt.date, slots: Slots) -> Found | None:
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


def trace_of(sentence: Sentence, slots: Slots) -> list[Step]:
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
