"""What the bot does not answer, and what it did not understand."""

from __future__ import annotations

from dataclasses import replace

from handlers.answers.absent import MOST_CHOICES, contact_text
from handlers.answers.phrases import question_text, what_was_read
from handlers.answers.question import Question
from handlers.answers.unread import declined, not_understood
from handlers.reading.intents import is_nonsense
from handlers.reading.model import Intent
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say

_WITHOUT_CHOICE = frozenset({Intent.CLARIFY, Intent.OUT_OF_SCOPE})


def out_of_scope(question: Question) -> Reply:
    """Not for this bot: said in short, with who may know; of words that it knows none of it cannot tell."""
    if is_nonsense(question.reading.text):
        return replace(clarify(question), changes=declined(question))
    return Reply(
        headline=say("niet voor mij"),
        paragraphs=(say("contact.netwerk", contact=contact_text()),),
        changes=declined(question),
        understood=False,
    )


def clarify(question: Question) -> Reply:
    """Not sure what is asked: what was read, and at most two questions that it could have been."""
    reading = question.reading
    read = what_was_read(reading, question.today)
    guesses = [guess for guess in reading.guesses if guess not in _WITHOUT_CHOICE][:MOST_CHOICES]
    says = dict.fromkeys(question_text(replace(reading, intent=guess), guess) for guess in guesses)
    return Reply(
        headline=say("niet begrepen"),
        paragraphs=((say("wedervraag.dit las ik", gelezen=read),) if read else ())
        + ((say("wedervraag.bedoel je"),) if says else ()),
        choices=tuple(Choice(label=each, says=each) for each in says),
        notes=(say("contact.liever iemand", contact=contact_text()),),
        changes=not_understood(question),
        understood=False,
    )
