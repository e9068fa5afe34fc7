"""Two questions in one message: each has its own slots, unless the second asks more of the same."""

from __future__ import annotations

import pytest

from handlers.model import Kind
from handlers.reading.model import Intent
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW


@pytest.mark.parametrize(
    "text",
    [
        "volgende atrium in Genk en welke groepen over water?",
        "wanneer is het volgende atrium in Genk? en welke groepen over water?",
    ],
)
def test_the_place_of_one_and_the_theme_of_the_other_stay_apart(text: str) -> None:
    first = read(text, NOW)
    assert (first.intent, first.place, first.theme) == (Intent.NEXT_SESSION, "Genk", None)
    assert first.also is not None
    assert (first.also.intent, first.also.place, first.also.theme) == (Intent.THEMATIC_GROUPS, None, "water")


def test_two_atria_are_two_questions() -> None:
    first = read(
        "wanneer is het lokaal atrium in Zottegem en wanneer is het provinciaal atrium in Brugge?", NOW
    )
    assert (first.kind, first.place) == (Kind.LOKAAL, "Zottegem")
    assert first.also is not None
    assert (first.also.kind, first.also.place) == (Kind.PROVINCIAAL, "Brugge")


@pytest.mark.parametrize(
    "text",
    [
        "wanneer is het provinciaal atrium in Gent en hoe schrijf ik me in",
        "wanneer en waar is het provinciaal atrium in Gent",
    ],
)
def test_more_of_the_same_is_asked_of_the_same(text: str) -> None:
    first = read(text, NOW)
    assert first.also is not None
    assert (first.also.kind, first.also.place) == (Kind.PROVINCIAAL, "Gent")


def test_what_points_back_keeps_the_theme() -> None:
    first = read("welke groepen over water en wanneer is het atrium daarover", NOW)
    assert first.also is not None
    assert (first.also.intent, first.also.theme) == (Intent.NEXT_SESSION, "water")
