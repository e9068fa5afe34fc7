"""One atrium: when, where, its programme, whether it goes on, and registering for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.model import Atrium, Kind, Status
from handlers.reading.model import Intent
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at, period, reply_to
from tests.fakes.samples import sample_atria

ON_ONE = (Intent.WHEN, Intent.WHERE, Intent.PROGRAMME, Intent.SESSION_DETAIL, Intent.REGISTRATION)

EACH_KIND = {
    Kind.LOKAAL: "atr-1-009",
    Kind.CENTRUMSTEDEN: "atr-1-029",
    Kind.MANDATARISSEN: "atr-1-035",
    Kind.PROVINCIAAL: "atr-1-042",
    Kind.THEMATISCH: "atr-1-053",
    Kind.OP_MAAT: "atr-1-058",
}


def sample(uid: str) -> Atrium:
    return next(atrium for atrium in sample_atria() if atrium.uid == uid)


@pytest.mark.parametrize("intent", ON_ONE)
@pytest.mark.parametrize("kind", Kind)
def test_every_question_on_one_atrium_works_for_every_kind(intent: Intent, kind: Kind) -> None:
    reply = reply_to(intent, context_at(reads=frozenset({"mandatarissen"})), kind=kind)
    assert reply.atria == (EACH_KIND[kind],)
    assert reply.source


def test_where_begins_with_the_place() -> None:
    reply = reply_to(Intent.WHERE, kind=Kind.PROVINCIAAL, place="Leuven")
    assert reply.headline == (
        "Plaats van het Provinciaal Atrium in Leuven: Provinciehuis, Provincieplein 1, Leuven."
    )
    assert reply.facts[0].text == "vrijdag 9 april 2027, van 9.00 tot 16.00 u."


def test_a_hall_that_is_not_known_is_said_not_to_be_known() -> None:
    bare = replace(sample("atr-1-043"), venue=None, address=None)
    reply = reply_to(Intent.WHERE, context_at(agenda=MemoryAgenda([bare])), kind=Kind.PROVINCIAAL)
    assert reply.headline == "Plaats van het Provinciaal Atrium in Leuven: Leuven."
    assert "De zaal staat nog niet in de agenda." in reply.paragraphs


def test_when_begins_with_the_day() -> None:
    reply = reply_to(Intent.WHEN, kind=Kind.LOKAAL, place="Asse")
    assert reply.headline == (
        "Het Lokaal Atrium Halle-Vilvoorde is op woensdag 10 februari 2027, van 9.30 tot 12.30 u."
    )


def test_the_programme_is_told_line_by_line() -> None:
    reply = reply_to(Intent.PROGRAMME, kind=Kind.LOKAAL, place="Temse")
    assert reply.headline == "Thema van het Lokaal Atrium Waasland: klimaatadaptatie in de dorpskern."
    assert "- 11.00 uitwisseling in kleine groepen" in reply.paragraphs


def test_a_programme_that_is_not_known_is_said_not_to_be_known() -> None:
    reply = reply_to(Intent.PROGRAMME, kind=Kind.CENTRUMSTEDEN)
    assert "Het programma staat nog niet in de agenda." in reply.paragraphs


@pytest.mark.parametrize("intent", ON_ONE)
def test_a_question_on_a_cancelled_atrium_hears_so_and_what_does_go_on(intent: Intent) -> None:
    reply = reply_to(intent, kind=Kind.THEMATISCH, theme="klimaatadaptatie", text="gaat het door?")
    assert reply.headline == (
        "Het Thematisch Atrium over klimaatadaptatie in de dorpskern van dinsdag 26 januari 2027 "
        "is geannuleerd."
    )
    assert reply.paragraphs[0].startswith(
        "Wat wel doorgaat: het Thematisch Atrium over circulair bouwen is op"
    )
    assert "https://inschrijven.example.org/atr-1-054" not in reply.plain_text()


def test_whether_it_goes_on_is_answered_from_its_status() -> None:
    confirmed = reply_to(Intent.SESSION_DETAIL, kind=Kind.THEMATISCH, text="gaat het thematisch atrium door?")
    assert confirmed.headline.endswith("van donderdag 17 december 2026 is bevestigd.")
    planned = reply_to(Intent.SESSION_DETAIL, place="Brugge", text="gaat het atrium in Brugge nog door?")
    assert planned.headline.endswith("van dinsdag 23 maart 2027 is gepland.")


def test_of_a_place_what_is_held_there_comes_before_what_is_for_it() -> None:
    assert reply_to(Intent.SESSION_DETAIL, place="Zottegem").atria == ("atr-1-058",)


def test_several_on_one_day_are_listed_to_choose_from() -> None:
    reply = reply_to(Intent.WHERE, period=period("2027-02-03", "2027-02-03"))
    assert reply.headline == "Dat kan over twee atria gaan. Welk bedoel je?"
    assert reply.listed
    assert len(reply.cards) == 2


def test_following_it_online_is_not_promised() -> None:
    reply = reply_to(Intent.SESSION_DETAIL, kind=Kind.THEMATISCH, text="is dat online te volgen?")
    assert "De agenda vermeldt niet dat je online kunt volgen." in reply.paragraphs


def test_registering_gives_the_link_and_the_last_day() -> None:
    reply = reply_to(Intent.REGISTRATION, kind=Kind.LOKAAL, place="Tielt", text="hoe schrijf ik mij in?")
    assert (
        reply.headline
        == "Je kunt je inschrijven voor het Lokaal Atrium Midwest van woensdag 10 februari 2027."
    )
    assert (
        "Inschrijven tot en met dinsdag 9 februari: https://inschrijven.example.org/atr-1-024"
        in reply.plain_text()
    )


def test_registering_after_the_last_day_is_said_to_be_closed() -> None:
    context = context_at("2027-02-10 07:00")
    reply = reply_to(Intent.REGISTRATION, context, kind=Kind.LOKAAL, place="Tielt")
    assert reply.headline == (
        "Inschrijven voor het Lokaal Atrium Midwest van woensdag 10 februari 2027 kan niet meer."
    )
    assert "inschrijven.example.org" not in reply.plain_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kost deelnemen iets?", "Deelnemen is gratis."),
        ("mag ik een collega meebrengen?", "Een collega meebrengen mag."),
        ("is er nog plaats?", "Hoeveel plaatsen er vrij zijn, staat niet in de agenda"),
        ("hoe kan ik mijn inschrijving annuleren?", "Uitschrijven gaat via dezelfde link als inschrijven"),
        ("hoe schrijf ik mij in?", "Inschrijven voor een atrium is gratis en gaat via de link"),
    ],
)
def test_what_is_asked_of_registering_is_answered_first(text: str, said: str) -> None:
    assert reply_to(Intent.REGISTRATION, text=text).headline.startswith(said)


def test_the_answer_on_unregistering_names_the_organiser() -> None:
    reply = reply_to(Intent.REGISTRATION, kind=Kind.CENTRUMSTEDEN, text="kan ik mijn inschrijving annuleren?")
    assert "Organisator: Kenniscentrum Vlaamse Steden, kvs@example.org." in reply.paragraphs


def test_an_atrium_without_status_gone_by_is_not_asked_for_again() -> None:
    over = replace(sample("atr-1-053"), status=Status.VOORBIJ)
    reply = reply_to(Intent.WHEN, context_at(agenda=MemoryAgenda([over])), kind=Kind.THEMATISCH)
    assert reply.headline == "In de agenda staat nu geen Thematisch Atrium."
