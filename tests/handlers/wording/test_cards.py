"""One atrium as people see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.model import Atrium, Audience, Kind, Status
from handlers.wording.cards import card, facts, place_text, registration_text

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
URL = "https://inschrijven.example.org/atr-1"

GENT = Atrium(
    uid="atr-1",
    kind=Kind.PROVINCIAAL,
    title="Provinciaal Atrium Gent",
    theme="windturbines en draagvlak",
    starts_at=dt.datetime(2027, 4, 12, 7, tzinfo=dt.UTC),
    ends_at=dt.datetime(2027, 4, 12, 14, tzinfo=dt.UTC),
    municipality="Gent",
    venue="Provinciaal Administratief Centrum",
    address="Woodrow Wilsonplein 2",
    audience=frozenset({Audience.AMBTENAAR, Audience.INTERCOMMUNALE}),
    registration_url=URL,
    registration_until=dt.date(2027, 4, 11),
    updated_at=NOW,
    announced_at=NOW,
)


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC)


def test_the_facts_come_in_the_fixed_order() -> None:
    found = facts(GENT, NOW, "https://atria.example.org/atria/atr-1")
    assert [(fact.label, fact.text) for fact in found] == [
        ("Wanneer", "maandag 12 april 2027, van 9.00 tot 16.00 u."),
        ("Waar", "Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent"),
        ("Thema", "windturbines en draagvlak"),
        ("Voor wie", "lokale omgevingsambtenaren en intercommunales"),
        ("Inschrijven tot en met zondag 11 april", URL),
        ("Meer", "https://atria.example.org/atria/atr-1"),
    ]


def test_what_the_record_lacks_is_left_out_or_said_to_be_missing() -> None:
    bare = replace(
        GENT,
        theme=None,
        ends_at=None,
        venue=None,
        address=None,
        audience=frozenset(),
        registration_url=None,
        registration_until=None,
    )
    assert [(fact.label, fact.text) for fact in facts(bare, NOW)] == [
        ("Wanneer", "maandag 12 april 2027, om 9.00 u."),
        ("Waar", "Gent"),
        ("Inschrijven", "de link staat nog niet in de agenda"),
    ]


def test_an_address_that_ends_in_the_municipality_does_not_say_it_twice() -> None:
    assert place_text(replace(GENT, address="Woodrow Wilsonplein 2, 9000 Gent")).count("Gent") == 1


def test_registration_is_open_to_the_end_of_its_last_day() -> None:
    last_minute = dt.datetime(2027, 4, 11, 21, 59, tzinfo=dt.UTC)
    assert registration_text(GENT, NOW) == f"Inschrijven tot en met zondag 11 april: {URL}"
    assert registration_text(GENT, last_minute) == (
        f"Inschrijven tot en met zondag 11 april (vandaag): {URL}"
    )
    assert registration_text(GENT, last_minute + dt.timedelta(minutes=1)) == (
        "De inschrijvingen zijn gesloten: inschrijven kon tot en met zondag 11 april."
    )


def test_an_open_registration_without_deadline_is_just_the_link() -> None:
    assert registration_text(replace(GENT, registration_until=None), NOW) == f"Inschrijven: {URL}"


def test_a_cancelled_or_past_atrium_takes_no_registrations() -> None:
    cancelled = replace(GENT, status=Status.GEANNULEERD)
    assert registration_text(cancelled, NOW) == ("Dit atrium is geannuleerd: inschrijven kan niet meer.")
    assert card(cancelled, NOW).register_url is None
    assert registration_text(GENT, at(dt.date(2027, 4, 13))).startswith("Dit atrium is voorbij")


def test_a_card_says_it_all_in_one_line() -> None:
    assert card(GENT, NOW).brief == (
        "ma 12 april 2027, 9.00 u., Gent: Provinciaal Atrium Gent, windturbines en draagvlak"
    )
    assert card(replace(GENT, status=Status.GEANNULEERD), NOW).brief.startswith("Geannuleerd: ma 12 april")


def test_a_theme_that_stands_in_the_title_is_not_repeated() -> None:
    named = replace(GENT, title="Thematisch Atrium: PFAS", theme="PFAS")
    assert card(named, NOW).brief.count("PFAS") == 1
