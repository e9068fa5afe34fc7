"""What answering in Slack costs: signed events over HTTP, beside a bare bolt echo app, in turn in one run.

Run: `python benchmarks/slack.py [--quick]`. The bot answers from 100 000 atria on SQLite: it verifies, writes
the event durably, acknowledges, reads, looks up, renders and posts to a Slack on loopback. Beside it bolt's
own quick-start echo posts there too. Each line says the aim, the bound and the figure; medians of five
rounds. The limits that Slack sets to posts (one a second in a channel) are lifted here: else only they would
be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp

from bot.clock import SystemClock
from tests.fakes.program import free_port, wait_for
from tests.fakes.slack_api import TOKEN
from tests.fakes.slack_caller import SECRET, Caller, message
from tests.fakes.slack_program import CHANNEL, COMMUNITIES

#: The processes beside the bot, which import nothing of it.
FLOOR = "tests.fakes.slack_floor"

ROUNDS = 5
CONNECTIONS = 16
EVENTS = 300
ATRIA = 100_000

QUESTIONS = (
    "wanneer is het volgende provinciaal atrium in Gent?",
    "welke lokale atria zijn er in februari?",
    "waar is het lokaal atrium in Halle?",
    "wanneer is het volgende atrium over water?",
    "wat is een atrium op maat?",
    "volgende atrium centrumsteden",
)


def report(aim: str, bound: str, figure: str, beside: str = "") -> None:
    print(f"{aim:<62} {bound:>12} {figure:>12}   {beside}", flush=True)
    limit, found = _number(bound), _number(figure)
    if limit is None or found is None:
        return
    if found < limit if bound.startswith(">=") else found > limit:
        print(f"  Missed: {figure} where {bound.removeprefix('<= ').removeprefix('>= ')} was the bound.")


def _number(text: str) -> float | None:
    found = re.search(r"\d+(?:\.\d+)?", text)
    return float(found[0]) if found else None


# --- the processes ---------------------------------------------------------------------------------------


def serve_bot(port: int, stub: str, database: str) -> None:
    """The bot as it runs, but for the clockwork, which would plan the posts of 100 000 atria first."""
    from dataclasses import replace

    import uvicorn

    from bot import logs
    from bot.platforms.slack.posting import CAPABILITIES
    from bot.program import application
    from bot.settings import load_settings
    from bot.wiring import build
    from store.engine import Store

    logs.configure()
    store = Store(f"sqlite:///{database}")
    program = build(load_settings(None, environment(port, stub, database)), store, SystemClock())
    (connection,) = program.connections
    connection.capabilities = replace(CAPABILITIES, account_limit=None, channel_limit=None)
    app = application(program)

    @contextlib.asynccontextmanager
    async def running(_: object) -> Any:
        inbox = asyncio.create_task(program.inbox.run())
        await connection.open()
        yield
        await connection.close()
        inbox.cancel()

    app.router.lifespan_context = running
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


def environment(port: int, stub: str, database: str) -> dict[str, str]:
    return {
        "ATRIUMBOT_DATABASE__URL": f"sqlite:///{database}",
        "ATRIUMBOT_WEB__PORT": str(port),
        "ATRIUMBOT_LOCAL__ENABLED": "false",
        "ATRIUMBOT_SLACK__BOT_TOKEN": TOKEN,
        "ATRIUMBOT_SLACK__SIGNING_SECRET": SECRET,
        "ATRIUMBOT_SLACK__API_URL": f"{stub}api/",
        "ATRIUMBOT_COMMUNITIES": json.dumps(COMMUNITIES),
    }


class Server:
    """A process that listens on a port, ended with the block."""

    def __init__(self, port: int, *arguments: str, environ: dict[str, str] | None = None) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, *arguments],
            env={**os.environ, **(environ or {})},
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def resident(self) -> float:
        """Memory, in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def used(self) -> float:
        """Processor time so far, in seconds: unlike the clock it does not mind what else the machine does."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


def stub_server() -> Server:
    port = free_port()
    return Server(port, "-m", FLOOR, "stub", str(port))


def echo_server(stub: Server) -> Server:
    port = free_port()
    return Server(port, "-m", FLOOR, "echo", str(port), stub.url, TOKEN, SECRET)


def bot_server(stub: Server, database: str) -> Server:
    port = free_port()
    return Server(port, __file__, "bot", str(port), stub.url, database)


def large_agenda(file: str) -> None:
    """The sample agenda, and as many more in other years as make 100 000."""
    from itertools import count

    from sqlalchemy import Table, insert, select

    from bot.network import settle_in
    from bot.settings import load_settings
    from store.engine import Store
    from store.migrations import upgrade
    from store.tables import AtriumRow
    from tests.fakes.network import brussels, load_sample

    store = Store(f"sqlite:///{file}")
    upgrade(store)
    load_sample(store, brussels("2026-11-23 10:00"))
    settle_in(store, load_settings(None, environment(1, "http://127.0.0.1:1/", file)), demo=False)
    table = cast("Table", AtriumRow.__table__)
    with store.writing() as session:
        rows = [dict(row) for row in session.execute(select(table)).mappings()]
        for row in rows:
            del row["id"]
            row["programme_uid"] = None
        for copy in count(1):
            made = len(rows) * copy
            if made >= ATRIA:
                break
            # Years before and after, so that what comes next is what came next already.
            shift = dt.timedelta(days=364 * (-copy if copy % 2 else copy + 3) // 40 + copy % 7)
            more = [
                {**row, "uid": f"{row['uid']}-{copy}", "starts_at": row["starts_at"] + shift} for row in rows
            ]
            session.execute(insert(table), more)
    store.close()


# --- the load ---------------------------------------------------------------------------------------------


def signed(number: int, *, secret: str = SECRET, ages: float = 0.0) -> list[tuple[bytes, dict[str, str]]]:
    """So many questions of members, each with its own event."""
    stamp = SystemClock().now().timestamp() - ages
    caller = Caller(lambda: stamp, secret)
    base = time.monotonic_ns()
    made = []
    for each in range(number):
        text = f"<@U0ATRIUMBOT> {QUESTIONS[each % len(QUESTIONS)]}"
        event = message(text, ts=f"{base // 1000 + each}.000100", channel=CHANNEL) | {"type": "app_mention"}
        made.append(caller.event(event))
    return made


async def _send(
    server: Server, requests: list[tuple[bytes, dict[str, str]]], connections: int, status: int = 200
) -> list[float]:
    """Send them over so many connections; returns how long each took, in seconds."""
    waiting = iter(requests)
    took: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:

        async def work() -> None:
            for body, headers in waiting:
                started = time.perf_counter()
                async with session.post(f"{server.url}slack/events", data=body, headers=headers) as answer:
                    await answer.read()
                    assert answer.status == status, f"{answer.status} instead of {status}"
                took.append(time.perf_counter() - started)

        await asyncio.gather(*(work() for _ in range(connections)))
    return took


def posted(stub: Server) -> int:
    import urllib.request

    with urllib.request.urlopen(f"{stub.url}count") as answer:  # noqa: S310  # our own stub
        return int(json.load(answer)["posted"])


def answered(server: Server, stub: Server, number: int) -> tuple[float, list[float]]:
    """Answers a second, from the first question to the last answer in Slack, and the acknowledgements."""
    before, requests = posted(stub), signed(number)
    started = time.perf_counter()
    took = asyncio.run(_send(server, requests, CONNECTIONS))
    wait_for("all answers to be posted", lambda: posted(stub) - before >= number)
    return number / (time.perf_counter() - started), took


def first_answer(server: Server, stub: Server) -> float:
    """Seconds from now until a first question is answered."""
    before, started = posted(stub), time.perf_counter()

    def asked() -> bool:
        try:
            asyncio.run(_send(server, signed(1), 1))
        except (aiohttp.ClientError, AssertionError):
            return False
        return True

    while not asked():
        pass
    while posted(stub) == before:
        pass
    return time.perf_counter() - started


@contextlib.contextmanager
def busy(database: str) -> Iterator[None]:
    """Another process's writes: 5 ms of every 10 nobody else may write."""
    over = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(database, timeout=30, isolation_level=None)
        while not over.wait(0.005):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE communities SET name = name")
            over.wait(0.005)
            connection.execute("COMMIT")
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# --- the aims -----------------------------------------------------------------------------------------------


