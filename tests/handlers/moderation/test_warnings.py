"""What the preview warns of; none of it stops a publication."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from handlers.context import Context
from handlers.moderation.clashes import clash_warning, twin_warning
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.network import atrium, brussels
from tests.fakes.talking import AN, GENERAL, POLITICIANS, Thread


def preview(told: str, thread: Thread | None = None) -> str:
    return (thread or Thread()).say(f"kondig aan: thematisch atrium over ontharding {told}")


@pytest.mark.parametrize(
    ("told", "warning"),
    [
        ("op 6 mei 2027 om 14u in Gent", "donderdag 6 mei 2027 is een feestdag: O. L. H. Hemelvaart."),
        (
            "op zaterdag 20 maart 2027 om 14u in Gent",
            "20 maart 2027 valt in het weekend: het is een zaterdag.",
        ),
        ("op 18 maart 2027 om 07.30 u. in Gent", "het valt buiten de gewone uren (8.00 tot 18.00 u.)."),
        ("op 18 maart 2027 van 15u tot 19u in Gent", "het valt buiten de gewone uren"),
        (
            "op 18 maart 2030 om 14u in Gent",
            "maandag 18 maart 2030 is nog meer dan twee jaar ver. Klopt het jaar?",
        ),
        ("op 18 maart 2027 om 14u in Gent", "er is nog geen zaal of adres."),
        ("op 18 maart 2027 om 14u in Gent", "er is nog geen link om in te schrijven."),
    ],
)
def test_a_warning_is_given_and_confirming_publishes_in_spite_of_it(told: str, warning: str) -> None:
    thread = Thread()

    assert f"Let op: {warning}" in preview(told, thread)
    thread.say("bevestig")

    assert len(thread.published) == 1


def test_a_clash_names_the_other_atrium_for_the_same_people() -> None:
    reply = preview("op 21 maart 2027 om 14u in Gent voor ambtenaren")

    assert "Let op: binnen drie dagen is er voor dezelfde mensen ook:" in reply
    assert "- di 23 maart 2027, 13.00 u., Brugge: Thematisch Atrium: vergunningen voor zonneparken" in reply


@pytest.mark.parametrize(
    ("told", "clashes"),
    [
        ("op 20 maart 2027 om 14u in Gent voor ambtenaren", True),
        ("op 19 maart 2027 om 14u in Gent voor ambtenaren", False),
        ("op 26 maart 2027 om 14u in Gent voor ambtenaren", True),
        ("op 23 maart 2027 om 14u in Gent voor de centrumsteden", False),
    ],
    ids=["three days", "four days", "three days after", "other people"],
)
def test_a_clash_is_within_three_days_and_for_the_same_people(told: str, clashes: bool) -> None:
    assert ("binnen drie dagen" in preview(told)) is clashes


def test_the_very_same_atrium_is_no_neighbour_and_neighbours_are_in_order_of_date() -> None:
    first = atrium("2027-03-18 13:30", uid="a", municipality="Mechelen", title="Ontharding")
    copy = replace(first, uid="b")
    before = replace(first, uid="c", title="Water", starts_at=first.starts_at - dt.timedelta(days=2))
    after = replace(first, uid="d", title="Wind", starts_at=first.starts_at + dt.timedelta(days=1))
    context = Context(
        now=brussels("2026-11-23 10:00"),
        person=AN,
        agenda=MemoryAgenda([first, before, after]),
        reads=frozenset({"algemeen"}),
    )
    same, neighbours = (twin_warning(copy, context) or "", clash_warning(copy, context) or "")
    assert same.startswith("dit lijkt hetzelfde atrium als do 18 maart 2027")
    assert "Ontharding" not in neighbours
    assert neighbours.index("Water") < neighbours.index("Wind")


def test_a_hidden_atrium_is_no_clash_that_is_named_to_others() -> None:
    told = "op 18 maart 2027 om 17u in Gent voor mandatarissen"

    assert "Lokale Mandatarissen, kernversterking" in preview(told, Thread(POLITICIANS))
    assert "kernversterking" not in preview(told, Thread(GENERAL))


def test_a_cancelled_atrium_is_no_clash() -> None:
    assert "binnen drie dagen" not in preview("op 26 januari 2027 om 14u in Gent voor koepels")


def test_politicians_may_meet_in_the_evening() -> None:
    reply = preview("op 18 maart 2027 van 19u tot 21u in Gent voor mandatarissen", Thread(POLITICIANS))

    assert "gewone uren" not in reply
