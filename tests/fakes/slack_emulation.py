"""Slack as others emulate it: the npm package `emulate`, as a process on loopback.

It keeps what is posted, refuses what the scopes do not allow and signs the events that it sends. It is softer
than Slack in what `tests.fakes.slack_api` is strict in: any block and any token will do.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.node import MODULES, find_node
from tests.fakes.program import free_port

TOKEN, POOR_TOKEN, PERSON_TOKEN = "xoxb-bench", "xoxb-poor", "xoxp-an"  # they open nothing
SIGNING_SECRET = "emulated-secret"  # noqa: S105  # likewise
BOT_USER, BOT = "U0ATRIUMBOT", "B0ATRIUMBOT"
APP = "A000000001"

#: What the app asks for when it is installed, as far as the emulation knows it.
SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
)

_SEED = {
    "signing_secret": SIGNING_SECRET,
    "strict_scopes": True,
    "team": {"name": "Atrium", "domain": "atrium"},
    "users": [{"name": "an", "real_name": "An Peeters", "email": "an@example.org"}],
    "channels": [
        {"name": "algemeen", "topic": "Atrium Lerend Netwerk"},
        {"name": "kust", "topic": "De kust"},
    ],
    "bots": [{"name": "atriumbot"}],
    "oauth_apps": [
        {
            "client_id": "11.22",
            "client_secret": "example",
            "app_id": APP,
            "name": "Atriumbot",
            "redirect_uris": ["http://localhost/slack"],
            "scopes": list(SCOPES),
            "bot_name": "atriumbot",
            "bot_id": BOT,
            "bot_user_id": BOT_USER,
        }
    ],
    "tokens": [
        {
            "token": TOKEN,
            "type": "bot",
            "user_id": BOT_USER,
            "bot_id": BOT,
            "bot_user_id": BOT_USER,
            "app_id": APP,
            "scopes": list(SCOPES),
        },
        {"token": POOR_TOKEN, "type": "bot", "user_id": BOT_USER, "scopes": ["users:read"]},
        {"token": PERSON_TOKEN, "type": "user", "user": "an"},
    ],
}


def _without(what: str) -> None:
    """Skip, naming what is missing; where everything must run (`CI` is set), fail."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


class EmulatedSlack:
    """The process, and its Web API as anybody may call it."""

    def __init__(self, events_url: str | None = None) -> None:
        node, dist = find_node(), MODULES / "emulate" / "dist"
        if node is None or not dist.exists():
            _without("the Slack emulation is missing: run `make node`")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/api/"
        environ = {
            **os.environ,
            "EMULATE_DIST": str(dist),
            "SLACK_PORT": str(self.port),
            "SLACK_SEED": json.dumps(_SEED),
            "EVENTS_URL": events_url or "",
        }
        script = Path(__file__).with_suffix(".mjs")
        self._process = subprocess.Popen(
            [str(node), str(script)], env=environ, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        while line and line.strip() != "ready":
            line = self._process.stdout.readline()
        self.client = httpx.Client(base_url=self.url, timeout=10)

    def call(self, method: str, token: str = TOKEN, **arguments: Any) -> dict[str, Any]:
        answer = self.client.post(method, json=arguments, headers={"Authorization": f"Bearer {token}"})
        told: dict[str, Any] = answer.json()
        return told

    def channel(self, name: str) -> str:
        """The id of a channel."""
        (found,) = (each for each in self.call("conversations.list")["channels"] if each["name"] == name)
        return str(found["id"])

    def history(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a channel, newest first."""
        told: list[dict[str, Any]] = self.call("conversations.history", channel=channel)["messages"]
        return told

    def close(self) -> None:
        self.client.close()
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
