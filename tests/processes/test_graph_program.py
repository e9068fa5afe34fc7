"""The whole program in a tenant of Microsoft's: signed in, told of changes, and tight."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import SystemClock
from tests.fakes.engage import entra, graph, yammer
from tests.fakes.engage.entra import SignIns
from tests.fakes.engage.graph_calendar import Calendars, an_event
from tests.fakes.engage.graph_subscriptions import Subscriptions, notification
from tests.fakes.engage.tls import papers, serving
from tests.fakes.engage.world import REALTIME_SECRET, World
from tests.fakes.program import free_port, wait_for

pytestmark = pytest.mark.process

BOX = "agenda@example.org"


class Operator:
    """Runs the program as a person does, in a folder of its own."""

    def __init__(self, folder: Path, settings: str, certificate: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "atriumbot.toml").write_text(settings)
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ATRIUMBOT_")},
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "REQUESTS_CA_BUNDLE": str(certificate),
            "SSL_CERT_FILE": str(certificate),
            "ATRIUMBOT_WEB__PORT": str(self.port),
            "ATRIUMBOT_WEB__PUBLIC_URL": self.url,
        }

    def run(self, *words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout + ran.stderr

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "bot.log").open("wb") as log:
            command = [sys.executable, "-m", "bot", "run"]
            return subprocess.Popen(command, cwd=self.folder, env=self.environ, stdout=log, stderr=log)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=10).status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def world() -> World:
    world = World(SystemClock().now)
    world.add_group("Water", members=[world.add_user("An Peeters")], owners=[world.add_user("Mia Moderator")])
    world.part(Calendars).events[BOX] = {}
    return world


@pytest.fixture
def operator(world: World, tmp_path: Path) -> Iterator[Operator]:
    certificate = papers(tmp_path)
    app = Starlette(routes=[*entra.routes(world), *graph.routes(world), *yammer.routes(world)])
    (water,) = world.groups.values()
    with serving(app, certificate.server) as url:
        settings = f"""
            [entra]
            tenant_id = "{world.tenant_id}"
            client_id = "{world.client_id}"
            authority = "{url}"
            [graph]
            api_url = "{url}/v1.0"
            calendar_mailbox = "{BOX}"
            calendar_kind = "thematisch"
            notifications = true
            [engage]
            api_url = "{url}/api/v1"
            [[communities]]
            key = "water"
            platform = "engage"
            name = "Water"
            channel = "{water.id}"
            """
        yield Operator(tmp_path, settings, certificate.trusted)


def test_the_program_works_in_a_tenant_and_keeps_its_secrets(operator: Operator, world: World) -> None:
    operator.run("login", "engage")
    subscriptions = world.part(Subscriptions)
    program = operator.start()
    try:
        wait_for(
            "the bot to be subscribed and ready", lambda: bool(subscriptions.held) and operator.is_ready()
        )
        (subscription,) = subscriptions.held
        when = ("2027-03-18T09:00:00", "2027-03-18T10:00:00")
        world.part(Calendars).put(BOX, an_event("e1", "Waterberging", *when))
        told = notification(world, subscription, "e1")
        assert httpx.post(f"{operator.url}/graph/notifications", json=told).status_code == 202
        wait_for("the atrium", lambda: "Waterberging" in httpx.get(f"{operator.url}/").text)
        assert "mia.moderator@example.org" in operator.run("moderators", "list", "water")
    finally:
        program.terminate()
        program.wait(timeout=30)
    backup = operator.folder / "backup.zip"
    operator.run("db", "backup", str(backup))
    operator.run("db", "restore", str(backup), "--replace")
    kept = b"".join(each.read_bytes() for each in (operator.folder / "var").glob("*.db*"))
    log = (operator.folder / "bot.log").read_bytes()
    state = subscriptions.held[subscription]["clientState"]
    for secret in (*world.tokens, *world.part(SignIns).refresh_tokens, state, REALTIME_SECRET):
        assert secret.encode() not in kept
        assert secret.encode() not in log
    assert dt.datetime.fromisoformat(subscriptions.held[subscription]["expirationDateTime"]) > world.now()
