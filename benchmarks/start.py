"""What starting costs, beside a bare bolt app: until the first answer in Slack, in memory, at each first use.

Run: `python benchmarks/start.py [--quick]`. Processor time is told beside the clock: it does not mind what
else the machine does. To start on a database of this version is what a restart takes; the very first start
makes the tables too. The longest block of the event loop is the processor time of one callback there.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from slack import Server, _is_up, _send, echo_server, environment, first_answer, posted, report, stub_server

from bot.clock import SystemClock
from tests.fakes.program import free_port, wait_for
from tests.fakes.slack_caller import Caller, message
from tests.fakes.slack_program import CHANNEL

ROUNDS = 5
MODERATOR = "U0MO"

#: How long the program gets to do what it does after its start, in seconds.
SETTLED_SECONDS = 4.0


# --- until the first answer ------------------------------------------------------------------------------


def cold_start(stub: Server, folder: str, rounds: int) -> None:
    """On a database of this version, and on none; in turn with bolt's echo."""
    current = f"{folder}/current.db"
    _command("db", "upgrade", environ=environment(1, stub.url, current))
    took: dict[str, list[tuple[float, float, float]]] = {"again": [], "first": [], "bolt": []}
    settled: list[float] = []
    for number in range(rounds):
        for name in ("again", "first"):
            database = f"{folder}/{name}{number}.db"
            if name == "again":
                shutil.copy(current, database)
            port = free_port()
            with Server(port, "-m", "bot", "run", environ=environment(port, stub.url, database)) as bot:
                took[name].append((first_answer(bot, stub), bot.used(), bot.resident()))
                if name == "again":
                    time.sleep(SETTLED_SECONDS)
                    settled.append(bot.resident())
        with echo_server(stub) as echo:
            took["bolt"].append((first_answer(echo, stub), echo.used(), echo.resident()))
    middle = {
        name: [statistics.median(each) for each in zip(*rows, strict=True)] for name, rows in took.items()
    }
    least = middle["bolt"]
    for name, what in (("again", "cold start to first answer"), ("first", "the very first, with its tables")):
        seconds, used, _ = middle[name]
        beside = f"{seconds:.2f} s, bolt {least[0]:.2f} s"
        report(f"5 {what}", "1.5 x", f"{seconds / least[0]:.2f} x", beside)
        beside = f"{used:.2f} s, bolt {least[1]:.2f} s"
        report("  the same in processor time", "1.5 x", f"{used / least[1]:.2f} x", beside)
    memory = middle["again"][2]
    beside = f"{memory:.0f} MiB, bolt {least[2]:.0f} MiB"
    report("5 memory after it", "1.5 x", f"{memory / least[2]:.2f} x", beside)
    later = statistics.median(settled)
    beside = f"{later:.0f} MiB, once the clockwork runs"
    report("  a few seconds later", "-", f"{later / least[2]:.2f} x", beside)


def commands(folder: str, rounds: int) -> None:
    """Processor time of what is typed at a prompt, beside an interpreter that does nothing."""
    database = f"{folder}/commands.db"
    environ = {"ATRIUMBOT_DATABASE__URL": f"sqlite:///{database}"}
    _command("db", "upgrade", environ=environ)
    asked = "wanneer is het volgende provinciaal atrium in Gent?"
    for words in (("--help",), ("understand", "--trace", asked), ("ask", asked)):
        used = statistics.median(_command(*words, environ=environ) for _ in range(rounds))
        report(f"  atriumbot {words[0]}, processor time", "-", f"{used:.2f} s")


def _command(*words: str, environ: dict[str, str]) -> float:
    """Processor time of one command, in seconds."""
    before = os.times()
    subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "bot", *words],
        env={**os.environ, **environ},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    return (after.children_user + after.children_system) - (before.children_user + before.children_system)


# --- the longest block of the event loop ------------------------------------------------------------------


def serve_watched(file: str) -> None:
    """The bot as it runs; at SIGUSR1 it writes the longest block since the last time, and what it was."""
    from bot.cli import main

    longest: list[tuple[float, str]] = [(0.0, "")]
    watched = threading.get_ident()
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        started = time.thread_time()
        run(handle)
        took = time.thread_time() - started
        # The pages are made ready on a loop of another thread.
        if took > longest[0][0] and threading.get_ident() == watched:
            longest[0] = took, str(handle)

    def told(*_: object) -> None:
        written = Path(f"{file}.new")
        written.write_text(json.dumps(longest[0]))
        written.rename(file)
        longest[0] = 0.0, ""

    asyncio.Handle._run = timed  # type: ignore[method-assign]  # whatever the loop runs passes here
    signal.signal(signal.SIGUSR1, told)
    sys.argv = ["atriumbot", "run"]
    main()


