"""The bot in a fake Viva Engage ends as a whole, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.fakes.program import free_port, wait_for

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]


def answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_fake_and_the_bot_and_leaves_no_folder(tmp_path: Path, number: int) -> None:
    fake, web = free_port(), free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ATRIUMBOT_")},
        "FAKE_PORT": str(fake),
        "ATRIUMBOT_WEB__PORT": str(web),
        "TMPDIR": str(tmp_path),
    }
    demo = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.engage.demo"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for("the bot", lambda: answers(web, "/healthz"))
        demo.send_signal(number)
        demo.wait(timeout=60)
        assert not answers(web, "/healthz")
        assert not answers(fake, "/control")
        assert list(tmp_path.glob("atriumbot-engage-*")) == []
    finally:
        if demo.poll() is None or answers(web, "/healthz") or answers(fake, "/control"):
            os.killpg(demo.pid, signal.SIGKILL)
