"""Changing and cancelling what is announced: found, shown before and after, and done on the word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from handlers.changes import AtriumCancelled, AtriumChanged
from handlers.model import Status
from tests.fakes.talking import POLITICIANS, Thread


def the_change(thread: Thread) -> AtriumChanged:
    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    return change


def the_cancellation(thread: Thread) -> AtriumCancelled:
    (change,) = thread.published
    assert isinstance(change, AtriumCancelled)
    return change


def test_a_change_shows_before_and_after_and_happens_on_the_word() -> None:
    thread = Thread()

    reply = thread.say("wijzig atr-1-053: datum 18 december")

    assert "Datum: donderdag 17 december 2026 -> vrijdag 18 december 2026" in reply
    assert "Gewijzigd: Thematisch Atrium: circulair bouwen. Nieuw moment: vrijdag 18 december 2026" in reply
    assert thread.published == []

    assert thread.say("bevestig").startswith(
        "Gewijzigd: Thematisch Atrium: circulair bouwen, vrijdag 18 december"
    )
    change = the_change(thread)
    assert change.fields == ("starts_at", "ends_at")
    assert change.after.sequence == change.before.sequence + 1
    assert change.after.updated_at == thread.now
    assert change.after == replace(
        change.before,
        starts_at=change.before.starts_at + dt.timedelta(days=1),
        ends_at=(change.before.ends_at or thread.now) + dt.timedelta(days=1),
        sequence=change.after.sequence,
        updated_at=thread.now,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "wijzig het thematisch atrium circulair bouwen: zaal wordt Auditorium B",
        "wijzig thematisch atrium over circulair bouwen zaal: Auditorium B",
        "pas het thematisch atrium circulair bouwen aan: de zaal wordt Auditorium B",
        "@atriumbot wijzig atr-1-053 zaal Auditorium B",
        "wijzig thematisch atrium in Brussel: locatie: Auditorium B",
    ],
)
def test_an_atrium_is_found_by_its_key_or_by_a_description(typed: str) -> None:
    thread = Thread()
    assert "-> Auditorium B, Havenlaan 88, Brussel" in thread.say(typed)
    thread.say("bevestig")

    assert the_change(thread).after.uid == "atr-1-053"
    assert the_change(thread).fields == ("venue",)


def test_an_atrium_can_be_moved_in_words() -> None:
    thread = Thread()
    thread.say("verplaats het thematisch atrium circulair bouwen naar 16 december om 14u")
    thread.say("bevestig")

    assert the_change(thread).after.local_start.isoformat() == "2026-12-16T14:00:00+01:00"


def test_several_that_fit_are_chosen_by_number_and_the_change_is_kept() -> None:
    thread = Thread()
    reply = thread.say("wijzig het thematisch atrium: zaal wordt Auditorium B")
    assert "1. do 17 december, 13.00 u., Brussel: Thematisch Atrium: circulair bouwen" in reply

    assert "Auditorium B" in thread.say("1")
    thread.say("bevestig")

    assert the_change(thread).after.venue == "Auditorium B"


def test_in_the_thread_of_an_atrium_its_name_is_not_needed() -> None:
    thread = Thread(uids=("atr-1-053",))
    thread.say("wijzig datum: 18 december")
    thread.say("bevestig")

    assert the_change(thread).after.uid == "atr-1-053"


def test_more_changes_are_added_before_it_is_confirmed() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: datum 18 december")
    reply = thread.say("en de zaal wordt Auditorium B")
    assert "Datum: " in reply
    thread.say("bevestig")

    assert the_change(thread).fields == ("starts_at", "ends_at", "venue")


def test_the_title_follows_the_theme_that_it_names() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: thema: hergebruik van materialen")
    thread.say("bevestig")

    assert the_change(thread).after.title == "Thematisch Atrium: hergebruik van materialen"
    assert the_change(thread).fields == ("title", "theme")


def test_another_municipality_takes_the_hall_away() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: gemeente: Gent")
    thread.say("bevestig")

    after = the_change(thread).after
    assert (after.municipality, after.province, after.venue, after.address) == (
        "Gent",
        "Oost-Vlaanderen",
        None,
        None,
    )


def test_the_hour_stays_when_the_clocks_change_in_between() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-055: datum 30 maart 2027")
    thread.say("bevestig")

    assert the_change(thread).before.local_start.isoformat() == "2027-03-23T13:00:00+01:00"
    assert the_change(thread).after.local_start.isoformat() == "2027-03-30T13:00:00+02:00"


def test_a_change_that_nobody_needs_to_hear_of_says_so() -> None:
    assert "De leden krijgen hiervan geen bericht." in Thread().say(
        "wijzig atr-1-053: link: https://inschrijven.example.org/nieuw"
    )


def test_a_wrong_change_is_asked_again() -> None:
    thread = Thread()

    reply = thread.say("wijzig atr-1-053: deadline 20 december")

    assert "ligt na het atrium zelf" in reply
    thread.say("bevestig")
    assert thread.published == []
    thread.say("deadline 15 december")
    thread.say("bevestig")
    assert the_change(thread).after.registration_until == dt.date(2026, 12, 15)


def test_without_a_change_the_bot_asks_what_must_change() -> None:
    thread = Thread()
    assert "Wat moet er anders?" in thread.say("wijzig atr-1-053")
    thread.say("bevestig")
    assert thread.published == []


@pytest.mark.parametrize("command", ["wijzig {}: zaal Auditorium B", "annuleer {}"])
@pytest.mark.parametrize(
    ("uid", "said"),
    [("atr-1-028", "is voorbij: het was op maandag 14 september 2026"), ("atr-1-054", "is al geannuleerd")],
)
def test_what_is_past_or_cancelled_is_said_to_be(command: str, uid: str, said: str) -> None:
    thread = Thread()

    assert said in thread.say(command.format(uid))
    thread.say("bevestig")

    assert thread.published == []


def test_what_became_past_while_it_waited_is_not_changed() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: zaal Auditorium B")
    thread.later(days=60)

    assert "is voorbij" in thread.say("bevestig")
    assert thread.published == []


def test_an_atrium_that_nobody_finds_is_asked_for() -> None:
    reply = Thread().say("annuleer het atrium over kaas en wijn")

    assert 'Ik vind er geen dat past bij "het atrium over kaas en wijn"' in reply


def test_a_cancellation_shows_what_members_read_and_happens_on_the_word() -> None:
    thread = Thread()

    reply = thread.say("annuleer atr-1-053")

    assert reply.startswith("Je annuleert Thematisch Atrium: circulair bouwen van donderdag 17 december 2026")
    assert "Dit atrium gaat niet door." in reply
    assert "Een annulering is definitief." in reply
    assert thread.published == []

    thread.say("bevestig")
    atrium = the_cancellation(thread).atrium
    assert atrium.status is Status.GEANNULEERD
    assert atrium.cancelled_at == thread.now
    assert atrium.updated_at == thread.now
    assert atrium.sequence == 1
    assert "al geannuleerd" in thread.say("annuleer atr-1-053")


def test_one_place_of_a_programme_is_cancelled_alone() -> None:
    thread = Thread()

    reply = thread.say("annuleer atr-1-044")

    assert "Alleen deze plaats van het programma vervalt; de andere gaan door." in reply
    assert "Antwerpen (6/4), Leuven (9/4), Hasselt (15/4) en Brugge (19/4)" in reply
    thread.say("bevestig")
    assert the_cancellation(thread).atrium.uid == "atr-1-044"


def test_a_cancellation_can_be_stopped() -> None:
    thread = Thread()
    thread.say("annuleer atr-1-053")

    assert "gaat gewoon door" in thread.say("stop")
    thread.say("bevestig")
    assert thread.published == []


def test_other_words_do_not_cancel() -> None:
    thread = Thread()
    thread.say("annuleer atr-1-053")

    for words in ("ja", "doe maar", "ok", "annuleren"):
        thread.say(words)

    assert thread.published == []


@pytest.mark.parametrize(
    "typed", ["annuleer mijn inschrijving", "annuleer mijn herinneringen", "wijzig mijn gemeente"]
)
def test_what_members_do_with_their_own_is_no_command(typed: str) -> None:
    assert Thread().reply(typed) is None
    thread = Thread()
    thread.say("wijzig atr-1-053: zaal Auditorium B")
    assert thread.reply(typed) is None


def test_a_hidden_atrium_is_only_found_where_it_may_be_seen() -> None:
    assert "Ik vind er geen" in Thread().say("annuleer atr-1-035")
    assert "Je annuleert Atrium Lokale Mandatarissen" in Thread(POLITICIANS).say("annuleer atr-1-035")


def test_another_act_has_to_wait_for_the_one_in_the_making() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: zaal Auditorium B")

    assert "In deze draad loopt nog een wijziging." in thread.say("annuleer atr-1-055")
    thread.say("bevestig")
    assert the_change(thread).after.uid == "atr-1-053"


def test_a_right_change_beside_a_wrong_one_is_shown_before_it_happens() -> None:
    thread = Thread()
    thread.say("wijzig atr-1-053: zaal Auditorium B")
    thread.say("deadline 20 december")

    assert "-> Auditorium B" in thread.say("bevestig")
    assert thread.published == []
    thread.say("bevestig")
    assert the_change(thread).fields == ("venue",)


@pytest.mark.parametrize("begin", ["wijzig atr-1-053: zaal Auditorium B", "annuleer atr-1-053"])
def test_after_a_week_it_is_shown_again_first(begin: str) -> None:
    thread = Thread()
    thread.say(begin)
    thread.later(days=8)

    thread.say("bevestig")
    assert thread.published == []
    thread.say("bevestig")
    assert len(thread.published) == 1


def test_what_was_not_previewed_is_not_cancelled() -> None:
    thread = Thread()
    thread.say("annuleer atr-1-053")
    assert thread.dialogue is not None
    thread.dialogue = replace(thread.dialogue, previewed=False)

    assert thread.say("bevestig").startswith("Je annuleert")
    assert thread.published == []