def blocks(stub: Server, folder: str) -> None:
    """The longest block while each thing is used for the first time."""
    database = f"{folder}/blocks.db"
    uid = _with_sample(stub, database)
    port, told = free_port(), f"{folder}/longest.json"
    environ = environment(port, stub.url, database)
    environ["ATRIUMBOT_ROLES__MODERATORS"] = json.dumps([f"slack:{MODERATOR}"])
    # At whatever hour of the week this is run.
    environ |= {"ATRIUMBOT_ATTENTION__FROM": "00:00", "ATRIUMBOT_ATTENTION__UNTIL": "23:59"}
    environ["ATRIUMBOT_ATTENTION__WEEKDAYS"] = "mo-su"
    with Server(port, __file__, "watched", told, environ=environ) as bot:

        def longest(what: str, use: Callable[[], object]) -> None:
            use()
            time.sleep(0.5)
            Path(told).unlink(missing_ok=True)
            os.kill(bot.pid, signal.SIGUSR1)
            wait_for("the longest block", Path(told).exists)
            seconds, callback = json.loads(Path(told).read_text())
            report(f"5 event loop blocked, {what}", "30 ms", f"{seconds * 1e3:.1f} ms", "")
            if seconds > 0.03:
                print(f"    {callback[:300]}")

        for what, use in _first_uses(bot, stub, database, uid):
            longest(what, use)


def _first_uses(bot: Server, stub: Server, database: str, uid: str) -> list[tuple[str, Callable[[], object]]]:
    caller = Caller(lambda: SystemClock().now().timestamp())
    hook = f"{stub.url}api/hook"

    def heard(request: tuple[bytes, dict[str, str]]) -> None:
        asyncio.run(_send(bot, [request], 1))

    def event(**more: str) -> dict[str, Any]:
        return {"user": MODERATOR, "team": "T0ATRIUM", **more}

    def digest() -> None:
        before = posted(stub)
        _fall_due(database)
        wait_for("the overview to be posted", lambda: posted(stub) > before, seconds=30)

    def page(path: str) -> Callable[[], object]:
        return lambda: _got(f"{bot.url}{path}")

    said = message("<@U0ATRIUMBOT> wat is een atrium?", ts="1700000001.000100", channel=CHANNEL)
    return [
        ("first answer", lambda: first_answer(bot, stub)),
        ("clockwork starts", lambda: time.sleep(SETTLED_SECONDS)),
        ("first mention in a channel", lambda: heard(caller.event(said))),
        ("first command", lambda: heard(caller.command("volgende atrium", response_url=hook))),
        ("first home", lambda: heard(caller.event(event(type="app_home_opened", tab="home")))),
        ("first form", lambda: heard(caller.command("kondig aan", user=MODERATOR, response_url=hook))),
        ("first page", page("")),
        ("page of an atrium", page(f"atria/{uid}")),
        ("first feed", page("agenda.ics")),
        ("first page of the console", page("beheer/aanmelden")),
        ("first open data", page("api/atria")),
        ("monitors", page("metrics")),
        ("first overview", digest),
    ]


def _got(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310  # our own program
            return bytes(answer.read())
    except urllib.error.HTTPError as refused:
        return bytes(refused.read())


def _with_sample(stub: Server, database: str) -> str:
    """The sample agenda; gives one atrium of it."""
    from bot.network import settle_in
    from bot.settings import load_settings
    from store.engine import Store
    from store.migrations import upgrade
    from tests.fakes.network import load_sample

    store = Store(f"sqlite:///{database}")
    upgrade(store)
    load_sample(store, SystemClock().now())
    settle_in(store, load_settings(None, environment(1, stub.url, database)), demo=False)
    store.close()
    with sqlite3.connect(database) as connection:
        (uid,) = connection.execute("SELECT uid FROM atria ORDER BY starts_at DESC").fetchone()
    return str(uid)


def _fall_due(database: str) -> None:
    """An overview that is planned becomes due now."""
    now = SystemClock().now().astimezone(dt.UTC)
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute(
            "UPDATE outbox SET due_at = ?, late_until = ? WHERE id ="
            " (SELECT min(id) FROM outbox WHERE kind = 'digest' AND state = 'planned')",
            (f"{now:%Y-%m-%d %H:%M:%S.%f}", f"{now + dt.timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"),
        )


def main(quick: bool) -> None:
    rounds = 2 if quick else ROUNDS
    report("aim", "bound", "figure", "beside")
    with tempfile.TemporaryDirectory() as folder, stub_server() as stub:
        wait_for("the stub to listen", lambda: _is_up(stub, "count"))
        cold_start(stub, folder, rounds)
        commands(folder, rounds)
        blocks(stub, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["watched"]:
        serve_watched(sys.argv[2])
    else:
        main(_arguments().quick)
