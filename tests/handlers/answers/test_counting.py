"""How many there are, the last of all that was asked for, and a list that is not there."""

from __future__ import annotations

import pytest

from tests.fakes.asking import context_at
from tests.fakes.thread import Thread


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "hoeveel lokale atria tot de zomer",
            "Er zijn 15 Lokale Atria tot en met 31 augustus 2027. Dit zijn de eerste acht:",
        ),
        ("hoeveel atria zijn er in maart", "Er zijn twee atria in maart 2027:"),
        ("hoeveel lokale atria zijn er in maart", "In de agenda staat nu geen Lokaal Atrium in maart 2027."),
    ],
)
def test_who_asks_how_many_hears_the_number(text: str, said: str) -> None:
    assert Thread(context_at()).ask(text).headline == said


def test_cancelled_ones_are_counted_apart() -> None:
    said = Thread(context_at()).ask("hoeveel atria zijn er in 2027").headline
    assert said.startswith("Er zijn ")
    assert "atria in 2027, waarvan één geannuleerd. Dit zijn de eerste acht:" in said


def test_the_last_is_the_last_of_what_was_asked() -> None:
    thread = Thread(context_at())
    thread.ask("welke atria zijn er in 2027")
    assert thread.ask("en de laatste?").atria == ("atr-1-033",)


def test_the_last_of_a_whole_list_is_the_last_of_it() -> None:
    thread = Thread(context_at())
    thread.ask("welke atria zijn er in maart")
    assert thread.ask("en de laatste?").atria == ("atr-1-055",)


def test_the_first_of_the_list_is_the_first_that_was_shown() -> None:
    thread = Thread(context_at())
    thread.ask("welke atria zijn er in maart")
    assert thread.ask("en de eerste van de lijst?").atria == ("atr-1-030",)


@pytest.mark.parametrize("text", ["en de eerste van de lijst?", "de tweede uit het lijstje"])
def test_without_a_list_it_is_said_that_there_is_none(text: str) -> None:
    said = Thread(context_at()).ask(text).headline
    assert said == "Ik zie niet welk atrium je bedoelt: in deze draad staat geen lijst."
