"""Thematic groups, asked for in Viva Engage: the live communities of Graph and what moderators described."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.alerts import Alerts
from bot.graph.client import Graph
from bot.graph.watch import GraphWatch
from bot.network import communities_of
from handlers.model import Group as Described
from store.engine import Store
from store.groups import replace_groups
from tests.bot.graph.conftest import StandingTokens
from tests.fakes.engage import graph
from tests.fakes.engage.tenant import Tenant
from tests.fakes.engage.tls import serving
from tests.fakes.engage.world import Group, Said, User

ASKED = "welke thematische groepen zijn er rond water?"

pytestmark = pytest.mark.filterwarnings("ignore:(GetQueryParameters|This class) is deprecated")


@dataclass
class Scene:
    """A network whose communities Graph tells over a socket, with one private circle among them."""

    tenant: Tenant
    address: str
    circle: Group
    stranger: User

    def sync(self) -> None:
        """What the program asks of Graph every few minutes."""
        tenant = self.tenant

        async def look() -> None:
            client = Graph(f"{self.address}/v1.0", StandingTokens(tenant.world))
            watch = GraphWatch(
                graph=client,
                store=tenant.store,
                communities=list(communities_of(tenant.settings)),
                holder="one",
                now=tenant.clock.now,
                alerts=Alerts(ways=[]),
                calendar=None,
            )
            await watch.look()
            await client.close()

        asyncio.run(look())

    def heard(self, asked: Said) -> str:
        self.tenant.run(130)
        (answer,) = self.tenant.answers(asked)
        return answer


@pytest.fixture
def scene(sqlite_store: Store) -> Iterator[Scene]:
    tenant = Tenant(sqlite_store, "Algemeen", "Waterkring")
    circle = tenant.groups[1]
    circle.privacy = "private"
    circle.members.discard(tenant.bart.id)
    open_group = tenant.world.add_group("Water in de stad", members=[tenant.bart])
    open_group.description = "Hemelwater en vergroening."
    tenant.world.add_group("Waterschade, besloten dossier", members=[tenant.an], privacy="private")
    with sqlite_store.writing() as session:
        replace_groups(
            session, [Described(name="Droogteplannen", theme="water", how_to_join="mail groep@example.org")]
        )
    with serving(graph.app(tenant.world)) as address:
        found = Scene(tenant=tenant, address=address, circle=circle, stranger=tenant.bart)
        found.sync()
        yield found


def test_in_a_community_the_public_groups_are_named_with_their_links(scene: Scene) -> None:
    """C-42: everybody reads along there, so no private group is named, not even to its member."""
    answer = scene.heard(scene.tenant.ask(ASKED))

    assert "Water in de stad: Hemelwater en vergroening." in answer
    assert "Droogteplannen" in answer
    lines = answer.splitlines()
    links = [line for line in lines if "https://" in line]
    assert links
    assert all(line.split()[-1].startswith("https://") for line in links)
    assert "Waterkring" not in answer
    assert "Waterschade" not in answer


@pytest.mark.parametrize(("who", "is_told"), [("an", True), ("bart", False)])
def test_in_private_a_private_group_is_named_to_its_members_alone(
    scene: Scene, who: str, is_told: bool
) -> None:
    """C-42"""
    asked = scene.tenant.world.say(getattr(scene.tenant, who), ASKED, to=[scene.tenant.world.bot])

    answer = scene.heard(asked)

    assert "Water in de stad" in answer
    assert ("Waterkring" in answer) is is_told
    # One that the settings do not name is not even kept.
    assert "Waterschade" not in answer


def test_in_the_private_community_itself_it_is_named(scene: Scene) -> None:
    assert "Waterkring" in scene.heard(scene.tenant.ask(ASKED, group=scene.circle))


def test_who_belongs_where_counts_for_nothing_once_it_is_stale(scene: Scene) -> None:
    """C-42: while Graph cannot be asked, nobody hears of what is private."""
    scene.tenant.clock.forward(minutes=16)
    asked = scene.tenant.world.say(scene.tenant.an, ASKED, to=[scene.tenant.world.bot])

    answer = scene.heard(asked)

    assert "Water in de stad" in answer
    assert "Waterkring" not in answer


def test_how_to_join_is_told_of_a_group_that_a_moderator_described(scene: Scene) -> None:
    asked = scene.tenant.ask("hoe word ik lid van de groep Droogteplannen?")
    assert "groep@example.org" in scene.heard(asked)


def test_among_several_in_private_no_private_group_is_named_in_sight_of_others(scene: Scene) -> None:
    """C-42: the answer goes to the asker alone."""
    tenant = scene.tenant
    asked = tenant.world.say(tenant.an, ASKED, to=[tenant.world.bot, scene.stranger])
    tenant.run(130)
    assert tenant.answers(asked) == []
    assert all(scene.stranger.id not in said.participants for said in tenant.world.by_bot())
