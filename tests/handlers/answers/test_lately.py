"""A day without a year that has just been is that day, where the coming one holds nothing."""

from __future__ import annotations

import pytest

from tests.fakes.asking import context_at
from tests.fakes.thread import Thread


def ask(text: str) -> str:
    return Thread(context_at()).ask(text).headline


def test_an_atrium_of_last_week_is_said_to_be_over() -> None:
    reply = Thread(context_at()).ask("kan ik nog inschrijven voor het provinciaal atrium van 17 november")
    said = "Inschrijven voor het Provinciaal Atrium in Brugge van dinsdag 17 november 2026 kan niet meer."
    assert reply.headline == said
    assert reply.paragraphs[0].startswith("Dit atrium is voorbij")


def test_of_several_on_that_day_is_said_that_they_are_over() -> None:
    said = ask("kan ik nog inschrijven voor het atrium van 17 november")
    assert said == "Dat kan over twee atria gaan, en ze zijn voorbij. Welk bedoel je?"


@pytest.mark.parametrize(
    "text", ["provinciaal atrium van 5 november", "herinner mij aan het atrium van 5 november"]
)
def test_what_was_is_told_where_what_comes_is_asked(text: str) -> None:
    said = ask(text)
    assert said.startswith("Er was één ")
    assert "op donderdag 5 november 2026: het Provinciaal Atrium in Antwerpen" in said


def test_a_day_with_a_year_is_that_day() -> None:
    assert (
        ask("atrium op 17 november 2027") == "In de agenda staat nu geen atrium op woensdag 17 november 2027."
    )


def test_a_day_that_is_long_over_is_the_coming_one() -> None:
    assert "12 april 2027" in ask("provinciaal atrium van 12 april")


def test_a_day_on_which_nothing_was_stays_the_coming_one() -> None:
    assert ask("atrium op 18 november") == "In de agenda staat nu geen atrium op donderdag 18 november 2027."
