"""The speaking part against a Slack that others wrote (the npm package `emulate`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.clock import SystemClock
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.posting import Posting
from handlers.reply import Choice, Reply
from scheduler.port import Missing, NotAccepted, Post, Refused, Sent
from store.engine import Store
from tests.fakes.network import GENERAL
from tests.fakes.slack_blocks import problems, shown
from tests.fakes.slack_emulation import BOT_USER, PERSON_TOKEN, POOR_TOKEN, TOKEN, EmulatedSlack

T = TypeVar("T")

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def slack() -> Iterator[EmulatedSlack]:
    started = EmulatedSlack()
    yield started
    started.close()


@pytest.fixture
def run(slack: EmulatedSlack, sqlite_store: Store) -> Callable[..., object]:
    """Does something with an open connection to it."""

    def run(act: Callable[[SlackConnection], Awaitable[T]], token: str = TOKEN) -> T:
        async def opened() -> T:
            web = WebClient(token, slack.url)
            posting = Posting(web, sqlite_store, SystemClock().now, "https://atria.example.org")
            connection = SlackConnection(web, posting)
            await connection.open()
            try:
                return await act(connection)
            finally:
                await connection.close()

        return asyncio.run(opened())

    return run


def post(slack: EmulatedSlack, key: str, reply: Reply | None = None, **more: object) -> Post:
    community = replace(GENERAL, platform="slack", channel=slack.channel("algemeen"))
    said = reply or Reply(headline="Het is morgen.", choices=(Choice(label="Toon meer", says="toon meer"),))
    return Post(**{"key": key, "kind": "answer", "community": community, "reply": said, **more})


def there(slack: EmulatedSlack, sent: object) -> dict[str, object]:
    assert isinstance(sent, Sent), sent
    channel, _, ts = sent.message_id.partition(":")
    (found,) = (each for each in slack.history(channel) if each["ts"] == ts)
    return found


def test_a_post_stands_in_the_channel_with_its_blocks_and_is_found_by_its_key(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    said = post(slack, "emulated:1")
    sent = run(lambda connection: connection.send(said))
    message = there(slack, sent)
    assert problems(message) == []
    assert shown(message).startswith("*Het is morgen.*")
    found = run(lambda connection: connection.find(said))
    assert isinstance(found, Sent)
    assert found.message_id == sent.message_id
    assert run(lambda connection: connection.find(post(slack, "emulated:none"))) == Missing()


def test_an_answer_stands_in_its_thread_and_is_found_there(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    channel = slack.channel("algemeen")
    asked = slack.call("chat.postMessage", token=PERSON_TOKEN, channel=channel, text="@atriumbot wanneer?")
    said = post(slack, "emulated:2", thread=f"{channel}:{asked['ts']}")
    sent = run(lambda connection: connection.send(said))
    assert isinstance(sent, Sent)
    replies = slack.call("conversations.replies", channel=channel, ts=asked["ts"])["messages"]
    assert [each["ts"] for each in replies] == [asked["ts"], sent.message_id.partition(":")[2]]
    assert run(lambda connection: connection.find(said)) == sent


def test_an_edit_shows_the_new_words_and_leaves_the_message_where_it_is(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    sent = run(lambda connection: connection.send(post(slack, "emulated:3")))
    new = post(slack, "edit:3", Reply(headline="Verplaatst."))
    assert run(lambda connection: connection.edit(sent.message_id, new)) == Sent(
        message_id=sent.message_id, thread=sent.message_id
    )
    assert shown(there(slack, sent)) == "*Verplaatst.*"
    gone = f"{slack.channel('algemeen')}:1.000001"
    assert isinstance(run(lambda connection: connection.edit(gone, new)), Refused)


def test_a_message_to_a_member_stands_in_a_conversation_and_is_found_there(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    (an,) = (each for each in slack.call("users.list")["members"] if each["name"] == "an")
    said = post(slack, "emulated:4", community=None, member=an["id"])
    sent = run(lambda connection: connection.send(said))
    assert there(slack, sent)["user"] == BOT_USER
    found = run(lambda connection: connection.find(said))
    assert isinstance(found, Sent)
    assert found.message_id == sent.message_id


def test_a_private_answer_leaves_nothing_in_the_channel(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    channel = slack.channel("kust")
    (an,) = (each for each in slack.call("users.list")["members"] if each["name"] == "an")
    community = replace(GENERAL, platform="slack", channel=channel)
    private = Reply(headline="Je volgt niets.", private=True)
    before = slack.history(channel)
    sent = run(
        lambda connection: connection.send(
            post(slack, "emulated:5", private, community=community, member=an["id"])
        )
    )
    assert isinstance(sent, Sent), sent
    assert slack.history(channel) == before


def test_an_archived_channel_refuses_and_a_lost_scope_makes_it_wait(
    slack: EmulatedSlack, run: Callable[..., object]
) -> None:
    said = post(slack, "emulated:6")
    assert isinstance(run(lambda connection: connection.send(said), POOR_TOKEN), NotAccepted)
    old = slack.call("conversations.create", token=PERSON_TOKEN, name="oud")["channel"]["id"]
    assert slack.call("conversations.archive", token=PERSON_TOKEN, channel=old)["ok"]
    refused = run(
        lambda connection: connection.send(
            replace(said, community=replace(GENERAL, platform="slack", channel=old))
        )
    )
    assert isinstance(refused, Refused), refused
