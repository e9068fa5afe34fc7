"""The next atrium and lists of atria, for every kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import QuestionUnread
from handlers.context import Context
from handlers.model import Audience, Kind, Status
from handlers.reading.model import Intent
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at, period, reply_to
from tests.fakes.network import brussels
from tests.fakes.samples import sample_atria

NEXT = Intent.NEXT_SESSION
LIST = Intent.LIST_SESSIONS


def in_mandatarissen() -> Context:
    return context_at(reads=frozenset({"mandatarissen"}))


def test_the_next_provincial_atrium_in_gent_is_answered_as_the_house_writes_it() -> None:
    reply = reply_to(NEXT, kind=Kind.PROVINCIAAL, place="Gent")
    assert reply.plain_text() == (
        "Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, van 9.00 tot 16.00 u.\n"
        "Waar: Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent\n"
        "Thema: windturbines en draagvlak\n"
        "Inschrijven tot en met zondag 11 april: https://inschrijven.example.org/atr-1-044\n"
        "Ook in Antwerpen (6/4), Leuven (9/4), Hasselt (15/4) en Brugge (19/4).\n"
        "Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026."
    )


@pytest.mark.parametrize(
    ("kind", "uid", "begins"),
    [
        (Kind.LOKAAL, "atr-1-009", "Het volgende Lokaal Atrium is het Lokaal Atrium Westhoek, op woensdag"),
        (Kind.CENTRUMSTEDEN, "atr-1-029", "Het volgende Atrium Centrumsteden is op maandag 21 december 2026"),
        (Kind.MANDATARISSEN, "atr-1-035", "Het volgende Atrium Lokale Mandatarissen is op woensdag 17 maart"),
        (Kind.PROVINCIAAL, "atr-1-042", "Het volgende Provinciaal Atrium is dat in Antwerpen, op dinsdag"),
        (Kind.THEMATISCH, "atr-1-053", "Het volgende Thematisch Atrium is dat over circulair bouwen, op"),
        (Kind.OP_MAAT, "atr-1-058", "Het volgende Atrium op Maat is dat voor de Denderende gemeenten, op"),
    ],
)
def test_each_kind_has_its_next(kind: Kind, uid: str, begins: str) -> None:
    reply = reply_to(NEXT, in_mandatarissen(), kind=kind)
    assert reply.atria == (uid,)
    assert reply.headline.startswith(begins)


def test_a_municipality_finds_the_local_atrium_of_its_region() -> None:
    reply = reply_to(NEXT, kind=Kind.LOKAAL, place="Zottegem")
    assert reply.atria == ("atr-1-027",)
    assert reply.headline.startswith("Voor Zottegem: het volgende Lokaal Atrium Vlaamse Ardennen is op")


def test_a_municipality_without_region_is_said_not_to_be_known() -> None:
    reply = reply_to(NEXT, kind=Kind.LOKAAL, place="Kortrijk")
    assert reply.headline == (
        "Bij welk Lokaal Atrium Kortrijk hoort, dat weet ik niet: "
        "het staat niet in de tabel van de moderatoren."
    )
    assert "02 553 80 56" in reply.plain_text()
    assert not reply.atria


def test_a_municipality_that_is_no_capital_finds_the_provincial_atrium_of_its_province() -> None:
    reply = reply_to(NEXT, kind=Kind.PROVINCIAAL, place="Zottegem")
    assert reply.atria == ("atr-1-044",)
    assert reply.headline.startswith("Voor Zottegem: het volgende Provinciaal Atrium in Gent is op")


def test_a_province_finds_its_provincial_atrium() -> None:
    assert reply_to(NEXT, kind=Kind.PROVINCIAAL, place="Provincie Limburg").atria == ("atr-1-045",)


@pytest.mark.parametrize("kind", [None, Kind.LOKAAL])
def test_a_region_finds_its_local_atrium(kind: Kind | None) -> None:
    assert reply_to(NEXT, kind=kind, place="Kempen").atria == ("atr-1-015",)


def test_a_reference_region_finds_what_is_held_in_it() -> None:
    reply = reply_to(NEXT, kind=Kind.THEMATISCH, place="Regio Brugge")
    assert reply.atria == ("atr-1-055",)


def test_brussels_finds_what_is_held_there() -> None:
    assert reply_to(NEXT, place="Brussel").atria == ("atr-1-053",)


def test_a_place_without_a_kind_finds_all_that_is_for_it_and_says_why() -> None:
    reply = reply_to(LIST, place="Zottegem")
    assert {"atr-1-058", "atr-1-027", "atr-1-044"} <= set(reply.atria)
    assert "Zottegem hoort bij het Lokaal Atrium Vlaamse Ardennen." in reply.notes
    assert "Het Provinciaal Atrium in Gent is dat van Oost-Vlaanderen." in reply.notes


def test_a_kind_that_is_not_bound_to_a_place_is_told_from_elsewhere() -> None:
    context = in_mandatarissen()
    reply = reply_to(NEXT, context, kind=Kind.MANDATARISSEN, place="Stekene")
    assert reply.atria == ("atr-1-035",)
    assert "In Stekene zelf staat er nu geen in de agenda." in reply.notes


def test_ones_own_local_atrium_is_that_of_the_municipality_one_told() -> None:
    person = replace(context_at().person, municipality="Temse")
    reply = reply_to(NEXT, context_at(person=person), kind=Kind.LOKAAL, mine=True)
    assert reply.headline.startswith("Voor Temse: het volgende Lokaal Atrium Waasland")


def test_ones_own_local_atrium_is_asked_after_when_nobody_told() -> None:
    reply = reply_to(NEXT, kind=Kind.LOKAAL, mine=True)
    assert reply.headline == "In welke gemeente werk je?"
    assert not reply.understood


def test_a_cancelled_atrium_is_passed_over_and_said_to_be_cancelled() -> None:
    reply = reply_to(NEXT, context_at("2026-12-28 10:00"), kind=Kind.THEMATISCH)
    assert reply.atria == ("atr-1-055",)
    assert (
        "Het Thematisch Atrium over klimaatadaptatie in de dorpskern van dinsdag 26 januari 2027 "
        "is geannuleerd."
    ) in reply.notes


def test_a_list_names_what_is_cancelled() -> None:
    reply = reply_to(LIST, kind=Kind.THEMATISCH, period=period("2027-01-01", "2027-06-30"))
    assert reply.headline == (
        "Er zijn drie Thematische Atria van 1 januari tot en met 30 juni 2027, waarvan één geannuleerd:"
    )
    assert "- Geannuleerd: di 26 januari 2027, 13.00 u., Leuven: Thematisch Atrium:" in reply.plain_text()


def test_a_count_is_kept_to() -> None:
    reply = reply_to(LIST, count=3)
    assert reply.headline == "Dit zijn de volgende drie atria:"
    assert reply.atria == ("atr-1-053", "atr-1-029", "atr-1-058")


def test_a_long_list_ends_in_a_way_to_the_rest() -> None:
    reply = reply_to(LIST, context_at(public_url="https://atria.example.org"))
    assert len(reply.atria) == 8
    assert [choice.says for choice in reply.choices] == ["toon meer"]
    assert [link.url for link in reply.links] == ["https://atria.example.org/"]


def test_what_was_is_told_newest_first() -> None:
    reply = reply_to(LIST, kind=Kind.LOKAAL, past=True, period=period("2026-10-01", "2026-10-15"))
    assert reply.headline == (
        "Er waren vier Lokale Atria van 1 tot en met 15 oktober 2026, het recentste eerst:"
    )
    assert reply.atria[0] == "atr-1-014"


def test_the_last_one_of_the_past_is_told_as_past() -> None:
    reply = reply_to(NEXT, kind=Kind.PROVINCIAAL, place="Gent", past=True)
    assert reply.headline.startswith(
        "Het laatste Provinciaal Atrium in Gent was op donderdag 12 november 2026"
    )


def test_the_period_that_was_read_is_repeated() -> None:
    reply = reply_to(NEXT, kind=Kind.LOKAAL, place="Kempen", period=period("2027-01-01", "2027-12-31"))
    assert "Ik zocht in 2027." in reply.notes


def test_nothing_found_offers_the_nearest_and_invents_nothing() -> None:
    reply = reply_to(LIST, place="Hasselt", period=period("2026-11-23", "2026-11-29"))
    assert (
        reply.headline == "In de agenda staat nu geen atrium in Hasselt van 23 tot en met 29 november 2026."
    )
    assert [choice.says for choice in reply.choices] == [
        "Wanneer is het volgende atrium in Hasselt?",
        "Wanneer is het volgende atrium?",
    ]
    assert not reply.atria


def test_an_empty_agenda_is_said_to_be_empty_and_who_knows_more() -> None:
    reply = reply_to(NEXT, context_at(agenda=MemoryAgenda()), kind=Kind.THEMATISCH)
    assert reply.headline == "De agenda is nog leeg: er staat nog geen enkel atrium in."
    assert "02 553 80 56" in reply.plain_text()


def test_a_theme_is_found_by_a_part_of_it() -> None:
    assert reply_to(NEXT, theme="hemelwater").atria == ("atr-1-058",)


def test_an_audience_narrows_a_list_but_not_a_kind() -> None:
    reply = reply_to(NEXT, kind=Kind.PROVINCIAAL, audience=Audience.INTERCOMMUNALE)
    assert reply.atria == ("atr-1-042",)
    koepels = reply_to(LIST, audience=Audience.KOEPEL)
    assert koepels.atria
    assert all(Audience.KOEPEL in atrium.audience for atrium in sample_atria() if atrium.uid in koepels.atria)


def test_tomorrow_is_said_beside_the_date() -> None:
    reply = reply_to(NEXT, context_at("2027-04-11 18:00"), kind=Kind.PROVINCIAAL, place="Gent")
    assert "is morgen, op maandag 12 april 2027, van 9.00 tot 16.00 u." in reply.headline


@pytest.mark.parametrize(
    ("moment", "word"),
    [("2027-04-11 23:59", "morgen"), ("2027-04-12 00:01", "vandaag")],
)
def test_today_begins_at_midnight_in_brussels(moment: str, word: str) -> None:
    reply = reply_to(NEXT, context_at(moment), kind=Kind.PROVINCIAAL, place="Gent")
    assert f"is {word}, op maandag 12 april 2027" in reply.headline


def test_what_is_going_on_is_told_beside_what_comes_next() -> None:
    reply = reply_to(NEXT, context_at("2027-04-12 10:00"), kind=Kind.PROVINCIAAL)
    assert reply.atria == ("atr-1-045",)
    assert any(note.startswith("Nu bezig: Provinciaal Atrium in Gent") for note in reply.notes)


def test_closed_registration_is_said() -> None:
    reply = reply_to(NEXT, context_at("2027-04-12 08:00"), kind=Kind.PROVINCIAAL, place="Gent")
    assert "Inschrijven: gesloten, kon tot en met zondag 11 april" in reply.plain_text()


def test_what_the_record_lacks_is_not_said() -> None:
    bare = replace(
        next(atrium for atrium in sample_atria() if atrium.uid == "atr-1-044"),
        ends_at=None,
        venue=None,
        address=None,
        theme=None,
        registration_url=None,
        registration_until=None,
        programme_uid=None,
        status=Status.GEPLAND,
        updated_at=brussels("2026-11-19 23:30"),
    )
    reply = reply_to(NEXT, context_at(agenda=MemoryAgenda([bare])), kind=Kind.PROVINCIAAL, place="Gent")
    assert reply.plain_text() == (
        "Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, om 9.00 u.\n"
        "Waar: Gent\n"
        "Inschrijven: de link staat nog niet in de agenda\n"
        "Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 19 november 2026."
    )


def test_buttons_lead_to_the_form_the_calendar_and_the_page() -> None:
    context = context_at(public_url="https://atria.example.org")
    reply = reply_to(NEXT, context, kind=Kind.PROVINCIAAL, place="Gent")
    assert [(action.label, action.url or action.says) for action in reply.actions] == [
        ("Inschrijven", "https://inschrijven.example.org/atr-1-044"),
        ("In agenda", "https://atria.example.org/atria/atr-1-044.ics"),
        ("Herinner mij", "herinner mij aan atr-1-044"),
        ("Meer", "https://atria.example.org/atria/atr-1-044"),
    ]


def test_a_name_that_several_places_bear_is_asked_about() -> None:
    reply = reply_to(NEXT, kind=Kind.LOKAAL, places=("Destelbergen", "Heusden-Zolder"))
    assert reply.headline == "Welke plaats bedoel je?"
    assert [choice.says for choice in reply.choices] == [
        "Wanneer is het volgende lokaal atrium in Destelbergen?",
        "Wanneer is het volgende lokaal atrium in Heusden-Zolder?",
    ]


def test_a_day_that_does_not_exist_is_said_not_to() -> None:
    reply = reply_to(NEXT, problems=("31 februari bestaat niet",))
    assert reply.headline == "31 februari bestaat niet."
    assert not any(isinstance(change, QuestionUnread) for change in reply.changes)


def test_a_list_of_one_is_told_in_full() -> None:
    reply = reply_to(LIST, place="Brugge", period=period("2027-03-01", "2027-03-31"))
    assert reply.headline == (
        "Er is één atrium voor Brugge in maart 2027: het Thematisch Atrium over vergunningen voor "
        "zonneparken, op dinsdag 23 maart 2027, van 13.00 tot 16.30 u."
    )
    assert not reply.listed
    assert reply.facts


def test_a_list_of_one_that_is_cancelled_says_so_first() -> None:
    reply = reply_to(LIST, kind=Kind.THEMATISCH, period=period("2027-01-01", "2027-01-31"))
    assert reply.headline == (
        "Er is één Thematisch Atrium in januari 2027: het Thematisch Atrium over klimaatadaptatie in de "
        "dorpskern, maar dat is geannuleerd. Het stond op dinsdag 26 januari 2027, van 13.00 tot 16.30 u."
    )


def test_ones_own_atria_in_a_centrumstad_include_that_of_the_centrumsteden() -> None:
    reply = reply_to(NEXT, place="Leuven", mine=True)
    assert reply.atria == ("atr-1-029",)
    assert "Leuven is een centrumstad." in reply.notes
