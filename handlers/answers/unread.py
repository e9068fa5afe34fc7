"""What goes on the moderators' list of questions that the bot could not answer, and what does not.

Greetings, thanks, nonsense and attempts to give the bot other orders are no questions. Of a
question only its words are kept: who signed it, addresses and phone numbers are left out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handlers.answers.question import Question
from handlers.changes import QuestionUnread
from handlers.reading.intents import ANCHORS, abstract_of
from handlers.reading.words import sentence_of

#: How much of a question is kept for the moderators, in characters.
MOST_KEPT = 500


class Why(StrEnum):
    """Why a question is on the list; moderators read these words."""

    NOT_UNDERSTOOD = "niet begrepen"
    OUT_OF_SCOPE = "buiten bereik"
    ELSEWHERE = "niet over het netwerk"
    REJECTED = "afgekeurd"


#: Words that make a question look like one for this network, though the bot has no answer.
_OF_THE_DOMAIN = (
    r"atri(um|a)|\bsessie|\boverleg|\bnetwerk|inschrij|uitschrij|\bgroep|yammer|engage|moderator|"
    r"bestuurskracht|mandataris|omgevings?(ambtenaar|loket|beleid)|departement|\bpbm\b|herinner"
)
#: Words with which somebody asks something, whatever it is about; a message without is no question.
_ASKING = (
    r"^\W*(wat|wie|waar|wanneer|hoe|hoeveel|welke?|waarom|kan|kun|mag|moet|is|zijn|heeft|hebben|bestaat|geldt)\b"
    r"|\?\s*$"
)
#: The concept of the reader for words that give the bot orders.
_ORDERS = "MANIPULATIE"
#: A single word that is none of this domain ("hm", "ja") asks nothing.
_FEWEST_WORDS = 2
#: Fewer words than these ask nothing that somebody could answer.
_FEWEST_ASKED = 3

_MAIL = re.compile(r"\S+@\S+\.\w+")
_NAME = re.compile(r"<@[^>]*>|(?<!\w)@\w[\w.\-]*")
# Nine digits or more from a zero or a plus on; a date has eight, also when an hour follows it.
_PHONE = re.compile(r"(?<!\w)(?!\d{1,2}[./-]\d{1,2}[./-]\d{4})(?:\+\d|0)(?:[\s./()-]{0,2}\d){8,}")


def kept(text: str, why: Why) -> QuestionUnread:
    """The change that puts a question on the list, without who signed it and how to reach them."""
    text = _unsigned(text)
    for pattern, instead in ((_MAIL, "[e-mailadres]"), (_PHONE, "[telefoonnummer]"), (_NAME, "[naam]")):
        text = pattern.sub(instead, text)
    return QuestionUnread(text=text.strip()[:MOST_KEPT], reason=why.value)


def _unsigned(text: str) -> str:
    """The text up to "met vriendelijke groeten, An Peeters", with the sign that ends the question."""
    sentence = sentence_of(text)
    for word, start in list(zip(sentence.words, sentence.starts, strict=True))[sentence.closing :]:
        if word not in {".", ","}:
            return text[:start].rstrip(", \n")
    return text


def declined(question: Question) -> tuple[QuestionUnread, ...]:
    """What to keep of a question that is not for this bot: it asks something, and gives no orders.

    What looks like ours, and what is of elsewhere, are told apart.
    """
    if _gives_orders(question):
        return ()
    if _is_of_the_domain(question):
        return (kept(question.reading.text, Why.OUT_OF_SCOPE),)
    if _asks_something(question):
        return (kept(question.reading.text, Why.ELSEWHERE),)
    return ()


def not_understood(question: Question) -> tuple[QuestionUnread, ...]:
    """What to keep of a question on which the bot asked back: all but a lone "hm".

    Orders do not come here: the reader declines them.
    """
    says_much = len(sentence_of(question.reading.text).words) >= _FEWEST_WORDS
    if not (says_much or _is_of_the_domain(question)):
        return ()
    return (kept(question.reading.text, Why.NOT_UNDERSTOOD),)


def _gives_orders(question: Question) -> bool:
    return abstract_of(sentence_of(question.reading.text)).holds(_ORDERS)


def _asks_something(question: Question) -> bool:
    """Whether a declined message is a question in words that are some."""
    sentence = sentence_of(question.reading.text)
    has_words = sum(word.isalpha() for word in sentence.words) >= _FEWEST_ASKED
    return has_words and question.says(_ASKING)


def _is_of_the_domain(question: Question) -> bool:
    reading, known = question.reading, question.context.vocabulary
    if (
        reading.kind
        or reading.audience
        or (reading.theme and reading.theme in (*known.themes, *known.groups))
    ):
        return True
    return question.says(_OF_THE_DOMAIN) or abstract_of(sentence_of(reading.text)).holds(*ANCHORS)
