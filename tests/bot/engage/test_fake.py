"""The fake keeps to what is known of the real API, so that what holds against it means something."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx
import pytest

from tests.fakes.engage.carrying import Within
from tests.fakes.engage.gate import Rest
from tests.fakes.engage.world import GRAPH, YAMMER, World
from tests.fakes.engage.yammer import app
from tests.fakes.platform import SteeredClock


class Client:
    """Somebody who calls the API as the bot's account."""

    def __init__(self) -> None:
        self.clock = SteeredClock(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
        self.world = World(self.clock.now)
        self.rest = self.world.part(Rest)
        self.an = self.world.add_user("An Peeters")
        self.group = self.world.add_group("Algemeen", members=[self.an])
        self._wire = Within(app(self.world))
        self.token = self.world.issue(YAMMER, self.world.bot)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        self.clock.forward(seconds=3)

        async def call() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._wire, base_url="http://localhost/api/v1") as http:
                headers = {"Authorization": f"Bearer {self.token}"}
                return await http.request(method, path, headers=headers, **more)

        return asyncio.run(call())


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_token_of_graph_or_one_that_ran_out_is_no_token_here(client: Client) -> None:
    expected = {"response": {"message": "Token not found.", "code": 16, "stat": "fail"}}
    client.token = client.world.issue(GRAPH, client.world.bot)
    assert client.ask("GET", "/messages.json").json() == expected
    client.token = client.world.issue(YAMMER, client.world.bot)
    client.clock.forward(hours=2)
    assert client.ask("GET", "/messages.json").json() == expected


@pytest.mark.parametrize("how", ["params", "data", "json"])
def test_a_post_is_taken_in_the_query_as_a_form_and_as_json(client: Client, how: str) -> None:
    fields = {"body": "Dag allemaal", "group_id": str(client.group.id)}
    answer = client.ask("POST", "/messages.json", **{how: fields})
    (message,) = answer.json()["messages"]
    assert answer.status_code == 201
    assert message["body"]["plain"] == "Dag allemaal"
    assert "replied_to_id" not in message


def test_a_feed_has_twenty_to_a_page_newest_first_and_says_whether_there_is_more(client: Client) -> None:
    said = [client.world.say(client.an, f"{number}", group=client.group).id for number in range(25)]
    path = f"/messages/in_group/{client.group.id}.json"
    first = client.ask("GET", path).json()
    assert [each["id"] for each in first["messages"]] == said[:4:-1]
    assert first["meta"]["older_available"] is True
    second = client.ask("GET", path, params={"older_than": first["messages"][-1]["id"]}).json()
    assert [each["id"] for each in second["messages"]] == said[4::-1]
    assert second["meta"]["older_available"] is False


def test_a_reply_lets_an_old_thread_surface(client: Client) -> None:
    old, new = (client.world.say(client.an, text, group=client.group) for text in ("oud", "nieuw"))
    client.world.say(client.an, "antwoord", thread=old.id)
    path = f"/messages/in_group/{client.group.id}.json"
    shown = client.ask("GET", path, params={"threaded": "true"}).json()["messages"]
    assert [each["id"] for each in shown] == [old.id, new.id]


def test_the_eleventh_call_in_thirty_seconds_is_one_too_many(client: Client) -> None:
    statuses = []
    for _ in range(11):
        statuses.append(client.ask("GET", "/messages/sent.json").status_code)
        client.clock.forward(seconds=-2.5)
    assert statuses == [200] * 10 + [429]
    assert client.rest.violations
    client.clock.forward(seconds=30)
    assert client.ask("GET", "/messages/sent.json").status_code == 200


def test_a_feed_that_is_polled_twice_in_a_minute_is_objected_to(client: Client) -> None:
    for _ in range(2):
        client.ask("GET", "/messages/received.json")
    assert len(client.rest.violations) == 1


def test_only_who_owns_a_community_announces(client: Client) -> None:
    fields = {"body": "Nieuws", "group_id": str(client.group.id), "broadcast": "true"}
    assert client.ask("POST", "/messages.json", data=fields).status_code == 403
    client.group.owners.add(client.world.bot.id)
    answer = client.ask("POST", "/messages.json", data=fields).json()
    (thread,) = [each for each in answer["references"] if each["type"] == "thread"]
    assert thread["announcement"] is True


def test_what_was_deleted_cannot_be_answered(client: Client) -> None:
    said = client.world.say(client.an, "vraag", group=client.group)
    client.world.delete(said.id)
    fields = {"body": "antwoord", "replied_to_id": str(said.id)}
    assert client.ask("POST", "/messages.json", data=fields).status_code == 404


def test_truth_about_people_is_text_and_numbers_rise_with_time(client: Client) -> None:
    assert client.ask("GET", "/users/current.json").json()["admin"] == "false"
    first, second = (client.world.say(client.an, "x", group=client.group).id for _ in range(2))
    assert 2**31 < first < second < 2**53
