"""Pointing at one atrium, by its key, its number in a list or its hall, and going on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import Followed
from handlers.model import Follow, FollowWhat
from tests.fakes.asking import AN, context_at
from tests.fakes.thread import Thread

HIDDEN = "atr-1-035"


@pytest.mark.parametrize(
    "text",
    [
        "info over atr-1-044",
        "wanneer is atr-1-044?",
        "waar is ATR-1-044",
        "atr-1-044",
        "hoe schrijf ik me in voor atr-1-044.",
    ],
)
def test_a_key_in_a_question_tells_which_atrium_is_meant(text: str) -> None:
    assert Thread(context_at()).ask(text).atria == ("atr-1-044",)


@pytest.mark.parametrize("text", ["info over {}", "wanneer is {}?", "waar is {}", "herinner mij aan {}"])
def test_an_unknown_key_and_a_hidden_one_get_the_same_words(text: str) -> None:
    thread = Thread(context_at())
    unknown, hidden = thread.ask(text.format("atr-9-999")), thread.ask(text.format(HIDDEN))
    assert unknown.headline == "Dat atrium ken ik niet."
    assert hidden.plain_text() == unknown.plain_text()
    assert not thread.changes


def test_a_hidden_key_is_known_where_it_may_be_seen() -> None:
    thread = Thread(context_at(reads=frozenset({"mandatarissen"})))
    assert thread.ask(f"wanneer is {HIDDEN}?").atria == (HIDDEN,)


def test_being_reminded_of_a_key_follows_that_atrium_alone() -> None:
    thread = Thread(context_at())
    thread.ask("herinner mij aan atr-1-044")
    assert thread.changes == [Followed(follow=Follow(what=FollowWhat.ATRIUM, value="atr-1-044"))]


def test_no_longer_following_an_unknown_key_leaves_what_is_followed() -> None:
    followed = replace(AN, follows=(Follow(what=FollowWhat.ALL),))
    thread = Thread(context_at(person=followed))
    thread.ask("stuur mij geen herinneringen meer voor atr-9-999")
    assert not thread.changes


def test_numbers_point_at_the_last_list_however_they_are_said() -> None:
    thread = Thread(context_at())
    thread.ask("welke atria zijn er in april")
    assert thread.ask("meer info over nr 3").atria == ("atr-1-044",)
    assert thread.ask("nr 2").atria == ("atr-1-043",)
    assert thread.ask("inschrijven voor het tweede").headline.startswith("Je kunt je inschrijven voor")
    assert thread.ask("waar is nummer 5?").atria == ("atr-1-046",)
    assert thread.ask("nr 9").headline == "Ik bood vijf keuzes aan."


def test_a_number_without_a_list_is_no_theme() -> None:
    thread = Thread(context_at())
    assert thread.ask("info over nr 3").headline.startswith("Ik zie niet welk atrium je bedoelt")
    assert thread.ask("en in Gent?").atria == ("atr-1-044",)


def test_what_comes_after_one_keeps_its_kind_and_moves_on() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende thematisch atrium in Brugge?")
    thread.ask("hoe laat?")
    after = thread.ask("en de keer daarna?")
    assert after.atria == ("atr-1-056",)
    assert "In Brugge staat er daarna geen meer in de agenda." in after.notes


def test_the_next_one_is_the_one_after_what_was_shown() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het Lokaal Atrium in Aalst?")
    thread.ask("parking?")
    assert thread.ask("en het volgende?").atria == ("atr-1-007",)
    assert thread.ask("ik bedoel in juni").atria == ("atr-1-007",)


def test_what_begins_at_the_same_moment_but_stood_before_does_not_come_after() -> None:
    thread = Thread(context_at())
    shown = thread.ask("welke lokale atria zijn er in februari").atria
    thread.ask("de tweede")
    assert thread.ask("en daarna?").atria == (shown[2],)


def test_a_place_said_after_a_question_on_one_keeps_the_kind() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    thread.ask("hoe laat?")
    assert thread.ask("en in Hasselt?").atria == ("atr-1-045",)


def test_what_comes_after_a_key_is_the_next_of_its_kind_there() -> None:
    thread = Thread(context_at())
    thread.ask("info over atr-1-006")
    assert thread.ask("en daarna?").atria == ("atr-1-007",)


def test_a_hall_tells_which_atrium_is_meant() -> None:
    assert Thread(context_at()).ask("hoe geraak ik in het provinciehuis Hasselt").atria == ("atr-1-045",)


def test_a_hall_of_that_name_in_several_places_is_asked_back() -> None:
    reply = Thread(context_at()).ask("hoe geraak ik in het provinciehuis")
    assert reply.headline == "Dat kan over vier atria gaan. Welk bedoel je?"
    assert reply.atria == ("atr-1-042", "atr-1-043", "atr-1-045", "atr-1-046")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parking", "Over parkeren staat er niets in de agenda."),
        ("wat kost parkeren", "Over parkeren staat er niets in de agenda."),
        ("met de trein", "Over openbaar vervoer staat er niets in de agenda."),
    ],
)
def test_what_the_agenda_does_not_know_of_the_way_is_said_with_the_address(text: str, said: str) -> None:
    thread = Thread(context_at())
    thread.ask("info over atr-1-055")
    reply = thread.ask(text)
    assert reply.headline == said
    assert "Concertgebouw, 't Zand 34, Brugge." in reply.paragraphs[0]
    assert [link.label for link in reply.links] == ["Route"]
    assert "gratis" not in reply.plain_text()


@pytest.mark.parametrize(
    "text",
    [
        "welke atria zijn geannuleerd",
        "zijn er geannuleerde atria",
        "welke gaan niet door",
        "is er iets afgelast?",
        "welke thematische atria gaan niet door in januari?",
    ],
)
def test_the_cancelled_atria_are_listed_and_no_other(text: str) -> None:
    reply = Thread(context_at()).ask(text)
    assert reply.atria == ("atr-1-054",)
    assert reply.headline.startswith("Er is één ")


def test_where_none_is_cancelled_that_is_said() -> None:
    reply = Thread(context_at()).ask("welke atria zijn geannuleerd in maart?")
    assert reply.headline == "In de agenda staat geen geannuleerd atrium in maart 2027."


def test_asking_whether_one_goes_on_is_no_question_for_a_list() -> None:
    reply = Thread(context_at()).ask("gaat het thematisch atrium circulair bouwen door?")
    assert reply.headline.endswith("is bevestigd.")


def test_a_day_in_the_question_is_said_once() -> None:
    reply = Thread(context_at()).ask("welke atria zijn er op 15 maart 2027")
    assert reply.headline == (
        "Er is één atrium op maandag 15 maart 2027: "
        "het Atrium Centrumsteden in Hasselt, van 10.00 tot 15.30 u."
    )
