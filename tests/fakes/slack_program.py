"""The whole bot on a fake Slack: the real wiring, the real web, the real inbox; only the clock is steered."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import httpx
from sqlalchemy.orm import Session

from bot.inbox import Inbox
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.inbound import SlackInbound
from bot.program import application
from bot.settings import Settings
from bot.wiring import Program, build, build_conversation
from scheduler.delivery import Delivery
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import TOKEN
from tests.fakes.slack_caller import SECRET, Caller, Request
from tests.fakes.slack_workspace import Workspace

T = TypeVar("T")

CHANNEL, POLITICIANS = "C0ALGEMEEN", "C0MANDAAT"

COMMUNITIES = [
    {
        "key": "algemeen",
        "platform": "slack",
        "channel": CHANNEL,
        "name": "Algemeen",
        "kinds": ["lokaal", "centrumsteden", "provinciaal", "thematisch", "op_maat"],
    },
    {
        "key": "mandatarissen",
        "platform": "slack",
        "channel": POLITICIANS,
        "name": "Atrium Lokale Mandatarissen",
        "kinds": ["mandatarissen"],
        "audience": ["mandataris", "algemeen_directeur"],
    },
]


class SlackProgram:
    """A program that lives in one workspace; what people do there is sent to it as Slack would.

    Args:
        different: settings of Slack that differ; `communities` and `settings` are those of the program.
    """

    def __init__(self, store: Store, slack: Workspace, clock: SteeredClock, **different: Any) -> None:
        communities = different.pop("communities", COMMUNITIES)
        more = different.pop("settings", {})
        self.store, self.slack, self.clock = store, slack, clock
        told = {"bot_token": TOKEN, "signing_secret": SECRET, "api_url": f"{slack.url}api/", **different}
        self.settings = Settings.model_validate(
            {
                "database": {"url": str(store.url)},
                "slack": told,
                "communities": communities,
                "web": {"public_url": "https://atria.example.org"},
                "security": {"key": "a-key-of-tests"},
                **more,
            }
        )
        self.caller = Caller(lambda: clock.now().timestamp())
        self._ts = 0
        self.program: Program
        self.connection: SlackConnection
        self.inbound: SlackInbound
        self.client: httpx.AsyncClient

    def run(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do something while the program runs; it is stopped afterwards."""

        async def opened() -> T:
            self.program = self._built()
            (connection,) = self.program.connections
            assert isinstance(connection, SlackConnection)
            assert isinstance(connection.inbound, SlackInbound)
            self.connection, self.inbound = connection, connection.inbound
            transport = httpx.ASGITransport(application(self.program))
            await connection.open()
            try:
                await self.inbound.identity.learned.wait()
                await self.inbound.people.refresh()
                async with httpx.AsyncClient(transport=transport, base_url="http://bot") as self.client:
                    return await act()
            finally:
                await connection.close()
                await connection.web.close()

        return asyncio.run(opened())

    def _built(self) -> Program:
        """The program, with a budget that goes by the steered clock."""
        program = build(self.settings, self.store, self.clock)
        platforms = {each.name: each for each in program.connections}
        pace = self._pace
        delivery = Delivery(self.store, platforms, program.rules, self.clock.now, "host-1", pace=pace)
        conversation = build_conversation(self.settings, list(platforms), {}, program.announcing)
        inbox = Inbox(self.store, conversation, delivery, program.rules, self.clock.now, program.metrics)
        for connection in program.connections:
            connection.on_event = inbox.nudge
        return replace(program, delivery=delivery, inbox=inbox)

    def _pace(self, _session: Session) -> dt.datetime:
        return self.clock.now()

    def ts(self) -> str:
        """The number of a message written now, after every other."""
        self._ts += 1
        return f"{int(self.clock.now().timestamp())}.{self._ts:06d}"

    async def post(self, request: Request) -> httpx.Response:
        body, headers = request
        return await self.client.post("/slack/events", content=body, headers=headers)

    async def told(self, request: Request) -> httpx.Response:
        """Send a request, and let the bot do all that it brings about."""
        answer = await self.post(request)
        await self.settled()
        return answer

    async def settled(self) -> None:
        await self.inbound.settled()
        await self.program.inbox.answer_pending()
        # A channel takes one message a second.
        self.clock.forward(seconds=1)
        await self.program.delivery.tick()

    def said(self, channel: str) -> list[dict[str, Any]]:
        return self.slack.posted(channel)
