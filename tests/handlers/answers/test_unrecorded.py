"""What the agenda does not tell is said not to stand there, with who may know."""

from __future__ import annotations

import pytest

from tests.fakes.asking import context_at
from tests.fakes.thread import Thread


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is er eten voorzien in Zottegem", "Over eten en drinken staat er niets in de agenda."),
        ("krijg ik een attest van het atrium in Kortrijk", "Over attesten staat er niets in de agenda."),
        (
            "hoeveel plaatsen zijn er nog in Kortrijk",
            "Hoeveel plaatsen er vrij zijn, staat niet in de agenda; ",
        ),
    ],
)
def test_it_comes_before_what_the_agenda_does_tell(text: str, said: str) -> None:
    reply = Thread(context_at()).ask(text)
    assert reply.headline.startswith(said)
    assert len(reply.atria) == 1


def test_who_may_know_is_named() -> None:
    reply = Thread(context_at()).ask("is er eten voorzien in Zottegem")
    assert reply.paragraphs[0].startswith("Vraag het aan: ")
    assert reply.paragraphs[1].startswith("Het Atrium op Maat voor de Denderende gemeenten is op")


def test_the_lunch_of_a_programme_is_told() -> None:
    reply = Thread(context_at()).ask("is er lunch op het provinciaal atrium in Gent")
    assert reply.headline == "In het programma staat: 12.30 lunch."


@pytest.mark.parametrize(
    "text", ["welk atrium is het langst", "welk atrium duurt het langst", "wat is het beste atrium"]
)
def test_atria_are_not_compared(text: str) -> None:
    reply = Thread(context_at()).ask(text)
    assert reply.headline == "Ik vergelijk de atria niet met elkaar."
    assert "Vraag het aan: " in reply.paragraphs[-1]


@pytest.mark.parametrize("text", ["ben je een robot?", "bende gij ne robot", "ben jij een mens?"])
def test_the_bot_says_that_it_is_one(text: str) -> None:
    assert Thread(context_at()).ask(text).headline.startswith("Ja, ik ben een bot: ")


def test_a_mayor_hears_what_may_be_said_here() -> None:
    thread = Thread(context_at())
    for text in ("ik ben burgemeester, welke atria zijn voor mij", "Gent"):
        said = thread.ask(text).plain_text()
        assert said.startswith("Data van het Atrium Lokale Mandatarissen staan in de eigen community.")
        assert "Het Atrium Lokale Mandatarissen is voor burgemeesters, schepenen" in said
        assert "2027" not in said
