"""Nothing found, or not sure where to look: said in one line, with the nearest that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.answers.phrases import place_name, question_text
from handlers.answers.question import Question
from handlers.answers.scope import BOUND_TO_PLACE, find, is_about_the_past, scope_of
from handlers.answers.several import audiences_text, kinds_text, periods_text, places_text, themes_text
from handlers.answers.shown import source_text, withheld_text
from handlers.model import Atrium, Kind
from handlers.reading.model import Intent, Reading
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date
from handlers.wording.texts import CONTACT_PHONE, kind_name

#: An answer offers at most this many ways on.
MOST_CHOICES = 2


def contact_text() -> str:
    """Who can be called, and when."""
    return say("contact", telefoon=CONTACT_PHONE)


def ask_others_text() -> str:
    """Who may know what the bot does not."""
    return say("niets.vraag het aan", contact=contact_text())


def _loosened(reading: Reading) -> Iterator[Reading]:
    """The question with one restriction less, the least painful first."""
    wider = replace(reading, intent=Intent.NEXT_SESSION, past=False, count=None, follow_up=False, mine=False)
    if reading.weekdays:
        yield replace(wider, weekdays=(), day_part=None)
        wider = replace(wider, weekdays=(), day_part=None)
    if reading.period or reading.past:
        yield replace(wider, period=None, period_text=None)
    if reading.place or reading.mine:
        yield replace(wider, place=None)
    if reading.theme and (reading.kind or reading.place):
        yield replace(wider, theme=None)
    if reading.kind and (reading.place or reading.theme):
        yield replace(wider, kind=None)
    if reading.place and reading.period:
        yield replace(wider, place=None, period=None, period_text=None)


def _choice(reading: Reading, atrium: Atrium, question: Question) -> Choice:
    says = question_text(reading)
    day = brief_date(atrium.local_date, question.today)
    return Choice(label=f"{says} ({day}, {atrium.municipality})", says=says)


def nearest(question: Question) -> tuple[Choice, ...]:
    """At most two wider questions that do have an answer, each naming it."""
    choices: dict[str, Choice] = {}
    for reading in _loosened(question.reading):
        found = [atrium for atrium in find(replace(question, reading=reading), 5) if not atrium.is_cancelled]
        if found and found[0].uid not in choices:
            choices[found[0].uid] = _choice(reading, found[0], question)
        if len(choices) == MOST_CHOICES:
            break
    return tuple(choices.values())


def _nothing_text(question: Question) -> str:
    reading = question.reading
    words = [kinds_text(reading)]
    if reading.audience and reading.kind is None:
        words.append(f"voor {audiences_text(reading)}")
    place = reading.place or scope_of(reading, question.context).place
    if place:
        words.append(f"{'voor' if reading.kind in BOUND_TO_PLACE else 'in'} {places_text(place, reading)}")
    if reading.theme:
        words.append(f"over {themes_text(reading)}")
    words += filter(None, [periods_text(reading, question.today)])
    name = "niets.kop voorbij" if is_about_the_past(question) else "niets.kop"
    return say(name, gevraagd=" ".join(words))


def about_mandatarissen() -> tuple[str, ...]:
    """What may be said of the Atrium Lokale Mandatarissen everywhere: what it is, for whom, how often."""
    name = kind_name(Kind.MANDATARISSEN)
    return (
        say("soort.voor wie", atrium=name, voor_wie=say("soort.mandatarissen voor wie")),
        say("soort.het is", wat=say("soort.mandatarissen wat")),
        say("soort.hoe vaak", atrium=name, hoe_vaak=say("soort.mandatarissen hoe vaak")),
    )


def nothing_found(question: Question) -> Reply:
    """The agenda holds nothing that was asked for: what was read, and what comes nearest."""
    if question.withholds_mandatarissen:
        reading = question.reading
        narrowed = reading.kind or reading.theme or reading.period
        about = () if narrowed and not reading.mine else about_mandatarissen()
        return Reply(headline=withheld_text(), paragraphs=about)
    if question.context.agenda.updated_at() is None:
        return nothing_yet()
    choices = nearest(question)
    return Reply(
        headline=_nothing_text(question),
        paragraphs=(say("niets.wel"),) if choices else (),
        choices=choices,
        source=source_text((), question.context),
    )


def nothing_yet() -> Reply:
    """Nothing was ever put in the agenda: that says nothing of the atria that there are."""
    return Reply(
        headline=say("niets.agenda leeg"),
        paragraphs=(ask_others_text(),),
    )


def unassigned(question: Question, place: str) -> Reply:
    """The moderators' table names no Lokaal Atrium for this place: said honestly, with who knows."""
    about_atria = question.reading.intent is not Intent.PLATFORM_INFO
    if about_atria and question.context.agenda.updated_at() is None:
        return nothing_yet()
    return Reply(
        headline=say("niets.onbekende regio", plaats=place),
        paragraphs=(ask_others_text(),),
        source=source_text((), question.context),
    )


def which_municipality() -> Reply:
    """ "Mijn lokaal atrium", from somebody whose municipality is not known."""
    return Reply(
        headline=say("wedervraag.gemeente"),
        paragraphs=(say("wedervraag.gemeente uitleg"),),
        understood=False,
    )


def which_place(question: Question) -> Reply:
    """A name that several places bear: which one is meant."""
    reading = question.reading
    offered = reading.places[:MOST_CHOICES] if len(reading.places) > MOST_CHOICES + 1 else reading.places
    choices = tuple(
        Choice(label=place_name(place), says=question_text(replace(reading, place=place, places=())))
        for place in offered
    )
    return Reply(
        headline=say("wedervraag.plaats"),
        paragraphs=(say("wedervraag.plaats uitleg"),),
        choices=choices,
        understood=False,
    )
