"""Graph may tell that something changed: who else says so is not believed, and it goes on telling."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.doors import Doors
from bot.graph.client import Graph, GraphFailed
from bot.graph.notifications import Told, notification_doors
from bot.graph.subscriptions import RENEWED, Subscriptions
from store.engine import Store
from store.vault import Vault
from tests.bot.graph.conftest import NOW, StandingTokens
from tests.fakes.engage.graph_subscriptions import TOKEN, lifecycle, notification
from tests.fakes.engage.graph_subscriptions import Subscriptions as Held
from tests.fakes.engage.tls import serving
from tests.fakes.engage.world import World

BOX = "agenda@example.org"


class Web:
    """Our web as Graph reaches it, and what it noted."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self.noted: list[Told] = []
        self.app = Doors(FastAPI(), notification_doors(subscriptions.knows, self.noted.append))

    def post(self, path: str, **options: object) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
                return await client.post(path, **options)  # type: ignore[arg-type]  # of a test

        return asyncio.run(send())


class Bench:
    """A subscription kept up on a clock that the test puts forward."""

    def __init__(self, address: str, tokens: StandingTokens, store: Store) -> None:
        self._address, self._tokens, self._store = address, tokens, store
        self.web = Web(self.made(Graph("", tokens)))
        self.public_url = ""

    def made(self, graph: Graph) -> Subscriptions:
        url = getattr(self, "public_url", "")
        return Subscriptions(graph, self._store, Vault(b"key"), BOX, url)

    def run(self, work: Callable[[Subscriptions], Awaitable[None]]) -> Subscriptions:
        async def once() -> Subscriptions:
            graph = Graph(f"{self._address}/v1.0", self._tokens)
            subscriptions = self.made(graph)
            try:
                await work(subscriptions)
            finally:
                await graph.close()
            return subscriptions

        return asyncio.run(once())

    def keep_up(self, now: dt.datetime = NOW) -> Subscriptions:
        return self.run(lambda each: each.keep_up(now))


@pytest.fixture
def bench(address: str, tokens: StandingTokens, sqlite_store: Store) -> Iterator[Bench]:
    bench = Bench(address, tokens, sqlite_store)
    with serving(bench.web.app) as url:
        bench.public_url = url
        yield bench


@pytest.fixture
def held(world: World) -> Held:
    return world.part(Held)


@pytest.mark.parametrize("path", ["/graph/notifications", "/graph/lifecycle"])
def test_the_handshake_is_answered_in_plain_text_without_markup(bench: Bench, path: str) -> None:
    answer = bench.web.post(path, params={"validationToken": TOKEN})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == TOKEN.replace("<", "&lt;").replace(">", "&gt;")


def test_graph_shakes_hands_with_both_addresses_before_it_tells_anything(bench: Bench, held: Held) -> None:
    subscription = bench.keep_up().held()
    assert [status for status, _, _ in held.handshakes] == [200, 200]
    assert subscription is not None
    (there,) = held.held.values()
    assert there["id"] == subscription.id
    assert there["resource"] == f"users/{BOX}/events"
    assert there["lifecycleNotificationUrl"].endswith("/graph/lifecycle")


def test_a_notification_with_the_secret_is_noted_and_answered_at_once(
    bench: Bench, world: World, held: Held
) -> None:
    bench.keep_up()
    (subscription,) = held.held
    answer = bench.web.post("/graph/notifications", json=notification(world, subscription, "e1"))
    assert answer.status_code == 202
    assert bench.web.noted == [Told.CHANGED]


@pytest.mark.parametrize("secret", ["", "wrong", None])
def test_without_the_secret_nothing_is_noted(
    bench: Bench, world: World, held: Held, secret: str | None
) -> None:
    bench.keep_up()
    (subscription,) = held.held
    told = notification(world, subscription, "e1")
    told["value"][0]["clientState"] = secret
    bench.web.post("/graph/notifications", json=told)
    bench.web.post("/graph/lifecycle", json=told)
    assert bench.web.noted == []


def test_before_anything_is_subscribed_nothing_is_noted(bench: Bench) -> None:
    bench.web.post("/graph/notifications", json={"value": [{"clientState": ""}]})
    assert bench.web.noted == []


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"value": 3}', b'{"value":[' + b" " * 1_000_001])
def test_what_is_not_in_the_words_of_graph_is_refused(bench: Bench, body: bytes) -> None:
    assert bench.web.post("/graph/notifications", content=body).status_code == 400


@pytest.mark.parametrize("event", ["reauthorizationRequired", "subscriptionRemoved", "missed"])
def test_each_event_of_a_subscription_is_noted(bench: Bench, world: World, held: Held, event: str) -> None:
    bench.keep_up()
    (subscription,) = held.held
    told = lifecycle(world, subscription, event)
    assert bench.web.post("/graph/lifecycle", json=told).status_code == 202
    told["value"][0]["lifecycleEvent"] = "somethingNew"
    assert bench.web.post("/graph/lifecycle", json=told).status_code == 202
    assert bench.web.noted == [Told(event)]


def test_a_subscription_is_renewed_before_it_ends(bench: Bench, held: Held) -> None:
    first = bench.keep_up().held()
    assert first is not None
    bench.keep_up(NOW + dt.timedelta(hours=1))
    assert bench.keep_up(NOW + dt.timedelta(hours=1)).held() == first
    later = first.ends - RENEWED
    renewed = bench.keep_up(later).held()
    assert renewed is not None
    assert (renewed.id, renewed.ends > first.ends) == (first.id, True)
    assert dt.datetime.fromisoformat(held.held[first.id]["expirationDateTime"]) == renewed.ends


def test_a_subscription_that_graph_removed_is_made_anew(bench: Bench, held: Held) -> None:
    first = bench.keep_up().held()
    assert first is not None
    held.held.clear()
    bench.run(lambda each: each.renew(NOW))
    second = bench.keep_up().held()
    assert second is not None
    assert second.id in held.held
    assert second.client_state != first.client_state
    bench.keep_up().drop()
    assert bench.keep_up().held() != second


def test_an_address_that_graph_cannot_reach_is_told(bench: Bench, held: Held) -> None:
    bench.public_url = "http://localhost:9"
    with pytest.raises(GraphFailed, match="ValidationError"):
        bench.keep_up()
    assert held.held == {}


def test_the_secret_is_not_in_the_database_in_clear(
    bench: Bench, database_bytes: Callable[[], bytes]
) -> None:
    subscription = bench.keep_up().held()
    assert subscription is not None
    assert subscription.client_state.encode() not in database_bytes()


def test_many_strangers_in_one_request_cost_few_looks(bench: Bench) -> None:
    """Whoever knows the address can send a thousand false words at once."""
    asked: list[str] = []

    def knows(state: str) -> bool:
        asked.append(state)
        return state == "0"

    noted: list[Told] = []
    bench.web.app = Doors(FastAPI(), notification_doors(knows, noted.append))
    told = [{"clientState": str(number)} for number in range(900)]
    assert bench.web.post("/graph/notifications", json={"value": told}).status_code == 202
    assert len(asked) <= 10
    bench.web.post("/graph/notifications", json={"value": [{"clientState": "0"}] * 100})
    assert noted.count(Told.CHANGED) == 2
    assert bench.web.post("/graph/notifications", json={"value": told * 2}).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"value":[{"clientState":"\\ud800"}]}', 202),
    ],
)
def test_a_body_made_to_break_a_reader_breaks_nothing(bench: Bench, body: bytes, status: int) -> None:
    bench.keep_up()
    assert bench.web.post("/graph/notifications", content=body).status_code == status
    assert bench.web.noted == []
