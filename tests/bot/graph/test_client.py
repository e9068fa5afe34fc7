"""Graph by its SDK: what went wrong is told apart, a POST is never repeated, the token goes nowhere else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.alerts import Alert
from bot.graph.client import (
    Graph,
    GraphAway,
    GraphDenied,
    GraphFailed,
    GraphMissing,
    GraphSignIn,
)
from bot.graph.communities import live_communities
from bot.graph.mail import GraphMail
from bot.graph.people import group_people
from tests.bot.graph.conftest import StandingTokens
from tests.fakes.engage.graph import Calls, GraphFault
from tests.fakes.engage.world import World

T = TypeVar("T")
ROOT = Path(__file__).parents[3]


def with_graph(make: Callable[[], Graph], work: Callable[[Graph], Awaitable[T]]) -> T:
    async def run() -> T:
        graph = make()
        try:
            return await work(graph)
        finally:
            await graph.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, GraphDenied),
        (404, GraphMissing),
        (410, GraphMissing),
        (429, GraphAway),
        (500, GraphAway),
        (503, GraphAway),
        (400, GraphFailed),
    ],
)
def test_what_went_wrong_is_told_apart_and_tried_once(
    world: World, make_graph: Callable[[], Graph], status: int, kind: type[GraphFailed]
) -> None:
    calls = world.part(Calls)
    calls.faults.append(GraphFault(status=status, times=10))
    with pytest.raises(kind) as failed:
        with_graph(make_graph, live_communities)
    assert type(failed.value) is kind
    assert len(calls.seen) == 1


def test_graph_says_how_long_it_wants_to_be_left_alone(world: World, make_graph: Callable[[], Graph]) -> None:
    world.part(Calls).faults.append(GraphFault(status=429, retry_after="41"))
    with pytest.raises(GraphAway) as away:
        with_graph(make_graph, live_communities)
    assert away.value.retry_after == 41


def test_a_list_that_is_half_read_waits_once(world: World, address: str, tokens: StandingTokens) -> None:
    for number in range(25):
        world.add_group(f"Groep {number}")
    calls, waited = world.part(Calls), list[float]()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    calls.faults.append(GraphFault(status=429, on="skiptoken", retry_after="7"))
    found = with_graph(lambda: Graph(f"{address}/v1.0", tokens, sleep), live_communities)
    assert len(found) == 25
    assert waited == [7]


def test_a_token_that_was_revoked_is_renewed_once(
    world: World, make_graph: Callable[[], Graph], tokens: StandingTokens
) -> None:
    tokens.kept = "revoked"
    assert with_graph(make_graph, live_communities) == []
    assert tokens.asked == 2


def test_when_no_token_is_taken_an_operator_is_asked_for(
    world: World, make_graph: Callable[[], Graph]
) -> None:
    world.part(Calls).faults.append(GraphFault(status=401, times=2))
    with pytest.raises(GraphSignIn, match="atriumbot login engage"):
        with_graph(make_graph, live_communities)


def test_what_cannot_be_reached_passes(tokens: StandingTokens) -> None:
    with pytest.raises(GraphAway, match="cannot be reached: nothing listens at that address"):
        with_graph(lambda: Graph("http://localhost:9/v1.0", tokens), live_communities)


def test_the_token_is_not_sent_to_another_address(
    world: World, make_graph: Callable[[], Graph], address: str
) -> None:
    async def work(graph: Graph) -> dict[str, Any]:
        return await graph.ask(
            lambda client: client.users.with_url(
                "https://elsewhere.example.org/x"
            ).to_get_request_information()
        )

    with pytest.raises(GraphDenied, match=r"is not sent to https://elsewhere\.example\.org"):
        with_graph(make_graph, work)
    assert world.part(Calls).seen == []


def test_the_token_is_not_sent_in_clear_but_to_this_machine(tokens: StandingTokens) -> None:
    with pytest.raises(GraphDenied, match="is not sent to"):
        with_graph(lambda: Graph("http://graph.example.org/v1.0", tokens), live_communities)


def test_no_error_and_no_log_holds_a_token(
    world: World, make_graph: Callable[[], Graph], tokens: StandingTokens, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.part(Calls).faults.append(GraphFault(status=500))
    with pytest.raises(GraphAway) as away:
        with_graph(make_graph, live_communities)
    with_graph(make_graph, live_communities)
    assert world.tokens
    for secret in world.tokens:
        assert secret not in caplog.text
        assert secret not in repr(away.value)


def test_a_mail_is_sent_once_even_when_the_answer_says_that_it_was_not(
    world: World, address: str, tokens: StandingTokens
) -> None:
    calls = world.part(Calls)
    mail = GraphMail(
        api_url=f"{address}/v1.0", tokens=tokens, sender="bot@example.org", to=("a@example.org",)
    )
    calls.faults.append(GraphFault(status=503, on="sendMail", after=True))
    with pytest.raises(OSError, match="503"):
        mail.send(Alert(topic="t", title="Eén titel.", lines=("regel",)))
    assert len(calls.mails) == 1
    mail.send(Alert(topic="t", title="Eén titel.", lines=("regel",)))
    sender, message = calls.mails[1]
    assert sender == "bot@example.org"
    assert message["subject"] == "[atriumbot] Eén titel."
    assert message["body"] == {"contentType": "text", "content": "Eén titel.\nregel"}
    assert message["toRecipients"] == [{"emailAddress": {"address": "a@example.org"}}]


def test_members_of_a_big_group_come_in_pages(world: World, make_graph: Callable[[], Graph]) -> None:
    people = [world.add_user(f"Lid {number}") for number in range(1100)]
    group = world.add_group("Groot", members=people, owners=people[:1])
    found = with_graph(make_graph, lambda graph: group_people(graph, group.entra_id))
    assert len(found.members) == 1101
    assert found.owners == {"lid.0@example.org"}


def test_a_guest_is_known_by_mail_and_not_by_the_name_of_the_tenant(
    world: World, make_graph: Callable[[], Graph]
) -> None:
    guest = world.add_user("Gast", email="Gast@Elders.example.org", guest=True)
    group = world.add_group("Groep", members=[guest])
    found = with_graph(make_graph, lambda graph: group_people(graph, group.entra_id))
    assert "gast@elders.example.org" in found.members


def test_reading_loads_no_models_of_graph(address: str) -> None:
    """The models cost more than a second at first and 4 ms an entity: answers are read as JSON."""
    probe = (
        "import asyncio, sys\n"
        "from bot.graph.client import Graph, GraphFailed\n"
        "from bot.graph.communities import live_communities\n"
        "class T:\n"
        "    async def token(self, a): return 'x'\n"
        "    def refuse(self, a, t): pass\n"
        f"async def main():\n"
        f"    g = Graph('{address}/v1.0', T())\n"
        "    try: await live_communities(g)\n"
        "    except GraphFailed: pass\n"
        "    await g.close()\n"
        "asyncio.run(main())\n"
        "print('msgraph' in sys.modules, 'msgraph.generated.models.entity' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True False"


def test_no_command_loads_graph_without_need(tmp_path: Path) -> None:
    commands = [
        ["--help"],
        ["doctor"],
        ["communities", "list"],
        ["moderators", "list", "x"],
        ["agenda", "list"],
        ["ask", "hulp"],
        ["plan"],
        ["login", "engage"],
        ["db", "check"],
    ]
    slow = ("msgraph", "msal", "azure", "kiota_http")
    probe = (
        "import sys\n"
        "from bot.cli import main\n"
        f"for command in {commands!r}:\n"
        "    sys.argv = ['atriumbot', *command]\n"
        "    try: main()\n"
        "    except SystemExit: pass\n"
        f"    print('loaded', command, [each for each in {slow!r} if each in sys.modules])\n"
    )
    environ = {"ATRIUMBOT_DATABASE__URL": f"sqlite:///{tmp_path / 'x.db'}", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", probe], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    loaded = [line for line in ran.stdout.splitlines() if line.startswith("loaded")]
    assert loaded == [f"loaded {command} []" for command in commands], ran.stderr
