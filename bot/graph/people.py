"""Who owns and who is in a Microsoft 365 group, which is who moderates and reads a community.

People are known by their e-mail address, because Viva Engage tells that of who writes, and no id of Entra.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.graph.client import Graph

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient

#: People to a page: the most that Graph gives.
PAGE = 999


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupPeople:
    """The e-mail addresses of a group's people, in lower case; one who has none cannot be matched."""

    owners: frozenset[str]
    members: frozenset[str]


async def group_people(graph: Graph, group_id: str) -> GroupPeople:
    """The owners and members of a Microsoft 365 group. Raises GraphFailed."""
    return GroupPeople(
        owners=await _addresses(graph, group_id, "owners"),
        members=await _addresses(graph, group_id, "members"),
    )


async def _addresses(graph: Graph, group_id: str, what: str) -> frozenset[str]:
    def first(client: GraphServiceClient) -> RequestInformation:
        return _request(client, group_id, what)

    def following(client: GraphServiceClient, link: str) -> RequestInformation:
        request: RequestInformation = (
            _builder(client, group_id, what).with_url(link).to_get_request_information()
        )
        return request

    found = [_address(told) async for page in graph.pages(first, following) for told in page.get("value", ())]
    return frozenset(address for address in found if address is not None)


def _builder(client: GraphServiceClient, group_id: str, what: str) -> Any:
    group = client.groups.by_group_id(group_id)
    return group.owners if what == "owners" else group.members


def _request(client: GraphServiceClient, group_id: str, what: str) -> RequestInformation:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.groups.item.members.members_request_builder import MembersRequestBuilder
    from msgraph.generated.groups.item.owners.owners_request_builder import OwnersRequestBuilder

    queries: dict[str, Callable[..., Any]] = {
        "owners": OwnersRequestBuilder.OwnersRequestBuilderGetQueryParameters,
        "members": MembersRequestBuilder.MembersRequestBuilderGetQueryParameters,
    }
    query = queries[what](select=["id", "mail", "userPrincipalName"], top=PAGE)
    request: RequestInformation = _builder(client, group_id, what).to_get_request_information(
        RequestConfiguration(query_parameters=query)
    )
    return request


def _address(told: Mapping[str, Any]) -> str | None:
    """The address by which Viva Engage knows a person: a guest signs in by another name than their mail."""
    mail, name = told.get("mail"), told.get("userPrincipalName")
    address = mail or (name if name and "#EXT#" not in name else None)
    return str(address).lower() if address else None
