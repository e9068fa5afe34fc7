"""Dialogues: a follow-up leans on what was said before in the thread."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.context import Topic
from handlers.model import Audience, Kind, Span
from handlers.reading.followup import lean
from handlers.reading.model import Intent, Reading
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW


def dialogue(*texts: str, pause: dt.timedelta = dt.timedelta(minutes=2)) -> Reading:
    """The reading of the last message, each leaning on the one before."""
    now, topic, reading = NOW, None, read(texts[0], NOW)
    for text in texts:
        reading = lean(read(text, now), topic, now)
        topic = Topic(reading=reading, at=now.astimezone(dt.UTC))
        now += pause
    return reading


def test_another_place_keeps_the_rest() -> None:
    last = dialogue("wanneer is het volgende provinciaal atrium in Gent?", "en in Hasselt?")
    assert (last.intent, last.kind, last.place) == (Intent.NEXT_SESSION, Kind.PROVINCIAAL, "Hasselt")


def test_what_is_taken_over_is_told() -> None:
    last = dialogue("wanneer is het volgende provinciaal atrium in Gent?", "en in Hasselt?")
    assert last.noticed == ("ik nam over uit je vorige vraag: provinciaal atrium",)


def test_a_list_stays_a_list() -> None:
    last = dialogue("welke lokale atria zijn er in maart?", "en in de Kempen?")
    assert (last.intent, last.kind, last.place) == (Intent.LIST_SESSIONS, Kind.LOKAAL, "Kempen")
    assert last.period == Span(first=dt.date(2027, 3, 1), last=dt.date(2027, 3, 31))


def test_where_is_that_asks_about_the_same_atrium() -> None:
    last = dialogue("wanneer is het lokaal atrium in Tielt?", "waar is dat juist?")
    assert (last.intent, last.kind, last.place) == (Intent.WHERE, Kind.LOKAAL, "Tielt")


def test_and_after_that_looks_further() -> None:
    last = dialogue("wat is er in maart?", "en daarna?")
    assert last.later
    assert last.period == Span(first=dt.date(2027, 4, 1))


def test_and_after_that_without_a_period_is_left_to_what_was_shown() -> None:
    last = dialogue("wanneer is het volgende lokaal atrium in Tielt?", "en daarna?")
    assert (last.intent, last.later, last.place, last.period) == (Intent.NEXT_SESSION, True, "Tielt", None)


def test_a_correction_replaces_only_what_is_corrected() -> None:
    last = dialogue("waar is het provinciaal atrium in Gent?", "nee, Leuven")
    assert (last.intent, last.kind, last.place, last.corrects) == (
        Intent.WHERE,
        Kind.PROVINCIAAL,
        "Leuven",
        True,
    )


def test_another_role_sets_the_kind_aside() -> None:
    last = dialogue("wanneer is het lokaal atrium in Gent?", "en voor schepenen?")
    assert (last.kind, last.audience, last.place) == (None, Audience.MANDATARIS, "Gent")


def test_a_choice_keeps_its_ordinal() -> None:
    last = dialogue("welke atria zijn er in maart?", "de tweede")
    assert (last.ordinal, last.intent) == (2, Intent.SESSION_DETAIL)


def test_a_choice_by_place_keeps_its_place() -> None:
    last = dialogue("welke provinciale atria zijn er in april?", "die in Gent")
    assert (last.place, last.kind) == ("Gent", Kind.PROVINCIAAL)


@pytest.mark.parametrize("pause", [dt.timedelta(hours=3), dt.timedelta(days=1)])
def test_what_was_said_long_ago_is_forgotten(pause: dt.timedelta) -> None:
    last = dialogue("wanneer is het volgende provinciaal atrium in Gent?", "en in Hasselt?", pause=pause)
    assert last.kind is None


def test_midnight_ends_what_was_said() -> None:
    evening = dt.datetime(2026, 11, 23, 22, 50, tzinfo=dt.UTC)  # 23.50 in Brussels
    topic = Topic(reading=read("lokaal atrium in Gent", evening), at=evening)
    later = evening + dt.timedelta(minutes=20)
    assert lean(read("en in Hasselt?", later), topic, later).kind is None


def test_a_question_that_stands_alone_takes_nothing_over() -> None:
    last = dialogue("waar is het provinciaal atrium in Gent?", "welke groepen zijn er?")
    assert (last.place, last.kind, last.noticed) == (None, None, ())


def test_thanks_take_nothing_over() -> None:
    last = dialogue("waar is het provinciaal atrium in Gent?", "dankjewel")
    assert (last.intent, last.place) == (Intent.THANKS, None)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("wanneer is het volgende provinciaal atrium", "wat is er vandaag te doen"),
        ("lokale atria in Brugge in juni", "iets over wateroverlast"),
        ("atrium mandatarissen", "is er op 17 maart iets in Gent"),
        ("lokale atria in februari", "wanneer is er iets in Leuven"),
    ],
)
def test_a_whole_new_question_takes_nothing_over(before: str, text: str) -> None:
    assert dialogue(before, text) == read(text, NOW + dt.timedelta(minutes=2))


@pytest.mark.parametrize(
    "text", ["nog iets in Leuven?", "is er ook iets in Leuven?", "welke zijn er in Leuven?", "en in Leuven?"]
)
def test_what_adds_to_the_question_before_leans_on_it(text: str) -> None:
    last = dialogue("welke lokale atria zijn er in februari?", text)
    assert (last.kind, last.place) == (Kind.LOKAAL, "Leuven")
    assert last.period == Span(first=dt.date(2027, 2, 1), last=dt.date(2027, 2, 28))


def test_days_of_the_week_and_their_month_are_taken_over_apart() -> None:
    last = dialogue("welke atria vallen op een maandag in februari", "en op een woensdag?")
    assert (last.weekdays, last.period) == ((2,), Span(first=dt.date(2027, 2, 1), last=dt.date(2027, 2, 28)))
    last = dialogue("welke atria vallen op een maandag in februari", "en in maart?")
    assert (last.weekdays, last.period) == ((0,), Span(first=dt.date(2027, 3, 1), last=dt.date(2027, 3, 31)))
