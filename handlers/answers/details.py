"""One atrium: when, where, its programme, whether it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handlers.answers.absent import nothing_found, unassigned, which_municipality
from handlers.answers.lists import PAGE, list_reply
from handlers.answers.question import Question
from handlers.answers.scope import BOUND_TO_PLACE, Search, find_in, needs_municipality, scope_of, window_of
from handlers.answers.shown import facts_of, held_text, name_of, on_day_text, one_atrium, verb_of
from handlers.answers.travel import route_links, travel_lines
from handlers.answers.unrecorded import untold_first
from handlers.answers.venues import named_halls
from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Query, Status
from handlers.reply import Reply
from handlers.wording.cards import place_text, programme_lines
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.sentences import number_text

#: How far is looked for one that goes on after a cancelled one.
_LOOK_AHEAD = 12

_ONLINE = r"\b(online|digitaal|hybride|teams|zoom|livestream|streamen|van thuis)\b"
_SPEAKERS = r"\b(sprek\w*|spreekt\w*|spreker\w*)\b"
_SLIDES = r"\b(presentatie\w*|slides?|powerpoint\w*|verslag\w*)\b"
_GOES_ON = r"\b(door|doorgaan|geannuleerd|afgelast|geschrapt|annule\w*)\b"

Told = Callable[[Atrium, Question], Reply]


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """What a question on one atrium can be about.

    Attributes:
        atria: the candidates, the likeliest first.
        several: more than one is meant as much as the other: they are listed.
    """

    atria: Sequence[Atrium]
    several: bool = False
    unassigned: str | None = None


def _held_there_first(question: Question) -> tuple[Search, ...]:
    """Of a place named without a kind, what is held there itself comes before its region's."""
    scope = scope_of(question.reading, question.context)
    if scope.parts and question.reading.kind is None:
        return tuple(part.searches[0] for part in scope.parts)
    in_a_municipality = scope.place is not None and gazetteer().municipality(scope.place) is not None
    return scope.searches[:1] if question.reading.kind is None and in_a_municipality else scope.searches


def targets(question: Question) -> Targets:
    """The atria a question like "waar is het?" is about."""
    if question.focus:
        return Targets(atria=question.focus, several=len(question.focus) > 1)
    halls = named_halls(question)
    if halls:
        return Targets(atria=halls, several=len({atrium.municipality for atrium in halls}) > 1)
    scope, window = scope_of(question.reading, question.context), window_of(question)
    found = find_in(_held_there_first(question), window, question.context, _LOOK_AHEAD)
    if not found:
        found = find_in(scope.searches, window, question.context, _LOOK_AHEAD)
    if not found and scope.place is not None and question.reading.kind not in (None, *BOUND_TO_PLACE):
        wider = replace(question.reading, place=None, mine=False)
        found = find_in(scope_of(wider, question.context).searches, window, question.context, _LOOK_AHEAD)
    reading = question.reading
    open_question = reading.kind is None or (reading.place is None and reading.kind in BOUND_TO_PLACE)
    alternatives = bool(reading.others.places or reading.others.kinds)
    several = (alternatives or (bool(reading.period) and open_question)) and len(found) > 1
    return Targets(atria=found, several=several, unassigned=None if found else scope.unassigned)


def _cancelled(atrium: Atrium, others: Sequence[Atrium], question: Question) -> Reply:
    """The one that was asked about is cancelled; the next one of its kind is told with it."""
    coming = [other for other in others if not other.is_cancelled and other.starts_at > atrium.starts_at]
    if not coming:
        query = Query(
            kinds=frozenset({atrium.kind}),
            region=atrium.region,
            begins_from=question.now,
            include_cancelled=False,
            visible_to=question.context.reads,
            limit=1,
        )
        coming = list(question.context.agenda.upcoming(query))
    following = [
        say(
            "atrium.wat wel doorgaat",
            atrium=name_of(other),
            werkwoord=verb_of(other, question),
            wanneer=on_day_text(other, question),
        )
        for other in coming[:1]
    ]
    return one_atrium(
        say("atrium.geannuleerd", atrium=name_of(atrium), dag=long_date(atrium.local_date)),
        atrium,
        question,
        shown=facts_of(
            atrium, question.context, "when", "where", "theme", "audience", "registration", "more"
        ),
        paragraphs=following,
    )


