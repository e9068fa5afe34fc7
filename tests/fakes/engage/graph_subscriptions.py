"""Change notifications of the fake Graph: subscriptions, their handshake, and what is sent to them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.engage.graph_answers import missing, problem
from tests.fakes.engage.world import World

#: Events of a mailbox may be subscribed to for this long.
LONGEST = dt.timedelta(minutes=4230)

#: What the handshake sends; markup in it must come back harmless.
TOKEN = "Validation: Testing client application reachability <b>RequestId</b>"  # noqa: S105 - no secret


@dataclass(kw_only=True)
class Subscriptions:
    """What is subscribed to; `handshakes` are the answers (status, content type, text) of our web.

    `client` is how the fake reaches notification addresses: a test may route it into an application.
    """

    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    handshakes: list[tuple[int, str, str]] = field(default_factory=list)
    reauthorized: list[str] = field(default_factory=list)
    client: httpx.AsyncClient | None = None


def _told(subscription: dict[str, Any]) -> dict[str, Any]:
    """A subscription as Graph tells it: the secret of the client is never told back."""
    return {**subscription, "clientState": None}


async def _shakes_hands(state: Subscriptions, url: str) -> bool:
    client = state.client or httpx.AsyncClient()
    try:
        answer = await client.post(url, params={"validationToken": TOKEN}, timeout=10)
    except httpx.TransportError:
        return False
    finally:
        if client is not state.client:
            await client.aclose()
    kind = answer.headers.get("content-type", "")
    state.handshakes.append((answer.status_code, kind, answer.text))
    escaped = TOKEN.replace("<", "&lt;").replace(">", "&gt;")
    return answer.status_code == 200 and kind.startswith("text/plain") and answer.text in (TOKEN, escaped)


async def create(world: World, request: Request) -> Response:
    state, asked = world.part(Subscriptions), await request.json()
    lasts = dt.datetime.fromisoformat(asked["expirationDateTime"]) - world.now()
    if lasts > LONGEST:
        return problem(
            400, "ExtensionError", "Subscription expiration can only be 4230 minutes in the future."
        )
    for url in filter(None, (asked.get("notificationUrl"), asked.get("lifecycleNotificationUrl"))):
        if not await _shakes_hands(state, url):
            return problem(400, "ValidationError", "Subscription validation request failed.")
    made = {"id": str(uuid.uuid4()), "applicationId": world.client_id, "creatorId": world.client_id, **asked}
    state.held[made["id"]] = made
    return JSONResponse(_told(made), status_code=201)


async def listed(world: World, request: Request) -> Response:
    return JSONResponse({"value": [_told(each) for each in world.part(Subscriptions).held.values()]})


async def renew(world: World, request: Request) -> Response:
    held = world.part(Subscriptions).held.get(request.path_params["subscription"])
    if held is None:
        return missing()
    held |= await request.json()
    return JSONResponse(_told(held))


async def reauthorize(world: World, request: Request) -> Response:
    state = world.part(Subscriptions)
    if request.path_params["subscription"] not in state.held:
        return missing()
    state.reauthorized.append(request.path_params["subscription"])
    return Response(status_code=200)


async def delete(world: World, request: Request) -> Response:
    gone = world.part(Subscriptions).held.pop(request.path_params["subscription"], None)
    return missing() if gone is None else Response(status_code=204)


def notification(world: World, subscription: str, event_id: str, change: str = "updated") -> dict[str, Any]:
    """What Graph sends when an event changed."""
    held = world.part(Subscriptions).held[subscription]
    return {
        "value": [
            {
                "subscriptionId": subscription,
                "subscriptionExpirationDateTime": held["expirationDateTime"],
                "clientState": held["clientState"],
                "changeType": change,
                "resource": f"{held['resource']}/{event_id}",
                "tenantId": world.tenant_id,
                "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": event_id},
            }
        ]
    }


def lifecycle(world: World, subscription: str, event: str) -> dict[str, Any]:
    """What Graph sends about a subscription itself: reauthorizationRequired, subscriptionRemoved, missed."""
    held = world.part(Subscriptions).held[subscription]
    return {
        "value": [
            {
                "subscriptionId": subscription,
                "subscriptionExpirationDateTime": held["expirationDateTime"],
                "clientState": held["clientState"],
                "lifecycleEvent": event,
                "tenantId": world.tenant_id,
            }
        ]
    }
