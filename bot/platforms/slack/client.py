"""The way to Slack's Web API: one pool of connections, and no retry that could say something twice."""

from __future__ import annotations

import logging

import aiohttp
from aiohttp import ClientConnectorError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient

#: Seconds for one call in all, and for making its connection.
CALL_SECONDS = 15.0
CONNECT_SECONDS = 5.0

#: How long after a refused connection it is tried once more, in seconds.
AGAIN_SECONDS = 0.1

#: Connections at once; Slack allows one post a second a channel.
CONNECTIONS = 20

#: With a level of its own: the SDK writes whole messages and answers to one that has none or DEBUG.
QUIET = logging.getLogger("slack_sdk.quiet")
QUIET.setLevel(logging.WARNING)


class WebClient(AsyncWebClient):
    """Slack's Web API for both parts of the connection.

    Of the SDK's retries only one is kept: where no connection could be made, the request surely never
    left, so making it again doubles nothing. Its default also repeats what was sent and never answered,
    which posts a message twice.

    Until `open`, and again after `close`, each call makes a connection of its own.
    """

    def __init__(self, token: str, api_url: str, seconds: float = CALL_SECONDS) -> None:
        never_left = AsyncConnectionErrorRetryHandler(
            max_retry_count=1,
            interval_calculator=FixedValueRetryIntervalCalculator(AGAIN_SECONDS),
            error_types=[ClientConnectorError],
        )
        super().__init__(
            token=token,
            base_url=api_url,
            timeout=round(seconds) or 1,
            retry_handlers=[never_left],
            user_agent_prefix="atriumbot",
            logger=QUIET,
        )
        self._seconds = seconds

    async def open(self) -> None:
        """Begin to keep connections, in the event loop that will make the calls."""
        if self.session is None or self.session.closed:
            self.session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(
                    total=self._seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
                ),
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def close(self) -> None:
        """Let the kept connections go."""
        if self.session is not None:
            await self.session.close()
