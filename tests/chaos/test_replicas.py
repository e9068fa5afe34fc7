"""Three replicas on PostgreSQL and one on SQLite, killed at random moments, against a platform that fails.

Each post that is owed is there exactly once, or is parked as doubtful and the platform's own record
tells which; none is lost. Half of the rounds of ATRIUM_CHAOS_ROUNDS go to each database (20 in
`make test`, 200 in `make chaos`); the seed comes from ATRIUM_CHAOS_SEED. Both are printed.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing.process
import os
import random
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from handlers.message import Message
from handlers.model import Community
from scheduler.changes import announce
from scheduler.clockwork import TICK_NOTE
from scheduler.plan import ANSWER
from scheduler.rules import Rules
from store import events, outbox, post_acts
from store.agenda import save_atrium
from store.communities import sync_communities
from store.engine import Store
from store.notes import find_note
from store.outbox import Entry
from store.states import OutboxState
from tests.fakes.board import RunningBoard
from tests.fakes.board_replica import BOARD, DEAF, Replica
from tests.fakes.network import GENERAL, atrium
from tests.fakes.program import wait_for

ROUNDS = max(int(os.environ.get("ATRIUM_CHAOS_ROUNDS", "20")) // 2, 1)
SEED = int(os.environ.get("ATRIUM_CHAOS_SEED", "20261123"))

PATIENCE_SECONDS = 120.0

#: With more than so many posts under way nobody is killed: a machine too slow to keep up would else only
#: see processes die that did nothing yet.
MOST_UNSETTLED = 40

COMMUNITIES = tuple(
    replace(GENERAL, key=f"{platform}-{number}", platform=platform, kinds=frozenset(), digest=False)
    for platform in (BOARD, DEAF)
    for number in (1, 2)
)
QUESTIONS = ("wanneer is het volgende atrium?", "welke atria zijn er in maart?", "help", "qsdfqsdf")

Process = multiprocessing.process.BaseProcess


@dataclass(kw_only=True)
class Scene:
    """One database, the board, the replicas, and what was asked and announced."""

    store: Store
    board: RunningBoard
    log: Path
    chance: random.Random
    communities: tuple[Community, ...] = COMMUNITIES
    replicas: list[tuple[Replica, Process]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        with self.store.writing() as session:
            sync_communities(session, self.communities)

    def now(self) -> dt.datetime:
        return SystemClock().now()

    def start(self, **different: Any) -> None:
        replica = Replica(
            database=self.store.url.render_as_string(hide_password=False),
            port=self.board.port,
            log=str(self.log),
            **different,
        )
        self.replicas.append((replica, replica.start()))

    def wait_for_a_tick(self) -> None:
        def is_ticking() -> bool:
            with self.store.reading() as session:
                return find_note(session, TICK_NOTE) is not None

        wait_for("a replica to tick", is_ticking, PATIENCE_SECONDS)

    def kill_one(self) -> None:
        """End one as a power cut would, and start it anew under another name."""
        place = self.chance.randrange(len(self.replicas))
        replica, process = self.replicas[place]
        assert process.is_alive(), f"a replica ended by itself: see {self.log}"
        process.kill()
        process.join()
        process.close()
        self.replicas[place] = (replica, replica.start())

    def owe(self, *, asked: bool = True) -> None:
        """A moderator announces, and members ask."""
        now = self.now()
        with self.store.writing() as session:
            self._number += 1
            one = replace(
                atrium(uid=f"a-{self._number}", title=f"Atrium {self._number}"),
                starts_at=now + dt.timedelta(days=60),
                ends_at=now + dt.timedelta(days=60, hours=3),
            )
            save_atrium(session, one)
            announce(session, one, [each.key for each in self.communities], Rules(), now)
            for community in self.communities if asked else ():
                self._ask(session, community, now)

    def _ask(self, session: Any, community: Community, now: dt.datetime) -> None:
        self._number += 1
        number = f"e-{self._number}"
        message = Message(
            platform=community.platform,
            event_id=number,
            text=self.chance.choice(QUESTIONS),
            author_id=f"u-{self.chance.randrange(5)}",
            author_name="An",
            sent_at=now,
            community=community.key,
            thread=f"{community.key}-{self.chance.randrange(4)}",
        )
        events.record(session, message, now)
        self.asked.append(f"{ANSWER}:{community.platform}:{number}")

    def entries(self) -> list[Entry]:
        """Everything that is owed by now."""
        with self.store.reading() as session:
            return outbox.entries(session, due_before=self.now() + dt.timedelta(minutes=1), limit=100_000)

    def unsettled(self) -> list[Entry]:
        """What delivery has still to bring to its end."""
        open_states = {OutboxState.PLANNED, OutboxState.CLAIMED}
        return [
            each
            for each in self.entries()
            if each.state in open_states or (each.state is OutboxState.AMBIGUOUS and each.platform == BOARD)
        ]

    def wait_for_room(self) -> None:
        wait_for("the replicas to keep up", lambda: len(self.unsettled()) <= MOST_UNSETTLED, PATIENCE_SECONDS)

    def wait_until_settled(self) -> None:
        def is_settled() -> bool:
            with self.store.reading() as session:
                return not events.unanswered(session, 1) and not self.unsettled()

        try:
            wait_for("everything to be settled", is_settled, PATIENCE_SECONDS)
        except AssertionError:
            print([(each.key, each.state, each.reason) for each in self.unsettled()], self.log.read_text())
            raise

    def check(self) -> list[Entry]:
        """Exactly once, or parked; returns what is parked."""
        there, entries = self.board.keys(), self.entries()
        twice = {key for key, number in there.items() if number > 1}
        assert not twice, [told for told in self.board.dump()["story"] if told[2] in twice]
        by_state: dict[OutboxState, set[str]] = {}
        for each in entries:
            by_state.setdefault(each.state, set()).add((each.payload or {}).get("with", each.key))
        assert set(by_state) <= {OutboxState.SENT, OutboxState.AMBIGUOUS}, by_state.keys()
        assert by_state[OutboxState.SENT] <= set(there), "what is called sent is there"
        assert {each.key for each in entries} >= set(self.asked), "every question got its answer"
        assert set(there) <= {each.key for each in entries}
        parked = [each for each in entries if each.state is OutboxState.AMBIGUOUS]
        assert all(each.platform == DEAF for each in parked)
        return parked

    def decide(self, parked: list[Entry]) -> None:
        """What a moderator does who looks at the platform, when all that was sent has turned up there."""
        wait_for("what is late to turn up", lambda: self.board.dump()["late"] == 0)
        there = {key: number for key, _, number in self.board.dump()["posts"]}
        with self.store.writing() as session:
            for each in parked:
                to = OutboxState.SENT if each.key in there else OutboxState.PLANNED
                post_acts.resolve(session, each.id, to, self.now(), message_id=there.get(each.key))

    def close(self) -> None:
        for _, process in self.replicas:
            process.kill()
            process.join()
        self.board.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    store: Store = request.getfixturevalue(f"{request.param}_store")
    made = Scene(
        store=store, board=RunningBoard(SEED), log=tmp_path / "replicas.log", chance=random.Random(SEED)
    )
    made.log.touch()
    yield made
    made.close()


def _is_stopped(pid: int | None) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _rounds(scene: Scene) -> None:
    scene.wait_for_a_tick()
    for _ in range(ROUNDS):
        scene.wait_for_room()
        scene.owe()
        threading.Event().wait(scene.chance.uniform(0.05, 0.6))
        scene.kill_one()
    scene.owe()
    scene.wait_until_settled()
    scene.board.calm()


@pytest.mark.process
def test_each_post_is_there_once_however_often_replicas_are_killed(scene: Scene) -> None:
    """C-1, C-2, C-3, C-4, C-5, C-7, C-14, C-20, C-41.

    Clocks of replicas are half a minute off each way, and each restart has a name that no process had before.
    """
    print(f"seed {SEED}, {ROUNDS} rounds")
    for skew in (0.0,) if scene.store.is_sqlite else (-30.0, 0.0, 30.0):
        scene.start(skew=skew)
    _rounds(scene)
    parked = scene.check()
    dump = scene.board.dump()
    print(f"{len(dump['posts'])} posts, {len(parked)} parked, faults {dump['faults']}")
    assert dump["over_limit"] == 0, "the budget is shared, and outlives a crash"
    scene.decide(parked)
    scene.wait_until_settled()
    assert not scene.check()


@pytest.mark.process
@pytest.mark.postgres
@pytest.mark.parametrize("where", ["stops_after_claim", "stops_on_the_way"])
def test_a_replica_that_wakes_up_after_its_lease_ran_out_sends_nothing(
    postgres_store: Store, tmp_path: Path, where: str
) -> None:
    """C-4: stopped (SIGSTOP) between claim and sending, or just before the first byte; another sends."""
    log = tmp_path / "replicas.log"
    log.touch()
    scene = Scene(
        store=postgres_store,
        board=RunningBoard(SEED),
        log=log,
        chance=random.Random(SEED),
        communities=tuple(each for each in COMMUNITIES if each.platform == BOARD),
    )
    try:
        scene.board.calm()
        # Alone with one platform and nothing asked, so that nothing else is on its way when it stops.
        scene.start(**{where: True}, platforms=(BOARD,))
        sleeper = scene.replicas[0][1]
        assert sleeper.pid is not None
        scene.owe(asked=False)
        wait_for("the replica to stop itself", lambda: _is_stopped(sleeper.pid))
        assert not scene.board.keys(), "it stopped before it sent"
        scene.start()
        scene.wait_until_settled()
        assert not scene.check()
        before = scene.board.keys()
        _, awake = scene.replicas.pop()
        awake.kill()
        awake.join()
        os.kill(sleeper.pid, signal.SIGCONT)
        scene.owe()
        scene.wait_until_settled()
        assert len(scene.board.keys()) > len(before), "it goes on with what is new"
        assert not scene.check()
    finally:
        scene.close()
