"""The bot in a fake Viva Engage: a developer sees the whole of it without a tenant (`make run-engage`)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.fakes.engage.server import READY_TOKEN

ROOT = Path(__file__).parents[3]

#: The fake is polled more often than Viva Engage may be, so that nobody waits a minute.
POLL_SECONDS = 20

_PATIENCE_SECONDS = 20.0

_SETTINGS = """
[local]
enabled = false

[engage]
api_url = "{fake}/api/v1"
poll_seconds = {poll_seconds}
access_token = "{token}"

[roles]
moderators = ["engage:{moderator}"]
"""

_COMMUNITY = """
[[communities]]
key = "{key}"
platform = "engage"
name = "{name}"
channel = "{channel}"
"""

KEYS = ("algemeen", "mandatarissen", "water")


def main() -> None:
    """Start the fake and the bot, say where to click, and stop both at Ctrl-C and at SIGTERM."""
    # Then what was begun here is ended on the way out, as at Ctrl-C.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    port, web = int(os.environ.get("FAKE_PORT", "8071")), os.environ.get("ATRIUMBOT_WEB__PORT", "8000")
    fake = f"http://127.0.0.1:{port}"
    options = ["--port", str(port), "--poll-seconds", str(POLL_SECONDS)]
    faking = [sys.executable, "-m", "tests.fakes.engage.server", *options]
    # The fake forgets everything when it stops, so the bot begins anew too.
    with tempfile.TemporaryDirectory(prefix="atriumbot-engage-") as folder, running(faking) as server:
        settings = Path(folder) / "atriumbot.toml"
        settings.write_text(settings_for(fake, _state(server, fake)), encoding="utf-8")
        print(f"Nagebootste Viva Engage:  {fake}/   (schrijf er als lid of als Mia Moderator)")
        print(f"Agenda van de bot:        http://127.0.0.1:{web}/")
        print(
            f"De bot kijkt elke {POLL_SECONDS} seconden; in het echt elke minuut. Ctrl-C stopt alles.\n",
            flush=True,
        )
        environ = {**os.environ, "ATRIUMBOT_DATABASE__URL": f"sqlite:///{folder}/atriumbot.db"}
        bot = [sys.executable, "-m", "bot", "--config", str(settings), "run", "--demo"]
        with contextlib.suppress(KeyboardInterrupt), running(bot, environ) as process:
            sys.exit(process.wait())


@contextlib.contextmanager
def running(command: list[str], environ: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with what is done meanwhile, whatever ends that."""
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def settings_for(fake: str, state: dict[str, list[dict[str, object]]]) -> str:
    """The settings of a bot in the fake network at an address."""
    moderator = next(user["id"] for user in state["users"] if user["name"] == "Mia Moderator")
    written = _SETTINGS.format(fake=fake, poll_seconds=POLL_SECONDS, token=READY_TOKEN, moderator=moderator)
    for key, group in zip(KEYS, state["groups"], strict=True):
        written += _COMMUNITY.format(key=key, name=group["name"], channel=group["id"])
    return written


def _state(server: subprocess.Popen[bytes], fake: str) -> dict[str, list[dict[str, object]]]:
    """What the fake holds, once it answers."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            found: dict[str, list[dict[str, object]]] = httpx.get(f"{fake}/control").json()
            return found
        threading.Event().wait(0.1)
    raise SystemExit(f"the fake Viva Engage did not start on {fake}: is the port free? (FAKE_PORT chooses)")


if __name__ == "__main__":
    main()
