"""The agenda as iCalendar (RFC 5545), for calendars that subscribe to it and for export.

Decisions that stand for ever, because calendars keep what they once got:

* UID is the atrium's uid with "@atriumbot" behind it, unless it holds an "@" already.
* There is no METHOD: a feed is no invitation, and PUBLISH would ask for an ORGANIZER
  (RFC 5546, 3.2.1). DTSTAMP then is the moment of the last change (RFC 5545, 3.8.7.2), so the
  same data gives the same bytes and an ETag holds.
* Every column of the agenda file that has no iCalendar property of its own stands beside it as
  X-ATRIUM-..., so that an export can be imported again without loss.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText

from handlers.model import Atrium, Status
from handlers.wording.cards import place_text, programme_lines
from handlers.wording.catalogue import say, wording
from handlers.wording.dates import long_date
from handlers.wording.texts import audience_text, kind_name
from store.exchange.columns import row_with, status_at

PRODID = "-//Atrium Lerend Netwerk//atriumbot//NL"
UID_DOMAIN = "@atriumbot"
#: How often a calendar that subscribes should look again.
REFRESH = dt.timedelta(hours=1)

#: What the summary of a cancelled atrium begins with: many calendars do not show STATUS.
CANCELLED_PREFIX = "kalender.geannuleerd"

_TZID = "Europe/Brussels"
#: The columns that DTSTART, DTEND and SUMMARY give back exactly.
_SAID_ELSEWHERE = frozenset({"datum", "begin", "einde", "titel"})

_STATUSES = {
    Status.GEPLAND: "TENTATIVE",
    Status.BEVESTIGD: "CONFIRMED",
    Status.VOORBIJ: "CONFIRMED",
    Status.GEANNULEERD: "CANCELLED",
}


def calendar_uid(uid: str) -> str:
    """The UID of an atrium in every calendar."""
    return uid if "@" in uid else f"{uid}{UID_DOMAIN}"


def property_name(column: str) -> str:
    """The property that carries a column of the agenda file: "programma_uid" is X-ATRIUM-PROGRAMMA-UID."""
    return f"X-ATRIUM-{column.replace('_', '-').upper()}"


def _time_zone() -> Timezone:
    """Brussels, by the rule of the European Union since 1996 (directive 2000/84/EC)."""
    summer, winter = dt.timedelta(hours=2), dt.timedelta(hours=1)
    zone = Timezone()
    zone.add("TZID", _TZID)
    zone.add("X-LIC-LOCATION", _TZID)
    for season, name, begins_at, month, before, after in (
        (TimezoneDaylight(), "CEST", dt.datetime(1996, 3, 31, 2), 3, winter, summer),  # noqa: DTZ001
        (TimezoneStandard(), "CET", dt.datetime(1996, 10, 27, 3), 10, summer, winter),  # noqa: DTZ001
    ):
        season.add("TZNAME", name)
        season.add("DTSTART", begins_at)  # wall clock of the zone that is being defined, hence naive
        season.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"})
        season.add("TZOFFSETFROM", before)
        season.add("TZOFFSETTO", after)
        zone.add_component(season)
    return zone


@dataclass(frozen=True, slots=True)
class _Moment:
    """All that the present decides in an event."""

    status: Status
    registration_is_open: bool
    wording: str = ""


def _registration(atrium: Atrium, *, is_open: bool) -> str | None:
    until = atrium.registration_until
    if atrium.is_cancelled or not (atrium.registration_url or until):
        return None
    if not is_open:
        return say("kalender.inschrijven kon", dag=long_date(until)) if until else None
    label = say("kalender.inschrijven tot", dag=long_date(until)) if until else say("kalender.inschrijven")
    return f"{label}: {atrium.registration_url}" if atrium.registration_url else f"{label}."


def _description(atrium: Atrium, moment: _Moment, page: str | None) -> str:
    """What a calendar shows under the appointment; the facts in the fixed order, no relative words."""
    programme = "\n".join(programme_lines(atrium))
    parts = [
        say("kalender.gaat niet door") if atrium.is_cancelled else None,
        say("kalender.thema", thema=atrium.theme) if atrium.theme else None,
        say("kalender.voor wie", doelgroep=audience_text(atrium.audience)) if atrium.audience else None,
        _registration(atrium, is_open=moment.registration_is_open),
        atrium.description,
        say("kalender.programma", programma=programme) if programme else None,
        say("kalender.contact", contact=atrium.contact) if atrium.contact else None,
        say("kalender.meer", link=page) if page else None,
    ]
    return "\n\n".join(part for part in parts if part)


# A feed of a thousand atria takes most of a second to write, and is the same for everybody. It must hold the
# largest feed whole: one that is larger pushes out each event before it is asked for again.
@lru_cache(maxsize=16_384)
def _event_bytes(atrium: Atrium, moment: _Moment, page: str | None) -> bytes:
    event = Event()
    event.add("UID", calendar_uid(atrium.uid))
    event.add("DTSTAMP", atrium.updated_at.replace(microsecond=0))
    event.add("LAST-MODIFIED", atrium.updated_at.replace(microsecond=0))
    event.add("SEQUENCE", atrium.sequence)
    event.add("DTSTART", atrium.local_start)
    if atrium.ends_at is not None and atrium.ends_at > atrium.starts_at:
        event.add("DTEND", atrium.local_end)
    event.add("STATUS", _STATUSES[atrium.status])
    event.add("SUMMARY", f"{say(CANCELLED_PREFIX)}{atrium.title}" if atrium.is_cancelled else atrium.title)
    event.add("LOCATION", place_text(atrium))
    event.add("DESCRIPTION", _description(atrium, moment, page))
    if page or atrium.registration_url:
        event.add("URL", page or atrium.registration_url)
    event.add("CATEGORIES", [kind_name(atrium.kind), *([atrium.theme] if atrium.theme else [])])
    event.add("TRANSP", "TRANSPARENT" if atrium.is_cancelled else "OPAQUE")
    for column, text in row_with(atrium, moment.status).items():
        if text and column not in _SAID_ELSEWHERE:
            event.add(property_name(column), vText(text), parameters={"VALUE": "TEXT"})
    data: bytes = event.to_ical()
    return data


def _frame(name: str, refresh: dt.timedelta) -> tuple[bytes, bytes]:
    """What stands before and after the events."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", vText(name))
    calendar.add("X-WR-TIMEZONE", vText(_TZID))
    calendar.add("REFRESH-INTERVAL", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    calendar.add_component(_time_zone())
    head, end, tail = calendar.to_ical().rpartition(b"END:VCALENDAR")
    return head, end + tail


def calendar_bytes(
    atria: Iterable[Atrium],
    *,
    name: str,
    now: dt.datetime,
    url_of: Callable[[Atrium], str] | None = None,
    refresh: dt.timedelta = REFRESH,
) -> bytes:
    """These atria as one calendar, in the order given.

    Args:
        atria: exactly those that the reader of the calendar may see.
        name: what the calendar is called where it is subscribed to.
        now: aware UTC; decides only whether one can still register and what is over, so the
            bytes for the same data change when that does and at no other moment.
        url_of: the page of an atrium; without it URL is the link to register.
        refresh: how often to look again.

    Returns:
        UTF-8 with CRLF, folded at 75 octets.
    """
    words = wording()
    head, tail = _frame(name, refresh)
    events = [
        _event_bytes(
            atrium,
            _Moment(status_at(atrium, now), atrium.registration_is_open(now), words),
            url_of(atrium) if url_of else None,
        )
        for atrium in atria
    ]
    return b"".join((head, *events, tail))
