"""What cannot be is said in words and asked again; what was right stays."""

from __future__ import annotations

import pytest

from tests.fakes.talking import MEMBER, Thread

START = "kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("thematisch atrium over ontharding op 31 februari om 14u in Mechelen", "31 februari bestaat niet."),
        ("thematisch atrium over ontharding op 29/2/2027 om 14u in Mechelen", "29/2/2027 bestaat niet."),
        (
            "thematisch atrium over ontharding op 29 februari om 14u in Mechelen",
            "29 februari is er pas weer in 2028. Schrijf het jaar erbij",
        ),
        (
            "thematisch atrium over ontharding op 3 maart 2026 om 14u in Mechelen",
            "dinsdag 3 maart 2026 is voorbij.",
        ),
        (
            "thematisch atrium over ontharding op 18 maart 2099 om 14u in Mechelen",
            "woensdag 18 maart 2099 is meer dan 10 jaar ver. Kijk het jaar na.",
        ),
        (
            "thematisch atrium over ontharding op donderdag 19 maart 2027 om 14u in Mechelen",
            "19 maart 2027 is een vrijdag, geen donderdag. Welke dag bedoel je?",
        ),
        ("thematisch atrium over ontharding op 18 maart om 25u in Mechelen", "25u is geen uur van de dag."),
        (
            "thematisch atrium over ontharding op 18 maart om 14u in Zotegem",
            "De gemeente Zotegem ken ik niet. Bedoel je Zottegem?",
        ),
        (
            "thematisch atrium over ontharding op 18 maart om 14u, gemeente: Parijs",
            "De gemeente Parijs ken ik niet.",
        ),
    ],
)
def test_a_wrong_required_field_is_named_and_asked_again(typed: str, said: str) -> None:
    thread = Thread()

    reply = thread.say(f"kondig aan: {typed}")

    assert said in reply
    assert "Nog nodig: " in reply
    thread.say("bevestig")
    assert thread.published == []


def test_a_misspelt_municipality_is_taken_by_its_number() -> None:
    thread = Thread()
    assert thread.say("kondig aan: thematisch atrium over ontharding, 18/3, 14u, in Zotegem").endswith(
        "1. Zottegem"
    )

    thread.say("1")
    thread.say("bevestig")

    assert thread.announced.municipality == "Zottegem"


@pytest.mark.parametrize(
    ("typed", "municipality"),
    [("Velzeke", "Zottegem"), ("Galmaarden", "Pajottegem"), ("9620 Zottegem", "Zottegem")],
)
def test_a_village_or_former_municipality_is_its_municipality(typed: str, municipality: str) -> None:
    thread = Thread()
    thread.say(f"kondig aan: thematisch atrium over ontharding, 18/3, 14u, waar: {typed}")
    thread.say(f"gemeente: {typed}")
    thread.say("bevestig")

    assert thread.announced.municipality == municipality


def test_a_name_of_several_municipalities_is_chosen_by_number() -> None:
    thread = Thread()
    reply = thread.say("kondig aan: thematisch atrium over ontharding, 18/3, 14u, in Heusden")
    assert "Er zijn meer gemeenten met die naam." in reply

    thread.say("1")
    thread.say("bevestig")

    assert thread.announced.municipality == "Destelbergen"


def test_an_end_before_the_start_is_asked_again() -> None:
    thread = Thread()
    thread.say(START)

    reply = thread.say("einde: 13u")

    assert "Het einde (13.00 u.) ligt niet na het begin (14.00 u.)." in reply
    assert "om het open te laten" in reply
    thread.say("einde: 17u")
    thread.say("bevestig")
    assert thread.announced.local_end is not None
    assert thread.announced.local_end.hour == 17


