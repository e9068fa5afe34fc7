"""Which atrium is to be changed or cancelled: the dialogue waits until it is clear, or is stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import AtriumCancelled, AtriumChanged
from handlers.model import Follow, FollowWhat
from handlers.routing import respond
from tests.fakes.talking import AN, MEMBER, Thread


def test_a_bare_command_asks_which_and_a_date_picks_it() -> None:
    thread = Thread()
    assert thread.say("annuleer").startswith("Welk atrium wil je annuleren?\n")
    assert thread.say("17 december").startswith("Je annuleert Thematisch Atrium: circulair bouwen")
    thread.say("bevestig")
    (change,) = thread.published
    assert isinstance(change, AtriumCancelled)
    assert change.atrium.uid == "atr-1-053"


@pytest.mark.parametrize("command", ["annuleer", "wijzig", "annuleer een thematisch atrium"])
def test_stop_ends_the_choosing_and_nothing_that_is_followed(command: str) -> None:
    follower = replace(AN, follows=(Follow(what=FollowWhat.ALL),))
    thread = Thread()
    thread.reply(command, follower)
    reply = respond("stop", thread.context(follower))
    assert reply.headline in {"Gestopt. Er is niets geannuleerd.", "Gestopt. Er is niets gewijzigd."}
    assert [type(change).__name__ for change in reply.changes] == ["DraftDropped"]


def test_a_change_told_before_the_atrium_is_kept() -> None:
    thread = Thread()
    thread.say("wijzig het atrium over kaas: zaal wordt Auditorium B")
    assert "Auditorium B" in thread.say("17 december")
    thread.say("bevestig")
    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    assert (change.after.uid, change.after.venue) == ("atr-1-053", "Auditorium B")


@pytest.mark.parametrize("change", ["naar 18 december", "datum: 18 december"])
def test_a_change_without_any_atrium_is_kept_too(change: str) -> None:
    thread = Thread()
    assert thread.say(f"wijzig {change}").startswith("Welk atrium wil je wijzigen?")
    assert "-> vrijdag 18 december 2026" in thread.say("atr-1-053")


def test_a_bare_change_asks_which_and_then_what() -> None:
    thread = Thread()
    thread.say("wijzig")
    assert "Wat moet er anders?" in thread.say("17 december")
    assert "-> vrijdag 18 december 2026" in thread.say("datum: 18 december")


def test_an_ordinal_picks_what_was_offered() -> None:
    thread = Thread()
    thread.say("annuleer een thematisch atrium")
    assert thread.say("de tweede").startswith("Je annuleert Thematisch Atrium: vergunningen voor zonneparken")


@pytest.mark.parametrize("command", ["annuleer een lokaal atrium", "wijzig lokaal atrium: zaal: Raadzaal"])
@pytest.mark.parametrize("more", ["6", "toon meer"])
def test_more_than_fit_are_shown_when_asked(command: str, more: str) -> None:
    thread = Thread()
    first = thread.say(command)
    assert "dit zijn de eerste 5.\n" in first
    assert "6. Toon meer" in first
    rest = thread.say(more)
    assert "dit zijn de volgende 5.\n" in rest
    assert not set(first.splitlines()[2:7]) & set(rest.splitlines()[2:7])
    assert thread.say("1").startswith(("Je annuleert Lokaal Atrium", "Zo wijzigt Lokaal Atrium"))


def test_nothing_is_cancelled_before_it_is_chosen() -> None:
    thread = Thread()
    thread.say("annuleer")
    assert thread.say("bevestig").startswith("Welk atrium wil je annuleren?")
    assert not thread.published


def test_a_question_in_between_is_answered_and_members_are_left_alone() -> None:
    thread = Thread()
    thread.say("annuleer")
    assert thread.reply("welke atria zijn er in maart?") is None
    assert thread.reply("17 december", MEMBER) is None


def test_after_two_hours_the_bot_no_longer_waits_for_which() -> None:
    thread = Thread()
    thread.say("annuleer")
    thread.later(hours=3)
    assert thread.reply("17 december") is None


def test_what_is_over_ends_the_choosing() -> None:
    thread = Thread()
    thread.say("annuleer")
    assert "is al geannuleerd (dinsdag 26 januari 2027, van 13.00 tot 16.30 u.)." in thread.say("atr-1-054")
    assert thread.dialogue is None


def test_a_place_beside_the_day_moves_it_and_the_hall_does_not_come_along() -> None:
    thread = Thread()
    reply = thread.say("wijzig atr-1-055: datum 26 maart 2027 om 10u in Leuven")
    assert "Waar: Concertgebouw, 't Zand 34, Brugge -> Leuven" in reply
    assert "Let op: De zaal en het adres in Brugge vervallen." in reply
    assert "De plaats blijft" not in reply
    thread.say("bevestig")
    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    assert (change.after.municipality, change.after.venue, change.after.address) == ("Leuven", None, None)


def test_a_municipality_beside_the_hall_is_no_part_of_its_name() -> None:
    reply = Thread().say("wijzig atr-1-055: zaal: Stadhuis, Leuven")
    assert "Waar: Concertgebouw, 't Zand 34, Brugge -> Stadhuis, Leuven\n" in reply


def test_what_is_not_used_is_said_first() -> None:
    reply = Thread().say("wijzig atr-1-055: datum 26 maart 2027\ner komen broodjes en koffie voor allemaal")
    assert reply.splitlines()[1].startswith("Niet gebruikt:")


@pytest.mark.parametrize(
    "kind",
    [
        "mandatarissen atrium",
        "mandatarissen-atrium",
        "atrium voor mandatarissen",
        "centrumsteden atrium",
        "atrium voor de 13 centrumsteden",
        "provincieatrium",
    ],
)
def test_a_fixed_kind_is_refused_however_it_is_called(kind: str) -> None:
    thread = Thread()
    reply = thread.say(f"kondig aan: {kind} op 18 maart 2027 om 13u in Mechelen")
    assert "kondig je niet in een gesprek aan." in reply
    assert thread.dialogue is None


@pytest.mark.parametrize("typed", ["om 2u30", "uur: 2u30", "begin: 2u30"])
def test_an_hour_taken_for_the_afternoon_is_said(typed: str) -> None:
    reply = Thread().say(f"kondig aan: thematisch atrium over bodem op 18 maart 2027 in Mechelen, {typed}")
    assert "Ik las 2u30 als 14.30 u." in reply


@pytest.mark.parametrize("typed", ["om 14u30", "om half drie", "om 2u30 's namiddags"])
def test_an_hour_that_says_its_half_of_the_day_needs_no_remark(typed: str) -> None:
    reply = Thread().say(f"kondig aan: thematisch atrium over bodem op 18 maart 2027 in Mechelen {typed}")
    assert "om 14.30 u." in reply
    assert "Ik las" not in reply


@pytest.mark.parametrize("yes", ["ja", "ja hoor", "Ja, doe maar!", "ok", "dat klopt"])
def test_a_yes_hears_the_word_and_the_number_still_stands_for_it(yes: str) -> None:
    thread = Thread()
    thread.say("annuleer atr-1-053")
    assert thread.say(yes).startswith('Het woord daarvoor is "bevestig".')
    assert not thread.published
    thread.say("1")
    assert thread.published
