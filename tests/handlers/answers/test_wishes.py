"""Which messages are a wish about one's own data, and which only look like one."""

from __future__ import annotations

import pytest

from handlers.answers.wishes import Wish, wish_in
from handlers.routing import is_command


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("mijn gegevens", Wish.DATA),
        ("@atriumbot Toon mijn gegevens aub", Wish.DATA),
        ("/atrium mijn gegevens", Wish.DATA),
        ("Wat weet je allemaal over mij?", Wish.DATA),
        ("wat weten jullie van mij", Wish.DATA),
        ("welke gegevens bewaren jullie over mij?", Wish.DATA),
        ("welke gegevens hou je bij", Wish.DATA),
        ("Welke gegevens houdt u van mij bij?", Wish.DATA),
        ("wat hou je bij over mij", Wish.DATA),
        ("ik wil mijn gegevens inkijken", Wish.DATA),
        ("hoe zit het met mijn privacy?", Wish.DATA),
        ("vergeet mij", Wish.FORGET),
        ("Vergeet me maar.", Wish.FORGET),
        ("kan je mij vergeten?", Wish.FORGET),
        ("verwijder al mijn gegevens", Wish.FORGET),
        ("ik wil mijn gegevens laten wissen", Wish.FORGET),
        ("wis alles over mij", Wish.FORGET),
        ("ja, vergeet mij", Wish.FORGET_SURELY),
        ("Ja vergeet mij.", Wish.FORGET_SURELY),
        ('"ja, vergeet mij"', Wish.FORGET_SURELY),
        ("mijn agenda", Wish.CALENDAR),
        ("geef mij mijn kalender", Wish.CALENDAR),
        ("hoe krijg ik mijn eigen kalender?", Wish.CALENDAR),
        ("maak een nieuwe kalenderlink", Wish.NEW_CALENDAR),
        ("vernieuw mijn kalenderlink graag", Wish.NEW_CALENDAR),
    ],
)
def test_a_wish_is_read_in_many_words(text: str, wish: Wish) -> None:
    assert wish_in(text) is wish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vergeet het",
        "vergeet mij niet in te schrijven",
        "ja",
        "ja, vergeet mij maar",
        "ja, vergeet mij en wanneer is het volgende atrium?",
        "zet dat in mijn agenda",
        "ik wil het in mijn agenda noteren",
        "wanneer is mijn lokaal atrium?",
        "wat zijn de gegevens van het atrium in Gent?",
        "annuleer mijn inschrijving",
        "vergeet mij " * 50,
    ],
)
def test_what_says_anything_else_is_no_wish(text: str) -> None:
    assert wish_in(text) is None


def test_a_wish_reaches_the_bot_without_a_mention_but_its_confirmation_does_not() -> None:
    assert is_command("mijn gegevens")
    assert is_command("vergeet mij")
    assert not is_command("ja, vergeet mij")
