"""Being told by Graph that the calendar changed: one subscription, renewed before it ends.

What Graph tells is only a nudge: what changed is asked for. So a lost or a false one does no harm, and
the calendar is looked at now and then in any case.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from bot.graph.client import Graph, GraphMissing
from store.engine import Store
from store.vault import Vault, VaultLockedError, drop

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient

#: How long a subscription is asked for: Graph allows a little under three days.
LASTS = dt.timedelta(days=2)

#: It is renewed when it would end within this.
RENEWED = dt.timedelta(days=1)

#: The name of the subscription, with its secret, in the vault.
SECRET = "graph:subscription"  # noqa: S105 - a name

NOTIFICATIONS = "/graph/notifications"
LIFECYCLE = "/graph/lifecycle"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """What Graph was asked to tell. `client_state` is the secret by which we know that it is Graph."""

    id: str
    resource: str
    url: str
    client_state: str
    ends: dt.datetime

    def dump(self) -> str:
        return json.dumps(asdict(self), default=dt.datetime.isoformat)


class Subscriptions:
    """Keeps the subscription to one mailbox's calendar.

    Args:
        public_url: the address under which Graph reaches the program, by https.
    """

    def __init__(self, graph: Graph, store: Store, vault: Vault, mailbox: str, public_url: str) -> None:
        self._graph = graph
        self._store = store
        self._vault = vault
        self._resource = f"users/{mailbox}/events"
        self._url = public_url.rstrip("/")

    def held(self) -> Subscription | None:
        """The subscription that there is; asks the store."""
        with self._store.reading() as session:
            try:
                secret = self._vault.find(session, SECRET)
            except VaultLockedError:
                return None
        if secret is None:
            return None
        told = json.loads(secret.text)
        return Subscription(**{**told, "ends": dt.datetime.fromisoformat(told["ends"])})

    def knows(self, client_state: str) -> bool:
        """Whether this is the secret that Graph was given; takes as long whatever it is."""
        held, told = self.held(), client_state.encode(errors="replace")
        return held is not None and hmac.compare_digest(held.client_state.encode(), told)

    async def keep_up(self, now: dt.datetime) -> None:
        """Subscribe, or renew, where that is due. Graph shakes hands with our web meanwhile.

        Raises GraphFailed.
        """
        held = await asyncio.to_thread(self.held)
        if held is None or (held.resource, held.url) != (self._resource, self._url) or held.ends <= now:
            await self._subscribe(now)
        elif held.ends - now <= RENEWED:
            await self.renew(now)

    async def renew(self, now: dt.datetime) -> None:
        """Make it last anew, which is also what Graph wants when it asks to reauthorize."""
        held = await asyncio.to_thread(self.held)
        if held is None:
            return
        longer = replace(held, ends=now + LASTS)
        try:
            await self._graph.ask(lambda client: _renewal(client, longer))
        except GraphMissing:
            await self._subscribe(now)
            return
        await asyncio.to_thread(self._keep, longer)

    def drop(self) -> None:
        """Graph removed it: the next `keep_up` makes another."""
        with self._store.writing() as session:
            drop(session, SECRET)

    async def _subscribe(self, now: dt.datetime) -> None:
        wanted = Subscription(
            id="",
            resource=self._resource,
            url=self._url,
            client_state=secrets.token_urlsafe(32),
            ends=now + LASTS,
        )
        made = await self._graph.ask(lambda client: _request(client, wanted))
        await asyncio.to_thread(self._keep, replace(wanted, id=str(made["id"])))

    def _keep(self, subscription: Subscription) -> None:
        with self._store.writing() as session:
            self._vault.keep(session, SECRET, subscription.dump())


def _request(client: GraphServiceClient, wanted: Subscription) -> RequestInformation:
    from msgraph.generated.models.subscription import Subscription as Model

    return client.subscriptions.to_post_request_information(
        Model(
            change_type="created,updated,deleted",
            notification_url=wanted.url + NOTIFICATIONS,
            lifecycle_notification_url=wanted.url + LIFECYCLE,
            resource=wanted.resource,
            expiration_date_time=wanted.ends,
            client_state=wanted.client_state,
        )
    )


def _renewal(client: GraphServiceClient, longer: Subscription) -> RequestInformation:
    from msgraph.generated.models.subscription import Subscription as Model

    subscription = client.subscriptions.by_subscription_id(longer.id)
    return subscription.to_patch_request_information(Model(expiration_date_time=longer.ends))