def test_a_deadline_after_the_day_is_refused_and_asked_again() -> None:
    thread = Thread()

    reply = thread.say(f"{START}, inschrijven tot 20 maart")

    assert "De laatste dag om in te schrijven, zaterdag 20 maart 2027, ligt na het atrium zelf." in reply
    thread.say("bevestig")
    assert thread.published == []
    assert "tot en met dinsdag 16 maart" in thread.say("deadline 16/3")
    thread.say("bevestig")
    assert len(thread.published) == 1


def test_a_deadline_without_a_year_is_that_before_the_atrium() -> None:
    thread = Thread()
    thread.say(
        "kondig aan: thematisch atrium over ontharding op 12 januari 2028 om 14u in Mechelen, deadline 20/12"
    )
    thread.say("bevestig")

    assert str(thread.announced.registration_until) == "2027-12-20"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("inschrijven tot de dag ervoor", "2027-03-17"),
        ("inschrijven kan tot een week vooraf", "2027-03-11"),
        ("deadline: 3 dagen ervoor", "2027-03-15"),
        ("inschrijven voor 16 maart", "2027-03-15"),
        ("inschrijven t.e.m. 16/03/2027", "2027-03-16"),
        ("uiterlijk 16 maart inschrijven", "2027-03-16"),
    ],
)
def test_deadlines_are_read_as_people_type_them(typed: str, day: str) -> None:
    thread = Thread()
    thread.say(f"{START}, {typed}")
    thread.say("bevestig")

    assert str(thread.announced.registration_until) == day


def test_a_link_without_scheme_gets_one_and_that_is_said() -> None:
    thread = Thread()

    reply = thread.say(f"{START}, inschrijven via www.example.org/x")

    assert "Ik las de link als https://www.example.org/x" in reply
    thread.say("bevestig")
    assert thread.announced.registration_url == "https://www.example.org/x"


def test_something_that_is_no_link_is_said_to_be_none() -> None:
    thread = Thread()
    thread.say(START)

    assert '"via mail" is geen link.' in thread.say("link: via mail")


def test_a_wrong_correction_leaves_what_stood() -> None:
    thread = Thread()
    thread.say(START)

    assert "is voorbij" in thread.say("nee, 3 maart 2026")
    assert "donderdag 18 maart 2027" in thread.say("bevestig")
    thread.say("bevestig")
    assert str(thread.announced.local_date) == "2027-03-18"


def test_what_was_not_understood_is_shown_and_nothing_is_lost() -> None:
    thread = Thread()
    thread.say(START)

    reply = thread.say("er komen broodjes en het is heel leuk")

    assert 'Niet gebruikt: "er komen broodjes' in reply
    assert "donderdag 18 maart 2027, om 14.00 u." in reply
    assert "Broodjes en soep." in thread.say("omschrijving: Broodjes en soep.")


def test_an_unknown_community_is_named_with_the_known_ones() -> None:
    thread = Thread()
    thread.say(START)

    reply = thread.say("community: vissen")

    assert 'De community "vissen" ken ik niet. Ik ken Algemeen, Water en droogte' in reply
    thread.say("weet ik nog niet")
    thread.say("bevestig")
    assert len(thread.published) == 1


def test_a_message_that_is_too_long_changes_nothing() -> None:
    thread = Thread()
    thread.say(START)
    kept = thread.dialogue

    assert "Je bericht is te lang" in thread.say("omschrijving: " + "lang " * 1000)
    assert thread.dialogue == kept
    assert thread.reply("lang " * 1000, MEMBER) is None


def test_a_stretch_of_time_is_no_day() -> None:
    reply = Thread().say("kondig aan: thematisch atrium over ontharding in maart om 14u in Mechelen")

    assert '"in maart" is geen dag. Welke dag bedoel je?' in reply


def test_a_relative_day_is_shown_as_its_date() -> None:
    reply = Thread().say(
        "kondig aan: thematisch atrium over ontharding volgende week dinsdag om 14u in Mechelen"
    )

    assert "dinsdag 1 december 2026, om 14.00 u." in reply
