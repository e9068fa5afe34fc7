"""The communities of Viva Engage as Graph knows them, and whether the settings name the right ones."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph
from handlers.model import Community

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveCommunity:
    """A community as Graph tells it.

    Attributes:
        number: its number in Viva Engage, as text: the `channel` in the settings.
        graph_id: its id in Graph, in which the number is wrapped.
        group_id: id of the Microsoft 365 group behind it, which has the owners and members.
        is_public: whether everybody in the organisation may read and join.
    """

    number: str
    graph_id: str
    group_id: str
    name: str
    description: str = ""
    is_public: bool = False

    @property
    def link(self) -> str:
        """Where people open it."""
        return f"https://engage.cloud.microsoft/main/groups/{self.graph_id}/all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mismatch:
    """A community of the settings that is not what they say; `reason` and `mend` are for an operator."""

    key: str
    reason: str
    mend: str


def number_of(graph_id: str) -> str | None:
    """The number in Viva Engage that an id of Graph wraps; None when it wraps none.

    The id is JSON such as {"_type":"Group","id":"47691358209"} in base64url without padding.
    """
    try:
        inside = json.loads(base64.urlsafe_b64decode(graph_id + "=" * (-len(graph_id) % 4)))
    except (ValueError, binascii.Error):
        return None
    number = inside.get("id") if isinstance(inside, dict) and inside.get("_type") == "Group" else None
    return number if isinstance(number, str) and number.isdigit() else None


async def live_communities(graph: Graph) -> list[LiveCommunity]:
    """Every community of the network, by name. Raises GraphFailed."""
    found = [
        community
        async for page in graph.pages(_first, _following)
        for told in page.get("value", ())
        if (community := _community(told)) is not None
    ]
    return sorted(found, key=lambda community: community.name.casefold())


def mismatches(configured: Iterable[Community], live: Sequence[LiveCommunity]) -> list[Mismatch]:
    """What is wrong with the Viva Engage communities of the settings, in their order."""
    by_number = {each.number: each for each in live}
    by_name = {each.name.casefold(): each for each in live}
    found = []
    for community in configured:
        if community.platform != "engage":
            continue
        there = by_number.get(community.channel or "")
        namesake = by_name.get(community.name.casefold())
        if there is None:
            found.append(_unknown(community, namesake))
        elif there.name.casefold() != community.name.casefold():
            mend = f'set name to "{there.name}"'
            if namesake is not None:
                mend += f', or channel to "{namesake.number}" if "{community.name}" is meant'
            found.append(
                Mismatch(
                    key=community.key,
                    reason=f'channel {community.channel} is called "{there.name}", not "{community.name}"',
                    mend=mend,
                )
            )
    return found


def _unknown(community: Community, namesake: LiveCommunity | None) -> Mismatch:
    if community.channel is None:
        reason = "there is no channel"
    else:
        reason = f"there is no community with number {community.channel}"
    if namesake is not None:
        mend = f'set channel to "{namesake.number}"'
    else:
        mend = "look the number up with: atriumbot communities sync"
    return Mismatch(key=community.key, reason=reason, mend=mend)


def _community(told: Mapping[str, Any]) -> LiveCommunity | None:
    """One that can be used: its id wraps a number, and there is a group behind it."""
    graph_id, group_id = str(told.get("id") or ""), str(told.get("groupId") or "")
    number = number_of(graph_id)
    if number is None or not group_id:
        return None
    return LiveCommunity(
        number=number,
        graph_id=graph_id,
        group_id=group_id,
        name=str(told.get("displayName") or number),
        description=str(told.get("description") or ""),
        # What is not surely public is private: what Microsoft adds later must not leak.
        is_public=str(told.get("privacy") or "").lower() == "public",
    )


def _first(client: GraphServiceClient) -> RequestInformation:
    return client.employee_experience.communities.to_get_request_information()


def _following(client: GraphServiceClient, link: str) -> RequestInformation:
    return client.employee_experience.communities.with_url(link).to_get_request_information()
