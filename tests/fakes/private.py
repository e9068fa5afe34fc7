"""Members who talk to the bot in private on a platform that whispers, and what they are told unasked."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from bot.conversation import Conversation
from bot.effects import Effects
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.pseudonyms import Pseudonyms
from handlers.message import Message
from handlers.model import Atrium, Community
from handlers.reply import Reply
from scheduler import changes
from scheduler.delivery import Delivery
from scheduler.port import Capabilities
from scheduler.rules import Rules
from store import belonging, events, members
from store.agenda import get_atrium, save_atrium
from store.engine import Store
from store.subscriptions import keep_direct_platforms
from tests.fakes.bench import QUIET
from tests.fakes.network import COMMUNITIES, brussels, fill
from tests.fakes.platform import Recorded, RecordingPlatform, SteeredClock

PSEUDONYMS = Pseudonyms(b"sleutel")

#: The network's communities, on the platform that whispers.
IN_SLACK = tuple(replace(each, platform="slack", digest=False) for each in COMMUNITIES)


class PrivateNetwork:
    """The bot on a real store with one platform that whispers ("slack") and one that does not ("engage")."""

    def __init__(
        self,
        store: Store,
        *atria: Atrium,
        communities: tuple[Community, ...] = IN_SLACK,
        rules: Rules = QUIET,
        direct: frozenset[str] = frozenset({"slack"}),
    ) -> None:
        self.store, self.rules, self._said = store, rules, 0
        self.clock = SteeredClock(brussels("2026-11-23 10:00"))
        fill(store, *atria, communities=communities)
        self.platforms = {
            name: RecordingPlatform(
                now=self.clock.now,
                name=name,
                capabilities=Capabilities(find=True, direct_messages=name in direct),
            )
            for name in ("slack", "engage")
        }
        with store.writing() as session:
            keep_direct_platforms(session, direct)
        changes.replan_all(store, rules, self.clock.now())
        self.delivery = Delivery(store, self.platforms, rules, self.clock.now, "host-1")
        conversation = Conversation(
            Effects(rules, PSEUDONYMS), public_url="https://atria.example.org", whispering=direct
        )
        self.inbox = Inbox(store, conversation, self.delivery, rules, self.clock.now, Metrics())

    def say(
        self,
        text: str,
        who: str = "U1",
        *,
        platform: str = "slack",
        community: str | None = None,
        thread: str | None = None,
        email: str | None = None,
        reads: frozenset[str] = frozenset(),
        moderates: frozenset[str] = frozenset(),
        waited: dt.timedelta = dt.timedelta(),
    ) -> Reply:
        """Say something and have it answered, after it waited so long; gives what the asker got."""
        self._said += 1
        self.clock.forward(seconds=1)
        message = Message(
            platform=platform,
            event_id=f"Ev{self._said}",
            text=text,
            author_id=who,
            author_name=f"Naam {who}",
            author_email=email,
            author_reads=reads,
            author_moderates=moderates,
            sent_at=self.clock.now(),
            community=community,
            thread=thread or (f"d-{who}" if community is None else f"t-{self._said}"),
        )
        with self.store.writing() as session:
            events.record(session, message, self.clock.now())
        self.clock.moment += waited
        asyncio.run(self.inbox.answer_pending())
        return self.platforms[platform].posts[-1].post.reply

    def tick(self, at: str | dt.datetime) -> None:
        self.clock.moment = brussels(at) if isinstance(at, str) else at
        asyncio.run(self.delivery.tick())

    def told(self, who: str = "U1", platform: str = "slack") -> list[Recorded]:
        """What a member was told in private and unasked."""
        return [
            each
            for each in self.platforms[platform].posts
            if each.post.member == who and each.post.kind != "answer"
        ]

    def texts(self, who: str = "U1", platform: str = "slack") -> list[str]:
        return [each.text for each in self.told(who, platform)]

    def belongs(self, community: str, *people: str, owners: tuple[str, ...] = ()) -> None:
        """What the platform says now of who belongs to a community."""
        with self.store.writing() as session:
            belonging.keep_people(session, community, owners, people, self.clock.now())

    def change(self, uid: str, **different: object) -> None:
        """Change an atrium as a moderator or an import does."""
        with self.store.writing() as session:
            before = get_atrium(session, uid)
            after = replace(before, **different)  # type: ignore[arg-type]  # the test names the fields
            save_atrium(session, after)
            changes.on_changed(session, before, after, self.rules, self.clock.now())

    def member(self, who: str = "U1", platform: str = "slack") -> int:
        with self.store.reading() as session:
            return members.member_id_of(session, platform, who)
