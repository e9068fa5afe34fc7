"""Whatever anybody types at any step: never a fault, never a publication without the word."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.model import Person
from handlers.moderation.commands import is_confirmation
from handlers.moderation.dialogue import is_command
from handlers.moderation.steps import chosen
from tests.fakes.talking import AN, BOB, MEMBER, Thread

_SAID = """kondig aan : thematisch atrium op maat over rond ontharding op 18 maart 2027 31 februari 29/2 18/3
om 14u 13u30 van tot en met 25u in Mechelen Gent Heusden Zotegem te Lamot , ; titel: datum: waar: zaal wordt
deadline inschrijven
https://x.example.org www.x.be/ voor ambtenaren mandatarissen iedereen wijzig annuleer atr-1-053
atr-1-035 stop ja nee geen later inbreng: pauzeer hervat alles algemeen alleen community 1 2 3 9 ? " ( ) * [
half twee de dag ervoor 99/99/9999 0u 24u volgende week dinsdag morgen 2027-13-45 0000-00-00 31/12/9999
29/02/2028"""
_WORDS = st.sampled_from([*_SAID.split(), "\n", "\x1f", "\x00", "\u202e"])
_TEXT = st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=25).map(" ".join))
_BEGIN = st.sampled_from(
    [
        "",
        "kondig aan: thematisch atrium",
        "kondig aan: thematisch atrium over ontharding op 18/3 om 14u in Mechelen",
        "wijzig atr-1-053: zaal Auditorium B",
        "annuleer atr-1-053",
        "wijzig het thematisch atrium",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(begin=_BEGIN, steps=st.lists(st.tuples(_TEXT, st.sampled_from([AN, AN, BOB, MEMBER])), max_size=4))
def test_any_text_at_any_step_is_no_fault_and_publishes_nothing_without_the_word(
    begin: str, steps: list[tuple[str, Person]]
) -> None:
    thread = Thread()
    if begin:
        thread.say(begin)
    for text, who in steps:
        said = chosen(text, thread.context(AN))
        before = len(thread.published)
        thread.say(text, who)
        if not is_confirmation(said.strip()):
            assert len(thread.published) == before


@pytest.mark.parametrize(
    "text", ["in " * 4000, "a" * 50_000, "voor ambtenaren, " * 1500, "1" * 5000, "van 9 tot " * 1500]
)
def test_a_very_long_text_is_read_in_reasonable_time(text: str) -> None:
    thread = Thread()
    thread.say("kondig aan: thematisch atrium " + text)
    assert thread.published == []


@pytest.mark.parametrize(
    "text",
    [
        "kondig aan: thematisch atrium",
        "@atriumbot kondig aan: x",
        "<@U123> wijzig atr-1-053: datum 3 mei",
        "annuleer atr-1-053",
        "Pauzeer algemeen",
        "hervat",
        "inbreng: iets",
        "Bevestig.",
    ],
)
def test_commands_are_recognised_without_a_mention(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize(
    "text",
    [
        "wanneer is het volgende atrium?",
        "annuleer mijn inschrijving",
        "kan je mij zeggen waar het atrium is",
        "we kondigen het aan",
        "ik bevestig dat ik kom",
        "inbreng is welkom",
        "bedankt",
        "",
    ],
)
def test_ordinary_messages_are_no_commands(text: str) -> None:
    assert not is_command(text)


def test_a_number_outside_what_is_offered_means_nothing() -> None:
    thread = Thread()
    thread.say("kondig aan: thematisch atrium over ontharding op 18/3 om 14u in Mechelen")

    assert re.search("Niet gebruikt|Zo komt het bericht", thread.say("9"))
    assert thread.published == []
