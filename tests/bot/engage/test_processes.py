"""Replicas as processes, over a socket, killed: one reads, all post, one budget holds for all."""

from __future__ import annotations

import datetime as dt
import multiprocessing.process
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.network import settle_in
from bot.settings import Settings
from handlers.reply import Reply
from store import outbox
from store.codec import dump
from store.engine import Store
from store.outbox import Owed
from store.states import OutboxState
from tests.fakes.engage.carrying import Losing
from tests.fakes.engage.gate import Fault, Rest
from tests.fakes.engage.replica import LEASE_LASTS, POLL_SECONDS, SCALE, Replica
from tests.fakes.engage.tls import serving
from tests.fakes.engage.world import YAMMER, Group, World
from tests.fakes.engage.yammer import app
from tests.fakes.network import load_sample
from tests.fakes.program import wait_for

QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"


@dataclass
class Scene:
    """A network on a socket, a database, and the replicas that run."""

    store: Store
    world: World
    group: Group
    settings: Settings
    log: Path
    replicas: dict[str, multiprocessing.process.BaseProcess] = field(default_factory=dict)
    _owed: int = 0

    @property
    def rest(self) -> Rest:
        return self.world.part(Rest)

    def start(self) -> str:
        """Start a replica; gives its token, which tells it from the others."""
        token = self.world.issue(YAMMER, self.world.bot, dt.timedelta(days=1))
        database = self.store.url.render_as_string(hide_password=False)
        replica = Replica(database=database, settings=self.settings, token=token, log=str(self.log))
        self.replicas[token] = replica.start()
        return token

    def kill(self, token: str) -> None:
        process = self.replicas.pop(token)
        process.kill()
        process.join()

    def ask(self) -> int:
        person = self.world.users[min(self.group.members - {self.world.bot.id})]
        return self.world.say(person, QUESTION, group=self.group, mention=True).thread

    def owe(self, number: int) -> None:
        """Owe posts in the community."""
        now = SystemClock().now()
        with self.store.writing() as session:
            for _ in range(number):
                self._owed += 1
                owed = Owed(
                    key=f"answer:engage:own-{self._owed}",
                    kind="answer",
                    platform="engage",
                    community_key="groep-1",
                    due_at=now,
                    late_until=now + dt.timedelta(days=1),
                    payload={"reply": dump(Reply(headline=f"Bericht {self._owed}"))},
                )
                outbox.enqueue(session, owed, now)

    def answers(self, thread: int) -> int:
        return len(self.world.by_bot(thread=thread))

    def readers(self, since: int = 0) -> set[str]:
        """Who polled, from a number of calls on."""
        return {call.token for call in self.rest.calls[since:] if call.method == "GET"}

    def posters(self) -> set[str]:
        return {call.token for call in self.rest.calls if call.method == "POST"}

    def states(self) -> set[OutboxState]:
        with self.store.reading() as session:
            return {entry.state for entry in outbox.entries(session)}


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Iterator[Scene]:
    world = World(SystemClock().now)
    world.part(Rest).scale, world.part(Rest).poll_seconds = SCALE, POLL_SECONDS
    group = world.add_group("Algemeen", members=[world.add_user("An Peeters")])
    load_sample(store, world.now())
    with serving(Losing(app(world))) as address:
        settings = Settings.model_validate(
            {
                "engage": {"api_url": f"{address}/api/v1", "poll_seconds": int(POLL_SECONDS)},
                "security": {"key": "a key of the tests"},
                "communities": [
                    {
                        "key": "groep-1",
                        "platform": "engage",
                        "name": group.name,
                        "channel": str(group.id),
                        "posts_off": ["all"],
                        "digest": False,
                    }
                ],
            }
        )
        settle_in(store, settings)
        found = Scene(store=store, world=world, group=group, settings=settings, log=tmp_path / "log.txt")
        yield found
        for token in list(found.replicas):
            found.kill(token)


@pytest.mark.process
def test_a_bot_that_is_killed_after_its_answer_was_accepted_answers_once(scene: Scene) -> None:
    """C-2: the answer is looked up in its thread, and not given again."""
    first = scene.start()
    wait_for("the bot to read", scene.readers)
    scene.rest.faults.append(Fault(what="timeout-after"))
    thread = scene.ask()
    wait_for("the answer to be accepted", lambda: scene.answers(thread))
    scene.kill(first)

    scene.start()
    wait_for("the answer to be settled", lambda: scene.states() == {OutboxState.SENT})
    later = scene.ask()
    wait_for("the next question to be answered", lambda: scene.answers(later))

    assert scene.answers(thread) == 1
    assert scene.rest.violations == []


@pytest.mark.process
@pytest.mark.postgres
@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_one_replica_reads_both_post_and_the_other_reads_when_the_reader_is_killed(scene: Scene) -> None:
    """C-3."""
    for _ in range(2):
        scene.start()
    wait_for("somebody to read", lambda: len(scene.rest.calls) >= 3)

    def both_posted() -> bool:
        if scene.states() <= {OutboxState.SENT}:
            scene.owe(6)
        return len(scene.posters()) == 2

    wait_for("both to post", both_posted)
    wait_for("all to be posted", lambda: scene.states() == {OutboxState.SENT})
    (reader,) = scene.readers()

    calls, died_at = len(scene.rest.calls), scene.world.now()
    scene.kill(reader)
    thread = scene.ask()
    wait_for("the other to read", lambda: scene.readers(calls) - {reader})
    first = next(call for call in scene.rest.calls[calls:] if call.token != reader and call.method == "GET")
    wait_for("the other to answer", lambda: scene.answers(thread))

    # Within its lease, and a turn of the feeds after it.
    assert first.at - died_at <= LEASE_LASTS + dt.timedelta(seconds=2 * POLL_SECONDS)
    assert len({said.body for said in scene.world.by_bot()}) == len(scene.world.by_bot())
    assert scene.rest.violations == []
