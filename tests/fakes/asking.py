"""Somebody who asks: contexts and readings for tests of what the bot answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from handlers.answers.answer import answer
from handlers.answers.question import Question
from handlers.context import Context
from handlers.model import Atrium, Person, Span
from handlers.reading.model import Intent, Reading
from handlers.reply import Reply
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.network import brussels
from tests.fakes.samples import sample_agenda, vocabulary_of

#: A member whom the bot knows.
AN = Person(platform="local", external_id="an", name="An Peeters")

#: The day on which the tests' world stands still.
MONDAY = "2026-11-23 10:00"


def context_at(moment: str = MONDAY, *, agenda: MemoryAgenda | None = None, **rest: Any) -> Context:
    """What the bot knows when An asks at this moment in Brussels, by default of the sample agenda."""
    asked = agenda or sample_agenda()
    given = {"person": AN, "vocabulary": vocabulary_of(asked), **rest}
    return Context(now=brussels(moment), agenda=asked, **given)


def period(first: str | None, last: str | None) -> Span:
    return Span(
        first=dt.date.fromisoformat(first) if first else None,
        last=dt.date.fromisoformat(last) if last else None,
    )


def reply_to(
    intent: Intent,
    context: Context | None = None,
    *,
    text: str = "",
    focus: tuple[Atrium, ...] = (),
    **slots: Any,
) -> Reply:
    """The answer to a reading with these slots."""
    reading = Reading(text=text, intent=intent, **slots)
    return answer(Question(reading=reading, context=context or context_at(), focus=focus))
