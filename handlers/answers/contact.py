"""Who to talk to, and whether they can be reached now."""

from __future__ import annotations

from handlers.answers.absent import contact_text, nothing_found
from handlers.answers.details import targets
from handlers.answers.hours import CLOSES, OPENS, is_reachable, reachable_again
from handlers.answers.question import Question
from handlers.answers.shown import name_of, source_text, withheld_text
from handlers.model import Atrium
from handlers.reply import Fact, Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import NEAR, clock_text, long_date, relative_day


def reachable_text(question: Question) -> str:
    """Whether somebody answers the phone now, and otherwise when next."""
    if is_reachable(question.now):
        return say("contact.nu bereikbaar", uur=clock_text(CLOSES))
    day = reachable_again(question.now)
    near = relative_day(day, question.today)
    beside = f" ({NEAR[near]})" if near in ("vandaag", "morgen", "overmorgen") else ""
    return say("contact.later bereikbaar", dag=f"{long_date(day)}{beside}", uur=clock_text(OPENS))


def _organiser(atrium: Atrium, question: Question) -> Reply:
    name, day = name_of(atrium), long_date(atrium.local_date)
    if atrium.organiser is not None:
        headline = say("contact.organisator", atrium=name, dag=day, organisator=atrium.organiser)
    elif atrium.contact is not None:
        headline = say("contact.van atrium", atrium=name, contact=atrium.contact)
    else:
        headline = say("contact.organisator onbekend", atrium=name)
    shown = atrium.organiser and atrium.contact
    return Reply(
        headline=headline,
        facts=(Fact(label=say("label.contact"), text=atrium.contact),) if shown and atrium.contact else (),
        notes=(_in_general(), reachable_text(question)),
        source=source_text([atrium], question.context),
    )


def _in_general() -> str:
    return say("contact.algemeen", contact=contact_text())


def contact(question: Question) -> Reply:
    """The department, or the organiser of the atrium that is named."""
    names_one = question.focus or question.reading.kind or question.reading.theme or question.reading.place
    if not names_one:
        return Reply(
            headline=say("contact.kop", contact=contact_text()),
            paragraphs=(reachable_text(question),),
        )
    found = targets(question)
    if found.atria:
        return _organiser(found.atria[0], question)
    headline = withheld_text() if question.withholds_mandatarissen else nothing_found(question).headline
    return Reply(
        headline=headline,
        paragraphs=(_in_general(), reachable_text(question)),
        source=source_text((), question.context),
    )
