"""A reading as data, for `understand` and `ask --json`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from handlers.model import Span
from handlers.reading.model import Reading, Vocabulary
from handlers.reading.reading import read


def as_data(reading: Reading) -> dict[str, Any]:
    """The reading in the form of the sample questions, plus `confidence`."""
    return {
        "intent": reading.intent.value,
        "kind": reading.kind,
        "place": reading.place,
        "audience": reading.audience,
        "theme": reading.theme,
        "period": _period(reading.period),
        "count": reading.count,
        "confidence": round(reading.confidence, 3),
    }


def _period(span: Span | None) -> dict[str, str | None] | None:
    if span is None:
        return None
    return {
        "from": span.first.isoformat() if span.first else None,
        "to": span.last.isoformat() if span.last else None,
    }


def understand_lines(lines: Iterable[str], now: dt.datetime, vocabulary: Vocabulary | None) -> Iterator[str]:
    """One JSON line out per JSON line in, in order; a line that cannot be used gives `{"id", "error"}`."""
    for line in lines:
        yield json.dumps(_understood(line, now, vocabulary), ensure_ascii=False)


def _understood(line: str, now: dt.datetime, vocabulary: Vocabulary | None) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"no valid JSON: {error}"}
    if not isinstance(row, dict):
        return {"id": None, "error": 'write an object such as {"id": "1", "text": "..."}'}
    if not isinstance(row.get("text"), str):
        return {"id": row.get("id"), "error": 'the key "text" is missing or no text'}
    return {"id": row.get("id"), **as_data(read(row["text"], now, vocabulary))}


def trace_lines(reading: Reading) -> Iterator[str]:
    """The reading explained to a person: what was read, and which rule claimed which words."""
    yield f"question    {reading.text!r}"
    for name, value in as_data(reading).items():
        yield f"{name:<11} {value}"
    for remark in (*reading.noticed, *reading.problems):
        yield f"remark      {remark}"
    for step in reading.trace:
        yield f"  {step.rule:<28} {step.span!r:<34} {step.value}"
    if reading.also is not None:
        yield ""
        yield from trace_lines(reading.also)
