"""What speaking unasked costs: idle ticks, claims, one post, eighteen simulated months, a large plan.

Run: `python benchmarks/scheduler.py [--large]`. Each figure stands beside the floor it is measured
against, in one run and in turn; medians. `--large` adds a million rows and 10 000 atria in 300 communities.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from handlers.model import Community, Kind
from handlers.reply import Reply
from scheduler.changes import replan_all
from scheduler.clockwork import Clockwork
from scheduler.delivery import Delivery
from scheduler.port import Post
from scheduler.rules import Rules
from scheduler.simulation import simulate
from store import claims, outbox
from store.agenda import save_atrium
from store.claims import Claim
from store.codec import dump
from store.communities import sync_communities
from store.engine import Store
from store.migrations import upgrade
from store.outbox import Owed
from tests.fakes.network import GENERAL, KNOWN_SINCE, atrium, brussels, load_sample
from tests.fakes.platform import RecordingPlatform

NOW = brussels("2026-11-23 10:00")
ROUNDS = 7


@contextmanager
def fresh_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        upgrade(store)
        yield store
        store.close()


def report(name: str, figure: str, aim: str = "") -> None:
    print(f"{name:<58} {figure:>16}   {aim}")


def micro(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us"


def owe(store: Store, number: int, due_at: dt.datetime) -> None:
    rows = (
        Owed(
            key=f"reminder:{each}:1:7d:c{each % 200}",
            kind="reminder",
            platform="local",
            community_key=f"c{each % 200}",
            due_at=due_at + dt.timedelta(seconds=each % 1000),
        )
        for each in range(number)
    )
    with store.writing() as session:
        insert = outbox._insert(session)
        batch = [outbox._row(row, NOW) for row in rows]
        for start in range(0, len(batch), 50_000):
            session.connection().execute(insert, batch[start : start + 50_000])


def idle_tick(rows: int) -> tuple[float, float, float]:
    """Medians in seconds: the bare statement, a look, and the CPU of a whole tick from APScheduler on."""
    with fresh_store() as store:
        owe(store, rows, NOW + dt.timedelta(days=30))
        delivery = Delivery(store, {}, Rules(), lambda: NOW, "bench")
        work = Clockwork(store, delivery, Rules(), lambda: NOW, tick=dt.timedelta(milliseconds=2))
        raw = sqlite3.connect(str(store.file))
        statement, value = claims._PEEK.format(now="?"), "2026-11-23 09:00:00.000000"
        floor, looks, whole = [], [], []

        async def ticks() -> None:
            await work.start()
            for _ in range(ROUNDS):
                before, spent = work.ticks, time.process_time()
                await asyncio.sleep(0.5)
                whole.append((time.process_time() - spent) / max(work.ticks - before, 1))
            for _ in range(2000):
                started = time.perf_counter()
                delivery.lookout.sees_work(NOW)
                looks.append(time.perf_counter() - started)
                started = time.perf_counter()
                raw.execute(statement, (value,)).fetchone()
                floor.append(time.perf_counter() - started)
            await work.stop()

        asyncio.run(ticks())
        raw.close()
    return statistics.median(floor), statistics.median(looks), statistics.median(whole)


def claim_cost() -> float:
    """Seconds for each due row claimed, in claims of fifty and what is due with them."""
    figures = []
    for _ in range(ROUNDS):
        with fresh_store() as store:
            owe(store, 5000, NOW - dt.timedelta(hours=1))
            wanted = Claim(now=NOW, holder="bench", platforms=frozenset({"local"}))
            with store.writing() as session:
                started = time.perf_counter()
                claimed = claims.claim(session, wanted, 5000)
                figures.append((time.perf_counter() - started) / len(claimed))
    return statistics.median(figures)


def one_post() -> tuple[float, float]:
    """Seconds: an answer owed, claimed, sent and settled, and the same post sent alone (1 ms)."""

    class Network(RecordingPlatform):
        async def send(self, post: Post) -> object:  # type: ignore[override]
            await asyncio.sleep(0.001)
            return self._record(post)

    through, alone = [], []
    with fresh_store() as store:
        with store.writing() as session:
            sync_communities(session, [GENERAL])
        platform = Network(now=lambda: NOW)
        delivery = Delivery(store, {"local": platform}, Rules(), lambda: NOW, "bench")
        reply = Reply(headline="Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027.")

        async def posts() -> None:
            for number in range(300):
                key = f"answer:local:{number}"
                owed = Owed(
                    key=key,
                    kind="answer",
                    platform="local",
                    community_key="algemeen",
                    due_at=NOW,
                    payload={"reply": dump(reply)},
                )
                with store.writing() as session:
                    outbox.enqueue(session, owed, NOW)
                started = time.perf_counter()
                await delivery.deliver([key])
                through.append(time.perf_counter() - started)
                started = time.perf_counter()
                await platform.send(Post(key=key, kind="answer", community=GENERAL, reply=reply))
                alone.append(time.perf_counter() - started)

        asyncio.run(posts())
    return statistics.median(through), statistics.median(alone)


def drain(communities: int) -> tuple[float, float]:
    """Seconds to bring one reminder to so many communities, and the least that the platform's pace allows."""
    pace = 0.01
    many = [replace(GENERAL, key=f"c{each}", digest=False) for each in range(communities)]

    class Paced(RecordingPlatform):
        async def send(self, post: Post) -> object:  # type: ignore[override]
            await asyncio.sleep(pace)
            return self._record(post)

    with fresh_store() as store:
        with store.writing() as session:
            sync_communities(session, many)
            save_atrium(session, atrium("2027-02-17 09:30"))
        replan_all(store, Rules(), NOW)
        due = brussels("2027-02-10 09:00")
        platform = Paced(now=lambda: due)
        delivery = Delivery(store, {"local": platform}, Rules(), lambda: due, "bench")
        started = time.perf_counter()
        asyncio.run(delivery.tick())
        took = time.perf_counter() - started
        assert len(platform.posts) == communities
    return took, pace * communities


