"""Questions that ask the same thing are one group, the same whatever their order."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.likeness import AskedAlike, asked_alike, core_of
from tests.fakes.network import brussels

MONDAY = brussels("2026-11-23 10:00")

PARKING = [
    "wanneer parking in Gent",
    "wanneer parking in Leuven",
    "is er parking bij het atrium in Hasselt op 12 april?",
    "waar kan ik volgende week parkeren in Zottegem",
    "PARKING??",
]
ATTEST = ["krijg ik een attest voor het atrium", "krijg je een attest na het provinciaal atrium in Gent?"]
DOG = ["mag ik mijn hond meebrengen naar Temse", "mag mijn hond mee"]


@dataclass(frozen=True)
class Asked:
    text: str
    reason: str
    asked_at: dt.datetime


def asked(*texts: str, reason: str = "niet begrepen") -> list[Asked]:
    """These questions, one a minute."""
    return [Asked(text, reason, MONDAY + dt.timedelta(minutes=minute)) for minute, text in enumerate(texts)]


def groups_of(*texts: str) -> list[set[str]]:
    return [set(group.questions) for group in asked_alike(asked(*texts))]


def test_a_place_and_a_date_make_no_other_question() -> None:
    assert groups_of(*PARKING) == [set(PARKING)]


def test_a_period_makes_no_other_question() -> None:
    assert core_of("is er parking op 12 april", MONDAY) == core_of("parking in de paasvakantie?", MONDAY)


def test_what_two_questions_have_in_common_counts_though_each_says_more() -> None:
    assert len(groups_of("hoeveel punten", "punten of certificaat voor het loopbaancentrum")) == 1


def test_other_questions_are_other_groups_the_largest_first() -> None:
    assert groups_of(*DOG[:1], *ATTEST, *PARKING) == [set(PARKING), set(ATTEST), set(DOG[:1])]


def test_a_misspelled_word_and_another_ending_are_alike() -> None:
    assert len(groups_of("worden verplaatsingskosten betaald", "wie betaalt de verplaatsingskostn")) == 1
    assert len(groups_of("zijn er presentaties op papier", "is er een presentatie op papier")) == 1
    assert len(groups_of("wachtwoord van yammer vergeten", "wachtwoordt yammer vergeten")) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("krijg ik een attest voor het atrium", "is er koffie op het atrium"),
        ("hoeveel punten levert een atrium op", "hoeveel leden telt het netwerk"),
        ("is er parking in Gent", "is er een lift in Gent"),
        ("hoeveel punten levert een sessie op", "levert de traiteur ook broodjes"),
    ],
)
def test_a_shared_place_or_the_word_atrium_does_not_make_questions_alike(one: str, other: str) -> None:
    assert len(groups_of(one, other)) == 2


def test_a_group_tells_its_example_reasons_and_days() -> None:
    questions = [
        Asked("mag mijn hond mee", "buiten bereik", MONDAY - dt.timedelta(days=3)),
        Asked("mag mijn hond mee naar Gent", "afgekeurd", MONDAY),
        Asked("mag mijn hond mee", "buiten bereik", MONDAY - dt.timedelta(days=1)),
    ]

    assert asked_alike(questions) == [
        AskedAlike(
            example="mag mijn hond mee",
            questions=("mag mijn hond mee", "mag mijn hond mee", "mag mijn hond mee naar Gent"),
            reasons={"afgekeurd": 1, "buiten bereik": 2},
            first=MONDAY - dt.timedelta(days=3),
            last=MONDAY,
        )
    ]


def test_the_example_is_what_was_typed_most() -> None:
    (group,) = asked_alike(asked("parking", "is er parking in Gent", "parking?", "is er parking in Gent"))

    assert group.example == "is er parking in Gent"


def test_of_groups_of_one_size_the_last_asked_comes_first() -> None:
    assert [group.example for group in asked_alike(asked("mag mijn hond mee", "is er parking"))] == [
        "is er parking",
        "mag mijn hond mee",
    ]


@pytest.mark.parametrize("text", ["Gent?", "volgende week", "en in Leuven?", "atrium?", "en die andere dan"])
def test_a_question_of_nothing_but_little_words_still_has_a_core(text: str) -> None:
    assert core_of(text, MONDAY)


def test_whatever_the_order_the_groups_are_the_same() -> None:
    texts = [*PARKING, *ATTEST, *DOG, "Gent?", "en in Leuven?", "wie betaalt mijn trein"]
    questions = [Asked(text, "afgekeurd", MONDAY) for text in texts]
    expected = asked_alike(questions)

    for seed in range(5):
        shuffled = random.Random(seed).sample(questions, len(questions))
        assert asked_alike(shuffled) == expected


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_texts_are_grouped_and_none_is_lost(texts: list[str]) -> None:
    groups = asked_alike(asked(*texts))

    assert sorted(itertools.chain.from_iterable(group.questions for group in groups)) == sorted(texts)
    assert [group.count for group in groups] == sorted((group.count for group in groups), reverse=True)


def test_without_questions_there_are_no_groups() -> None:
    assert asked_alike([]) == []