def throughput(bot: Server, echo: Server, stub: Server, database: str, events: int) -> None:
    ours, floor, acks, floor_acks = [], [], [], []
    for server in (bot, echo):
        answered(server, stub, 50)
    before = bot.used(), echo.used()
    for _ in range(ROUNDS):
        rate, took = answered(bot, stub, events)
        ours.append(rate)
        acks += took
        rate, took = answered(echo, stub, events)
        floor.append(rate)
        floor_acks += took
    ratio = statistics.median(ours) / statistics.median(floor)
    beside = f"{statistics.median(ours):.0f} answers a second, bolt echo {statistics.median(floor):.0f}"
    report("1 full answer with its durable row, 16 connections", ">= 0.60 x", f"{ratio:.2f} x", beside)
    used, least = (
        (server.used() - at) / ROUNDS / events for server, at in zip((bot, echo), before, strict=True)
    )
    beside = f"{used * 1e3:.2f} ms, bolt echo {least * 1e3:.2f} ms"
    report("  the same in processor time", ">= 0.60 x", f"{least / used:.2f} x", beside)
    rate = len(acks) / sum(acks) * CONNECTIONS
    floor_rate = len(floor_acks) / sum(floor_acks) * CONNECTIONS
    beside = f"{rate:.0f} a second, bolt echo {floor_rate:.0f} (keeps nothing)"
    report("1 acknowledged durably, while answering", "-", f"{rate / floor_rate:.2f} x", beside)
    with busy(database):
        _, took = answered(bot, stub, events)
    worst = statistics.quantiles(took, n=100)[98]
    beside = f"median {statistics.median(took) * 1e3:.1f} ms"
    report("  acknowledgement while the database is busy, p99", "50 ms", f"{worst * 1e3:.1f} ms", beside)


