"""One row of text cells to one atrium, or everything that is wrong with it.

All problems of all rows are collected, so that a moderator mends a file once. A cell that is
wrong makes its row no candidate; whether anything may be imported then is the importer's to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.model import Atrium, Kind, Status
from handlers.wording.catalogue import say
from store.exchange import cells
from store.exchange.columns import FIELDS, REQUIRED
from store.exchange.places import read_municipality
from store.exchange.problems import Problem, Unfit, in_a_row
from store.exchange.table import Row, advice
from store.exchange.visibility import held_to, is_unseen, nobody_sees

T = TypeVar("T")

_SHORT, _LONG = 300, 8000


@dataclass(frozen=True, slots=True)
class Candidate:
    """An atrium as one row tells it.

    Attributes:
        line: where it stands in the file.
        atrium: the row as a new atrium (sequence 0, known as of now).
        told: the fields of `Atrium` that the file has a column for; what it has none for is not
            emptied in an atrium that exists already.
    """

    line: int
    atrium: Atrium
    told: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What a file holds. With any problem in it, nothing of it may be imported."""

    candidates: tuple[Candidate, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the agenda knows besides the file; None means that it cannot be checked."""

    regions: Collection[str] | None = None
    communities: Collection[str] | None = None


@dataclass(slots=True)
class _RowReading:
    """One row while it is read: hands out cells and collects what is wrong with them."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def wrong(self, column: str, reason: str) -> None:
        self.problems.append(Problem(reason=reason, line=self.row.line, column=column))

    def remark(self, column: str, reason: str) -> None:
        self.warnings.append(Problem(reason=reason, line=self.row.line, column=column))

    def take(self, column: str, read: Callable[[str], T | Unfit]) -> T | None:
        """The value of a cell; None when it is empty, absent or wrong."""
        text = self.row.cells.get(column, "")
        if not text:
            if column in REQUIRED:
                self.wrong(column, say("invoer.verplicht"))
            return None
        value = read(text)
        if isinstance(value, Unfit):
            self.wrong(column, value.reason)
            return None
        return value

    def short(self, column: str) -> str | None:
        return self.take(column, cells.line(_SHORT)) or None

    def long(self, column: str) -> str | None:
        return self.take(column, cells.paragraphs(_LONG)) or None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moments:
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    registration_until: dt.date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Texts:
    theme: str | None
    venue: str | None
    address: str | None
    description: str | None
    programme: str | None
    organiser: str | None
    contact: str | None
    programme_uid: str | None


def _texts(reading: _RowReading) -> _Texts:
    return _Texts(
        theme=reading.short("thema"),
        venue=reading.short("locatie"),
        address=reading.short("adres"),
        description=reading.long("omschrijving"),
        programme=reading.long("programma"),
        organiser=reading.short("organisator"),
        contact=reading.short("contact"),
        programme_uid=reading.take("programma_uid", cells.read_uid),
    )


def _instant(
    reading: _RowReading, column: str, day: dt.date | None, time: dt.time | None
) -> dt.datetime | None:
    if day is None or time is None:
        return None
    moment = cells.instant(day, time)
    if isinstance(moment, Unfit):
        reading.wrong(column, moment.reason)
        return None
    if cells.comes_twice(day, time):
        reading.remark(column, say("invoer.uur dubbel", uur=f"{time:%H:%M}"))
    return moment


def _moments(reading: _RowReading) -> _Moments:
    day = reading.take("datum", cells.read_date)
    begins = reading.take("begin", cells.read_time)
    ends = reading.take("einde", cells.read_time)
    until = reading.take("inschrijven_tot", cells.read_date)
    if begins is not None and ends is not None and ends <= begins:
        reason = say("invoer.einde voor begin", einde=f"{ends:%H:%M}", begin=f"{begins:%H:%M}")
        reading.wrong("einde", reason)
        ends = None
    if until is not None and day is not None and until > day:
        reading.wrong("inschrijven_tot", say("invoer.inschrijven na atrium", dag=f"{day:%d/%m/%Y}"))
    return _Moments(
        starts_at=_instant(reading, "begin", day, begins),
        ends_at=_instant(reading, "einde", day, ends),
        registration_until=until,
    )


def _region(reading: _RowReading, known: Known) -> str | None:
    region = reading.short("regio")
    if region is None:
        return None
    spelled, found = cells.known_word(region, known.regions)
    if not found:
        remark = in_a_row(
            say("invoer.regio onbekend", getypt=cells.quote(region)),
            advice(region, known.regions or ()),
            say("invoer.regio overgenomen"),
        )
        reading.remark("regio", remark)
    return spelled


def _link(reading: _RowReading) -> str | None:
    url = reading.take("inschrijven_url", cells.read_url)
    if url is not None and reading.row.cells["inschrijven_url"].casefold().startswith("www."):
        reading.remark("inschrijven_url", say("invoer.als link", link=url))
    return url


def _visibility(reading: _RowReading, kind: Kind | None, known: Known) -> frozenset[str]:
    keys = reading.take("zichtbaarheid", cells.read_keys)
    if keys is None:
        if kind is Kind.MANDATARISSEN and not reading.row.cells.get("zichtbaarheid"):
            reading.remark("zichtbaarheid", say("invoer.mandatarissen openbaar"))
        return frozenset()
    if is_unseen(keys, known.communities):
        reading.wrong("zichtbaarheid", nobody_sees(keys, known.communities or ()))
        return keys
    spelled, remarks = held_to(keys, known.communities, "invoer.ziet dit atrium niet")
    for remark in remarks:
        reading.remark("zichtbaarheid", remark)
    return spelled


def _status(reading: _RowReading, moments: _Moments, now: dt.datetime) -> Status:
    status = reading.take("status", cells.word_of(Status)) or Status.GEPLAND
    if status is Status.VOORBIJ and moments.starts_at is not None and moments.starts_at > now:
        reading.remark("status", say("invoer.nog niet voorbij"))
        return Status.BEVESTIGD
    return status


def _atrium(reading: _RowReading, known: Known, now: dt.datetime) -> Atrium | None:
    """The atrium of a row; None when something required is empty or wrong."""
    uid = reading.take("uid", cells.read_uid)
    kind = reading.take("soort", cells.word_of(Kind))
    title = reading.short("titel")
    place = reading.take("gemeente", read_municipality)
    moments = _moments(reading)
    status = _status(reading, moments, now)
    visibility = _visibility(reading, kind, known)
    texts = _texts(reading)
    region = _region(reading, known)
    audience = reading.take("doelgroep", cells.read_audience) or frozenset()
    url = _link(reading)
    if uid is None or kind is None or title is None or place is None or moments.starts_at is None:
        return None
    return Atrium(
        uid=uid,
        kind=kind,
        title=title,
        theme=texts.theme,
        starts_at=moments.starts_at,
        ends_at=moments.ends_at,
        venue=texts.venue,
        address=texts.address,
        municipality=place.name,
        province=place.province,
        region=region,
        audience=audience,
        description=texts.description,
        programme=texts.programme,
        registration_url=url,
        registration_until=moments.registration_until,
        organiser=texts.organiser,
        contact=texts.contact,
        status=status,
        visibility=visibility,
        programme_uid=texts.programme_uid,
        updated_at=now,
        announced_at=now,
        cancelled_at=now if status is Status.GEANNULEERD else None,
    )


def read_row(row: Row, known: Known, now: dt.datetime) -> Parsed:
    """Read one row: one candidate, or the problems that keep it from being one.

    Args:
        row: trimmed text cells by column name.
        known: regions and communities to check names against.
        now: aware UTC; a new atrium is known to the bot from here.
    """
    reading = _RowReading(row)
    atrium = _atrium(reading, known, now)
    problems, warnings = tuple(reading.problems), tuple(reading.warnings)
    if problems or atrium is None:
        return Parsed(problems=problems, warnings=warnings)
    told = frozenset(name for column in row.cells for name in FIELDS[column])
    return Parsed(candidates=(Candidate(row.line, atrium, told),), warnings=warnings)


def _twins(candidates: Sequence[tuple[int, str]]) -> list[Problem]:
    """A problem for each line whose uid stands on an earlier line too."""
    first: dict[str, int] = {}
    problems = []
    for line, uid in candidates:
        if uid in first:
            reason = say("invoer.sleutel dubbel", uid=cells.quote(uid), regel=str(first[uid]))
            problems.append(Problem(reason=reason, line=line, column="uid"))
        first.setdefault(uid, line)
    return problems


def read_rows(rows: Sequence[Row], known: Known, now: dt.datetime) -> Parsed:
    """Read all rows and check them against each other."""
    twins = _twins([(row.line, row.cells["uid"]) for row in rows if row.cells.get("uid")])
    read = [read_row(row, known, now) for row in rows]
    problems = [*twins, *(problem for one in read for problem in one.problems)]
    return Parsed(
        candidates=tuple(candidate for one in read for candidate in one.candidates),
        problems=tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        warnings=tuple(warning for one in read for warning in one.warnings),
    )
