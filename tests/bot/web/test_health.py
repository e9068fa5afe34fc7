"""Liveness, readiness and counters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.metrics import Metrics
from bot.web.app import create_app
from bot.web.health import Part
from store.engine import Store
from tests.fakes.visitor import Visitor, web

WELL = Part(name="database")
AWAY = Part(name="engage", state="AUTH_REQUIRED", reason="run: atriumbot login engage")


def test_a_living_program_says_ok(sqlite_store: Store, now: dt.datetime) -> None:
    answer = Visitor(create_app(web(sqlite_store, now))).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_every_part_is_well(sqlite_store: Store, now: dt.datetime) -> None:
    answer = Visitor(create_app(web(sqlite_store, now, readiness=lambda: [WELL]))).get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": [{"name": "database", "state": "OK", "reason": ""}]}


def test_one_part_that_is_not_well_makes_it_unready(sqlite_store: Store, now: dt.datetime) -> None:
    async def asked() -> Sequence[Part]:
        return [WELL, AWAY]

    answer = Visitor(create_app(web(sqlite_store, now, readiness=asked))).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["parts"][1] == {
        "name": "engage",
        "state": "AUTH_REQUIRED",
        "reason": "run: atriumbot login engage",
    }


def test_the_counters_are_those_of_this_program(sqlite_store: Store, now: dt.datetime) -> None:
    metrics = Metrics()
    metrics.posts.labels(state="sent").inc()
    Metrics().posts.labels(state="sent").inc(5)
    answer = Visitor(create_app(web(sqlite_store, now, metrics=metrics))).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'atriumbot_posts_total{state="sent"} 1.0' in answer.text
