"""Brings what Graph says into the store: the communities as groups, their people as who belongs where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.graph.communities import LiveCommunity
from bot.graph.people import GroupPeople
from handlers.model import Community
from store import belonging, identities
from store.engine import Store
from store.groups import keep_live_groups
from store.live_groups import LiveGroup

ENGAGE = "engage"


def keep_communities(
    store: Store, configured: Sequence[Community], live: Sequence[LiveCommunity], now: dt.datetime
) -> None:
    """Keep what there is, so that members hear of it; what moderators wrote themselves stays.

    Args:
        now: aware UTC; when Graph was asked.
    """
    keys = {each.channel: each.key for each in configured if each.platform == ENGAGE}
    groups = [
        LiveGroup(
            number=each.number,
            name=each.name,
            link=each.link,
            is_public=each.is_public,
            description=each.description,
            community_key=keys.get(each.number),
        )
        for each in live
    ]
    with store.writing() as session:
        keep_live_groups(session, groups, now)


def keep_group_people(store: Store, community: Community, people: GroupPeople, now: dt.datetime) -> None:
    """Keep who owns and who reads a community: by address, and by number where they ever spoke there."""
    with store.writing() as session:
        known = identities.ids_by_email(session, ENGAGE)

        def ids(addresses: frozenset[str]) -> set[str]:
            return {*addresses, *(known[each] for each in addresses if each in known)}

        owners, members = ids(people.owners), ids(people.members)
        belonging.keep_people(session, community.key, owners, members, now)


def served(configured: Sequence[Community], live: Sequence[LiveCommunity]) -> list[tuple[Community, str]]:
    """The Viva Engage communities of the settings that exist, each with the id of the group behind it."""
    groups = {each.number: each.group_id for each in live}
    return [
        (each, groups[each.channel])
        for each in configured
        if each.platform == ENGAGE and each.channel in groups
    ]
