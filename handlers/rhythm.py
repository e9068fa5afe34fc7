"""The rhythm of each group against what the network promises: who met when, and who falls behind. Pure.

The promise is that of the published description of the Atrium Lerend Netwerk: a Lokaal Atrium two to
four times a year in each region, Centrumsteden four times, Lokale Mandatarissen twice, and a
Provinciaal Atrium twice in each province. Thematische Atria and Atria op Maat come when needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Kind

YEAR = dt.timedelta(days=365)

#: How much longer than its even share of a year a group may leave between two atria: summer lies in between.
SLACK = dt.timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Norm:
    """How often a year at least and at most."""

    at_least: int
    at_most: int

    @property
    def longest_gap(self) -> dt.timedelta:
        """The longest between two atria of a group that keeps this rhythm."""
        return YEAR / self.at_least + SLACK


NORMS: Mapping[Kind, Norm] = {
    Kind.LOKAAL: Norm(2, 4),
    Kind.CENTRUMSTEDEN: Norm(4, 4),
    Kind.MANDATARISSEN: Norm(2, 2),
    Kind.PROVINCIAAL: Norm(2, 2),
}

#: Finds the moderators' region of a municipality.
RegionOf = Callable[[str], str | None]

NO_REGIONS: RegionOf = dict[str, str]().get


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How one group keeps its rhythm at a moment.

    Attributes:
        group: the region or province; None where the kind has one group for all.
        held: how many atria in the year before the moment.
        planned: how many in the year after it.
        last, following: the nearest ones before and after, aware UTC.
        falls_behind: it has waited too long, or will have before the following one.
    """

    kind: Kind
    group: str | None
    norm: Norm
    held: int
    planned: int
    last: dt.datetime | None
    following: dt.datetime | None
    falls_behind: bool


def rhythms(
    atria: Iterable[Atrium],
    regions: Collection[str],
    now: dt.datetime,
    known_since: dt.datetime | None,
    region_of: RegionOf = NO_REGIONS,
) -> list[Rhythm]:
    """The rhythm of every group: each region, each province, and the kinds with one group for all.

    Args:
        atria: at least those of a year before `now` to a year after it; cancelled ones do not count.
        regions: the moderators' regions.
        now: aware UTC.
        known_since: aware UTC of the first atrium on the agenda: before it nothing can be missed.
        region_of: for a Lokaal Atrium that names no region itself.
    """
    held: dict[tuple[Kind, str | None], list[dt.datetime]] = {}
    for atrium in atria:
        if atrium.kind in NORMS and not atrium.is_cancelled:
            held.setdefault((atrium.kind, _group_of(atrium, region_of)), []).append(atrium.starts_at)
    return [
        _rhythm(kind, group, sorted(held.get((kind, group), [])), now, known_since)
        for kind, group in _groups(regions)
    ]


def behind(found: Iterable[Rhythm]) -> list[Rhythm]:
    """Those that fall behind, who waited longest first."""
    late = [each for each in found if each.falls_behind]
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(late, key=lambda each: (each.last or never, each.kind, each.group or ""))


def _groups(regions: Collection[str]) -> Iterator[tuple[Kind, str | None]]:
    for region in sorted(regions):
        yield Kind.LOKAAL, region
    yield Kind.CENTRUMSTEDEN, None
    yield Kind.MANDATARISSEN, None
    for province in sorted(gazetteer().provinces):
        yield Kind.PROVINCIAAL, province


def _group_of(atrium: Atrium, region_of: RegionOf) -> str | None:
    if atrium.kind is Kind.LOKAAL:
        return atrium.region or region_of(atrium.municipality)
    if atrium.kind is Kind.PROVINCIAAL:
        return atrium.province or gazetteer().province_of(atrium.municipality)
    return None


def _rhythm(
    kind: Kind,
    group: str | None,
    starts: list[dt.datetime],
    now: dt.datetime,
    known_since: dt.datetime | None,
) -> Rhythm:
    norm = NORMS[kind]
    past = [each for each in starts if each <= now]
    coming = [each for each in starts if each > now]
    last, following = (past[-1] if past else None), (coming[0] if coming else None)
    waiting_since = last or known_since
    waits_until = following or now
    if waiting_since is None:
        falls_behind = following is None
    else:
        falls_behind = waits_until - waiting_since > norm.longest_gap
    return Rhythm(
        kind=kind,
        group=group,
        norm=norm,
        held=sum(each > now - YEAR for each in past),
        planned=sum(each <= now + YEAR for each in coming),
        last=last,
        following=following,
        falls_behind=falls_behind,
    )
