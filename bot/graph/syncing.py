"""One round of asking Graph for communities and their people, for a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.graph.belonging import keep_communities, keep_group_people, served
from bot.graph.communities import LiveCommunity, Mismatch, live_communities, mismatches
from bot.graph.joining import graph_of
from bot.graph.people import GroupPeople, group_people
from bot.settings import Settings
from handlers.model import Community
from store.engine import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncedCommunities:
    """What Graph said. `people` is by the key of the settings' communities that exist."""

    live: list[LiveCommunity]
    mismatches: list[Mismatch]
    people: dict[str, GroupPeople]

    def as_data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "communities": [{**asdict(each), "link": each.link} for each in self.live],
            "mismatches": [asdict(each) for each in self.mismatches],
            "people": {key: asdict(each) for key, each in self.people.items()},
        }


async def sync_communities(
    settings: Settings, store: Store, communities: Sequence[Community], now: dt.datetime
) -> SyncedCommunities:
    """Ask, and keep what was said. Raises GraphFailed.

    Args:
        now: aware UTC.
    """
    graph = graph_of(settings, store)
    try:
        live = await live_communities(graph)
        people = {
            community.key: await group_people(graph, group) for community, group in served(communities, live)
        }
    finally:
        await graph.close()
    keep_communities(store, communities, live, now)
    for community, _ in served(communities, live):
        keep_group_people(store, community, people[community.key], now)
    return SyncedCommunities(live=live, mismatches=mismatches(communities, live), people=people)
