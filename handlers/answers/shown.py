"""How an answer shows atria: what they are called, where they are told from, what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.answers.question import Question
from handlers.context import Context
from handlers.model import Atrium, Kind, Query
from handlers.reply import Action, ActionKind, Fact, Reply
from handlers.wording.cards import FactKey, card, facts_by_key, when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import NEAR, date_with_year, local_day, numeric_date, relative_day
from handlers.wording.sentences import enumeration
from handlers.wording.texts import CONTACT_PHONE, NETWORK, kind_name, typed_kind

#: A provincial programme has five places; more than these are not told in one line.
_OTHER_PLACES = 8


def name_of(atrium: Atrium) -> str:
    """What one atrium is called in a sentence after "het": "Provinciaal Atrium in Gent"."""
    kind = kind_name(atrium.kind)
    # A title was made with the name that the kind had then.
    named = (kind, typed_kind(atrium.kind))
    begins = next((each for each in named if atrium.title.casefold().startswith(each.casefold())), None)
    if begins is None:
        return f'{kind} "{atrium.title}"'
    rest = atrium.title[len(begins) :].lstrip(" :–-")
    if atrium.kind in (Kind.LOKAAL, Kind.OP_MAAT) and rest:
        return atrium.title
    if atrium.kind is Kind.THEMATISCH and rest:
        return f"{kind} over {rest}"
    return f"{kind} in {atrium.municipality}"


def on_day_text(atrium: Atrium, question: Question) -> str:
    """Its day and hours, with a relative word beside the date: "morgen, op dinsdag 24 november 2026, ..."."""
    near = None if atrium.has_ended(question.now) else relative_day(atrium.local_date, question.today)
    return f"{NEAR[near]}, op {when_text(atrium)}" if near else f"op {when_text(atrium)}"


def verb_of(atrium: Atrium, question: Question) -> str:
    """The verb before its day: "is", or "was" when it is over."""
    return "was" if atrium.has_ended(question.now) else "is"


def held_text(atrium: Atrium, question: Question) -> str:
    """When it is held, as a sentence on this atrium alone."""
    return say(
        "atrium.wanneer",
        atrium=name_of(atrium),
        werkwoord=verb_of(atrium, question),
        wanneer=on_day_text(atrium, question),
    )


def page_url(atrium: Atrium, context: Context) -> str | None:
    """The page of a public atrium; None where there is no agenda page."""
    return f"{context.public_url}/atria/{atrium.uid}" if context.public_url and atrium.is_public else None


def actions(atrium: Atrium, context: Context) -> tuple[Action, ...]:
    """What can be done with one atrium: register, put in one's calendar, be reminded, read more."""
    page = page_url(atrium, context)
    found = []
    if atrium.registration_url and atrium.registration_is_open(context.now):
        register = Action(
            kind=ActionKind.REGISTER,
            label=say("knop.inschrijven"),
            uid=atrium.uid,
            url=atrium.registration_url,
        )
        found.append(register)
    if page and not atrium.is_cancelled:
        calendar = Action(
            kind=ActionKind.CALENDAR, label=say("knop.in agenda"), uid=atrium.uid, url=f"{page}.ics"
        )
        found.append(calendar)
    if not atrium.is_cancelled and context.now < atrium.starts_at:
        says = f"herinner mij aan {atrium.uid}"
        found.append(
            Action(kind=ActionKind.REMIND, label=say("knop.herinner mij"), uid=atrium.uid, says=says)
        )
    if page:
        found.append(Action(kind=ActionKind.MORE, label=say("knop.meer"), uid=atrium.uid, url=page))
    return tuple(found)


def source_text(atria: Iterable[Atrium], context: Context) -> str | None:
    """The last line: where it comes from, and the day of the last change to what is shown."""
    moments = [atrium.updated_at for atrium in atria]
    latest = max(moments) if moments else context.agenda.updated_at()
    if latest is None:
        return None
    return say("antwoord.bron", netwerk=NETWORK, dag=date_with_year(local_day(latest)))


def elsewhere_note(atrium: Atrium, context: Context) -> str | None:
    """Where else the same programme is still to come: "Ook in Antwerpen (6/4) en Leuven (9/4)."."""
    if atrium.programme_uid is None:
        return None
    siblings = context.agenda.upcoming(
        Query(
            programme_uid=atrium.programme_uid,
            begins_from=context.now,
            visible_to=context.reads,
            include_cancelled=False,
            limit=_OTHER_PLACES,
        )
    )
    others = [
        f"{other.municipality} ({numeric_date(other.local_date, beside=atrium.local_date)})"
        for other in siblings
        if other.uid != atrium.uid
    ]
    return say("antwoord.ook in", plaatsen=enumeration(others)) if others else None


def withheld_text() -> str:
    """What is said of the Atrium Lokale Mandatarissen where it may not be shown."""
    return say("mandatarissen", telefoon=CONTACT_PHONE)


def search_notes(question: Question) -> tuple[str, ...]:
    """What belongs under every answer from the agenda: that another community knows more."""
    return (withheld_text(),) if question.withholds_mandatarissen else ()


def facts_of(atrium: Atrium, context: Context, *omitted: FactKey) -> tuple[Fact, ...]:
    """The facts in the fixed order, without those that are omitted."""
    every = facts_by_key(atrium, context.now, page_url(atrium, context))
    return tuple(fact for key, fact in every.items() if key not in omitted)


def one_atrium(
    headline: str,
    atrium: Atrium,
    question: Question,
    *,
    shown: tuple[Fact, ...],
    paragraphs: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Reply:
    """The answer on one atrium: the headline, its facts, where else, and its source."""
    elsewhere = None if atrium.is_cancelled else elsewhere_note(atrium, question.context)
    return Reply(
        headline=headline,
        paragraphs=tuple(paragraphs),
        facts=shown,
        cards=(card(atrium, question.now),),
        actions=actions(atrium, question.context),
        notes=(*notes, *((elsewhere,) if elsewhere else ()), *search_notes(question)),
        source=source_text([atrium], question.context),
    )
