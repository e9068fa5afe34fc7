"""An appointment of a mailbox's calendar read as a row of the agenda file, and checked as such.

An appointment tells less than the file: what it does not tell stays as the agenda has it. One that
cannot be an atrium is left out and named; the others come in all the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.model import BRUSSELS, Community, Kind, Status
from handlers.wording.catalogue import say
from handlers.wording.texts import kind_name, typed_kind
from store.exchange.calendar import UID_DOMAIN
from store.exchange.cells import quote
from store.exchange.places import read_address
from store.exchange.problems import Unfit
from store.exchange.rows import Candidate, Known, read_row
from store.exchange.table import Row
from store.topics import folded

#: Of every atrium that comes from the calendar.
PREFIX = "cal-"

#: Zones as Windows calls them, which Exchange may tell: those of our neighbours and the neutral ones.
_WINDOWS_ZONES = {
    "UTC": "UTC",
    "Coordinated Universal Time": "UTC",
    "Romance Standard Time": "Europe/Brussels",
    "W. Europe Standard Time": "Europe/Berlin",
    "GMT Standard Time": "Europe/London",
    "Central Europe Standard Time": "Europe/Budapest",
}

_WHOLE_DAY = "afspraak.hele dag"
_OVERNIGHT = "afspraak.meer dagen"
_TWICE = "afspraak.uur twee keer"
_PRIVATE = "afspraak.prive"
_NO_READERS = "afspraak.geen lezers"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the appointments gave.

    Attributes:
        candidates: those that can be atria.
        removed: the uids of those that are no longer in the calendar.
        withheld: the uids of those that are marked private.
        findings: in Dutch, which were left out and why.
        others: how many appointments are no atria at all.
    """

    candidates: tuple[Candidate, ...] = ()
    removed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    others: int = 0


class _Unfit(Exception):  # noqa: N818 - an outcome, collected
    """The appointment cannot be an atrium; the text says why, in Dutch."""


def uid_of(event_id: str) -> str:
    """The uid of the atrium of an appointment: the same for ever, and short enough for an address."""
    return PREFIX + hashlib.sha256(event_id.encode()).hexdigest()[:16]


