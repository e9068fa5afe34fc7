"""A platform as a process of its own: keeps every post it accepts, and fails by a seed.

`python -m tests.fakes.board SEED` prints its port. It accepts the same key twice without a word, so that a
double post shows; it counts each call over its rate limit.

POST /posts {"key", "channel", "text"}   200 {"id"}, 429 with Retry-After, no answer, or a cut connection
GET  /posts?key=KEY                      {"id": ... or null}
GET  /dump                               {"posts": [[key, channel, id]...], "over_limit": N, "faults": {...},
                                          "story": [[seconds, what, key]...], "late": N still to be accepted}
POST /calm                               no faults from now on
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

#: What may happen to a post, and how often.
FAULTS = {"throttled": 0.05, "cut-before": 0.05, "cut-after": 0.05, "silent-after": 0.03, "late": 0.03}

#: Longer than any client waits, and how late "late" is accepted, in seconds.
SILENCE_SECONDS = 1.5
LATE_SECONDS = 0.6

#: What a client is told to wait, in seconds.
RETRY_AFTER_SECONDS = 0.2

#: Calls that one account may make in any second; an account is a channel's name up to its first dot.
LIMITS = {"board": 60}


class Board:
    """What is there, and what happens next."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._calls: dict[str, list[float]] = {}
        self.is_calm = False
        self.posts: list[tuple[str, str, str]] = []
        self.over_limit = 0
        self.late = 0
        #: What happened when, for whoever wonders.
        self.story: list[tuple[float, str, str]] = []
        self.faults: Counter[str] = Counter()

    def tell(self, what: str, key: str) -> None:
        self.story.append((round(time.monotonic(), 3), what, key))

    def postpone(self, number: int) -> None:
        with self._lock:
            self.late += number

    def next_fault(self, channel: str) -> str | None:
        with self._lock:
            account, at = channel.partition(".")[0], time.monotonic()
            if account in LIMITS:
                calls = [each for each in self._calls.get(account, []) if at - each < 1.0]
                self._calls[account] = [*calls, at]
                if len(calls) >= LIMITS[account]:
                    self.over_limit += 1
                    return "throttled"
            if self.is_calm:
                return None
            dice = self._chance.random()
            for name, share in FAULTS.items():
                dice -= share
                if dice < 0:
                    self.faults[name] += 1
                    return name
            return None

    def accept(self, key: str, channel: str) -> str:
        with self._lock:
            self.tell("accepted", key)
            number = f"m-{len(self.posts) + 1}"
            self.posts.append((key, channel, number))
            return number

    def find(self, key: str) -> str | None:
        with self._lock:
            found = next((number for there, _, number in self.posts if there == key), None)
            self.tell(f"looked for, {found}", key)
            return found

    def dump(self) -> dict[str, Any]:
        with self._lock:
            told = {
                "posts": self.posts,
                "over_limit": self.over_limit,
                "late": self.late,
                "story": self.story,
            }
            return told | {"faults": dict(self.faults)}


class _Handler(BaseHTTPRequestHandler):
    board: Board

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/dump":
            self._answer(self.board.dump())
        else:
            self._answer({"id": self.board.find(parse_qs(url.query)["key"][0])})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/calm":
            self.board.is_calm = True
            self._answer({})
            return
        fault = self.board.next_fault(body["channel"])
        self.board.tell(f"arrived, {fault}", body["key"])
        match fault:
            case "throttled":
                self.send_response(429)
                self.send_header("Retry-After", str(RETRY_AFTER_SECONDS))
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "cut-before":
                self.connection.shutdown(socket.SHUT_RDWR)
            case "cut-after":
                self.board.accept(body["key"], body["channel"])
                self.connection.shutdown(socket.SHUT_RDWR)
            case "silent-after":
                self.board.accept(body["key"], body["channel"])
                threading.Event().wait(SILENCE_SECONDS)
            case "late":
                self.board.postpone(1)
                threading.Event().wait(LATE_SECONDS)
                self.board.accept(body["key"], body["channel"])
                self.board.postpone(-1)
            case _:
                self._answer({"id": self.board.accept(body["key"], body["channel"])})

    def _answer(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients are killed in the middle of a call here."""


class RunningBoard:
    """The board as a process, for the test that watches it."""

    def __init__(self, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.board", str(seed)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def calm(self) -> None:
        call(self.port, "POST", "/calm", {})

    def dump(self) -> dict[str, Any]:
        return call(self.port, "GET", "/dump")

    def keys(self) -> Counter[str]:
        """How often each key is there."""
        return Counter(key for key, _, _ in self.dump()["posts"])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class ThrottledError(Exception):
    """The board said to wait, this many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def call(port: int, method: str, path: str, body: object = None, timeout: float = 10.0) -> dict[str, Any]:
    """One call. Raises `ThrottledError`, ConnectionRefusedError when it never arrived, else OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=None if body is None else json.dumps(body))
        answer = connection.getresponse()
        said = answer.read()
        if answer.status == 429:
            raise ThrottledError(float(answer.headers["Retry-After"]))
        found: dict[str, Any] = json.loads(said)
        return found
    except http.client.HTTPException as fault:
        raise ConnectionResetError("the connection was cut") from fault
    finally:
        connection.close()


def main() -> None:
    _Handler.board = Board(int(sys.argv[1]))
    server = _Server(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
