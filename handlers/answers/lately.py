"""A day without a year that has just been: "het atrium van 17 november" asked on the 23rd is over."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.answers.question import Question
from handlers.answers.scope import find
from handlers.model import Span
from handlers.reading.model import Intent

#: A day that is further back is more likely the coming one.
_LATELY = dt.timedelta(days=60)
_OF_WHAT_COMES = frozenset({Intent.NEXT_SESSION, Intent.SUBSCRIBE})
_YEAR = re.compile(r"\d{4}|'\d\d|\bjaar\b")


def just_been(question: Question) -> Question:
    """The question for the day that has just been, where the coming one holds nothing; else unchanged."""
    reading = question.reading
    day = _lately(reading.period, question.today)
    if day is None or question.focus:
        return question
    if _YEAR.search(reading.period_text or "") or find(question, 1):
        return question
    # Nothing of that day is "the next", or to be reminded of: it is told what there was.
    intent = Intent.LIST_SESSIONS if reading.intent in _OF_WHAT_COMES else reading.intent
    earlier = replace(question, reading=replace(reading, period=Span(first=day, last=day), intent=intent))
    return earlier if find(earlier, 1) else question


def _lately(period: Span | None, today: dt.date) -> dt.date | None:
    """The same day a year before the period, where that is a day not long ago."""
    if period is None or period.first is None or period.first != period.last:
        return None
    try:
        day = period.first.replace(year=period.first.year - 1)
    except ValueError:  # 29 February
        return None
    return day if today - _LATELY <= day < today else None
