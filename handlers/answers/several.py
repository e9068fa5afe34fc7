"""A question with alternatives, one by one and in words; and in words what a question leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from handlers.answers.phrases import place_name
from handlers.reading.model import NOTHING, Named, Reading
from handlers.wording.catalogue import say
from handlers.wording.dates import period_text, weekday_name
from handlers.wording.sentences import enumeration, quoted
from handlers.wording.texts import AUDIENCE_NAMES, kind_name

#: More combinations than this are not looked for: who names so much, wants everything.
_MOST_COMBINED = 24


def each(reading: Reading) -> list[Reading]:
    """The reading for every combination of its alternatives, the one of its slots first."""
    others = reading.others
    if not (others.kinds or others.places or others.audiences or others.themes):
        return [reading]
    combined = product(
        (reading.kind, *others.kinds),
        (reading.place, *others.places),
        (reading.audience, *others.audiences),
        (reading.theme, *others.themes),
    )
    return [
        replace(reading, kind=kind, place=place, audience=audience, theme=theme, others=NOTHING)
        for kind, place, audience, theme in list(combined)[:_MOST_COMBINED]
    ]


def alternation(words: Sequence[str]) -> str:
    """Words of which one is enough: "Gent, Brugge of Kortrijk"."""
    if len(words) <= 1:
        return "".join(words)
    return say("antwoord.een van", eerste=", ".join(words[:-1]), laatste=words[-1])


def kinds_text(reading: Reading, number: int = 1) -> str:
    """The kinds that are asked for: "Lokale Atria of Provinciale Atria"."""
    return alternation([kind_name(kind, number) for kind in (reading.kind, *reading.others.kinds)])


def places_text(place: str, reading: Reading) -> str:
    """The place with its alternatives: "Gent of de regio Westhoek"."""
    others = reading.others.places if place == reading.place else ()
    return alternation([place_name(one) for one in (place, *others)])


def themes_text(reading: Reading) -> str:
    """The theme with its alternatives; empty where there is none."""
    themes = (reading.theme, *reading.others.themes) if reading.theme else ()
    return alternation([quoted(theme) for theme in themes])


def audiences_text(reading: Reading) -> str:
    """The audience with its alternatives; empty where there is none."""
    audiences = (reading.audience, *reading.others.audiences) if reading.audience else ()
    return alternation([AUDIENCE_NAMES[audience] for audience in audiences])


def periods_text(reading: Reading, today: dt.date) -> str:
    """The stretches of time that are asked for: "in december 2026 of in april 2027"."""
    periods = reading.others.periods or ((reading.period,) if reading.period else ())
    said = alternation([period_text(period, today) for period in periods])
    return " ".join(filter(None, (weekdays_text(reading), said)))


def weekdays_text(reading: Reading) -> str:
    """The days of the week that are asked for: "op een maandag of dinsdag"; empty where there are none."""
    part = reading.day_part or ""
    days = [f"{weekday_name(day)}{part}" for day in reading.weekdays]
    return say("antwoord.op weekdag", dagen=alternation(days)) if days else ""


def left_out_text(without: Named, today: dt.date) -> str:
    """What is left out, after "zonder": "de Lokale Atria en wat in Gent is"; empty for what is unread."""
    said = [say("zonder.soort", atria=kind_name(kind, 2)) for kind in without.kinds]
    groups = (
        ("zonder.waar", [place_name(place) for place in without.places]),
        ("zonder.voor wie", [AUDIENCE_NAMES[audience] for audience in without.audiences]),
        ("zonder.waarover", [quoted(theme) for theme in without.themes]),
        ("zonder.wanneer", [period_text(period, today) for period in without.periods]),
        ("zonder.weekdag", [weekday_name(day) for day in without.weekdays]),
    )
    said += [say(name, wat=alternation(words)) for name, words in groups if words]
    return enumeration(said)
