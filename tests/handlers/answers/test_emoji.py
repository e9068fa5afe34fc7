"""Messages without a word, or without a word that is known."""

from __future__ import annotations

import pytest

from handlers.routing import respond
from tests.fakes.asking import context_at
from tests.fakes.thread import Thread

WHAT_CAN_BE_ASKED = (
    'Dag. Vraag mij gerust iets over de atria, bijvoorbeeld: "welke lokale atria zijn er in februari?"'
)


@pytest.mark.parametrize("said", ["👍", "👍🏽", ":+1:", "❤️", ":heart:", "👏👏", ":clap::skin-tone-3:"])
def test_a_thumb_a_heart_and_applause_are_thanks(said: str) -> None:
    assert respond(said, context_at()).plain_text() == "Graag gedaan."


@pytest.mark.parametrize("said", ["🎉🎉🎉", ":wave:", "😀👍", "🇧🇪", "@atriumbot 🎉 !"])
def test_other_emoji_get_one_line_with_what_can_be_asked(said: str) -> None:
    reply = respond(said, context_at())
    assert reply.plain_text() == WHAT_CAN_BE_ASKED
    assert not reply.answers_question


def test_emoji_leave_the_thread_as_it_was() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    thread.ask("🎉")
    assert thread.ask("en in Leuven?").atria == ("atr-1-043",)


def test_a_thumb_down_is_no_small_talk() -> None:
    assert respond("👎", context_at()).headline == "Ik weet niet meer over welke vraag het gaat."


@pytest.mark.parametrize("said", ["asdkjh qwe zzz", "xyzzy"])
def test_words_that_nobody_knows_are_not_understood(said: str) -> None:
    reply = respond(said, context_at())
    assert reply.headline == "Ik begrijp je vraag niet goed."
    assert not reply.understood
    assert not reply.changes


@pytest.mark.parametrize("said", ["recept voor pannenkoeken", "hoe laat vertrekt de trein"])
def test_what_is_of_elsewhere_is_declined(said: str) -> None:
    assert respond(said, context_at()).headline.startswith("Daar kan ik je niet mee helpen")
