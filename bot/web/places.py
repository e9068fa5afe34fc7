"""The place that a visitor means with `plaats`: a municipality, a province or a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.gazetteer import gazetteer, name_key, province_place
from handlers.model import BRUSSELS_CITY


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place to look in; exactly one of the last three is set.

    Attributes:
        name: as it is shown and as it stands in an address; reading it again gives the same place.
    """

    name: str
    municipality: str | None = None
    province: str | None = None
    region: str | None = None


def find_place(text: str, regions: Sequence[str]) -> Place | None:
    """The place by any name that people use for it, also of a former municipality.

    A name of a municipality comes first ("Antwerpen"), then that of a province ("Limburg"), then
    that of a moderators' region, then the other names of a municipality.

    Args:
        regions: the moderators' regions.
    """
    key = name_key(text)
    places = gazetteer()
    if key == name_key(BRUSSELS_CITY):
        return Place(name=BRUSSELS_CITY, municipality=BRUSSELS_CITY)
    official = places.municipality(text)
    if official is not None:
        return Place(name=official.name, municipality=official.name)
    for province in places.provinces:
        if key in {name_key(province), name_key(province_place(province))}:
            return Place(name=province_place(province), province=province)
    for region in regions:
        if key == name_key(region):
            return Place(name=region, region=region)
        if key == name_key(f"regio {region}"):
            return Place(name=f"Regio {region}", region=region)
    other = places.find(text)
    return Place(name=other.name, municipality=other.name) if other else None


def homonyms(text: str) -> tuple[str, ...]:
    """The municipalities that a name may mean when it means several ("Heusden")."""
    found = gazetteer().candidates(text)
    return tuple(sorted(one.name for one in found)) if len(found) > 1 else ()


def wider(place: Place, region_of: str | None) -> list[Place]:
    """Where to look next when there is nothing in this place, the nearest first.

    Args:
        region_of: the moderators' region of the municipality, where it has one.
    """
    found: list[Place] = []
    if place.municipality is None:
        return found
    if region_of is not None:
        found.append(Place(name=region_of, region=region_of))
    province = gazetteer().province_of(place.municipality)
    if province is not None:
        found.append(Place(name=province_place(province), province=province))
    return found
