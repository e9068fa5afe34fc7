"""What a question leaves out is said before the answer: who forgot it would read a list that misleads."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.answers.phrases import place_name
from handlers.answers.question import Question
from handlers.answers.several import left_out_text
from handlers.reading.model import Intent
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration, quoted
from handlers.wording.texts import AUDIENCE_NAMES, kind_name

#: First words of an answer that lose their capital behind "Zonder ...:".
_SMALL_WORDS = re.compile(r"(?:Er|Dit|Dat|Het|De|In|Voor|Daarna|Welk|Je|Bij) ")


def telling_what_is_left_out(reply: Reply, question: Question) -> Reply:
    """The answer after what was left out of it, and a note on what could not be left out."""
    without = question.reading.without
    searches = question.reading.intent in (Intent.NEXT_SESSION, Intent.LIST_SESSIONS)
    if not without or not reply.understood or (question.focus and not searches):
        return reply
    said = left_out_text(without, question.today)
    if said:
        headline = reply.headline
        if _SMALL_WORDS.match(headline):
            headline = headline[0].lower() + headline[1:]
        reply = replace(reply, headline=say("zonder.kop", wat=said, antwoord=headline))
    if without.unread:
        typed = enumeration([f'"{quoted(words)}"' for words in without.unread])
        reply = replace(reply, notes=(say("zonder.niet gezocht", gezegd=typed), *reply.notes))
    return reply


def following_the_first(reply: Reply, question: Question) -> Reply:
    """One thing is followed at a time: the alternatives are to be asked for apart."""
    others = question.reading.others
    names = [
        *(kind_name(kind, 2) for kind in others.kinds),
        *(place_name(place) for place in others.places),
        *(AUDIENCE_NAMES[audience] for audience in others.audiences),
        *(quoted(theme) for theme in others.themes),
    ]
    if not names or not reply.understood:
        return reply
    return replace(reply, notes=(say("volgen.een tegelijk", andere=enumeration(names)), *reply.notes))


def follows_no_exceptions() -> Reply:
    """Who follows everything but one thing would be told of that too."""
    return Reply(headline=say("zonder.volgen"), paragraphs=(say("zonder.volgen uitleg"),))
