"""Long lists in pages: a page begins after the last atrium of the one before, whatever changed meanwhile.

A place in the list is written as `START~N`: the start of the last atrium shown, in UTC, and how
many that begin at that same instant were shown already.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handlers.context import Agenda
from handlers.model import Atrium, Query

_FORM = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)~(?P<shown>\d{1,5})")

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A place in a list: after `shown` atria that begin at `at` (aware UTC)."""

    at: dt.datetime
    shown: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC).strftime(_INSTANT)}~{self.shown}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Some atria, and the mark after which the next page begins; None when this is the last."""

    atria: tuple[Atrium, ...]
    following: Mark | None = None


def read_mark(text: str) -> Mark:
    """Raises ValueError when this is no mark of ours."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"no place in a list: {text!r}")
    at = dt.datetime.strptime(found["at"], _INSTANT).replace(tzinfo=dt.UTC)
    return Mark(at=at, shown=int(found["shown"]))


def page(agenda: Agenda, query: Query, after: Mark | None, size: int) -> Page:
    """At most `size` atria of the query that come after the mark."""
    asked = replace(_beyond(query, after), limit=size + 1)
    found = agenda.upcoming(asked)
    atria = tuple(found[:size])
    if len(found) <= size:
        return Page(atria=atria)
    return Page(atria=atria, following=_mark(atria, after))


def every(agenda: Agenda, query: Query, size: int = 1000) -> Iterator[Atrium]:
    """All atria of the query, read in pages."""
    mark: Mark | None = None
    while True:
        found = page(agenda, query, mark, size)
        yield from found.atria
        if found.following is None:
            return
        mark = found.following


def _beyond(query: Query, after: Mark | None) -> Query:
    if after is None:
        return query
    if not query.newest_first:
        first = after.at if query.begins_from is None else max(after.at, query.begins_from)
        return replace(query, begins_from=first, offset=after.shown if first == after.at else 0)
    # `begins_before` excludes its own instant; starts are whole seconds.
    end = after.at + dt.timedelta(seconds=1)
    before = end if query.begins_before is None else min(end, query.begins_before)
    return replace(query, begins_before=before, offset=after.shown if before == end else 0)


def _mark(atria: Sequence[Atrium], after: Mark | None) -> Mark:
    last = atria[-1].starts_at
    shown = sum(1 for atrium in atria if atrium.starts_at == last)
    if after is not None and after.at == last:
        shown += after.shown
    return Mark(at=last, shown=shown)
