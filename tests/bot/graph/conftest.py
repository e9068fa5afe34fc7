"""A tenant of the tests: its people, Entra over https, and Graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.graph.account import Account
from bot.graph.auth import Audience
from bot.graph.cache import AccountCache
from bot.graph.client import Graph
from bot.settings import EntraSettings
from store.engine import Store
from store.vault import Vault
from tests.fakes.engage import entra, graph
from tests.fakes.engage.tls import Papers, papers, serving
from tests.fakes.engage.world import GRAPH, World

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@dataclass
class StandingTokens:
    """Tokens that the tenant gives out, as if somebody were signed in."""

    world: World
    asked: int = 0
    kept: str | None = None

    async def token(self, audience: Audience) -> str:
        assert audience is Audience.GRAPH
        self.asked += 1
        if self.kept is None:
            self.kept = self.world.issue(GRAPH, None)
        return self.kept

    def refuse(self, audience: Audience, token: str) -> None:
        assert token == self.kept
        self.kept = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The SDK warns of its own parts while it loads; which test loads it first is chance."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(
                pytest.mark.filterwarnings("ignore:(GetQueryParameters|This class) is deprecated")
            )


@pytest.fixture
def world() -> World:
    return World(lambda: NOW)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return papers(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The tenant's Graph, over http."""
    with serving(graph.app(world)) as url:
        yield url


@pytest.fixture
def secure(world: World, certificate: Papers, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The tenant's Entra, over https."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.trusted))
    app = Starlette(routes=entra.routes(world))
    with serving(app, certificate.server) as url:
        yield url


@pytest.fixture
def tokens(world: World) -> StandingTokens:
    return StandingTokens(world)


@pytest.fixture
def make_graph(address: str, tokens: StandingTokens) -> Callable[[], Graph]:
    """Makes a client of the tenant's Graph; it belongs to the event loop that uses it."""
    return lambda: Graph(f"{address}/v1.0", tokens)


@pytest.fixture
def entra_settings(world: World, secure: str) -> EntraSettings:
    return EntraSettings(tenant_id=world.tenant_id, client_id=world.client_id, authority=secure)


@pytest.fixture
def new_account(entra_settings: EntraSettings, sqlite_store: Store) -> Callable[[], Account]:
    """Makes the account anew, as another process would, on the same store and with the same key."""
    return lambda: Account(entra_settings, AccountCache(sqlite_store, Vault(b"key")))


@pytest.fixture
def database_bytes(sqlite_store: Store) -> Callable[[], bytes]:
    """Everything in the database file and beside it."""

    def read() -> bytes:
        assert sqlite_store.file is not None
        beside: list[Path] = sorted(sqlite_store.file.parent.glob(f"{sqlite_store.file.name}*"))
        return b"".join(each.read_bytes() for each in beside)

    return read
