"""What a thread is about stays what was asked, whoever wants what in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import Followed
from handlers.context import Topic
from tests.fakes.asking import AN, context_at
from tests.fakes.thread import Thread

IN_GENK = "wanneer is het volgende lokaal atrium in Genk?"
ON_AALST = "Het volgende Lokaal Atrium Denderregio"
MO = replace(AN, external_id="mo", name="Mo Derator")


@pytest.mark.parametrize(
    "wish",
    [
        "herinner mij daaraan",
        "herinner mij aan atr-1-044",
        "stuur mij geen herinneringen meer voor atr-1-044",
        "wat volg ik?",
        "onthoud dat ik in Zottegem werk",
    ],
)
def test_a_wish_leaves_the_thread_with_what_was_asked(wish: str) -> None:
    thread = Thread(context_at())
    thread.ask(IN_GENK)
    thread.ask(wish)
    before = len(thread.changes)
    assert thread.ask("en in Aalst?").headline.startswith(ON_AALST)
    assert len(thread.changes) == before


def test_who_typed_what_to_follow_goes_on_from_it() -> None:
    thread = Thread(context_at())
    thread.ask(IN_GENK)
    thread.ask("volg de lokale atria in Temse")
    thread.ask("en in Aalst?")
    assert [type(change) for change in thread.changes] == [Followed, Followed]


def test_another_goes_on_from_what_was_asked_and_then_so_does_the_first() -> None:
    thread = Thread(context_at())
    thread.ask(IN_GENK)
    thread.ask("volg de lokale atria in Temse")
    thread.context = replace(thread.context, person=MO)
    assert thread.ask("en in Aalst?").headline.startswith(ON_AALST)
    thread.context = replace(thread.context, person=AN)
    assert thread.ask("en in Genk?").headline.startswith("Het volgende Lokaal Atrium Limburg")


def test_without_a_question_before_a_wish_gives_another_nothing_to_lean_on() -> None:
    thread = Thread(context_at())
    thread.ask("volg de lokale atria in Temse")
    thread.context = replace(thread.context, person=MO)
    thread.ask("en in Aalst?")
    assert len(thread.changes) == 1


def test_a_button_that_follows_is_remembered_of_nobody() -> None:
    thread = Thread(context_at())
    thread.ask(IN_GENK)
    before: Topic | None = thread.context.topic
    thread.context = replace(thread.context, pressed=True)
    thread.ask("volg de lokale atria in Temse")
    assert thread.context.topic == before


def test_a_wish_that_is_asked_back_is_completed_by_who_had_it() -> None:
    thread = Thread(context_at())
    assert thread.ask("volg mijn lokaal atrium").headline == "In welke gemeente werk je?"
    assert thread.ask("Zottegem").headline.startswith("Genoteerd")
