"""Slack over a socket that we keep open (Socket Mode), with a watchdog: a socket can be alive and deaf.

https://docs.slack.dev/apis/events-api/using-socket-mode. The SDK's own client reconnects when its pings stay
without answer. It has also been seen to wait for ever (bolt-python issue 1529, python-slack-sdk issue
1701): then it is thrown away here and made anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot import logs
from bot.doors import Door
from bot.platforms.port import DEAF, Condition
from bot.platforms.slack.app import bolt_request
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.gate import RefusedError, check_workspace
from bot.platforms.slack.hearing import Workplace
from bot.platforms.slack.payloads import UnfitError, checked
from bot.platforms.slack.people import FAILURES, cause

log = logs.get(__name__)

#: Seconds without a sign of life after which a socket is deaf, and between two looks at it.
DEAF_SECONDS = 60.0
LOOK_SECONDS = 5.0
#: Seconds between two of our pings.
PING_SECONDS = 5.0
#: Seconds that a deaf socket gets to close.
_CLOSING_SECONDS = 2.0

_NOT_YET = "no socket to Slack yet: check [slack] app_token, and that Socket Mode is on in the app"
_SILENT = "the socket to Slack gives no sign of life: it is being opened anew"

#: The SDK tells of addresses that hold a ticket.
_QUIET = logging.getLogger("atriumbot.slack_socket")
_QUIET.setLevel(logging.CRITICAL)


class SocketTransport:
    """Keeps a socket open and hands on what comes over it.

    Args:
        app: what answers requests.
        here: where the bot is; None as long as that is not known.
        deaf_after, look_every, ping_every: in seconds.
        steady: a clock in seconds that never jumps.
    """

    def __init__(
        self,
        app: AsyncApp,
        web: WebClient,
        app_token: str,
        here: Callable[[], Workplace | None],
        *,
        deaf_after: float = DEAF_SECONDS,
        look_every: float = LOOK_SECONDS,
        ping_every: float = PING_SECONDS,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._web = web
        self._app_token = app_token
        self._here = here
        self._deaf_after = deaf_after
        self._look_every = look_every
        self._ping_every = ping_every
        self._steady = steady
        self._client: SocketModeClient | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._sign_at = steady()
        self._answered: float | None = None
        self._greeted: object = None
        self._session: object = None
        self._session_at = steady()
        self._has_heard = False
        #: How many sockets were thrown away because they were deaf.
        self.renewals = 0

    async def open(self) -> None:
        self._sign_at = self._steady()
        self._connect()
        self._watching = asyncio.create_task(self._watch(), name="slack-socket-watch")

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._drop()

    def condition(self) -> Condition:
        if not self._has_heard:
            return Condition(state=DEAF, reason=_SILENT if self.renewals else _NOT_YET)
        if self._steady() - self._sign_at > self._deaf_after or not self._is_greeted():
            return Condition(state=DEAF, reason=_SILENT)
        return Condition()

    def warning(self) -> str:
        return ""

    def doors(self) -> Mapping[str, Door]:
        return {}

    # --- the watchdog ------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            self._look()
            if self._is_deaf():
                log.warning("slack_socket_deaf", renewals=self.renewals)
                self.renewals += 1
                # Until the new one is greeted nothing is well.
                self._has_heard = False
                await self._drop()
                self._sign_at = self._steady()
                self._connect()

    def _look(self) -> None:
        """Note what changed since the last look: an answer to a ping, another session."""
        client = self._client
        if client is None:
            return
        if client.last_ping_pong_time is not None and client.last_ping_pong_time != self._answered:
            self._answered = client.last_ping_pong_time
            self._sign_at = self._steady()
        if client.current_session is not self._session:
            self._session, self._session_at = client.current_session, self._steady()

    def _is_deaf(self) -> bool:
        client, now = self._client, self._steady()
        if client is None:
            return True
        tasks = (client.message_receiver, client.message_processor, client.current_session_monitor)
        # What ended by itself will never hear again.
        has_died = any(task is not None and task.done() for task in tasks)
        return has_died or now - self._sign_at > self._deaf_after or not self._is_greeted()

    def _is_greeted(self) -> bool:
        """Whether Slack said hello in this session, or still has time to."""
        return self._greeted is self._session or self._steady() - self._session_at <= self._deaf_after

    def _connect(self) -> None:
        client = SocketModeClient(
            self._app_token, logger=_QUIET, web_client=self._web, ping_interval=self._ping_every
        )
        client.message_listeners.append(self._on_message)
        client.socket_mode_request_listeners.append(self._on_request)
        self._client = client
        self._session, self._session_at = None, self._steady()
        self._greeted = None
        connect: Callable[[], Coroutine[Any, Any, None]] = client.connect
        self._connecting = asyncio.create_task(connect(), name="slack-socket-connect")

    async def _drop(self) -> None:
        client, connecting = self._client, self._connecting
        self._client = self._connecting = None
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        if client is None:
            return
        close: Callable[[], Coroutine[Any, Any, None]] = client.close
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await close()
        except FAILURES as error:
            log.info("slack_socket_not_closed", error=cause(error))
        # Closing stops at the first thing that fails; what is left would go on for ever.
        tasks = [client.message_receiver, client.message_processor, client.current_session_monitor]
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        await client.aiohttp_client_session.close()

    # --- what comes over it --------------------------------------------------------------------------------

    async def _on_message(
        self, client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if self._client is None or client is not self._client:
            return
        self._sign_at = self._steady()
        if message.get("type") == "hello":
            self._has_heard = True
            self._greeted = self._session = self._client.current_session

    async def _on_request(self, client: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        try:
            received = checked(asked.payload)
            here = self._here()
            if here is None:
                # Unanswered, it is sent again.
                return
            check_workspace(received.payload, here.team, here.app)
            request = bolt_request(received)
        except (RefusedError, UnfitError) as refused:
            log.warning("slack_request_refused", why=str(refused))
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=asked.envelope_id))
            return
        answer = await self._app.async_dispatch(request)
        # What could not be written gets no answer, and is sent again.
        await send_async_response(client, asked, answer, time.perf_counter())
