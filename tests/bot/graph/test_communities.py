"""Ids of Graph hold the number of Viva Engage; the settings are held to what there is."""

from __future__ import annotations

import pytest

from bot.graph.communities import LiveCommunity, mismatches, number_of
from handlers.model import Community, Group
from store.live_groups import LiveGroup, merged


@pytest.mark.parametrize(
    ("graph_id", "number"),
    [
        ("eyJfdHlwZSI6Ikdyb3VwIiwiaWQiOiIxOTEzMjYyODk5MjAifQ", "191326289920"),
        ("eyJfdHlwZSI6Ikdyb3VwIiwiaWQiOiI0NzY5MTM1ODIwOSJ9", "47691358209"),
        ("eyJfdHlwZSI6IlVzZXIiLCJpZCI6IjEifQ", None),
        ("", None),
        ("not base64!", None),
        ("W10", None),
    ],
)
def test_an_id_of_graph_holds_the_number(graph_id: str, number: str | None) -> None:
    assert number_of(graph_id) == number


def live(number: str, name: str) -> LiveCommunity:
    return LiveCommunity(number=number, graph_id=f"g{number}", group_id="x", name=name, is_public=True)


def set_as(name: str, channel: str | None) -> Community:
    return Community(key="k", platform="engage", name=name, channel=channel)


def test_what_is_as_set_is_no_mismatch() -> None:
    assert mismatches([set_as("WATER", "1")], [live("1", "Water")]) == []
    assert mismatches([Community(key="s", platform="slack", name="x", channel="C1")], []) == []


@pytest.mark.parametrize(
    ("community", "mend"),
    [
        (set_as("Water", None), 'set channel to "1"'),
        (set_as("Water", "9"), 'set channel to "1"'),
        (set_as("Lucht", "9"), "look the number up with: atriumbot communities sync"),
        (set_as("Water", "2"), 'set name to "Bodem", or channel to "1" if "Water" is meant'),
        (set_as("Lucht", "2"), 'set name to "Bodem"'),
    ],
)
def test_each_mismatch_names_its_mend(community: Community, mend: str) -> None:
    (found,) = mismatches([community], [live("1", "Water"), live("2", "Bodem")])
    assert found.mend == mend


def live_group(**values: object) -> LiveGroup:
    told = {"number": "1", "name": "Water", "link": "https://engage/1", "is_public": True}
    return LiveGroup(**{**told, **values})  # type: ignore[arg-type]  # of a test


def test_what_moderators_wrote_stands_and_the_platform_fills_in_the_rest() -> None:
    described = Group(name="Water en droogte", theme="water", link="https://engage.example.org/groups/1")
    (group,) = merged([described], [live_group(description="Van het platform.")])
    assert (group.name, group.theme, group.link) == (described.name, described.theme, described.link)
    assert group.description == "Van het platform."
    assert group.how_to_join == 'open de link en klik op "Lid worden".'


def test_one_group_is_known_by_its_name_too_and_stands_there_once() -> None:
    described = Group(name="water", description="Van ons.", how_to_join="Vraag het.")
    (group,) = merged([described], [live_group(description="Van het platform.")])
    assert (group.description, group.how_to_join, group.link) == (
        "Van ons.",
        "Vraag het.",
        "https://engage/1",
    )


def test_what_a_private_community_says_of_itself_reaches_no_more_people() -> None:
    private = live_group(is_public=False, community_key="k", description="Geheim.")
    open_to_all, for_readers = Group(name="Water"), Group(name="Water", visibility=frozenset({"k"}))
    assert merged([open_to_all], [private])[0].description is None
    assert merged([for_readers], [private])[0].description == "Geheim."
    assert merged([], [private])[0].visibility == {"k"}


def test_a_group_that_only_the_platform_knows_is_added() -> None:
    groups = merged([Group(name="Zand")], [live_group()])
    assert [group.name for group in groups] == ["Water", "Zand"]
