"""iCalendar files: our own exports, given back without loss, and the calendars of others.

An event becomes a row of the agenda file and is checked as such. Events of others tell less: what
they do not tell stays as the agenda has it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from icalendar import Calendar, Component, vDDDTypes, vDuration

from handlers.model import BRUSSELS, Kind, Status
from handlers.wording.catalogue import delivered, say
from store.exchange.calendar import CANCELLED_PREFIX, property_name
from store.exchange.cells import quote, read_url
from store.exchange.columns import COLUMNS
from store.exchange.limits import MAX_BYTES, MAX_ROWS, TOO_BIG, TOO_MANY_ROWS
from store.exchange.places import read_address
from store.exchange.problems import Problem, Unfit
from store.exchange.table import Row, Table

_EVENT = re.compile(rb"^BEGIN:VEVENT[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_NOT_IN_KEY = re.compile(r"[^\w.@:+~{}=$-]")

#: What icalendar trips over in a damaged file: mostly ValueError, now and then something deeper.
_DAMAGE = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

_STATUSES = {"CANCELLED": Status.GEANNULEERD, "CONFIRMED": Status.BEVESTIGD, "TENTATIVE": Status.GEPLAND}


@dataclass(frozen=True, slots=True)
class _Found:
    """What one event gave: its row, and what is wrong or remarkable."""

    row: Row
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class _EventReading:
    """One event while it is read into cells."""

    def __init__(self, event: Component, line: int) -> None:
        self.event = event
        self.line = line
        self.uid = self.text("UID")
        self.cells: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def text(self, name: str) -> str:
        """A property as text, the first one when there are several; empty when absent."""
        value = self.event.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        return "" if value is None else str(value).strip()

    def wrong(self, column: str, reason: str) -> None:
        self.problems.append(Problem(reason=self._named(reason), line=self.line, column=column))

    def remark(self, column: str, reason: str) -> None:
        self.warnings.append(Problem(reason=self._named(reason), line=self.line, column=column))

    def _named(self, reason: str) -> str:
        """An event is known by its UID: nobody sees the lines of a calendar file."""
        return say("invoer.afspraak", uid=quote(self.uid), reden=reason) if self.uid else reason

    def moment(self, name: str, column: str) -> dt.datetime | None:
        """A moment on the wall clock of Brussels; a floating time is taken for that clock."""
        value = self.event.get(name)
        if value is None:
            return None
        if not isinstance(value, vDDDTypes) or not isinstance(value.dt, dt.date):
            self.wrong(column, say("invoer.geen tijdstip", gegeven=name))
            return None
        if not isinstance(value.dt, dt.datetime):
            self.wrong(column, say("invoer.hele dag"))
            return None
        if value.dt.tzinfo is None and "TZID" in value.params:
            self.wrong(column, say("invoer.vreemde tijdzone"))
            return None
        if value.dt.tzinfo is None:
            return value.dt.replace(tzinfo=BRUSSELS)
        local = value.dt.astimezone(dt.UTC).astimezone(BRUSSELS)
        if local.fold:
            self.wrong(column, say("invoer.tweede keer"))
        return local


def _clock(moment: dt.datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _end(reading: _EventReading, start: dt.datetime) -> dt.datetime | None:
    if "DTEND" in reading.event:
        return reading.moment("DTEND", "einde")
    duration = reading.event.get("DURATION")
    if isinstance(duration, vDuration | vDDDTypes):
        length = duration.td if isinstance(duration, vDuration) else duration.dt
        if isinstance(length, dt.timedelta):
            return (start.astimezone(dt.UTC) + length).astimezone(BRUSSELS)
    return None


def _read_moments(reading: _EventReading) -> None:
    if any(name in reading.event for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        reading.wrong("datum", say("invoer.herhaalt zich"))
    start = reading.moment("DTSTART", "datum")
    reading.cells |= {"datum": "", "begin": "", "einde": ""}
    if start is None:
        return
    reading.cells |= {"datum": f"{start:%Y-%m-%d}", "begin": _clock(start)}
    end = _end(reading, start)
    if end is None or end == start:
        return
    if end.date() != start.date():
        reading.wrong("einde", say("invoer.over middernacht"))
    else:
        reading.cells["einde"] = _clock(end)


def _read_own(reading: _EventReading) -> None:
    """Our own event tells all columns: what it leaves out is empty."""
    told = {column: reading.text(property_name(column)) for column in COLUMNS}
    title = reading.text("SUMMARY")
    if reading.text("STATUS").upper() == "CANCELLED":
        for begin in (say(CANCELLED_PREFIX), delivered(CANCELLED_PREFIX)):
            title = title.removeprefix(begin)
        told["status"] = Status.GEANNULEERD.value
    reading.cells = told | reading.cells | {"titel": title}


def _read_foreign(reading: _EventReading, kind: Kind | None, *, cancels: bool) -> None:
    """An event of somebody else: only the columns that a calendar can tell of."""
    cells = reading.cells
    cells |= {"uid": _NOT_IN_KEY.sub("-", reading.uid), "titel": reading.text("SUMMARY")}
    cells["soort"] = kind.value if kind else ""
    if kind is None:
        reading.wrong("soort", say("invoer.zonder soort"))
    if reading.text("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        reading.wrong("zichtbaarheid", say("invoer.is prive"))
    status = _STATUSES.get(reading.text("STATUS").upper())
    if cancels or status is not None:
        cells["status"] = (Status.GEANNULEERD if cancels or status is None else status).value
    place = read_address(reading.text("LOCATION"))
    if isinstance(place, Unfit):
        reading.wrong("gemeente", place.reason)
        cells["gemeente"] = ""
    else:
        cells |= {"gemeente": place.municipality, "locatie": place.venue, "adres": place.address}
    description, url = reading.text("DESCRIPTION"), reading.text("URL")
    if description:
        cells["omschrijving"] = description
    if url and isinstance(read_url(url), Unfit):
        reading.remark("inschrijven_url", say("invoer.link weggelaten", link=quote(url)))
    elif url:
        cells["inschrijven_url"] = url


def _read_event(event: Component, line: int, kind: Kind | None, *, cancels: bool) -> _Found:
    reading = _EventReading(event, line)
    _read_moments(reading)
    if property_name("uid") in event:
        _read_own(reading)
    else:
        _read_foreign(reading, kind, cancels=cancels)
    return _Found(Row(line, reading.cells), tuple(reading.problems), tuple(reading.warnings))


def _events(data: bytes) -> Iterator[tuple[Component, int, bool]]:
    """Each event with the number of its first line, and whether its calendar cancels what is in it."""
    lines = [data.count(b"\n", 0, match.start()) + 1 for match in _EVENT.finditer(data)]
    number = 0
    for calendar in Calendar.from_ical(data, multiple=True):
        cancels = str(calendar.get("METHOD", "")).strip().upper() == "CANCEL"
        if calendar.name != "VCALENDAR":
            continue
        for event in calendar.walk("VEVENT"):
            yield event, lines[number] if number < len(lines) else 0, cancels
            number += 1


def read_ics(data: bytes, kind: Kind | None) -> Table:
    """Read an iCalendar file into rows of the agenda file.

    Args:
        kind: the kind of all events of a calendar that is not ours.

    Returns:
        A row for each event, with the line where it begins; what is wrong with it as an event is
        among the problems, and its cell empty.
    """
    if len(data) > MAX_BYTES:
        return Table(problems=(Problem(reason=say(TOO_BIG)),))
    if len(_EVENT.findall(data)) > MAX_ROWS:
        return Table(problems=(Problem(reason=say(TOO_MANY_ROWS)),))
    try:
        found = [_read_event(event, line, kind, cancels=cancels) for event, line, cancels in _events(data)]
    except _DAMAGE:
        return Table(problems=(Problem(reason=say("invoer.geen ics")),))
    if not found:
        return Table(problems=(Problem(reason=say("invoer.geen afspraken")),))
    return Table(
        rows=tuple(one.row for one in found),
        problems=tuple(problem for one in found for problem in one.problems),
        warnings=tuple(warning for one in found for warning in one.warnings),
    )
