"""The bot's Slack connection against the fake Slack, the real delivery, a clock that is put forward."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.posting import Posting
from handlers.reply import Reply
from scheduler.delivery import Delivery
from scheduler.plan import ANSWER
from scheduler.port import Post
from scheduler.tick_report import TickReport
from store import outbox
from store.codec import dump
from store.engine import Store
from store.outbox import Entry, Owed
from store.states import OutboxState
from tests.fakes.bench import QUIET
from tests.fakes.network import GENERAL, fill
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import TOKEN, FakeSlack

T = TypeVar("T")

URL = "https://atria.example.org"
CHANNEL = "C0ALGEMEEN"
COMMUNITY = replace(GENERAL, platform="slack", channel=CHANNEL, digest=False)
OTHER = replace(COMMUNITY, key="kust", name="De kust", channel="C0KUST")

#: How long the bot waits for an answer here: the fake answers at once or never.
SECONDS = 0.3


class SlackBench:
    """A store, a workspace, and a clock that both go by."""

    def __init__(self, store: Store, slack: FakeSlack, clock: SteeredClock, token: str = TOKEN) -> None:
        self.store, self.slack, self.clock, self.token = store, slack, clock, token
        self.connection = self.connect()

    def connect(self) -> SlackConnection:
        web = WebClient(self.token, f"{self.slack.url}api/", seconds=SECONDS)
        return SlackConnection(web, Posting(web, self.store, self.clock.now, URL))

    def fill(self) -> None:
        fill(self.store, communities=(COMMUNITY, OTHER))
        self.slack.add_channel(CHANNEL, "U0AN")
        self.slack.add_channel("C0KUST", "U0AN")

    def run(self, act: Callable[[SlackConnection], Awaitable[T]]) -> T:
        """Do something with an open connection."""

        async def opened() -> T:
            await self.connection.open()
            try:
                return await act(self.connection)
            finally:
                await self.connection.close()

        return asyncio.run(opened())

    def send(self, post: Post) -> object:
        return self.run(lambda connection: connection.send(post))

    def tick(self, **forward: float) -> TickReport:
        """Put the clock forward, and deliver what is due as a process of its own would."""
        self.clock.forward(**forward)

        async def deliver(connection: SlackConnection) -> TickReport:
            return await self.delivery(connection).tick()

        return self.run(deliver)

    def delivery(self, connection: SlackConnection, holder: str = "host-1") -> Delivery:
        return Delivery(
            self.store, {"slack": connection}, QUIET, self.clock.now, holder, chance=random.Random(1)
        )

    def owe(self, number: int = 1, reply: Reply | None = None, **more: object) -> str:
        """An answer that is owed now, in the channel unless `more` says otherwise."""
        payload = {"reply": dump(reply or Reply(headline=f"Antwoord {number}")), "member": "U0AN"}
        owed = Owed(
            key=f"answer:slack:{number}",
            kind=ANSWER,
            platform="slack",
            community_key=more.pop("community", COMMUNITY.key),
            thread=more.pop("thread", None),
            due_at=self.clock.now(),
            late_until=self.clock.now() + dt.timedelta(days=1),
            payload=payload | more,
        )
        with self.store.writing() as session:
            outbox.enqueue(session, owed, self.clock.now())
        return owed.key

    def entry(self, key: str) -> Entry:
        with self.store.reading() as session:
            found = outbox.entry_with_key(session, key)
        assert found is not None
        return found

    def state(self, key: str) -> OutboxState:
        return self.entry(key).state
