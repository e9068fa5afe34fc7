"""Registering and unregistering: for one atrium from its record, and how it goes in general."""

from __future__ import annotations

from handlers.answers.absent import contact_text
from handlers.answers.details import told
from handlers.answers.question import Question
from handlers.answers.scope import BOUND_TO_PLACE
from handlers.answers.shown import facts_of, name_of, one_atrium, search_notes, withheld_text
from handlers.model import Atrium
from handlers.reply import Reply
from handlers.wording.cards import registration_text
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date

_COST = r"\b(kost\w*|gratis|prijs\w*|betal\w*|betalend\w*|euro|tarief)\b"
_COLLEAGUE = r"\b(collega\w*|iemand|meebreng\w*|meenemen|met twee|met z.n)\b"
_UNREGISTER = (
    r"\b(uitschrijv\w*|annule\w*|afmeld\w*|schrijf\w* .*\buit|uit te schrijven|afzeggen|niet .*\bkomen)\b"
)
_ROOM = (
    r"\b(hoeveel (?:vrije )?plaats\w*|plaats\w* (over|vrij)|nog plaats\w*|vrije plaats\w*|volzet|vol|volboekt"
    r"|wachtlijst)\b"
)


def _answers_in_short(question: Question, atrium: Atrium | None = None) -> list[str]:
    """What was asked on registering besides how: the cost, a colleague, room left."""
    found = []
    if question.says(_COST):
        found.append(say("inschrijven.gratis"))
    if question.says(_COLLEAGUE):
        found.append(say("inschrijven.collega"))
    if question.says(_ROOM) and atrium is not None and _is_full(atrium, question):
        found.append(say("inschrijven.is volzet"))
    elif question.says(_ROOM):
        found.append(say("inschrijven.vrije plaatsen"))
    return found


def _is_full(atrium: Atrium, question: Question) -> bool:
    return atrium.is_full and atrium.starts_at > question.now


def _unregister(atrium: Atrium) -> list[str]:
    lines = [say("uitschrijven")]
    who, contact = atrium.organiser, atrium.contact
    if who and contact:
        lines.append(say("inschrijven.organisator met contact", organisator=who, contact=contact))
    elif who:
        lines.append(say("inschrijven.organisator", organisator=who))
    return lines


def _of_one(atrium: Atrium, question: Question) -> Reply:
    lines = _answers_in_short(question, atrium)
    if question.says(_UNREGISTER):
        lines += _unregister(atrium)
    which = {"atrium": name_of(atrium), "dag": long_date(atrium.local_date)}
    if lines:
        headline, paragraphs = lines[0], lines[1:]
        shown = facts_of(atrium, question.context, "where", "theme", "audience", "more")
        paragraphs.append(say("inschrijven.het gaat om", **which))
    elif atrium.registration_is_open(question.now):
        headline, paragraphs = say("inschrijven.kan", **which), []
        shown = facts_of(atrium, question.context, "theme", "audience", "more")
    else:
        line = registration_text(atrium, question.now)
        headline, paragraphs = say("inschrijven.kan niet meer", **which), [line]
        shown = facts_of(atrium, question.context, "theme", "audience", "more", "registration")
    return one_atrium(headline, atrium, question, paragraphs=paragraphs, shown=shown)


def _in_general(question: Question) -> Reply:
    lines = _answers_in_short(question)
    if question.says(_UNREGISTER):
        lines.append(say("uitschrijven"))
    elif not lines:
        lines.append(say("inschrijven"))
    lines.append(say("inschrijven.welk"))
    lines.append(say("inschrijven.vragen", contact=contact_text()))
    return Reply(headline=lines[0], paragraphs=tuple(lines[1:]), notes=search_notes(question))


def registration(question: Question) -> Reply:
    """How to register or unregister; with the link and the deadline where an atrium is named."""
    reading = question.reading
    # Whoever unregisters knows for which place; a link to another one would mislead.
    any_place = reading.kind in BOUND_TO_PLACE and reading.place is None and not question.focus
    if not question.names_something or (any_place and question.says(_UNREGISTER)):
        return _in_general(question)
    reply = told(question, _of_one)
    if question.withholds_mandatarissen and not reply.cards:
        return Reply(headline=withheld_text())
    return reply
