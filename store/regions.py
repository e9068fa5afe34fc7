"""The fixed regions of the Lokaal Atrium: which municipality belongs to which, as moderators keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from store.catalogue import bump_version
from store.tables import RegionMunicipalityRow, RegionRow


def replace_regions(session: Session, regions: Mapping[str, Iterable[str]]) -> None:
    """Keep exactly these regions, each with its municipalities; a municipality is in one at the most.

    Raises:
        ValueError: a municipality is named in two regions.
    """
    seen: dict[str, str] = {}
    for region, municipalities in regions.items():
        for municipality in municipalities:
            if seen.setdefault(municipality, region) != region:
                raise ValueError(f"{municipality} is in two regions: {seen[municipality]} and {region}")
    session.execute(delete(RegionMunicipalityRow))
    session.execute(delete(RegionRow))
    ids = {
        name: session.scalars(insert(RegionRow).values(name=name).returning(RegionRow.id)).one()
        for name in regions
    }
    rows = [{"municipality": name, "region_id": ids[region]} for name, region in seen.items()]
    if rows:
        session.execute(insert(RegionMunicipalityRow), rows)
    bump_version(session)


def list_regions(session: Session) -> dict[str, list[str]]:
    """Every region with its municipalities, both by name."""
    found: dict[str, list[str]] = {}
    together = (
        select(RegionRow.name, RegionMunicipalityRow.municipality)
        .outerjoin(RegionMunicipalityRow, RegionMunicipalityRow.region_id == RegionRow.id)
        .order_by(RegionRow.name, RegionMunicipalityRow.municipality)
    )
    for region, municipality in session.execute(together):
        members = found.setdefault(region, [])
        if municipality is not None:
            members.append(municipality)
    return found
