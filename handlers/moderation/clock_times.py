"""Hours as moderators type them: "13u30", "van 9 tot 12u", "13.30-16.30", "9h30", "half twee"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from handlers.moderation.claims import Remainder

_UNIT = r"(?:\s?(?:u(?:ur)?|h)\b\.?)"
#: With minutes, or with a unit: a time beyond doubt.
_SURE = rf"\d{{1,2}}(?:\s?[uh]\s?\d{{2}}\b|[.:]\d{{2}}\b{_UNIT}?|{_UNIT})"
_MAYBE = rf"(?:{_SURE}|\d{{1,2}}\b)"
_TO = r"\s*(?:-|–|—|tot(?: en met)?|t/m|à)\s*"
_NOT_A_DATE = r"(?!\s*(?:[/.]\d|\d|jan|feb|maart|mrt|apr|mei\b|jun|jul|aug|sep|okt|nov|dec))"

_RANGE = re.compile(
    rf"(?<![\d/.])(?:\bvan\s+)?(?:(?P<a1>{_MAYBE}){_TO}(?P<b1>{_SURE})|(?P<a2>{_SURE}){_TO}(?P<b2>{_MAYBE}){_NOT_A_DATE})",
    re.IGNORECASE,
)
_BARE_RANGE = re.compile(
    rf"\b(?:van|tussen)\s+(?P<a>\d{{1,2}})\s*(?:tot|en|-)\s*(?P<b>\d{{1,2}})\b(?![/.]){_NOT_A_DATE}",
    re.IGNORECASE,
)
_HOURS = "een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
_WORDS = {word: hour for hour, word in enumerate(_HOURS.split("|"), start=1)}
_SPOKEN = rf"(?P<quarter>half|kwart voor|kwart over)\s+(?P<hour>\d{{1,2}}|{_HOURS})\b{_UNIT}?"
_END = re.compile(rf"\b(?:tot|einde?(?: om)?|eindigt om|gedaan om|t/m)\s*:?\s*(?P<t>{_SURE})", re.IGNORECASE)
_START_SPOKEN = re.compile(rf"\b(?:(?:om|vanaf)\s+)?{_SPOKEN}", re.IGNORECASE)
_START = re.compile(
    rf"\b(?:van\s+(?P<v>{_SURE})|(?:om|vanaf|start(?:uur)?(?: om)?|begint om|begin(?: om)?|aanvang)\s*:?\s*"
    rf"(?P<t>{_SURE}|\d{{1,2}}\b(?![/.]){_NOT_A_DATE}))",
    re.IGNORECASE,
)
_LONE = re.compile(
    r"(?<![\d/.])(?P<t>\d{1,2}(?:\s?[uh]\s?\d{2}\b|:\d{2}\b|[.]\d{2}\s?u\b|\s?(?:u(?:ur)?|h)\b))",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(r"\s'?s[ -](?P<part>morgens|ochtends|middags|namiddags|avonds)\b", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})(?:\s?[uh.:]\s?(\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Times:
    """The hours that were read, Brussels wall clock.

    Attributes:
        wrong: what is no time of a day ("25u").
        typed: the hours as typed, where nothing says which half of the day is meant.
    """

    begins: dt.time | None = None
    ends: dt.time | None = None
    wrong: str | None = None
    typed: tuple[str, ...] = ()


class NoTimeError(ValueError):
    """The words look like a time and are none."""


def claim_times(rest: Remainder) -> Times:
    """Take the hours out of the text: a range, else an end and a start each on its own."""
    later = rest.claim(_PART_OF_DAY)
    try:
        times = _hours(rest)
    except NoTimeError as wrong:
        return Times(wrong=str(wrong))
    if later and later["part"].lower() in {"middags", "namiddags", "avonds"}:
        return Times(_afternoon(times.begins), _afternoon(times.ends))
    return times


def _afternoon(time: dt.time | None) -> dt.time | None:
    return time.replace(hour=time.hour + 12) if time and time.hour < 12 else time


def _hours(rest: Remainder) -> Times:
    if found := rest.claim(_RANGE):
        return _from_to(found["a1"] or found["a2"], found["b1"] or found["b2"])
    if found := rest.claim(_BARE_RANGE):
        return _from_to(found["a"], found["b"])
    end = rest.claim(_END)
    start = rest.claim(_START_SPOKEN) or rest.claim(_START) or rest.claim(_LONE)
    typed = tuple(
        found[name] for found in (start, end) if found for name in ("v", "t") if _names(found, name)
    )
    return Times(_said(start) if start else None, time_of(end["t"]) if end else None, typed=typed)


def _names(found: re.Match[str], name: str) -> bool:
    return bool(found.groupdict().get(name))


def _from_to(begin: str, end: str) -> Times:
    return Times(time_of(begin), time_of(end), typed=(begin, end))


def is_made_afternoon(text: str) -> bool:
    """Whether an hour was read as one after noon though nobody said so ("2u30" is 14.30)."""
    found = _PARTS.match(text.strip())
    return found is not None and 1 <= int(found[1]) <= 6 and not found[1].startswith("0")


def time_of(text: str) -> dt.time:
    """One time. Hours from 1 to 6 mean the afternoon, unless typed "03.00": nobody meets at three at night.

    Raises `NoTimeError` when the day has no such time, or the text is none.
    """
    spoken = re.fullmatch(_SPOKEN, text.strip(), re.IGNORECASE)
    if spoken:
        return _spoken(spoken)
    found = _PARTS.search(text)
    if found is None:
        raise NoTimeError(text.strip())
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise NoTimeError(text.strip())
    if 1 <= hour <= 6 and not found[1].startswith("0"):
        hour += 12
    return dt.time(hour, minute)


def _said(found: re.Match[str]) -> dt.time:
    named = found.groupdict()
    return _spoken(found) if "quarter" in named else time_of(named.get("v") or found["t"])


def _spoken(found: re.Match[str]) -> dt.time:
    hour = _WORDS.get(found["hour"].lower()) or int(found["hour"])
    if not 1 <= hour <= 12:
        raise NoTimeError(found[0].strip())
    shift = {"half": -30, "kwart voor": -15, "kwart over": 15}[found["quarter"].lower()]
    minutes = hour * 60 + shift
    if minutes < 7 * 60:
        minutes += 12 * 60
    return dt.time(*divmod(minutes, 60))
