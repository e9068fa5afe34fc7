"""The way in: platforms and monitors need no pages, and pages load once, when somebody asks for one."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.front import Front
from store.engine import Store
from tests.fakes.visitor import Visitor, web

ROOT = Path(__file__).parents[2]

#: What no member who asks something waits for.
PAGES = ("fastapi", "jinja2", "httpx", "bot.web.app")
LATER = ("alembic", "apscheduler", "holidays", "babel.support", "icalendar", "openpyxl", "msgraph", "authlib")


@contextlib.asynccontextmanager
async def nothing(_: Any) -> AsyncIterator[None]:
    yield


async def heard(_: Request) -> Response:
    return Response("gehoord")


def front(store: Store, now: dt.datetime) -> Front:
    return Front(web(store, now, doors={"/slack/events": heard}), nothing)


def test_platforms_and_monitors_are_answered_without_pages(
    sqlite_store: Store, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = front(sqlite_store, now)
    monkeypatch.setattr(made, "_made", lambda: pytest.fail("the pages are loaded"))
    visitor = Visitor(made)
    assert visitor.post("/slack/events").text == "gehoord"
    assert visitor.get("/slack/events").status_code == 405
    alive = visitor.get("/healthz")
    assert (alive.text, alive.headers["x-frame-options"]) == ("ok\n", "DENY")
    assert visitor.get("/readyz").json()["ready"] is True
    assert "atriumbot" in visitor.get("/metrics").text


def test_pages_are_loaded_once_for_all_who_ask(
    sqlite_store: Store, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = front(sqlite_store, now)
    loads: list[object] = []
    load = made._made
    monkeypatch.setattr(made, "_made", lambda: loads.append(1) or load())

    async def at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(made)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await asyncio.gather(*(client.get("/") for _ in range(3)))

    assert [each.status_code for each in asyncio.run(at_once())] == [200, 200, 200]
    assert Visitor(made).get("/nergens").status_code == 404
    assert loads == [1]


def test_pages_that_could_not_be_loaded_are_loaded_for_the_next_who_asks(
    sqlite_store: Store, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = front(sqlite_store, now)
    load = made._made
    monkeypatch.setattr(made, "_made", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(made.load())
    monkeypatch.setattr(made, "_made", load)
    assert Visitor(made).get("/").status_code == 200


def _loaded(probe: str, tmp_path: Path, **environ: str) -> list[str]:
    """What of the slow is loaded, in a fresh interpreter on a database of this version."""
    settings = {"ATRIUMBOT_DATABASE__URL": f"sqlite:///{tmp_path / 'x.db'}", "PYTHONPATH": str(ROOT)}
    given = {**os.environ, **settings, **environ}
    subprocess.run([sys.executable, "-m", "bot", "db", "upgrade"], cwd=tmp_path, env=given, check=True)
    asked = (
        f"{probe}\nimport json, sys\nprint(json.dumps([x for x in {PAGES + LATER!r} if x in sys.modules]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=given, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: list[str] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_a_start_in_slack_loads_what_answers_and_no_more(tmp_path: Path) -> None:
    communities = [{"key": "algemeen", "platform": "slack", "name": "Algemeen", "channel": "C0ALGEMEEN"}]
    probe = (
        "from bot import cli, program\n"
        "program.serve = lambda made, listening: (program.application(made), listening.close())\n"
        "import sys; sys.argv = ['atriumbot', 'run']\n"
        "try: cli.main()\n"
        "except SystemExit as left: assert not left.code, left\n"
    )
    loaded = _loaded(
        probe,
        tmp_path,
        ATRIUMBOT_SLACK__BOT_TOKEN="xoxb-1",  # noqa: S106  # no token
        ATRIUMBOT_SLACK__SIGNING_SECRET="s",  # noqa: S106  # no secret
        ATRIUMBOT_WEB__PORT="0",
        ATRIUMBOT_COMMUNITIES=json.dumps(communities),
    )
    assert loaded == []


@pytest.mark.parametrize(
    "words", [["--help"], ["understand", "--trace", "wanneer in Gent?"], ["ask", "wanneer in Gent?"]]
)
def test_a_command_loads_nothing_of_the_running_program(words: list[str], tmp_path: Path) -> None:
    served = ("starlette", "uvicorn", "aiohttp", "slack_bolt", "prometheus_client")
    probe = (
        "from bot import cli\n"
        f"import sys; sys.argv = ['atriumbot', *{words!r}]\n"
        "try: cli.main()\n"
        "except SystemExit as left: assert not left.code, left\n"
        f"assert not [each for each in {served!r} if each in sys.modules]\n"
    )
    assert _loaded(probe, tmp_path) == []
