"""An answer that was not what somebody asked: the whole way from the thread to the moderators' list."""

from __future__ import annotations

import datetime as dt

from bot.conversation import Conversation
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.reply import Reply
from scheduler.rules import Rules
from store.engine import Store
from store.questions import UnreadQuestion, unread

QUESTION = "wanneer is het volgende provinciaal atrium in Gent?"


class Talk:
    """A thread of the local community, on a real store."""

    def __init__(self, store: Store, now: dt.datetime) -> None:
        self._store = store
        self._now = now
        self._said = 0
        self._conversation = Conversation(Effects(Rules(), Pseudonyms(b"sleutel")), public_url=None)

    def say(self, text: str, who: str = "An Peeters") -> Reply:
        self._said += 1
        message = Message(
            platform="local",
            event_id=str(self._said),
            text=text,
            author_id=who,
            author_name=who,
            sent_at=self._now + dt.timedelta(minutes=self._said),
            thread="1",
        )
        with self._store.writing() as session:
            return self._conversation.answer(session, message)

    def on_the_list(self) -> list[UnreadQuestion]:
        with self._store.reading() as session:
            return unread(session)


def test_a_thumb_down_puts_the_question_on_the_list_under_a_pseudonym(store: Store, now: dt.datetime) -> None:
    talk = Talk(store, now)
    talk.say(QUESTION)
    talk.say("👎")

    (question,) = talk.on_the_list()
    assert (question.text, question.reason) == (QUESTION, "afgekeurd")
    assert question.author == Pseudonyms(b"sleutel").of("local", "An Peeters")
    assert "An" not in question.author


def test_pressing_twice_is_once_and_somebody_else_is_another(store: Store, now: dt.datetime) -> None:
    talk = Talk(store, now)
    talk.say(QUESTION)
    first = talk.say("👎")
    second = talk.say("👎")
    assert second == first
    assert len(talk.on_the_list()) == 1

    talk.say("dat klopt niet", who="Bert")
    assert len(talk.on_the_list()) == 2


def test_a_question_that_was_declined_before_is_on_the_list_once(store: Store, now: dt.datetime) -> None:
    talk = Talk(store, now)
    talk.say("hoe reset ik mijn wachtwoord van yammer")
    talk.say("dat is niet wat ik vroeg")

    assert [question.reason for question in talk.on_the_list()] == ["buiten bereik"]
