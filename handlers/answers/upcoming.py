"""The next atrium that fits what was asked, with where, theme and registration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.answers.absent import nothing_found, unassigned, which_municipality
from handlers.answers.belonging import belonging_notes, is_elsewhere
from handlers.answers.later import found_for, none_left
from handlers.answers.phrases import place_name, province_of_place
from handlers.answers.question import Question
from handlers.answers.scope import (
    BOUND_TO_PLACE,
    Scope,
    find,
    is_about_the_past,
    needs_municipality,
    scope_of,
)
from handlers.answers.several import kinds_text, periods_text, places_text, themes_text
from handlers.answers.shown import facts_of, name_of, on_day_text, one_atrium, verb_of
from handlers.model import Atrium, Kind
from handlers.reading.model import Reading
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.texts import AUDIENCE_NAMES, kind_name

#: How far the next atrium that does go on is looked for past cancelled ones.
_LOOK_AHEAD = 12


def _period_note(question: Question) -> tuple[str, ...]:
    words = periods_text(question.reading, question.today)
    return (say("volgende.gezocht", periode=words),) if words else ()


def cancelled_notes(atria: Sequence[Atrium]) -> tuple[str, ...]:
    """One line for each cancelled atrium, with the day on which it would have been."""
    return tuple(
        say("atrium.geannuleerd", atrium=name_of(atrium), dag=long_date(atrium.local_date))
        for atrium in atria
        if atrium.is_cancelled
    )


def _is_the_one(atrium: Atrium, question: Question, scope: Scope) -> bool:
    """Whether the question already names which of its kind is meant, by place or theme."""
    if scope.parts:
        return False
    match question.reading.kind:
        case None:
            return False
        case Kind.LOKAAL:
            return scope.region is not None
        case Kind.PROVINCIAAL:
            return scope.place is not None
        case Kind.THEMATISCH | Kind.OP_MAAT:
            return question.reading.theme is not None
        case Kind.CENTRUMSTEDEN | Kind.MANDATARISSEN:
            return scope.place == atrium.municipality


def _asked_for(atrium: Atrium, question: Question, scope: Scope) -> str:
    """What was asked for, in words: "Lokaal Atrium in de provincie Limburg", "atrium over hemelwater"."""
    reading = question.reading
    words = [kinds_text(reading)]
    place = reading.place if scope.parts and reading.others.places else scope.place
    if place:
        within = "voor" if all(is_elsewhere(atrium, one) for one in (place, *reading.others.places)) else "in"
        words.append(f"{within} {places_text(place, reading)}")
    if reading.theme:
        words.append(f"over {themes_text(reading)}")
    return " ".join(words)


def _next_headline(atrium: Atrium, question: Question, scope: Scope) -> str:
    """Which is next, and when: "Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, ..."."""
    word = "volgende.woord laatste" if is_about_the_past(question) else "volgende.woord volgende"
    word = "volgende.woord daaropvolgende" if question.reading.later else word
    kind, name = question.reading.kind, name_of(atrium)
    said = {
        "volgende": say(word),
        "werkwoord": verb_of(atrium, question),
        "wanneer": on_day_text(atrium, question),
    }
    if _is_the_one(atrium, question, scope):
        if scope.place and (province_of_place(scope.place) or is_elsewhere(atrium, scope.place)):
            return say("volgende.die ene voor", plaats=place_name(scope.place), atrium=name, **said)
        return say("volgende.die ene", atrium=name, **said)
    said["gevraagd"] = _asked_for(atrium, question, scope)
    if kind in (Kind.CENTRUMSTEDEN, Kind.MANDATARISSEN) and not question.reading.others.kinds:
        return say("volgende.wanneer", **said)
    one_kind = kind is not None and not question.reading.others.kinds
    rest = name.removeprefix(kind_name(kind)).lstrip() if one_kind else name
    if rest.startswith(("in ", "over ", "voor ")):
        return say("volgende.dat in", welk=rest, **said)
    return say("volgende.het", atrium=name, **said)


def _audience_note(atrium: Atrium, reading: Reading) -> tuple[str, ...]:
    if reading.audience is None or not atrium.audience or reading.audience in atrium.audience:
        return ()
    return (say("volgende.niet voor", doelgroep=AUDIENCE_NAMES[reading.audience]),)


def _belonging(atrium: Atrium, question: Question, scope: Scope) -> tuple[str, ...]:
    """Why this one, or how to get one's own."""
    kind = question.reading.kind
    if kind is Kind.LOKAAL and scope.place is None and not scope.parts:
        return (say("volgende.welke gemeente"),)
    return belonging_notes([atrium], scope) if kind is None or scope.parts else ()


