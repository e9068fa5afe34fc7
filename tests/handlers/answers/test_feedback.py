"""What members say of the last answer, in a thread: it was not what they asked, or it was."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.answers.feedback import THUMBS_DOWN, says_right, says_wrong
from handlers.changes import QuestionUnread
from handlers.model import OUTSIDER
from handlers.reading.model import Intent
from handlers.routing import TOPIC_LIFETIME, respond
from tests.fakes.asking import context_at
from tests.fakes.thread import Thread

GENT = "wanneer is het volgende provinciaal atrium in Gent?"

WRONG = [
    "👎",
    "👎🏽",
    "👎👎",
    ":-1:",
    ":thumbsdown:",
    "@atriumbot 👎",
    "dat klopt niet",
    "Dat klopt helemaal niet!",
    "dat klopt toch niet?",
    "da klopt niet",
    "klopt niet",
    "dat kan niet kloppen",
    "fout antwoord",
    "fout",
    "verkeerd",
    "Verkeerd antwoord.",
    "nee, dat is verkeerd",
    "niet juist",
    "dat is niet juist hoor",
    "het antwoord is niet correct",
    "slecht antwoord",
    "verkeerde gemeente",
    "dat is niet wat ik vroeg",
    "da's niet wat ik vroeg",
    "sorry maar dat is niet wat ik bedoelde",
    "niet wat ik zoek",
    "dat is niet wat ik gevraagd heb",
    "dat heb ik niet gevraagd",
    "dat vroeg ik niet",
    "daar vroeg ik niet naar",
    "ik bedoelde iets anders",
    "dat was mijn vraag niet",
    "dat is geen antwoord op mijn vraag",
    "je antwoordt niet op mijn vraag",
    "je beantwoordt mijn vraag niet",
    "je begrijpt mijn vraag niet",
    "je hebt mij verkeerd begrepen",
    "daar ben ik niets mee",
    "dat helpt mij niet verder",
    "that's not what I asked",
    "ce n'est pas ma question",
]

RIGHT = [
    "👍",
    "👍🏻",
    ":+1:",
    "klopt",
    "ja, dat klopt",
    "perfect",
    "Perfect, bedankt!",
    "dat is wat ik zocht",
]

SOMETHING_ELSE = [
    "",
    "nee",
    "nee, Leuven",
    "nee, ik bedoel Leuven",
    "dat klopt niet, wanneer is het in Leuven?",
    "fout, het was in Hasselt",
    "👎 en wanneer is het in Leuven?",
    "klopt dat?",
    "klopt het dat het atrium in Gent doorgaat?",
    "perfect, en in Leuven?",
    "is het juist dat inschrijven gratis is?",
    "wat doe ik als het adres niet juist is?",
    "ik kan niet komen",
    "niet in Gent",
    "dat klopt niet " * 20,
]


@pytest.mark.parametrize("said", WRONG)
def test_these_words_say_that_the_answer_was_wrong(said: str) -> None:
    assert says_wrong(said)
    assert not says_right(said)


@pytest.mark.parametrize("said", RIGHT)
def test_these_words_say_that_the_answer_was_right(said: str) -> None:
    assert says_right(said)
    assert not says_wrong(said)


@pytest.mark.parametrize("said", SOMETHING_ELSE)
def test_what_says_more_is_something_else(said: str) -> None:
    assert not says_wrong(said)
    assert not says_right(said)


@pytest.mark.parametrize("said", ["👎", "dat klopt niet", "dat is niet wat ik vroeg"])
def test_a_rejected_answer_puts_its_question_on_the_list(said: str) -> None:
    thread = Thread(context_at())
    thread.ask(GENT)

    reply = thread.ask(said)

    assert thread.changes == [QuestionUnread(text=GENT, reason="afgekeurd")]
    assert reply.plain_text() == (
        "Je vraag staat op de lijst van de moderatoren: zij kijken waarom ik ze niet goed begreep.\n"
        "Stel je vraag gerust anders, met de soort, de plaats of de periode erbij. Liever iemand spreken? "
        "Afdeling Partnerschappen met Besturen en Maatschappij (PBM), 02 553 80 56, "
        "bereikbaar op werkdagen tussen 8.30 en 17.00 u."
    )


def test_the_thread_goes_on_after_a_rejected_answer() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)
    thread.ask("👎")

    assert thread.ask("nee, Leuven").atria == ("atr-1-043",)


def test_a_correction_is_answered_and_puts_nothing_on_the_list() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)

    assert thread.ask("nee, Leuven").atria == ("atr-1-043",)
    assert not thread.changes


def test_a_complaint_with_a_new_question_in_it_is_answered_as_a_question() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)

    reply = thread.ask("dat klopt niet, wanneer is het volgende provinciaal atrium in Leuven?")

    assert reply.atria == ("atr-1-043",)
    assert not thread.changes


def test_a_declined_question_can_be_rejected_too() -> None:
    thread = Thread(context_at())
    thread.ask("wanneer is het containerpark open in Zele")
    thread.ask("👎")

    assert [change.reason for change in thread.changes if isinstance(change, QuestionUnread)] == [
        "niet over het netwerk",
        "afgekeurd",
    ]


def test_what_was_declined_last_is_rejected_and_not_what_was_answered_before() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)
    thread.ask("wat is het weer morgen in Gent")
    thread.ask("👎")

    assert thread.changes[-1] == QuestionUnread(text="wat is het weer morgen in Gent", reason="afgekeurd")


def test_a_declined_question_leaves_the_thread_something_to_lean_on() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)
    thread.ask("wat is het weer morgen in Gent")

    assert thread.ask("en in Leuven?").atria == ("atr-1-043",)


def test_after_a_declined_question_alone_a_question_is_read_as_if_it_were_the_first() -> None:
    thread = Thread(context_at())
    thread.ask("wat is het weer morgen in Gent")

    alone = respond("en in Leuven?", context_at())
    assert thread.ask("en in Leuven?").plain_text() == alone.plain_text()


def test_thanks_in_between_do_not_hide_the_question() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)
    thread.ask("bedankt")
    thread.ask("verkeerd")

    assert thread.changes == [QuestionUnread(text=GENT, reason="afgekeurd")]


def test_of_an_answer_to_a_number_the_question_is_kept_and_not_the_number() -> None:
    thread = Thread(context_at())
    thread.ask("geef me de volgende drie atria")
    thread.ask("2")
    thread.ask("👎")

    assert thread.changes == [QuestionUnread(text="geef me de volgende drie atria", reason="afgekeurd")]


def test_where_nothing_was_asked_nothing_is_kept() -> None:
    reply = respond("👎", context_at())

    assert reply.headline == "Ik weet niet meer over welke vraag het gaat."
    assert "02 553 80 56" in reply.plain_text()
    assert not reply.changes


def test_a_question_of_weeks_ago_is_no_longer_known() -> None:
    thread = Thread(context_at())
    thread.ask(GENT)
    thread.wait(TOPIC_LIFETIME + dt.timedelta(minutes=1))

    assert thread.ask("👎").headline == "Ik weet niet meer over welke vraag het gaat."
    assert not thread.changes


def test_an_outsider_hears_of_no_list_because_nothing_is_kept() -> None:
    thread = Thread(context_at(person=OUTSIDER))
    thread.ask(GENT)

    reply = thread.ask("👎")

    assert "lijst" not in reply.plain_text()
    assert not reply.changes


@pytest.mark.parametrize("said", ["👍", "klopt", "perfect"])
def test_a_thumb_up_is_answered_as_thanks(said: str) -> None:
    thread = Thread(context_at())
    thread.ask(GENT)

    reply = thread.ask(said)

    assert reply.headline == "Graag gedaan."
    assert reply.reading is not None
    assert reply.reading.intent is Intent.THANKS
    assert not thread.changes


def test_what_the_button_says_is_understood() -> None:
    assert says_wrong(THUMBS_DOWN)


@pytest.mark.parametrize(
    "text", [GENT, "welke thematische groepen zijn er?", "wat is het weer morgen in Gent"]
)
def test_an_answer_and_a_refusal_may_be_called_wrong(text: str) -> None:
    assert respond(text, context_at()).answers_question


@pytest.mark.parametrize(
    "text",
    [
        "dag",
        "bedankt",
        "help",
        "👍",
        "👎",
        "en die andere dan",
        "wanneer is mijn lokaal atrium?",
        "inbreng: x",
    ],
)
def test_small_talk_and_asking_back_are_no_answers(text: str) -> None:
    assert not respond(text, context_at()).answers_question
