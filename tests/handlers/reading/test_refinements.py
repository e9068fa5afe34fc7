"""What is left out, what is asked in the alternative, and places that are none of ours, as written down.

The rows are those of the sample questions with three keys more: `without` and `others` hold values by slot
(weekdays from 0, Monday; `unread` when something is left out that cannot be searched by), `elsewhere` is the
place outside Flanders and Brussels. The first file was written before the rules were.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from handlers.answers.phrases import question_text
from handlers.gazetteer import name_key
from handlers.model import Kind, Span
from handlers.reading.model import NOTHING, Intent, Named, Reading
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW, Row, clipped, compare, load, span_of

DATA = Path(__file__).parents[2] / "data"
ROWS = [row for number in (1, 2) for row in load(DATA / f"refinements_{number}.jsonl")]
#: What is still misread, with how.
MISREAD = {
    "v1-012": "taken for somebody who wants no more messages",
    "v1-050": "the hall takes it out of scope",
    "v2-040": "the place that is too far counts",
}


@dataclass(frozen=True)
class Compared:
    """What was misread of one row."""

    row: Row
    reading: Reading
    wrong: dict[str, object]


def compared(row: Row) -> Compared:
    reading = read(str(row["text"]), NOW)
    wrong: dict[str, object] = {
        name: getattr(reading, name) for name, right in compare(row, reading).items() if not right
    }
    for name in ("without", "others"):
        named = getattr(reading, name)
        if _said(named) != _meant(row[name]):
            wrong[name] = _said(named)
    if (reading.elsewhere or None) != row["elsewhere"]:
        wrong["elsewhere"] = reading.elsewhere
    return Compared(row, reading, wrong)


def _meant(values: object) -> dict[str, object]:
    assert isinstance(values, dict)
    meant: dict[str, object] = {}
    for slot, one in values.items():
        if slot == "unread":
            meant[slot] = True
        elif slot == "periods":
            meant[slot] = {clipped(span_of(period)) for period in one}
        elif slot == "themes":
            meant[slot] = {name_key(theme) for theme in one}
        else:
            meant[slot] = set(one)
    return meant


def _said(named: Named) -> dict[str, object]:
    periods: set[Span | None] = {clipped(period) for period in named.periods}
    said: dict[str, object] = {
        "kinds": {kind.value for kind in named.kinds},
        "places": set(named.places),
        "audiences": {audience.value for audience in named.audiences},
        "themes": {name_key(theme) for theme in named.themes},
        "periods": periods,
        "weekdays": set(named.weekdays),
        "unread": bool(named.unread),
    }
    return {slot: value for slot, value in said.items() if value}


def _cases() -> list[ParameterSet]:
    marks = {
        name: (pytest.mark.xfail(reason=why, strict=True, raises=AssertionError),)
        for name, why in MISREAD.items()
    }
    return [pytest.param(row, id=str(row["id"]), marks=marks.get(str(row["id"]), ())) for row in ROWS]


@pytest.mark.parametrize("row", _cases())
def test_what_is_left_out_added_or_elsewhere_is_read_as_it_is_meant(row: Row) -> None:
    result = compared(row)
    assert result.wrong == {}, (row["text"], result.reading.trace)


@pytest.mark.parametrize(
    "text",
    [
        "is er geen atrium in Gent?",
        "gaat het atrium in Gent niet door?",
        "wanneer is het volgende atrium in Gent dat niet geannuleerd is",
        "ik weet niet of er iets in Gent is",
        "niet alleen in Gent graag, wat is er?",
        "kan ik zonder inschrijving naar Gent komen?",
    ],
)
def test_a_denial_that_leaves_nothing_out_does_not_take_the_place_away(text: str) -> None:
    reading = read(text, NOW)
    assert (reading.place, reading.without) == ("Gent", NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "iets in de zaal",
        "is het in het Provinciehuis",
        "In orde, en wanneer is het volgende atrium?",
        "in het kort: wat is een lokaal atrium?",
        "atrium in mijn buurt",
        "is het in de voormiddag?",
        "atria in Vlaanderen",
        "wat staat er in Teams over het atrium",
        "ik heb bergen werk, wanneer is het volgende atrium",
        "de namen van de sprekers graag",
        "WELKE ATRIA ZIJN ER IN WINTERSEIZOEN",
        "gaat dat atrium in Bozar door?",
    ],
)
def test_an_ordinary_word_is_no_place_elsewhere(text: str) -> None:
    assert read(text, NOW).elsewhere is None


def test_what_is_left_out_is_reckoned_from_the_period_that_is_asked() -> None:
    reading = read("alle atria in 2028 behalve in maart", NOW)
    assert reading.without.periods == (Span(first=dt.date(2028, 3, 1), last=dt.date(2028, 3, 31)),)


def test_time_that_nobody_asks_for_is_not_left_out() -> None:
    assert read("In januari kan ik niet. Wat is er in februari?", NOW).without == NOTHING


def test_the_trace_names_what_is_left_out_and_the_alternatives() -> None:
    trace = read("atria in Gent of Aalst, zonder de lokale", NOW).trace
    told = {step.rule: step.value for step in trace}
    assert (told["weggelaten"], told["alternatieven"]) == ("lokaal", "Aalst")


def searches(row: Row) -> bool:
    """The bot offers only questions that search."""
    return compared(row).reading.intent in (Intent.NEXT_SESSION, Intent.LIST_SESSIONS)


@pytest.mark.parametrize("row", [row for row in ROWS if searches(row)], ids=lambda row: row["id"])
def test_the_question_that_the_bot_offers_is_read_back_the_same(row: Row) -> None:
    reading = compared(row).reading
    again = read(question_text(reading), NOW)
    said = [replace(one.without, unread=()) for one in (reading, again)]
    assert said[0] == said[1]
    assert (again.kind, again.place, again.theme) == (reading.kind, reading.place, reading.theme)
    audiences = () if reading.kind is Kind.MANDATARISSEN else reading.others.audiences
    assert again.others == replace(reading.others, audiences=audiences)
