"""A mail from a mailbox of the organisation, as a second way to reach people when the platforms fail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.alerts import Alert
from bot.graph.auth import TokenSource
from bot.graph.client import Graph, GraphFailed

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation
    from msgraph.graph_service_client import GraphServiceClient


@dataclass(frozen=True, kw_only=True, slots=True)
class GraphMail:
    """Sends alerts by Graph; in a thread of the caller's, for which it makes an event loop of its own."""

    api_url: str
    tokens: TokenSource
    sender: str
    to: tuple[str, ...]
    name: str = "graph mail"

    def send(self, alert: Alert) -> None:
        """Raises OSError when it was not sent."""
        try:
            asyncio.run(self._send(alert))
        except GraphFailed as failed:
            raise OSError(failed.reason) from None

    async def _send(self, alert: Alert) -> None:
        graph = Graph(self.api_url, self.tokens)
        try:
            await graph.ask(lambda client: self._request(client, alert))
        finally:
            await graph.close()

    def _request(self, client: GraphServiceClient, alert: Alert) -> RequestInformation:
        from msgraph.generated.models.body_type import BodyType
        from msgraph.generated.models.email_address import EmailAddress
        from msgraph.generated.models.item_body import ItemBody
        from msgraph.generated.models.message import Message
        from msgraph.generated.models.recipient import Recipient
        from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody

        message = Message(
            subject=f"[atriumbot] {alert.title}",
            body=ItemBody(content_type=BodyType.Text, content=alert.text()),
            to_recipients=[Recipient(email_address=EmailAddress(address=each)) for each in self.to],
        )
        body = SendMailPostRequestBody(message=message, save_to_sent_items=False)
        return client.users.by_user_id(self.sender).send_mail.to_post_request_information(body)