def refusals(bot: Server, number: int) -> None:
    accepted, wrong, stale = [], [], []
    for _ in range(ROUNDS):
        accepted += asyncio.run(_send(bot, signed(number), 1))
        wrong += asyncio.run(_send(bot, signed(number, secret="another"), 1, 401))  # noqa: S106  # wrong on purpose
        stale += asyncio.run(_send(bot, signed(number, ages=600), 1, 401))
    middle = statistics.median(accepted)
    for name, took in (("signature", wrong), ("age", stale)):
        figure = statistics.median(took) / middle
        beside = f"{statistics.median(took) * 1e3:.2f} ms, accepted {middle * 1e3:.2f} ms"
        report(f"8 a request refused for its {name}", "<= 0.50 x", f"{figure:.2f} x", beside)


def in_process(database: str, number: int) -> None:
    """The conversation alone: read, look up in 100 000 atria, choose the words, render for Slack."""
    from bot.platforms.slack.blocks import render
    from bot.platforms.slack.buttons import Pages
    from bot.settings import load_settings
    from bot.wiring import build_conversation
    from handlers.message import Message
    from handlers.model import Role
    from store.engine import Store
    from store.members import ensure_person
    from tests.fakes.network import brussels

    store, now = Store(f"sqlite:///{database}"), brussels("2026-11-23 10:00")
    conversation = build_conversation(
        load_settings(None, environment(1, "http://127.0.0.1:1/", database)), ["slack"]
    )
    took: dict[str, list[float]] = {question: [] for question in QUESTIONS}
    used: list[float] = []
    with store.writing() as session:
        # Else each answer, which is not kept here, would be to somebody new.
        ensure_person(session, "slack", "U0AN", "An", Role.MEMBER, now)
    pages = Pages(url="https://atria.example.org")
    for each in range(number):
        text = QUESTIONS[each % len(QUESTIONS)]
        asked = Message(
            platform="slack", event_id=str(each), text=text, author_id="U0AN", author_name="An",
            sent_at=now + dt.timedelta(seconds=each), community="algemeen", thread=f"{CHANNEL}:{each}.1",
        )  # fmt: skip
        started, used_before = time.perf_counter(), time.thread_time()
        with store.reading() as session:
            render(conversation.answer(session, asked), pages, now)
        took[text].append(time.perf_counter() - started)
        used.append(time.thread_time() - used_before)
    store.close()
    every = [each for shape in took.values() for each in shape[2:]]
    beside = f"{statistics.median(used) * 1e3:.2f} ms of processor time"
    report("2 full answer in process, median", "0.6 ms", f"{statistics.median(every) * 1e3:.2f} ms", beside)
    report("2 full answer in process, p99", "2 ms", f"{statistics.quantiles(every, n=100)[98] * 1e3:.2f} ms")
    shapes = sorted(statistics.median(shape) for shape in took.values())
    report("2 dearest question beside the cheapest", "2 x", f"{shapes[-1] / shapes[0]:.1f} x")


def main(quick: bool) -> None:
    events = 100 if quick else EVENTS
    report("aim", "bound", "figure", "beside")
    with tempfile.TemporaryDirectory() as folder, stub_server() as stub:
        database = f"{folder}/large.db"
        large_agenda(database)
        wait_for("the stub to listen", lambda: _is_up(stub, "count"))
        in_process(database, 120 if quick else 1200)
        with bot_server(stub, database) as bot, echo_server(stub) as echo:
            for server in (bot, echo):
                first_answer(server, stub)
            throughput(bot, echo, stub, database, events)
            refusals(bot, events // 3)


def _is_up(server: Server, path: str) -> bool:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"{server.url}{path}"):  # noqa: S310  # our own servers
            return True
    except urllib.error.URLError:
        return False


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["bot"]:
        serve_bot(int(sys.argv[2]), *sys.argv[3:])
    else:
        main(_arguments().quick)
