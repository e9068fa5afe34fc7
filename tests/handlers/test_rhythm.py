"""Who keeps the rhythm of the network, and who falls behind."""

from __future__ import annotations

import datetime as dt

from handlers.model import Atrium, Kind, Status
from handlers.rhythm import Rhythm, behind, rhythms
from tests.fakes.atria import an_atrium, brussels
from tests.fakes.samples import sample_agenda, sample_atria, sample_regions

NOW = brussels("2027-09-06", "08:30")
KNOWN_SINCE = brussels("2026-01-10")


def found(*atria: Atrium, regions: tuple[str, ...] = (), now: dt.datetime = NOW) -> dict[str, Rhythm]:
    """By region or province, or by kind where there is one group."""
    return {each.group or each.kind.value: each for each in rhythms(atria, regions, now, KNOWN_SINCE)}


def lokaal(day: str, region: str = "Kempen", **values: object) -> Atrium:
    return an_atrium(f"{region}-{day}", day, region=region, **values)


def provinciaal(day: str, province: str) -> Atrium:
    return an_atrium(f"{province}-{day}", day, kind=Kind.PROVINCIAAL, province=province)


def test_a_region_that_meets_every_half_year_keeps_its_rhythm() -> None:
    kempen = found(lokaal("2027-02-24"), lokaal("2027-06-09"), regions=("Kempen",))["Kempen"]
    assert (kempen.held, kempen.planned, kempen.falls_behind) == (2, 0, False)
    assert (kempen.norm.at_least, kempen.norm.at_most) == (2, 4)


def test_a_region_that_waits_too_long_falls_behind() -> None:
    assert found(lokaal("2026-12-09"), regions=("Kempen",))["Kempen"].falls_behind


def test_a_date_too_far_ahead_does_not_help() -> None:
    near = found(lokaal("2027-06-09"), lokaal("2027-12-01"), regions=("Kempen",))["Kempen"]
    far = found(lokaal("2027-06-09"), lokaal("2028-03-01"), regions=("Kempen",))["Kempen"]
    assert (near.falls_behind, far.falls_behind) == (False, True)
    assert far.following == brussels("2028-03-01")


def test_a_cancelled_atrium_does_not_count() -> None:
    off = lokaal("2027-06-09", status=Status.GEANNULEERD)
    assert found(lokaal("2026-12-09"), off, regions=("Kempen",))["Kempen"].falls_behind


def test_a_region_that_never_met_falls_behind() -> None:
    assert found(regions=("Westhoek",))["Westhoek"].falls_behind


def test_before_the_agenda_begins_nothing_can_be_missed() -> None:
    (kempen,) = [
        each
        for each in rhythms([lokaal("2027-10-04")], ("Kempen",), NOW, brussels("2027-09-01"))
        if each.group == "Kempen"
    ]
    assert not kempen.falls_behind


def test_each_province_has_its_own_rhythm() -> None:
    """A Provinciaal Atrium is held twice a year in each of the five."""
    groups = found(provinciaal("2027-04-06", "Antwerpen"), provinciaal("2026-04-12", "Limburg"))
    assert not groups["Antwerpen"].falls_behind
    assert groups["Limburg"].falls_behind
    assert {"Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen"} <= set(groups)


def test_centrumsteden_are_due_four_times_and_politicians_twice_a_year() -> None:
    at = brussels("2027-03-15")
    groups = found(
        an_atrium("c", "2026-09-14", kind=Kind.CENTRUMSTEDEN),
        an_atrium("m", "2026-09-14", kind=Kind.MANDATARISSEN),
        now=at,
    )
    assert groups["centrumsteden"].falls_behind, "half a year is two times too few"
    assert not groups["mandatarissen"].falls_behind


def test_kinds_that_come_when_needed_have_no_rhythm() -> None:
    kinds = {each.kind for each in rhythms([], (), NOW, KNOWN_SINCE)}
    assert kinds == {Kind.CENTRUMSTEDEN, Kind.MANDATARISSEN, Kind.PROVINCIAAL}


def test_the_sample_keeps_its_rhythm_until_its_agenda_ends() -> None:
    agenda = sample_agenda()
    known_since = min(each.starts_at for each in sample_atria())

    def late(day: str) -> list[str | None]:
        at = brussels(day, "08:30")
        all_groups = rhythms(sample_atria(), tuple(sample_regions()), at, known_since, agenda.region_of)
        return [each.group for each in behind(all_groups)]

    assert late("2026-11-23") == []
    assert late("2027-12-20") == ["Oost-Brabant", "Westhoek", "Vlaamse Ardennen"]


def test_who_waits_longest_is_told_first() -> None:
    groups = found(lokaal("2026-12-09"), lokaal("2026-10-09", "Westhoek"), regions=("Kempen", "Westhoek"))
    lokale = [each.group for each in behind(groups.values()) if each.kind is Kind.LOKAAL]
    assert lokale == ["Westhoek", "Kempen"]
