"""Who is told what: the communities in which an atrium is spoken of unasked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from handlers.model import Atrium, Audience, Community, Kind

#: Finds the moderators' region of a municipality.
RegionOf = Callable[[str], str | None]

#: No table of regions: a Lokaal Atrium then goes by the region it names itself.
NO_REGIONS: RegionOf = dict[str, str]().get

#: Whom the community of local politicians is for.
POLITICIANS = frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR})


def fits(atrium: Atrium, community: Community, region: str | None) -> bool:
    """Whether this community is told of this atrium, leaving aside that others may be nearer to it.

    An Atrium Lokale Mandatarissen is told only where politicians were named as the audience or the
    kind was asked for by name: a community that simply takes everything is not meant.
    """
    if not atrium.is_visible_to(frozenset({community.key})):
        return False
    if community.kinds and atrium.kind not in community.kinds:
        return False
    if (
        atrium.kind is Kind.MANDATARISSEN
        and not community.kinds
        and community.audience.isdisjoint(POLITICIANS)
    ):
        return False
    if atrium.audience and community.audience and atrium.audience.isdisjoint(community.audience):
        return False
    if atrium.kind is Kind.LOKAAL and community.regions:
        return region in community.regions
    return True


def is_for_politicians(community: Community) -> bool:
    """Whether a community is for local politicians and general directors, and for nobody else."""
    if community.kinds == {Kind.MANDATARISSEN}:
        return True
    return bool(community.audience) and community.audience <= POLITICIANS


def told_monthly(community: Community) -> bool:
    """Whether a community gets its overview monthly: as the settings say, else when it is for politicians."""
    if community.digest_every is not None:
        return community.digest_every == "month"
    return is_for_politicians(community)


def told_in(
    atrium: Atrium,
    communities: Iterable[Community],
    region_of: RegionOf = NO_REGIONS,
    chosen: Collection[str] | None = None,
) -> list[Community]:
    """The communities in which an atrium is spoken of unasked.

    A Lokaal Atrium goes to the communities of its region where there are such, else to all that
    take its kind.

    Args:
        region_of: the moderators' table of regions, for a Lokaal Atrium that names none itself.
        chosen: keys that a moderator chose when announcing it; None where nobody chose. The choice
            may widen kinds and audience, never the visibility.
    """
    if chosen is not None:
        return [
            each for each in communities if each.key in chosen and atrium.is_visible_to(frozenset({each.key}))
        ]
    region = None
    if atrium.kind is Kind.LOKAAL:
        region = atrium.region or region_of(atrium.municipality)
    fitting = [each for each in communities if fits(atrium, each, region)]
    if atrium.kind is Kind.LOKAAL:
        return [each for each in fitting if each.regions] or fitting
    return fitting
