"""Compares readings with questions of which the meaning is written down (see docs/reading.md).

A row has the keys of `questions_sample_nl.jsonl`; what is in its `also` is right too. Periods are
compared from today on where they reach today; of what is out of scope only the intent counts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from handlers.gazetteer import name_key
from handlers.model import BRUSSELS, Span
from handlers.reading.model import Intent, Reading
from handlers.reading.reading import read

#: The moment to which every question of the sample refers.
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=BRUSSELS)
TODAY = NOW.date()

CORE = ("intent", "kind", "place", "period", "count")
FIELDS = (*CORE, "audience", "theme")
#: From this confidence on an answer is given without a doubt being told.
CONFIDENT = 0.6

Row = dict[str, object]


@dataclass(frozen=True)
class Scored:
    """One question with what was right of it."""

    row: Row
    reading: Reading
    right: dict[str, bool]

    @property
    def core(self) -> bool:
        return all(self.right[name] for name in CORE)

    @property
    def confident_and_wrong(self) -> bool:
        asks_back = self.reading.intent is Intent.CLARIFY
        return not self.core and not asks_back and self.reading.confidence >= CONFIDENT


@dataclass
class Score:
    """All questions of a file."""

    scored: list[Scored] = field(default_factory=list)

    def percent(self, name: str) -> float:
        return _percent([one.right[name] for one in self.scored])

    @property
    def core(self) -> float:
        return _percent([one.core for one in self.scored])

    @property
    def out_of_scope_caught(self) -> float:
        outside = [one for one in self.scored if one.row["intent"] == Intent.OUT_OF_SCOPE.value]
        return _percent([one.right["intent"] for one in outside])

    @property
    def empty_place(self) -> float:
        """Of the questions that name no place: how many were read without one."""
        inside = [one for one in self.scored if one.row["intent"] != Intent.OUT_OF_SCOPE.value]
        return _percent([one.right["place"] for one in inside if one.row["place"] is None])

    @property
    def confident_and_wrong(self) -> float:
        return _percent([one.confident_and_wrong for one in self.scored])

    def table(self) -> dict[str, float]:
        """The figures of docs/reading.md, in percent."""
        figures = {name: self.percent(name) for name in FIELDS}
        return figures | {
            "core frame": self.core,
            "out of scope caught": self.out_of_scope_caught,
            "place left empty": self.empty_place,
            "confident and wrong": self.confident_and_wrong,
        }


def load(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(rows: Iterable[Row]) -> Score:
    return Score([scored(row) for row in rows])


def scored(row: Row) -> Scored:
    reading = read(str(row["text"]), NOW)
    return Scored(row, reading, compare(row, reading))


def compare(row: Row, reading: Reading) -> dict[str, bool]:
    """Per field whether the reading says what the row means."""
    outside = row["intent"] == Intent.OUT_OF_SCOPE.value
    return {
        name: _accepts(row, name, reading) if name == "intent" or not outside else True for name in FIELDS
    }


def _accepts(row: Row, name: str, reading: Reading) -> bool:
    also = row.get("also") or {}
    assert isinstance(also, dict)
    accepted = [row[name], *also.get(name, [])]
    if name == "period":
        return clipped(reading.period) in [clipped(span_of(one)) for one in accepted]
    value = getattr(reading, name)
    if name == "theme":
        return name_key(value or "") in [name_key(str(one or "")) for one in accepted]
    return getattr(value, "value", value) in accepted


def span_of(period: object) -> Span | None:
    """The `Span` of {"from": ..., "to": ...}."""
    if not isinstance(period, dict):
        return None
    return Span(first=_date(period["from"]), last=_date(period["to"]))


def clipped(span: Span | None) -> Span | None:
    """A period that reaches today or later, from today on."""
    if span is None or (span.last is not None and span.last < TODAY):
        return span
    return Span(first=max(span.first, TODAY) if span.first else TODAY, last=span.last)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _percent(values: list[bool]) -> float:
    return round(100 * sum(values) / len(values), 1) if values else 100.0
