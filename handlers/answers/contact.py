"""Who to talk to, and whether they can be reached now."""

from __future__ import annotations

from handlers.answers.absent import contact_text, nothing_found
from handlers.answers.details import targets
from handlers.answers.hours import CLOSES, OPENS, is_reachable, reachable_again
from handlers.answers.question import Question
from handlers.answers.shown import name_of, source_text, withheld_text
from handlers.model import Atrium
from handlers.reply import Fact, Reply
from handlers.wording.cards import UNKNOWN
from handlers.wording.dates import clock_text, long_date, relative_day


def reachable_text(question: Question) -> str:
    """Whether somebody answers the phone now, and otherwise when next."""
    if is_reachable(question.now):
        return f"Er is nu iemand bereikbaar, tot {clock_text(CLOSES)} u."
    day = reachable_again(question.now)
    near = relative_day(day, question.today)
    beside = f" ({near})" if near in ("vandaag", "morgen", "overmorgen") else ""
    opens = f"{long_date(day)}{beside} vanaf {clock_text(OPENS)} u."
    return f"Nu is er niemand bereikbaar. Dat kan opnieuw op {opens}"


def _organiser(atrium: Atrium, question: Question) -> Reply:
    name = f"het {name_of(atrium)}"
    if atrium.organiser is None and atrium.contact is None:
        headline = f"Wie {name} organiseert, {UNKNOWN}."
    elif atrium.organiser is None:
        headline = f"Contact voor {name}: {atrium.contact}."
    else:
        headline = f"Organisator van {name} van {long_date(atrium.local_date)}: {atrium.organiser}."
    shown = atrium.organiser and atrium.contact
    return Reply(
        headline=headline,
        facts=(Fact(label="Contact", text=atrium.contact),) if shown and atrium.contact else (),
        notes=(f"Algemeen: {contact_text()}", reachable_text(question)),
        source=source_text([atrium], question.context),
    )


def contact(question: Question) -> Reply:
    """The department, or the organiser of the atrium that is named."""
    names_one = question.focus or question.reading.kind or question.reading.theme or question.reading.place
    if not names_one:
        return Reply(
            headline=f"Contact: {contact_text()}",
            paragraphs=(reachable_text(question),),
        )
    found = targets(question)
    if found.atria:
        return _organiser(found.atria[0], question)
    headline = withheld_text() if question.withholds_mandatarissen else nothing_found(question).headline
    return Reply(
        headline=headline,
        paragraphs=(f"Algemeen: {contact_text()}", reachable_text(question)),
        source=source_text((), question.context),
    )
