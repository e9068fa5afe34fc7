"""Stretches of time in Dutch, French and English."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from handlers.model import BRUSSELS, Span
from handlers.reading.periods import read_period
from handlers.reading.reading import read
from handlers.reading.words import sentence_of
from tests.handlers.reading.scoring import NOW, TODAY

DATA = Path(__file__).parents[2] / "data"
FILE = list(csv.DictReader((DATA / "periods_nl.csv").read_text(encoding="utf-8").splitlines()))


def period(text: str, today: dt.date = TODAY, language: str | None = None) -> Span | None:
    sentence = sentence_of(text)
    if language:
        sentence.language = language
    found = read_period(sentence, today, [])
    return found.span if found else None


def span(first: str, last: str) -> Span:
    return Span(
        first=dt.date.fromisoformat(first) if first else None,
        last=dt.date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize("row", FILE, ids=lambda row: row["expression"])
def test_every_expression_of_the_file_means_its_interval(row: dict[str, str]) -> None:
    """C-33."""
    assert period(row["expression"], language=row["lang"]) == span(row["from"], row["to"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("welk atrium was er vrijdag de 31ste", "2026-07-31"),
        ("welk atrium was er de 24ste", "2026-10-24"),
        ("welk atrium was er de 23ste", "2026-11-23"),
    ],
)
def test_a_day_by_its_number_that_was_is_the_last_one(text: str, day: str) -> None:
    assert read(text, NOW).period == span(day, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in mei", "2027-05-01", "2027-05-31"),
        ("12.04", "2027-04-12", "2027-04-12"),
        ("12/4/27", "2027-04-12", "2027-04-12"),
        ("2027-04-12", "2027-04-12", "2027-04-12"),
        ("op zeventien februari", "2027-02-17", "2027-02-17"),
        ("maandag de 14de", "2026-12-14", "2026-12-14"),
        ("de 17de", "2026-12-17", "2026-12-17"),
        ("dinsdag 8/12", "2026-12-08", "2026-12-08"),
        ("op wo 2 december", "2026-12-02", "2026-12-02"),
        ("vrijdag over 14 dagen", "2026-12-11", "2026-12-11"),
        ("over veertien dagen", "2026-12-07", "2026-12-07"),
        ("binnen 14 dagen", "2026-11-23", "2026-12-07"),
        ("over een half jaar", "2027-05-23", "2027-05-23"),
        ("de eerste drie maanden van 2027", "2027-01-01", "2027-03-31"),
        ("de eerste twee weken van februari", "2027-02-01", "2027-02-14"),
        ("afgelopen maand", "2026-10-01", "2026-10-31"),
        ("vorige zomer", "2026-06-01", "2026-08-31"),
        ("twee weken geleden", "2026-11-09", "2026-11-15"),
        ("de rest van het jaar", "2026-11-23", "2026-12-31"),
        ("van nu tot kerst", "2026-11-23", "2026-12-25"),
        ("na de paasvakantie", "2027-04-12", ""),
        ("voor de zomervakantie", "", "2027-06-30"),
        ("na de zomer", "2027-09-01", ""),
        ("tussen kerst en nieuwjaar", "2026-12-25", "2027-01-01"),
        ("van december tot februari", "2026-12-01", "2027-02-28"),
        ("van januari tot en met maart 2027", "2027-01-01", "2027-03-31"),
        ("in mei of juni", "2027-05-01", "2027-06-30"),
        ("eind december begin januari", "2026-12-21", "2027-01-10"),
        ("maart volgend jaar", "2027-03-01", "2027-03-31"),
        ("volgend kwartaal", "2027-01-01", "2027-03-31"),
        ("tweede helft 2027", "2027-07-01", "2027-12-31"),
        ("week van 14 december", "2026-12-14", "2026-12-20"),
        ("laatste week van november", "2026-11-24", "2026-11-30"),
        ("eerste dinsdag van februari", "2027-02-02", "2027-02-02"),
        ("vanaf volgende week", "2026-11-30", ""),
        ("tegen 15 december", "", "2026-12-15"),
        ("voor eind maart", "", "2027-03-31"),
        ("voor het einde van het jaar", "", "2026-12-31"),
        ("deze en volgende week", "2026-11-23", "2026-12-06"),
        ("9, 10 en 11 maart", "2027-03-09", "2027-03-11"),
        ("10-20 januari", "2027-01-10", "2027-01-20"),
        ("28 december tot 5 januari", "2026-12-28", "2027-01-05"),
        ("het komende weekend", "2026-11-28", "2026-11-29"),
        ("in het weekend", "2026-11-28", "2026-11-29"),
        ("deze winter", "2026-12-01", "2027-02-28"),
        ("dit schooljaar", "2026-09-01", "2027-08-31"),
        ("van 't jaar", "2026-01-01", "2026-12-31"),
        ("morgen namiddag", "2026-11-24", "2026-11-24"),
        ("donderdag in de week van 7 december", "2026-12-10", "2026-12-10"),
    ],
)
def test_the_neighbourhood_of_the_file_is_read_too(text: str, first: str, last: str) -> None:
    assert period(text) == span(first, last)


def test_of_two_rules_that_fit_as_well_the_one_of_the_earlier_subject_is_taken() -> None:
    assert period("het laatste kwartaal") == span("2026-07-01", "2026-09-30")  # as a "vorig", not as a fourth


@pytest.mark.parametrize(
    ("language", "text", "first", "last"),
    [
        ("fr", "mi-mars", "2027-03-11", "2027-03-20"),
        ("fr", "avant Noël", "", "2026-12-24"),
        ("fr", "du 10 au 20 janvier", "2027-01-10", "2027-01-20"),
        ("fr", "dans deux semaines", "2026-12-07", "2026-12-13"),
        ("fr", "jusqu'à fin janvier", "", "2027-01-31"),
        ("fr", "d'ici fin janvier", "", "2027-01-31"),
        ("fr", "à partir de février", "2027-02-01", ""),
        ("fr", "les trois prochains mois", "2026-11-23", "2027-02-23"),
        ("en", "December 3", "2026-12-03", "2026-12-03"),
        ("en", "between March 1 and 15", "2027-03-01", "2027-03-15"),
        ("en", "in two weeks", "2026-12-07", "2026-12-13"),
        ("en", "by the end of the year", "", "2026-12-31"),
        ("en", "during the Easter holidays", "2027-03-29", "2027-04-11"),
    ],
)
def test_french_and_english_use_the_same_grammar(language: str, text: str, first: str, last: str) -> None:
    assert period(text, language=language) == span(first, last)


@pytest.mark.parametrize(
    "text",
    ["binnenkort", "om 9.30 u", "om 14u", "ik kom zo", "tot zo", "wat kan ik do", "elke maandag", "24/7",
     "op welke maandag", "in de komende weken", "wij zijn van 2018", "zo'n atrium", "pas"],
)  # fmt: skip
def test_what_is_no_time_gives_no_period(text: str) -> None:
    assert period(text) is None


@pytest.mark.parametrize(
    ("today", "text", "first", "last"),
    [
        ("2027-12-31", "morgen", "2028-01-01", "2028-01-01"),
        ("2027-12-31", "volgende week", "2028-01-03", "2028-01-09"),
        ("2027-12-31", "volgende maand", "2028-01-01", "2028-01-31"),
        ("2027-12-31", "volgend jaar", "2028-01-01", "2028-12-31"),
        ("2027-12-31", "in december", "2027-12-01", "2027-12-31"),
        ("2027-12-31", "in de kerstvakantie", "2027-12-27", "2028-01-09"),
        ("2028-01-03", "in de kerstvakantie", "2027-12-27", "2028-01-09"),
        ("2028-02-29", "volgend jaar", "2029-01-01", "2029-12-31"),
        ("2028-02-29", "over een jaar", "2029-02-28", "2029-02-28"),
        ("2028-01-31", "over een maand", "2028-02-29", "2028-02-29"),
        ("2027-03-27", "morgen", "2027-03-28", "2027-03-28"),
        ("2027-10-30", "overmorgen", "2027-11-01", "2027-11-01"),
        ("2027-03-01", "voorjaar", "2027-01-01", "2027-06-30"),
        ("2027-07-15", "deze winter", "2027-12-01", "2028-02-29"),
        ("2027-07-15", "met pasen", "2028-04-16", "2028-04-16"),
        ("2026-12-28", "week 53", "2026-12-28", "2027-01-03"),
    ],
)
def test_other_days_count_from_their_own_today(today: str, text: str, first: str, last: str) -> None:
    """C-33, C-35: "vandaag" is the day on which it is said."""
    assert period(text, dt.date.fromisoformat(today)) == span(first, last)


def test_the_day_is_that_of_brussels() -> None:
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)  # past midnight in Brussels
    assert read("iets vandaag?", late).period == span("2026-11-24", "2026-11-24")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("is er een atrium op 31 februari", "31 februari bestaat niet"),
        ("is er een atrium op 29/02/2027", "29 februari 2027 bestaat niet"),
        ("atria in week 60", "week 60 bestaat niet"),
        ("is er iets op maandag 8 december 2026", "8 december 2026 is een dinsdag, geen maandag"),
    ],
)
def test_what_cannot_be_is_told(text: str, problem: str) -> None:
    """C-33: what is no date is said to be none."""
    assert read(text, NOW).problems == (problem,)


def test_a_question_about_the_past_looks_back() -> None:
    assert read("welke atria waren er in september?", NOW).period == span("2026-09-01", "2026-09-30")
    assert read("welke atria waren er in september?", NOW).past
    assert read("welke atria zijn er in september?", NOW).period == span("2027-09-01", "2027-09-30")


def test_to_register_for_a_day_is_not_before_that_day() -> None:
    assert read("kan ik mij nog opgeven voor 10 december", NOW).period == span("2026-12-10", "2026-12-10")
    assert read("zijn er atria voor 10 december", NOW).period == span("", "2026-12-09")


def test_the_last_of_two_counts_where_one_is_taken_back() -> None:
    text = "Waar moet ik morgen zijn? Ik zei morgen maar ik bedoel overmorgen."
    assert read(text, NOW).period == span("2026-11-25", "2026-11-25")


def test_summer_time_does_not_shift_the_day() -> None:
    spring = dt.datetime(2027, 3, 28, 0, 30, tzinfo=BRUSSELS)
    assert read("iets morgen?", spring).period == span("2027-03-29", "2027-03-29")
