"""Days of the week that stand for every such day, and those that are one day."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.model import Span
from handlers.reading.model import DayPart, Intent, Reading
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW

FEBRUARY = Span(first=dt.date(2027, 2, 1), last=dt.date(2027, 2, 28))
MARCH = Span(first=dt.date(2027, 3, 1), last=dt.date(2027, 3, 31))


def days_of(reading: Reading) -> tuple[tuple[int, ...], DayPart | None, Span | None]:
    return reading.weekdays, reading.day_part, reading.period


@pytest.mark.parametrize(
    ("text", "weekdays", "part", "period"),
    [
        ("welke atria vallen op een maandag in februari", (0,), None, FEBRUARY),
        ("is er iets op dinsdag in maart", (1,), None, MARCH),
        ("zijn er atria op woensdagnamiddag", (2,), DayPart.AFTERNOON, None),
        ("zijn er atria op woensdag in de voormiddag", (2,), DayPart.MORNING, None),
        ("iets op donderdagavond?", (3,), DayPart.EVENING, None),
        ("zijn er lokale atria op dinsdagen of woensdagen in maart", (1, 2), None, MARCH),
        ("welke atria vallen 's maandags", (0,), None, None),
        ("ik kan alleen op donderdag, wat is er in februari", (3,), None, FEBRUARY),
        ("elke woensdag in februari", (2,), None, FEBRUARY),
        ("wanneer is het volgende atrium op een donderdag", (3,), None, None),
    ],
)
def test_every_such_day_is_meant(
    text: str, weekdays: tuple[int, ...], part: DayPart | None, period: Span | None
) -> None:
    assert days_of(read(text, NOW)) == (weekdays, part, period)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("is er iets op dinsdag", dt.date(2026, 11, 24)),
        ("zijn er atria op maandag 8 februari", dt.date(2027, 2, 8)),
        ("zijn er atria op maandag in de week van 8 februari", dt.date(2027, 2, 8)),
        ("is er een atrium op de eerste maandag van februari", dt.date(2027, 2, 1)),
        ("is er iets volgende woensdag", dt.date(2026, 11, 25)),
    ],
)
def test_one_day_is_meant(text: str, day: dt.date) -> None:
    assert days_of(read(text, NOW)) == ((), None, Span(first=day, last=day))


def test_what_is_asked_of_one_atrium_searches_no_days_of_the_week() -> None:
    reading = read("valt het atrium over erfgoed op een dinsdag of op een woensdag?", NOW)
    assert (reading.intent, reading.weekdays) == (Intent.WHEN, ())


def test_a_day_of_the_week_that_is_left_out_is_not_asked_for() -> None:
    reading = read("alles na nieuwjaar zonder woensdagen", NOW)
    assert (reading.weekdays, reading.without.weekdays) == ((), (2,))


def test_the_trace_names_the_days() -> None:
    steps = [step for step in read("atria op een maandag in februari", NOW).trace if step.rule == "weekdagen"]
    assert [(step.span, step.value) for step in steps] == [("op een maandag", "maandag")]
