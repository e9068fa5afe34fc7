"""The whole way of a tick that stops: health turns red, and a person hears of it by another channel."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from bot import watchman
from bot.program import application
from bot.settings import AlertSettings, DatabaseSettings, Settings
from bot.wiring import build
from scheduler.clockwork import TICK
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.visitor import Visitor


@dataclass
class Hook:
    """What came in at the address of the second channel."""

    url: str = ""
    told: list[str] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)


@contextmanager
def listening() -> Iterator[Hook]:
    hook = Hook()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()
            hook.told.append(body["text"])
            hook.came.set()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/alarm"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_tick_that_stops_turns_health_red_and_is_told_elsewhere(
    sqlite_store: Store, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-15: red within two intervals, by the program's own health page; told by its own watch and webhook."""
    monkeypatch.setattr(watchman, "CLOCK_SECONDS", 0.01)
    clock = SteeredClock(now)
    with listening() as hook:
        settings = Settings(
            database=DatabaseSettings(url=f"sqlite:///{sqlite_store.file}"),
            alerts=AlertSettings(webhook_url=SecretStr(hook.url)),
        )
        program = build(settings, sqlite_store, clock, demo=True)
        visitor = Visitor(application(program))
        asyncio.run(program.clockwork.tick())
        clock.moment += 2 * TICK
        assert visitor.get("/readyz").status_code == 200

        clock.moment += dt.timedelta(milliseconds=1)
        red = visitor.get("/readyz")
        assert red.status_code == 503
        parts = {each["name"]: each["state"] for each in red.json()["parts"]}
        assert parts["clockwork"] == "STOPPED"

        watch = watchman.patrols(program)
        watch[0].start()
        assert hook.came.wait(20), "nobody was told"
        watch[0].stop()
    assert hook.told[0].startswith("De klok van de bot staat stil (")