def _which(found: Sequence[Atrium], question: Question) -> Reply:
    shown = found[:PAGE]
    over = all(atrium.has_ended(question.now) for atrium in shown)
    name = "wedervraag.welk atrium voorbij" if over else "wedervraag.welk atrium"
    headline = say(name, aantal=number_text(len(shown)))
    return list_reply(shown, question, headline, more=False, notes=(say("wedervraag.welk atrium uitleg"),))


def told(question: Question, tell: Told) -> Reply:
    """Find the atrium that is meant and tell of it; cancelled, several and none are said as such."""
    if needs_municipality(question):
        return which_municipality()
    meant = targets(question)
    if meant.unassigned:
        return unassigned(question, meant.unassigned)
    if not meant.atria:
        return nothing_found(question)
    if meant.several:
        return _which(meant.atria, question)
    atrium = meant.atria[0]
    if atrium.is_cancelled:
        return _cancelled(atrium, meant.atria[1:], question)
    return untold_first(tell(atrium, question), atrium, question)


def _when(atrium: Atrium, question: Question) -> Reply:
    return one_atrium(
        held_text(atrium, question),
        atrium,
        question,
        shown=facts_of(atrium, question.context, "when", "audience", "more"),
    )


def _where(atrium: Atrium, question: Question) -> Reply:
    paragraphs = [] if atrium.venue or atrium.address else [say("atrium.zaal onbekend")]
    if question.says(_ONLINE):
        paragraphs.append(_online_text(atrium))
    place = say("atrium.plaats", atrium=name_of(atrium), plaats=place_text(atrium))
    headline, *rest = (*travel_lines(atrium, question), place)
    reply = one_atrium(
        headline,
        atrium,
        question,
        paragraphs=[*rest, *paragraphs],
        shown=facts_of(atrium, question.context, "where", "audience", "more"),
    )
    return replace(reply, links=route_links(atrium, question))


def _online_text(atrium: Atrium) -> str:
    known = " ".join(filter(None, (atrium.venue, atrium.address, atrium.description, atrium.programme)))
    if "online" in known.casefold():
        return say("atrium.online")
    return say("atrium.niet online")


def _programme(atrium: Atrium, question: Question) -> Reply:
    lines = programme_lines(atrium)
    name = name_of(atrium)
    headline = (
        say("atrium.thema", atrium=name, thema=atrium.theme)
        if atrium.theme
        else say("atrium.thema onbekend", atrium=name)
    )
    paragraphs = [atrium.description] if atrium.description else []
    if question.says(_SPEAKERS):
        paragraphs.append(say("atrium.sprekers"))
    if question.says(_SLIDES):
        paragraphs.append(say("atrium.presentaties"))
    paragraphs += [say("atrium.programma"), *(f"- {line}" for line in lines)] if lines else []
    if not lines:
        paragraphs.append(say("atrium.programma onbekend"))
    return one_atrium(
        headline,
        atrium,
        question,
        paragraphs=paragraphs,
        shown=facts_of(atrium, question.context, "theme", "audience", "more"),
    )


_STATUS_TEXTS = {
    Status.GEPLAND: "atrium.gepland",
    Status.BEVESTIGD: "atrium.bevestigd",
    Status.VOORBIJ: "atrium.voorbij",
}


def _detail(atrium: Atrium, question: Question) -> Reply:
    goes_on = question.says(_GOES_ON)
    if goes_on:
        state = "atrium.voorbij" if atrium.has_ended(question.now) else _STATUS_TEXTS[atrium.status]
        headline = say(state, atrium=name_of(atrium), dag=long_date(atrium.local_date))
    else:
        headline = held_text(atrium, question)
    paragraphs = [_online_text(atrium)] if question.says(_ONLINE) else []
    paragraphs += [atrium.description] if atrium.description else []
    return one_atrium(
        headline,
        atrium,
        question,
        paragraphs=paragraphs,
        shown=facts_of(atrium, question.context, *(() if goes_on else ("when",))),
    )


def when(question: Question) -> Reply:
    """The day and the hours of one atrium."""
    return told(question, _when)


def where(question: Question) -> Reply:
    """The venue and address of one atrium, as far as the agenda has them."""
    return told(question, _where)


def programme(question: Question) -> Reply:
    """Theme, description and programme of one atrium."""
    return told(question, _programme)


def session_detail(question: Question) -> Reply:
    """Everything the record holds of one atrium, and whether it goes on."""
    return told(question, _detail)
