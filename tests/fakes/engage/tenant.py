"""A bot in a fake network, in one process, on a clock that is put forward: the real parts, no socket."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.graph.auth import Audience, AuthRequired
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.network import settle_in
from bot.platforms.engage.connection import EngageConnection
from bot.platforms.engage.joining import engage_connection
from bot.platforms.port import Connection
from bot.settings import Settings
from bot.wiring import build_conversation
from scheduler.delivery import Delivery
from store import outbox
from store.engine import Store
from store.outbox import Entry
from tests.fakes.engage import yammer
from tests.fakes.engage.carrying import Within
from tests.fakes.engage.gate import Rest
from tests.fakes.engage.world import YAMMER, Group, Said, User, World
from tests.fakes.inline import InlineExecutor
from tests.fakes.network import load_sample
from tests.fakes.platform import SteeredClock

#: Where a test's clock stands at first: Monday 23 November 2026, ten o'clock in Brussels.
START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)

SECOND = dt.timedelta(seconds=1)


@dataclass
class Keys:
    """Gives tokens of the bot's user in the world, as a sign-in would; `signed_out` is when nobody is."""

    world: World
    lasts: dt.timedelta = dt.timedelta(hours=1)
    signed_out: bool = False
    given: list[str] = field(default_factory=list)
    _held: str | None = None

    async def token(self, audience: Audience) -> str:
        if self.signed_out:
            raise AuthRequired("nobody is signed in: sign in with: atriumbot login engage")
        if self._held is None:
            self._held = self.world.issue(YAMMER, self.world.bot, self.lasts)
            self.given.append(self._held)
        return self._held

    def refuse(self, audience: Audience, token: str) -> None:
        if token == self._held:
            self._held = None


class Tenant:
    """A network with communities and people, and a bot in it.

    Args:
        groups: names of the communities that the settings name; each has An as a member, Mia as its owner.
    """

    def __init__(self, store: Store, *groups: str, **engage: object) -> None:
        self.clock = SteeredClock(START)
        self.world = World(self.clock.now)
        self.rest = self.world.part(Rest)
        self.keys = Keys(self.world)
        self.store = store
        self.an = self.world.add_user("An Peeters")
        self.bart = self.world.add_user("Bart Claes")
        self.mia = self.world.add_user("Mia Moderator")
        self.groups: list[Group] = [
            self.world.add_group(name, members=[self.an, self.bart, self.mia], owners=[self.mia])
            for name in groups or ("Algemeen",)
        ]
        self.settings = Settings.model_validate(
            {
                "engage": {"api_url": "https://engage.example.org/api/v1", **engage},
                "security": {"key": "a key of the tests"},
                "roles": {"moderators": [f"engage:{self.mia.id}"]},
                "communities": [
                    {
                        "key": f"groep-{number}",
                        "platform": "engage",
                        "name": group.name,
                        "channel": str(group.id),
                        "digest": False,
                    }
                    for number, group in enumerate(self.groups, start=1)
                ],
            }
        )
        load_sample(store, START)
        settle_in(store, self.settings)
        self.wire = Within(yammer.app(self.world))
        self.bot = Replica(self)

    @property
    def group(self) -> Group:
        return self.groups[0]

    def ask(self, text: str, who: User | None = None, **where: object) -> Said:
        """A member mentions the bot in the first community."""
        place: dict[str, object] = {"group": self.group, "mention": True, **where}
        return self.world.say(who or self.an, text, **place)  # type: ignore[arg-type]  # of a test

    def answers(self, said: Said) -> list[str]:
        """What the bot wrote in the thread of a message."""
        return [self.world.plain(each) for each in self.world.by_bot(thread=said.thread)]

    def run(self, seconds: float, step: float = 5) -> None:
        """Let the time pass, and the bot do what it does meanwhile."""
        asyncio.run(self.bot.pass_time(seconds, step))

    def entries(self) -> list[Entry]:
        with self.store.reading() as session:
            return outbox.entries(session)


class Replica:
    """One bot on a tenant: reader, inbox and delivery. Its clock is that of the world."""

    def __init__(self, tenant: Tenant, name: str = "host-1", store: Store | None = None) -> None:
        self._tenant = tenant
        self._store = store or tenant.store
        now = tenant.clock.now
        self.connection: EngageConnection = engage_connection(
            tenant.settings,
            self._store,
            now,
            tenant.keys,
            pace=lambda _session: now(),
            transport=tenant.wire,
        )
        _fulfils: Connection = self.connection
        rules = tenant.settings.rules()
        self.delivery = Delivery(
            self._store,
            {"engage": self.connection},
            rules,
            now,
            name,
            chance=random.Random(1),
            pace=lambda _session: now(),
        )
        conversation = build_conversation(tenant.settings, ["engage"])
        self.inbox = Inbox(self._store, conversation, self.delivery, rules, now, Metrics())
        self._next_look = dt.datetime.min.replace(tzinfo=dt.UTC)

    async def pass_time(
        self, seconds: float, step: float = 5, also: Callable[[], None] = lambda: None
    ) -> None:
        """Do what the program does, `step` seconds after one another, until so many have passed."""
        asyncio.get_running_loop().set_default_executor(InlineExecutor())
        until = self._tenant.clock.now() + seconds * SECOND
        try:
            while self._tenant.clock.now() < until:
                await self.work()
                self._tenant.clock.forward(seconds=step)
                also()
        finally:
            await self.connection.close()

    async def work(self) -> None:
        """One round of everything."""
        now = self._tenant.clock.now()
        if now >= self._next_look:
            self._next_look = now + await self.connection.round()
        await self.inbox.answer_pending()
        await self.delivery.tick()
