"""Dialogues with the bot as members have them, through the one entry for every message."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from handlers.answers.help import EXAMPLES
from handlers.changes import ContributionHandedIn, Followed, MunicipalityTold, QuestionUnread
from handlers.model import OUTSIDER, Follow, FollowWhat
from handlers.reading.model import Intent
from handlers.routing import MOST_READ, TOPIC_LIFETIME, is_command, respond
from tests.fakes.asking import AN, context_at
from tests.fakes.thread import Thread


def test_one_question_gives_one_answer_from_the_agenda() -> None:
    reply = respond("wanneer is het volgende provinciaal atrium in Gent?", context_at())
    assert reply.plain_text() == (
        "Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, van 9.00 tot 16.00 u.\n"
        "Waar: Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent\n"
        "Thema: windturbines en draagvlak\n"
        "Inschrijven tot en met zondag 11 april: https://inschrijven.example.org/atr-1-044\n"
        "Ook in Antwerpen (6/4), Leuven (9/4), Hasselt (15/4) en Brugge (19/4).\n"
        "Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026."
    )


def test_asking_twice_is_answered_alike_twice() -> None:
    thread = Thread(context_at())
    first = thread.ask("welke lokale atria zijn er in februari?")
    second = thread.ask("welke lokale atria zijn er in februari?")
    assert first.plain_text() == second.plain_text()


def test_a_follow_up_on_another_place_keeps_the_question() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    assert thread.ask("en in Leuven?").atria == ("atr-1-043",)


def test_a_follow_up_without_a_name_is_on_what_was_just_told() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    where = thread.ask("waar is dat?")
    assert where.headline.startswith("Plaats van het Provinciaal Atrium in Gent:")
    registering = thread.ask("hoe schrijf ik mij daarvoor in?")
    assert registering.atria == ("atr-1-044",)


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    assert thread.ask("nee, Leuven").atria == ("atr-1-043",)


def test_what_comes_after_is_told_when_asked() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende lokaal atrium in Temse?")
    assert thread.ask("en daarna?").atria == ("atr-1-003",)
    assert thread.ask("en daarna?").atria == ("atr-1-004",)
    assert thread.ask("en daarna?").headline == "Daarna staat er in de agenda niets meer dat daarbij past."


def test_the_rest_of_a_list_follows_when_it_is_taken() -> None:
    thread = Thread(context_at())
    shown = list(thread.ask("welke atria zijn er in februari en maart 2027?").atria)
    assert len(shown) == 8
    rest = thread.ask("1")
    assert rest.atria == ("atr-1-015", "atr-1-027", "atr-1-030", "atr-1-055")
    assert rest.headline == "Dit zijn de laatste vier (van 12) atria van 1 februari tot en met 31 maart 2027:"
    assert not rest.choices


def test_a_list_that_is_whole_is_no_last_part_of_one() -> None:
    thread = Thread(context_at())
    thread.ask("welke lokale atria zijn er in februari 2027?")
    told = thread.ask("welke provinciale atria zijn er in april 2027?")
    assert told.headline.startswith("Er zijn vijf Provinciale Atria")


def test_the_second_of_a_list_can_be_pointed_at() -> None:
    thread = Thread(context_at())
    listed = thread.ask("geef me de volgende drie atria")
    assert thread.ask("waar is de tweede?").atria == (listed.atria[1],)


def test_an_own_atrium_is_completed_by_the_municipality() -> None:
    thread = Thread(context_at())
    assert thread.ask("wanneer is mijn lokaal atrium?").headline == "In welke gemeente werk je?"
    assert thread.ask("Zottegem").headline.startswith("Voor Zottegem: het volgende Lokaal Atrium")
    assert not thread.changes


def test_an_offered_choice_can_be_taken_by_its_number() -> None:
    thread = Thread(context_at())
    offered = thread.ask("nog iets deze week in Hasselt?")
    assert len(offered.choices) == 2
    taken = thread.ask("2")
    assert taken.atria == ("atr-1-053",)


def test_a_number_that_was_not_offered_is_said_not_to_be() -> None:
    thread = Thread(context_at())
    thread.ask("nog iets deze week in Hasselt?")
    assert thread.ask("7").headline == "Ik bood twee keuzes aan."


def test_a_municipality_is_remembered_only_when_asked() -> None:
    thread = Thread(context_at())
    thread.ask("ik werk in Zottegem, wanneer is mijn lokaal atrium?")
    assert not thread.changes
    thread.ask("onthoud dat ik in Zottegem werk")
    assert thread.changes == [MunicipalityTold(municipality="Zottegem")]


def test_two_questions_in_one_message_are_both_answered() -> None:
    reply = respond(
        "wanneer is het volgende provinciaal atrium in Gent? En welke thematische groepen zijn er?",
        context_at(),
    )
    assert "maandag 12 april 2027" in reply.headline
    assert "https://engage.example.org/groups/water" in reply.plain_text()


def test_reminding_of_what_was_just_told_follows_that_atrium() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    thread.ask("herinner mij daaraan")
    assert thread.changes == [Followed(follow=Follow(what=FollowWhat.ATRIUM, value="atr-1-044"))]


def test_the_button_that_reminds_is_understood() -> None:
    thread = Thread(context_at())
    shown = thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    says = next(action.says for action in shown.actions if action.says)
    thread.ask(says)
    assert thread.changes == [Followed(follow=Follow(what=FollowWhat.ATRIUM, value="atr-1-044"))]


def test_an_outsider_is_reminded_of_nothing() -> None:
    reply = respond("herinner mij aan het volgende provinciaal atrium in Brugge", context_at(person=OUTSIDER))
    assert not reply.changes


def test_what_is_handed_in_below_an_answer_belongs_to_its_atrium() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    thread.ask("inbreng: hoe betrekken jullie de buurt?")
    (handed_in,) = thread.changes
    assert isinstance(handed_in, ContributionHandedIn)
    assert handed_in.contribution.atrium_uid == "atr-1-044"


def test_a_thread_forgets_after_a_fortnight() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende provinciaal atrium in Gent?")
    thread.wait(TOPIC_LIFETIME + dt.timedelta(minutes=1))
    assert thread.ask("waar is dat?").atria != ("atr-1-044",)


@pytest.mark.parametrize("text", ["", "   ", "?!", "...", "/atrium", "\u200b"])
def test_an_empty_message_is_answered_with_help(text: str) -> None:
    reply = respond(text, context_at())
    assert reply.headline == "Je kunt mij in gewone woorden vragen stellen over de atria."


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "atrium " * 2_000,
        "<script>alert(1)</script> wanneer is het atrium over <b>x</b>?",
        "wanneer is het atrium over \x1b[31mrood\x07\u202e?",
        "{naam} {0} %s $(ls) '; DROP TABLE atria; --",
        "@iedereen <!channel> wanneer?",
    ],
)
def test_strange_messages_get_a_calm_answer_without_their_markup(text: str) -> None:
    reply = respond(text, context_at())
    said = reply.plain_text()
    assert len(said) < 3_000
    assert not any(sign in said for sign in ("<", "\x1b", "\x07", "\u202e", "@iedereen"))


def test_only_the_begin_of_a_very_long_message_is_read() -> None:
    reply = respond("wanneer is het volgende provinciaal atrium in Gent? " + "x " * MOST_READ, context_at())
    assert reply.reading is not None
    assert len(reply.reading.text) <= MOST_READ


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_help_works(example: str) -> None:
    reply = respond(example, context_at())
    assert reply.understood
    assert reply.reading is not None
    assert reply.reading.intent not in (Intent.CLARIFY, Intent.OUT_OF_SCOPE, Intent.HELP)


def test_every_choice_that_is_offered_is_understood() -> None:
    asked = (
        "nog iets deze week in Hasselt?",
        "welke lokale atria zijn er volgende maand in West-Vlaanderen?",
        "eind februari iets voor de Westhoek?",
        "zijn er tussen 1 en 15 maart provinciale atria?",
        "wanneer is er een thematisch atrium over mobiliteit?",
        "wat is een provinciaal atrium?",
        "bij welk lokaal atrium hoort Ruiselede?",
    )
    for text in asked:
        for choice in respond(text, context_at()).choices:
            taken = respond(choice.says, context_at())
            assert taken.understood, choice.says
            assert taken.atria, choice.says


def test_a_question_of_this_domain_without_an_answer_is_kept() -> None:
    """C-37: nobody has to be reachable for that."""
    reply = respond("krijg ik een attest voor het atrium dat mijn baas aftekent?", context_at())
    if not reply.understood:
        assert any(isinstance(change, QuestionUnread) for change in reply.changes)


def test_a_question_in_french_is_answered_in_dutch() -> None:
    reply = respond("Quand est le prochain atrium local à Courtrai ?", context_at())
    assert reply.headline.startswith("Bij welk Lokaal Atrium Kortrijk hoort, dat weet ik niet")


def test_known_people_need_not_name_their_municipality() -> None:
    context = context_at(person=replace(AN, municipality="Temse"))
    assert respond("wanneer is mijn lokaal atrium?", context).atria == ("atr-1-002",)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/atrium wanneer is het volgende?", True),
        ("help", True),
        ("Hulp?", True),
        ("inbreng: een vraag", True),
        ("kondig aan: thematisch atrium over water", True),
        ("volg de lokale atria", True),
        ("herinner mij aan het atrium in Gent", True),
        ("stuur mij geen herinneringen meer", True),
        ("Volgende week ben ik er niet.", False),
        ("Hulp gevraagd bij een dossier in Gent", False),
        ("Wie heeft er ervaring met ontharding?", False),
        ("", False),
    ],
)
def test_a_command_is_meant_for_the_bot_and_talk_is_not(text: str, *, meant: bool) -> None:
    assert is_command(text) is meant


def test_a_second_question_that_the_first_answer_covers_adds_nothing() -> None:
    one = respond("wanneer is het volgende provinciaal atrium in Gent?", context_at())
    two = respond("wanneer en waar is het volgende provinciaal atrium in Gent?", context_at())
    assert set(one.plain_text().splitlines()[1:]) >= set(two.plain_text().splitlines()[3:])
    registering = respond(
        "wanneer is het volgende provinciaal atrium in Gent en hoe schrijf ik mij in?", context_at()
    )
    assert registering.plain_text() == one.plain_text()


def test_who_organises_what_was_just_told_comes_from_its_record() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het volgende atrium centrumsteden?")
    reply = thread.ask("wie organiseert dat?")
    assert "Kenniscentrum Vlaamse Steden" in reply.headline