def wanted_series(events: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of the series of which occurrences are told, and that are not told themselves."""
    told = list(events)
    bare = {str(each["seriesMasterId"]) for each in told if _is_bare(each)}
    return frozenset(bare - {str(each.get("id")) for each in told})


def by_occurrence(
    events: Iterable[Mapping[str, Any]], series: Iterable[Mapping[str, Any]] = ()
) -> list[Mapping[str, Any]]:
    """Each appointment by itself: a series as a whole is none, and each occurrence has what the series tells.

    In a list of changes Graph tells of an occurrence only when it is, and the series once.
    """
    told = list(events)
    shared = {str(each.get("id")): each for each in (*series, *told)}
    whole = [
        {**shared.get(str(each["seriesMasterId"]), {}), **each} if _is_bare(each) else each for each in told
    ]
    return [each for each in whole if each.get("type") != "seriesMaster"]


def _is_bare(event: Mapping[str, Any]) -> bool:
    return bool(event.get("seriesMasterId")) and "subject" not in event and "@removed" not in event


def read_events(
    events: Iterable[Mapping[str, Any]],
    *,
    kind: Kind | None,
    communities: Sequence[Community],
    known: Known,
    now: dt.datetime,
) -> Reading:
    """Read appointments as Graph tells them (https://learn.microsoft.com/graph/api/resources/event).

    Args:
        kind: of an appointment whose categories name none; with None such an appointment is no atrium.
        communities: of the settings; what is for politicians is shown to their communities alone.
        known: regions and communities to check names against.
        now: aware UTC.
    """
    candidates, removed, withheld, findings, others = [], [], list[str](), list[str](), 0
    for line, event in enumerate(events, start=1):
        uid = uid_of(str(event.get("id")))
        if "@removed" in event:
            removed.append(uid)
            continue
        chosen = _kind(event) or kind
        if chosen is None or _is_ours(event):
            others += 1
            continue
        if _is_private(event):
            withheld.append(uid)
        try:
            row = Row(line, _cells(event, uid, chosen))
            candidates.append(_candidate(row, chosen, communities, known, now))
        except _Unfit as unfit:
            findings.append(say("afspraak.kan niet", onderwerp=quote(_subject(event)), waarom=str(unfit)))
    return Reading(
        candidates=tuple(candidates),
        removed=tuple(removed),
        withheld=tuple(withheld),
        findings=tuple(findings),
        others=others,
    )


def _subject(event: Mapping[str, Any]) -> str:
    return str(event.get("subject") or "").strip()


def _kind(event: Mapping[str, Any]) -> Kind | None:
    """The kind that one of the categories names, by its key or its name."""
    names = {folded(kind.value.replace("_", " ")): kind for kind in Kind}
    names |= {folded(name(kind)): kind for kind in Kind for name in (kind_name, typed_kind)}
    found = (names.get(folded(str(each).replace("_", " "))) for each in event.get("categories") or ())
    return next((kind for kind in found if kind is not None), None)


def _is_ours(event: Mapping[str, Any]) -> bool:
    """Whether it came from the bot's own feed: then the agenda has it already."""
    return str(event.get("iCalUId") or "").endswith(UID_DOMAIN)


def _is_private(event: Mapping[str, Any]) -> bool:
    return str(event.get("sensitivity") or "normal") in ("private", "confidential")


def _cells(event: Mapping[str, Any], uid: str, kind: Kind) -> dict[str, str]:
    if _is_private(event):
        raise _Unfit(say(_PRIVATE))
    if event.get("isAllDay"):
        raise _Unfit(say(_WHOLE_DAY))
    start, end = _moment(event, "start"), _moment(event, "end")
    if end.date() != start.date():
        raise _Unfit(say(_OVERNIGHT))
    cells = {
        "uid": uid,
        "soort": kind.value,
        "titel": _subject(event),
        "datum": f"{start:%Y-%m-%d}",
        "begin": f"{start:%H:%M}",
        "einde": f"{end:%H:%M}" if end > start else "",
        **_place(event),
    }
    description = str((event.get("body") or {}).get("content") or "").strip()
    if description:
        cells["omschrijving"] = description
    if event.get("isCancelled"):
        cells["status"] = Status.GEANNULEERD.value
    return cells


def _moment(event: Mapping[str, Any], name: str) -> dt.datetime:
    """A moment on the wall clock of Brussels."""
    told = event.get(name) or {}
    zone = str(told.get("timeZone") or "UTC")
    try:
        # Seven digits of a second are more than Python reads.
        wall = dt.datetime.fromisoformat(str(told.get("dateTime") or "")[:19])
        there = wall.replace(tzinfo=ZoneInfo(_WINDOWS_ZONES.get(zone, zone)))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise _Unfit(say("afspraak.tijdzone", zone=quote(zone))) from None
    local = there.astimezone(dt.UTC).astimezone(BRUSSELS)
    if local.fold:
        raise _Unfit(say(_TWICE))
    return local


def _place(event: Mapping[str, Any]) -> dict[str, str]:
    location = event.get("location") or {}
    name, address = str(location.get("displayName") or ""), location.get("address") or {}
    city = str(address.get("city") or "").strip()
    if city:
        return {"gemeente": city, "locatie": name, "adres": str(address.get("street") or "")}
    place = read_address(name)
    if isinstance(place, Unfit):
        raise _Unfit(say("afspraak.plaats", waarom=place.reason))
    return {"gemeente": place.municipality, "locatie": place.venue, "adres": place.address}


def _candidate(
    row: Row, kind: Kind, communities: Sequence[Community], known: Known, now: dt.datetime
) -> Candidate:
    read = read_row(row, known, now)
    if read.problems or not read.candidates:
        raise _Unfit(
            "; ".join(
                say("afspraak.kolom", kolom=problem.column or "", waarom=problem.reason)
                for problem in read.problems
            )
        )
    (candidate,) = read.candidates
    if kind is not Kind.MANDATARISSEN:
        return candidate
    readers = frozenset(each.key for each in communities if kind in each.kinds)
    if not readers:
        raise _Unfit(say(_NO_READERS))
    # Not among what is told: of an atrium that is there already, moderators decided who sees it.
    return dataclasses.replace(candidate, atrium=dataclasses.replace(candidate.atrium, visibility=readers))
