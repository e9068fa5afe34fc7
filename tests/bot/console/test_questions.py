"""What was not answered is listed by why, told in Dutch, and a word is taught by whoever saw what it does."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.web.console.reading_words import reading_text
from handlers.answers.unread import Why
from handlers.reading.model import Intent, Reading
from store import lexicon, questions
from store.engine import Store
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import value_of

#: A question for each reason.
ASKED = {
    Why.NOT_UNDERSTOOD: "en die andere dan misschien",
    Why.OUT_OF_SCOPE: "wat kost de LOA voor het VVSG-traject?",
    Why.ELSEWHERE: "wanneer is het containerpark open in Zele",
    Why.REJECTED: "wanneer komen jullie naar Aalter",
}


@pytest.fixture
def asked(furnished: Store, now: dt.datetime) -> Store:
    with furnished.writing() as session:
        for number, (why, text) in enumerate(ASKED.items()):
            questions.keep_unread(session, f"v{number}", text, why.value, now)
    return furnished


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("", set(Why)),
        ("?wat=niet-begrepen", {Why.NOT_UNDERSTOOD}),
        ("?wat=niet-voor-de-bot", {Why.OUT_OF_SCOPE, Why.ELSEWHERE}),
        ("?wat=afgekeurd", {Why.REJECTED}),
        ("?wat=iets", set(Why)),
    ],
)
def test_each_tab_lists_what_was_not_answered_for_its_reason(
    asked: Store, enter: Enter, tab: str, shown: set[Why]
) -> None:
    page = enter("moderator").get(f"/beheer/vragen{tab}").text
    assert {why for why, text in ASKED.items() if text in page} == shown
    assert "Niet voor de bot (2)" in page
    assert "Alles (6)" in page


def test_a_question_is_told_as_read_in_dutch(asked: Store, enter: Enter) -> None:
    visitor = enter("moderator")
    told = [visitor.get(f"/beheer/vragen/{number}").text for number in range(1, 7)]
    assert "iets waar de bot niet op antwoordt" in "".join(told)
    assert not [intent for intent in Intent if f"<dd>{intent.value}" in "".join(told)]


def test_every_intent_has_words(now: dt.datetime) -> None:
    for intent in Intent:
        assert reading_text(Reading(text="", intent=intent), now) != intent.value


@pytest.mark.parametrize("meaning", ["blabla onzin", "qsdf", "hond"])
def test_a_word_is_not_taught_as_what_the_bot_does_not_know(
    enter: Enter, furnished: Store, meaning: str
) -> None:
    answer = enter("moderator").send("/beheer/woorden", woord="thematies", betekenis=meaning)
    assert answer.status_code == 422
    assert f"“{meaning}” zegt de bot niets" in answer.text
    assert 'value="thematies"' in answer.text
    with furnished.reading() as session:
        assert lexicon.list_words(session) == []


@pytest.mark.parametrize(
    "meaning", ["thematisch atrium", "Gent", "Waasland", "ontharding", "inschrijven", "mandatarissen"]
)
def test_a_kind_a_place_a_theme_or_what_one_asks_can_be_taught(enter: Enter, meaning: str) -> None:
    answer = enter("moderator").send("/beheer/woorden", woord="zzz", betekenis=meaning)
    assert answer.status_code == 200
    assert "Nog niet geleerd" in answer.text


def test_what_a_word_does_is_shown_before_it_is_taught(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    word = {"woord": "hwp", "betekenis": "hemelwater"}
    shown = visitor.send("/beheer/woorden", **word, bij="1")
    assert "Met dit woord leest de bot:" in shown.text
    assert "“waneer is da hwp atrium?”" in shown.text
    assert "hemelwater&#34;" in shown.text
    with furnished.reading() as session:
        assert lexicon.list_words(session) == [], "looking teaches nothing"
    seen = value_of(shown.text, "gezien")
    other = visitor.send("/beheer/woorden", woord="hwp", betekenis="Gent", gezien=seen)
    assert other.status_code == 200, "another meaning is looked at anew"
    assert visitor.send("/beheer/woorden", **word, gezien=seen).status_code == 303
    with furnished.reading() as session:
        assert [each.meaning for each in lexicon.list_words(session)] == ["hemelwater"]


def test_a_question_of_a_closed_community_is_not_shown_to_whoever_may_not_read_it(
    enter: Enter, furnished: Store
) -> None:
    shown = enter("moderator").send("/beheer/woorden", woord="schepen", betekenis="mandatarissen")
    assert "besloten vraag van een schepen" in shown.text
