"""One cell to one value: dates, times, words, links. Each reader gives the value or says why not.

Cells arrive trimmed. The reasons are Dutch and tell the moderator what to fill in instead.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from handlers.model import BRUSSELS, Audience
from handlers.wording.catalogue import say
from store.exchange.columns import PUBLIC
from store.exchange.problems import Unfit, in_a_row
from store.exchange.table import advice, column_name

W = TypeVar("W", bound=StrEnum)

#: How much of a wrong cell is repeated in the reason.
_QUOTE_LENGTH = 60
_FIRST_YEAR, _LAST_YEAR = 2000, 2099

_ISO_DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_BELGIAN_DATE = re.compile(r"(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4})")
_TIME = re.compile(
    r"(?P<hour>\d{1,2})\s*(?:[:.]\s*(?P<minute>\d{2})(?::00)?|[uh]\s*(?P<late>\d{2})?)(?:\s*u\.?)?"
)
#: A link as people write it, without what a browser puts before it.
_BARE_URL = re.compile(r"www\.[^\s/.]+\.\S+", re.IGNORECASE)
_UID = re.compile(r"[\w.@:+~{}=$-]+")
_KEY = re.compile(r"[\w.:-]+")

#: Signs that turn the reading order of a line around: they serve to deceive, never to inform.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters, lone surrogates and the line separators that only some programs break at.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def quote(text: str) -> str:
    """The cell as it may be repeated in a reason: short, on one line, without control characters."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text[:_QUOTE_LENGTH])
    return f"'{shown}{'...' if len(text) > _QUOTE_LENGTH else ''}'"


def _forbidden(text: str) -> bool:
    return any(sign in _BIDI or unicodedata.category(sign) in _FORBIDDEN_CATEGORIES for sign in text)


def paragraphs(limit: int) -> Callable[[str], str | Unfit]:
    """A reader of text of at most `limit` characters that may run over several lines."""

    def read(text: str) -> str | Unfit:
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").strip())
        if _forbidden(text.replace("\n", "").replace("\t", "")):
            return Unfit(say("invoer.stuurtekens"))
        if len(text) > limit:
            return Unfit(say("invoer.te lang", aantal=str(len(text)), hoogstens=str(limit)))
        return text

    return read


def line(limit: int) -> Callable[[str], str | Unfit]:
    """A reader of text of at most `limit` characters on one line; line breaks become spaces."""

    def read(text: str) -> str | Unfit:
        return paragraphs(limit)(re.sub(r"\s*[\r\n\t]\s*", " ", text.strip()))

    return read


def read_date(text: str) -> dt.date | Unfit:
    """A day: `2027-03-18` or `18/03/2027`."""
    match = _ISO_DATE.fullmatch(text) or _BELGIAN_DATE.fullmatch(text)
    if not match:
        return Unfit(say("invoer.geen datum", getypt=quote(text)))
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return Unfit(say("invoer.datum bestaat niet", getypt=quote(text)))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Unfit(say("invoer.jaar kan niet", jaar=str(year)))
    return date


def read_time(text: str) -> dt.time | Unfit:
    """An hour on the wall clock: `09:30`, `9:30`, `9.30` or `9u30`."""
    match = _TIME.fullmatch(text.casefold())
    if not match:
        return Unfit(say("invoer.geen uur", getypt=quote(text)))
    hour, minute = int(match["hour"]), int(match["minute"] or match["late"] or 0)
    if hour > 23 or minute > 59:
        return Unfit(say("invoer.uur bestaat niet", getypt=quote(text)))
    return dt.time(hour, minute)


def instant(day: dt.date, time: dt.time) -> dt.datetime | Unfit:
    """The aware UTC moment of this wall-clock time in Brussels.

    An hour that the clock skips in spring is unfit. Of an hour that comes twice in autumn it
    is the first (RFC 5545, 3.3.5, reads it so too); `comes_twice` tells.
    """
    wall = dt.datetime.combine(day, time, BRUSSELS)
    moment = wall.astimezone(dt.UTC)
    if moment.astimezone(BRUSSELS).replace(tzinfo=None) != wall.replace(tzinfo=None):
        return Unfit(say("invoer.uur overgeslagen", uur=f"{time:%H:%M}", dag=f"{day:%d/%m/%Y}"))
    return moment


def comes_twice(day: dt.date, time: dt.time) -> bool:
    """Whether the clock shows this hour twice on that day (the night of the winter hour)."""
    wall = dt.datetime.combine(day, time, BRUSSELS)
    return wall.utcoffset() != wall.replace(fold=1).utcoffset()


def word_of(words: type[W]) -> Callable[[str], W | Unfit]:
    """A reader of one of these words, tolerant of capitals and spaces ("Op maat" is `op_maat`)."""
    choices = {word.value: word for word in words}

    def read(text: str) -> W | Unfit:
        found = choices.get(column_name(text))
        if found is None:
            return Unfit(
                in_a_row(
                    say("invoer.woord onbekend", getypt=quote(text)),
                    advice(text, choices),
                    say("invoer.kies uit", woorden=", ".join(choices)),
                )
            )
        return found

    return read


def tokens(text: str) -> list[str]:
    """The parts between the bars, without the empty ones."""
    return [part.strip() for part in text.split("|") if part.strip()]


def read_audience(text: str) -> frozenset[Audience] | Unfit:
    """The roles between bars: `ambtenaar|provincie`. `extern` occurs only in questions."""
    choices = {role.value: role for role in Audience if role is not Audience.EXTERN}
    unknown = [part for part in tokens(text) if column_name(part) not in choices]
    if unknown:
        return Unfit(
            in_a_row(
                say("invoer.doelgroep onbekend", getypt=", ".join(map(quote, unknown[:5]))),
                advice(unknown[0], choices),
                say("invoer.kies doelgroepen uit", woorden=", ".join(choices)),
            )
        )
    return frozenset(choices[column_name(part)] for part in tokens(text))


def read_keys(text: str) -> frozenset[str] | Unfit:
    """Keys of communities between bars; the empty set is `publiek`."""
    keys = [PUBLIC if part.casefold() == PUBLIC else part for part in tokens(text)]
    wrong = next((key for key in keys if not _KEY.fullmatch(key)), None)
    if wrong is not None:
        return Unfit(say("invoer.geen community", getypt=quote(wrong)))
    if PUBLIC in keys and len(keys) > 1:
        return Unfit(say("invoer.publiek of community"))
    return frozenset(keys) - {PUBLIC}


def read_uid(text: str) -> str | Unfit:
    """A stable key: letters, figures and `. _ - @ : + ~ = $ { }`, because it stands in links."""
    read = line(200)(text)
    if isinstance(read, str) and not _UID.fullmatch(read):
        return Unfit(say("invoer.geen sleutel", getypt=quote(text)))
    return read


def read_url(text: str) -> str | Unfit:
    """A link of http or https with a host; one that begins with `www.` gets https before it."""
    read = line(2000)(text)
    if isinstance(read, Unfit):
        return read
    if _BARE_URL.fullmatch(read):
        read = f"https://{read}"
    try:
        parts = urlsplit(read)
        sound = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"\\]", read):
        return Unfit(say("invoer.geen link", getypt=quote(text)))
    return read


def known_word(text: str, known: Iterable[str] | None) -> tuple[str, bool]:
    """The word as the known list spells it, and whether the list has it (without a list: yes)."""
    if known is None:
        return text, True
    same = next((word for word in known if word.casefold() == text.casefold()), None)
    return same or text, same is not None
