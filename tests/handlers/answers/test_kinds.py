"""What the network and each kind of atrium is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.model import Audience, Kind
from handlers.reading.model import Intent
from handlers.wording.texts import kind_name
from tests.fakes.asking import AN, context_at, reply_to

INFO = Intent.PLATFORM_INFO


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_told_with_for_whom_and_how_often(kind: Kind) -> None:
    reply = reply_to(INFO, kind=kind, text="wat is dat?")
    assert reply.headline.startswith(f"Een {kind_name(kind)} is een ")
    assert [fact.label for fact in reply.facts][:2] == ["Voor wie", "Hoe vaak"]


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Kind.CENTRUMSTEDEN, "voor wie is het?", "Het Atrium Centrumsteden is voor de 13 centrumsteden."),
        (Kind.LOKAAL, "hoe vaak is er een?", "Het Lokaal Atrium is er twee tot vier keer per jaar."),
        (
            Kind.PROVINCIAAL,
            "hoe dikwijls?",
            "Het Provinciaal Atrium is er twee keer per jaar, telkens in de vijf provinciehoofdplaatsen.",
        ),
        (
            Kind.CENTRUMSTEDEN,
            "wie trekt dat?",
            (
                "Atrium Centrumsteden: het Kenniscentrum Vlaamse Steden trekt het; de agenda wordt in "
                "overleg met het Departement Omgeving samengesteld."
            ),
        ),
        (
            Kind.MANDATARISSEN,
            "wie organiseert het?",
            "Wie het Atrium Lokale Mandatarissen trekt, staat niet in de beschrijving van het netwerk.",
        ),
    ],
)
def test_what_is_asked_of_a_kind_is_answered_first(kind: Kind, text: str, said: str) -> None:
    assert reply_to(INFO, kind=kind, text=text).headline == said


def test_the_difference_between_two_kinds_tells_both() -> None:
    reply = reply_to(
        INFO, kind=Kind.LOKAAL, text="wat is het verschil tussen een provinciaal en een lokaal atrium?"
    )
    assert reply.headline == "Het verschil tussen het Lokaal Atrium en het Provinciaal Atrium:"
    assert len(reply.paragraphs) == 2


def test_a_municipality_is_told_its_local_and_its_provincial_atrium() -> None:
    reply = reply_to(INFO, kind=Kind.LOKAAL, place="Wingene", text="bij welk lokaal atrium hoort Ruiselede?")
    assert reply.headline == "Wingene hoort bij het Lokaal Atrium Midwest."
    assert reply.paragraphs == ("Het Provinciaal Atrium voor Wingene is dat in Brugge.",)


def test_a_municipality_without_region_is_said_not_to_be_known() -> None:
    reply = reply_to(INFO, kind=Kind.LOKAAL, place="Lier", text="bij welk lokaal atrium hoort Lier?")
    assert reply.headline.startswith("Bij welk Lokaal Atrium Lier hoort, dat weet ik niet")


def test_ones_own_region_is_that_of_the_municipality_one_told() -> None:
    context = context_at(person=replace(AN, municipality="Temse"))
    reply = reply_to(INFO, context, kind=Kind.LOKAAL, mine=True, text="bij welk lokaal atrium horen wij?")
    assert reply.headline == "Temse hoort bij het Lokaal Atrium Waasland."


def test_whether_outsiders_may_come_is_not_made_up() -> None:
    reply = reply_to(INFO, kind=Kind.THEMATISCH, audience=Audience.EXTERN, text="mag een bureau deelnemen?")
    assert "staat niet in de beschrijving van het netwerk" in reply.headline
    assert "02 553 80 56" in reply.plain_text()


@pytest.mark.parametrize("text", ["wat is yammer?", "hoe werkt viva engage?", "wat is het onlinenetwerk?"])
def test_the_online_network_is_told(text: str) -> None:
    assert reply_to(INFO, text=text).headline.startswith("Het onlinenetwerk (Yammer, nu Viva Engage)")


def test_the_network_as_a_whole_names_its_six_kinds() -> None:
    reply = reply_to(INFO, text="wat is het atrium lerend netwerk?")
    text = reply.plain_text()
    assert all(kind_name(kind) in text for kind in Kind)


def test_the_municipalities_of_a_region_come_from_the_moderators_table() -> None:
    reply = reply_to(INFO, kind=Kind.LOKAAL, place="Waasland", text="welke gemeenten horen bij Waasland?")
    assert reply.headline == "Bij het Lokaal Atrium Waasland horen zeven gemeenten."
    assert "Beveren-Kruibeke-Zwijndrecht, Lokeren, " in reply.paragraphs[0]


@pytest.mark.parametrize(
    ("place", "said"),
    [("Genk", "Ja, Genk is een centrumstad."), ("Zottegem", "Nee, Zottegem is geen centrumstad.")],
)
def test_whether_a_municipality_is_a_centrumstad_is_answered(place: str, said: str) -> None:
    reply = reply_to(INFO, kind=Kind.CENTRUMSTEDEN, place=place, text="is dat een centrumstad?")
    assert reply.headline == said
    assert "Sint-Niklaas" in reply.paragraphs[0]


def test_a_role_alone_is_told_of_its_own_atrium() -> None:
    reply = reply_to(INFO, audience=Audience.MANDATARIS, text="wat is er voor schepenen?")
    assert reply.headline.startswith("Een Atrium Lokale Mandatarissen is een interactief")