def _elsewhere(question: Question, scope: Scope) -> Reply:
    """Nothing at the place named; a kind that is not bound to a place is told from elsewhere."""
    reading = question.reading
    bound = reading.kind is None or reading.kind in BOUND_TO_PLACE
    if scope.place is None or bound or reading.period is not None:
        return nothing_found(question)
    wider = replace(question, reading=replace(reading, place=None, mine=False))
    found = [atrium for atrium in find(wider, _LOOK_AHEAD) if not atrium.is_cancelled]
    if not found:
        return nothing_found(question)
    reply = next_reply(found, wider, scope_of(wider.reading, question.context))
    here = say("volgende.daar niet", plaats=place_name(scope.place))
    return replace(reply, notes=(here, *reply.notes))


def _later_elsewhere(question: Question, scope: Scope) -> Reply | None:
    """The next of its kind, held elsewhere, when none is left at the place; None where a place is bound."""
    reading = question.reading
    if scope.place is None or reading.kind is None or reading.kind in BOUND_TO_PLACE:
        return None
    wider = replace(question, reading=replace(reading, place=None, mine=False))
    there = scope_of(wider.reading, question.context)
    found = found_for(wider, there, _LOOK_AHEAD)
    if all(atrium.is_cancelled for atrium in found):
        return None
    reply = next_reply(found, wider, there)
    here = say("volgende.daar niet meer", plaats=place_name(scope.place))
    return replace(reply, notes=(here, *reply.notes))


def next_reply(found: Sequence[Atrium], question: Question, scope: Scope) -> Reply:
    """The first of `found` that goes on, with those before it that were cancelled.

    `found` holds at least one that goes on.
    """
    held = [atrium for atrium in found if not atrium.is_cancelled]
    coming = [atrium for atrium in held if atrium.starts_at > question.now]
    atrium = held[0] if is_about_the_past(question) or not coming else coming[0]
    before = found[: list(found).index(atrium)]
    busy = [
        say("volgende.nu bezig", atrium=name_of(earlier), wanneer=when_text(earlier))
        for earlier in before
        if not earlier.is_cancelled
    ]
    return one_atrium(
        _next_headline(atrium, question, scope),
        atrium,
        question,
        shown=facts_of(atrium, question.context, "when", "audience", "more"),
        notes=[
            *busy,
            *cancelled_notes(before),
            *_period_note(question),
            *_belonging(atrium, question, scope),
            *_audience_note(atrium, question.reading),
        ],
    )


def next_atrium(question: Question) -> Reply:
    """When the next one is that fits, with where, theme and registration."""
    if needs_municipality(question):
        return which_municipality()
    scope = scope_of(question.reading, question.context)
    found = found_for(question, scope, _LOOK_AHEAD)
    if any(not atrium.is_cancelled for atrium in found):
        return next_reply(found, question, scope)
    if scope.unassigned:
        return unassigned(question, scope.unassigned)
    if question.reading.later:
        return _later_elsewhere(question, scope) or none_left(question)
    reply = _elsewhere(question, scope)
    return replace(reply, notes=(*cancelled_notes(found), *reply.notes))
