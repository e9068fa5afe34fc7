"""What the bot does not answer, and what it did not understand."""

from __future__ import annotations

from dataclasses import replace

from handlers.answers.absent import MOST_CHOICES, contact_text
from handlers.answers.phrases import question_text, what_was_read
from handlers.answers.question import Question
from handlers.changes import QuestionUnread
from handlers.reading.model import Intent
from handlers.reply import Choice, Reply
from handlers.wording.texts import text

#: How much of a question is kept for the moderators, in characters.
MOST_KEPT = 500

#: Words that make a question look like one for this network, though the bot has no answer.
_OF_THE_DOMAIN = (
    r"atri(um|a)|\bsessie|\boverleg|\bnetwerk|inschrij|uitschrij|\bgroep|yammer|engage|moderator|"
    r"bestuurskracht|mandataris|omgevings?(ambtenaar|loket|beleid)|departement|\bpbm\b|herinner"
)

_WITHOUT_CHOICE = frozenset({Intent.CLARIFY, Intent.OUT_OF_SCOPE})


def _unread(question: Question, reason: str) -> QuestionUnread:
    return QuestionUnread(text=question.reading.text[:MOST_KEPT], reason=reason)


def out_of_scope(question: Question) -> Reply:
    """Not for this bot: said in short, with who may know."""
    looks_ours = question.says(_OF_THE_DOMAIN)
    return Reply(
        headline=text("niet voor mij", question.context.texts),
        paragraphs=(f"Vragen over het netwerk: {contact_text(question)}",),
        changes=(_unread(question, "buiten bereik"),) if looks_ours else (),
        understood=False,
    )


def clarify(question: Question) -> Reply:
    """Not sure what is asked: what was read, and at most two questions that it could have been."""
    reading = question.reading
    read = what_was_read(reading, question.today)
    guesses = [guess for guess in reading.guesses if guess not in _WITHOUT_CHOICE][:MOST_CHOICES]
    says = dict.fromkeys(question_text(replace(reading, intent=guess), guess) for guess in guesses)
    return Reply(
        headline=text("niet begrepen", question.context.texts),
        paragraphs=((f"Dit las ik wel: {read}.",) if read else ()) + (("Bedoel je:",) if says else ()),
        choices=tuple(Choice(label=each, says=each) for each in says),
        notes=(f"Liever iemand spreken? {contact_text(question)}",),
        changes=(_unread(question, "niet begrepen"),),
        understood=False,
    )
