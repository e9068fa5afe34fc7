"""The real program as a real process on loopback, for tests that stop, kill and restart it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx

T = TypeVar("T")

#: Longer than any machine needs to start the program.
PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.05


def wait_for(what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """Look again and again until there is something; fail with `what` after `seconds`."""
    pause = threading.Event()
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        pause.wait(_PAUSE_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RunningBot:
    """`atriumbot run --demo` on its own database file and port."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "bot.log"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ATRIUMBOT_")},
            "ATRIUMBOT_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}",
            "ATRIUMBOT_WEB__PORT": str(self.port),
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=self.url, timeout=10)

    def start(self, *, wait: bool = True) -> None:
        """Start it; `wait` until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--demo"],
                cwd=Path(__file__).parents[2],
                env=self._environ,
                stdout=log,
                stderr=log,
            )
        if wait:
            wait_for(f"the bot to answer (see {self.log})", self.is_alive)

    def is_alive(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise AssertionError(f"the bot ended by itself:\n{self.log.read_text()[-3000:]}")
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """End it as a power cut would: no chance to tidy up."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """End it as Ctrl-C does; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=20)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()
        self.client.close()

    def say(
        self,
        text: str,
        *,
        author: str = "An",
        role: str = "lid",
        community: str = "algemeen",
        thread: str | None = None,
    ) -> dict[str, Any]:
        """Post a message; returns what the bot acknowledged."""
        answer = self.client.post(
            f"/community/{community}/messages",
            json={"author": author, "role": role, "text": text, "thread": thread},
        )
        assert answer.status_code == 201, answer.text
        acknowledged: dict[str, Any] = answer.json()
        return acknowledged

    def messages(self, community: str = "algemeen", after: str | None = None) -> list[dict[str, Any]]:
        answer = self.client.get(
            f"/community/{community}/messages", params={"after": after} if after else None
        )
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def replies(self, thread: str, community: str = "algemeen") -> list[dict[str, Any]]:
        """What the bot said in a thread."""
        return [m for m in self.messages(community) if m["thread"] == thread and m["author"] == "atriumbot"]