def eighteen_months() -> float:
    figures = []
    for _ in range(3):
        store = Store("sqlite://")
        upgrade(store)
        load_sample(store, KNOWN_SINCE)
        started = time.perf_counter()
        posts = asyncio.run(simulate(store, Rules(), dt.date(2026, 7, 1), dt.date(2027, 12, 31)))
        figures.append(time.perf_counter() - started)
        assert len(posts) > 200
        store.close()
    return statistics.median(figures)


def large_plan() -> tuple[float, float, int]:
    """Seconds, MB of growth and posts for 10 000 atria and 300 communities, most of them of one region."""
    regions = [f"Regio {each}" for each in range(25)]
    communities = [
        Community(
            key=f"c{each}",
            platform="local",
            name=f"Community {each}",
            kinds=frozenset({list(Kind)[each % 6]}),
            regions=frozenset({regions[each % 25]}) if each % 6 == 0 else frozenset(),
            audience=GENERAL.audience,
        )
        for each in range(300)
    ]
    kinds = list(Kind)
    with fresh_store() as store:
        with store.writing() as session:
            sync_communities(session, communities)
            for each in range(10_000):
                day = dt.date(2026, 12, 1) + dt.timedelta(days=each % 365)
                kind = kinds[each % 6]
                save_atrium(
                    session, atrium(f"{day} 09:30", uid=f"a-{each}", kind=kind, region=regions[each % 25])
                )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        done = replan_all(store, Rules(), NOW)
        took = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return took, grown, done.planned


def main(arguments: Callable[[], argparse.Namespace]) -> None:
    given = arguments()
    floor, look, whole = idle_tick(10_000)
    report("look, nothing due, 10 000 rows", micro(look), f"{look / floor:.1f} x the bare statement")
    report("whole tick, nothing due, 10 000 rows", micro(whole), "aim 80 us")
    if given.large:
        _, large, _ = idle_tick(1_000_000)
        report("look, nothing due, 1 000 000 rows", micro(large), f"{large / look:.2f} x; aim 1.15 x")
    report("claim, each row", micro(claim_cost()), "aim 8 us")
    through, alone = one_post()
    report("answer through the outbox", micro(through), f"{through / alone:.2f} x alone; aim 1.1 x")
    for communities in (10, 50, 200):
        took, least = drain(communities)
        report(f"drain to {communities} communities", f"{took:.2f} s", f"{took / least:.2f} x; aim 1.05 x")
    report("eighteen months simulated", f"{eighteen_months():.2f} s", "aim 5 s")
    if given.large:
        took, grown, planned = large_plan()
        report(f"plan of {planned} posts", f"{took:.1f} s", f"{grown:.0f} MB; aim 60 s, 300 MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments)
