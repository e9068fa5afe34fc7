"""Moments as operators type them: `--at 2026-11-23T10:00`."""

from __future__ import annotations

import datetime as dt

from handlers.model import BRUSSELS


def parse_moment(text: str) -> dt.datetime:
    """An ISO date or moment as an aware instant; without a zone it is Brussels wall clock.

    Raises:
        ValueError: in words that say what to type instead.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no ISO time; write for instance 2026-11-23T10:00") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BRUSSELS)
    return moment.astimezone(dt.UTC)


def parse_day(text: str) -> dt.date:
    """An ISO date. Raises ValueError in words that say what to type instead."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date; write for instance 2026-11-23") from error
