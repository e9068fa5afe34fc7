"""Lists of atria: by kind, place, region, audience, theme and period; past ones newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.answers.absent import unassigned, which_municipality
from handlers.answers.belonging import belonging_notes
from handlers.answers.later import found_for, none_left
from handlers.answers.question import Question
from handlers.answers.scope import Scope, find, is_about_the_past, needs_municipality, place_of, scope_of
from handlers.answers.several import audiences_text, kinds_text, periods_text, places_text, themes_text
from handlers.answers.shown import facts_of, name_of, on_day_text, one_atrium, search_notes, source_text
from handlers.answers.upcoming import next_reply
from handlers.gazetteer import gazetteer
from handlers.model import Atrium
from handlers.reply import Choice, Link, Reply
from handlers.wording.cards import card
from handlers.wording.catalogue import say
from handlers.wording.dates import hours_text
from handlers.wording.sentences import number_text

#: A list fills one screen of a phone; what is more is a question further.
PAGE = 8
#: More than this is never listed in one answer, however many are asked for.
MOST = 20
#: More than so many are never counted.
MOST_COUNTED = 500

_HOW_MANY = r"\b(hoeveel|combien|how many)\b"


def list_name(question: Question, number: int) -> str:
    """What is listed, in words: "Lokale Atria voor Gent over bodem in maart 2027"."""
    reading = question.reading
    words = [kinds_text(reading, number)]
    if reading.audience and reading.kind is None:
        words.append(f"voor {audiences_text(reading)}")
    place = place_of(reading, question.context)
    if place:
        within = "voor" if gazetteer().municipality(place) else "in"
        words.append(f"{within} {places_text(place, reading)}")
    if reading.theme:
        words.append(f"over {themes_text(reading)}")
    words.append(periods_text(reading, question.today))
    return " ".join(word for word in words if word)


def _counted_headline(question: Question, found: Sequence[Atrium], shown: int) -> str:
    """How many there are, for who asked how many, and how many of them follow."""
    off = sum(atrium.is_cancelled for atrium in found)
    return say(
        "lijst.geteld",
        werkwoord=say("lijst.waren er" if is_about_the_past(question) else "lijst.zijn er"),
        aantal=number_text(len(found)),
        atria=list_name(question, len(found)),
        waarvan=say("lijst.waarvan geannuleerd", aantal=number_text(off)) if off else "",
        getoond=number_text(shown),
        welke=say("lijst.recentste zoveel" if is_about_the_past(question) else "lijst.eerste zoveel"),
    )


def _list_headline(question: Question, shown: Sequence[Atrium], *, more: bool, total: int = 0) -> str:
    off = sum(atrium.is_cancelled for atrium in shown)
    cancelled = say("lijst.waarvan geannuleerd", aantal=number_text(off)) if off and len(shown) > 1 else ""
    past = is_about_the_past(question)
    if total:
        name = "lijst.oudste" if past else "lijst.laatste"
    elif past:
        name = "lijst.recentste" if more else "lijst.waren"
    elif more or question.reading.count:
        first = question.reading.period and not question.reading.later
        name = "lijst.eerste" if first else "lijst.volgende"
    else:
        name = "lijst.alle"
    number, atria = number_text(len(shown)), list_name(question, len(shown))
    return say(name, aantal=number, van=number_text(total), atria=atria, waarvan=cancelled)


def _total_of_the_last(question: Question, scope: Scope, found: Sequence[Atrium]) -> int:
    """How many there are in all where these are the last of a list that was begun; else 0."""
    if not question.reading.later:
        return 0
    whole = replace(question, reading=replace(question.reading, later=False))
    total = len(found_for(whole, scope, MOST_COUNTED))
    return total if len(found) < total < MOST_COUNTED else 0


def _more(question: Question) -> tuple[tuple[Link, ...], tuple[Choice, ...]]:
    """The way to the rest: a link to the agenda page and, everywhere, a question further."""
    url = question.context.public_url
    links = (Link(label=say("knop.hele agenda"), url=f"{url}/"),) if url else ()
    return links, (Choice(label=say("knop.toon meer"), says="toon meer"),)


def list_reply(
    shown: Sequence[Atrium], question: Question, headline: str, *, more: bool, notes: Sequence[str] = ()
) -> Reply:
    """A list of atria, one line each."""
    links, choices = _more(question) if more else ((), ())
    return Reply(
        headline=headline,
        cards=tuple(card(atrium, question.now) for atrium in shown),
        listed=True,
        links=links,
        choices=choices,
        notes=(*notes, *search_notes(question)),
        source=source_text(shown, question.context),
    )


def _only_one(atrium: Atrium, question: Question, scope: Scope, total: int) -> Reply:
    """A list of one is told in full."""
    period = question.reading.period
    on_that_day = period is not None and period.first == period.last
    when = hours_text(atrium.starts_at, atrium.ends_at) if on_that_day else on_day_text(atrium, question)
    name = "lijst.enige"
    if atrium.is_cancelled:
        name = "lijst.enige geannuleerd" if on_that_day else "lijst.enige stond"
    if total:
        name = "lijst.laatste een geannuleerd" if atrium.is_cancelled else "lijst.laatste een"
    return one_atrium(
        say(
            name,
            werkwoord="was" if is_about_the_past(question) else "is",
            gevraagd=list_name(question, 1),
            van=number_text(total),
            atrium=name_of(atrium),
            wanneer=when,
        ),
        atrium,
        question,
        shown=facts_of(atrium, question.context, "when", "audience", "more"),
        notes=belonging_notes([atrium], scope),
    )


def list_atria(question: Question) -> Reply:
    """Every atrium that fits, by start; past ones newest first."""
    if needs_municipality(question):
        return which_municipality()
    reading = question.reading
    scope = scope_of(reading, question.context)
    size = min(reading.count or PAGE, MOST)
    counts = reading.count is None and question.says(_HOW_MANY)
    found = found_for(question, scope, MOST_COUNTED if counts else size + 1)
    if not found:
        return unassigned(question, scope.unassigned) if scope.unassigned else none_left(question)
    shown = found[:size]
    more = len(found) > size and reading.count is None
    if size == 1 and not shown[0].is_cancelled:
        return next_reply(shown, question, scope)
    total = _total_of_the_last(question, scope, found) if len(found) <= size else 0
    if len(shown) == 1 and not more:
        return _only_one(shown[0], question, scope, total)
    headline = (
        _counted_headline(question, found, len(shown))
        if counts and more
        else _list_headline(question, shown, more=more, total=total)
    )
    return list_reply(shown, question, headline, more=more, notes=belonging_notes(shown, scope))


def last_of(question: Question) -> Atrium | None:
    """The last of all that was asked for, also where only the first of them were shown."""
    found = find(question, MOST_COUNTED)
    return found[-1] if found else None
