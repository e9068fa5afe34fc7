"""What comes over a socket is answered as by HTTP, and a socket that is deaf does not stay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from bot.platforms.port import DEAF, OK
from bot.platforms.slack import listening as joined
from bot.platforms.slack.socket import DEAF_SECONDS, LOOK_SECONDS, SocketTransport
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.program import wait_for
from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_caller import command_body, event_body, message, press
from tests.fakes.slack_program import CHANNEL, SlackProgram
from tests.fakes.slack_socket import FakeSocket, listening
from tests.fakes.slack_workspace import APP_TOKEN, Workspace

MENTION = f"<@{BOT_USER}> wat kun je?"


@pytest.fixture
def socket(workspace: Workspace) -> Iterator[FakeSocket]:
    with listening(FakeSocket()) as served:
        workspace.socket_url = served.url
        yield served


@pytest.fixture
def bot(
    sqlite_store: Store,
    workspace: Workspace,
    clock: SteeredClock,
    socket: FakeSocket,
    monkeypatch: pytest.MonkeyPatch,
) -> SlackProgram:
    """The bot by Socket Mode, with a watchdog that is a hundred times as quick."""

    def quick(*given: object, **more: object) -> SocketTransport:
        return SocketTransport(*given, **more, deaf_after=0.6, look_every=0.05, ping_every=0.1)  # type: ignore[arg-type]

    monkeypatch.setattr(joined, "SocketTransport", quick)
    return SlackProgram(sqlite_store, workspace, clock, app_token=APP_TOKEN)


async def until(what: str, holds: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_for, what, lambda: holds() or None, 20)


async def greeted(bot: SlackProgram) -> None:
    await until("the socket is well", lambda: bot.connection.condition().state == OK)


def test_what_comes_over_a_socket_is_written_acknowledged_and_answered(
    bot: SlackProgram, socket: FakeSocket
) -> None:
    async def act() -> None:
        await greeted(bot)
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        for _ in range(2):
            identity = socket.send("events_api", event_body(asked), accepts_response_payload=False)
            await asyncio.to_thread(socket.answer_to, identity)
        await bot.settled()
        (answer,) = bot.said(CHANNEL)
        identity = socket.send(
            "interactive", press(answer, {"action_id": "says:1", "value": "wat kun je?"}, channel=CHANNEL)
        )
        await asyncio.to_thread(socket.answer_to, identity)
        hook = bot.slack.add_hook("an")
        identity = socket.send("slash_commands", command_body("wat kun je?", response_url=hook))
        assert await asyncio.to_thread(socket.answer_to, identity) == {"envelope_id": identity}
        await bot.settled()
        assert len(bot.said(CHANNEL)) == 2
        assert len(bot.slack.hooked) == 1

    bot.run(act)


def test_over_a_socket_too_another_workspace_is_not_heard(bot: SlackProgram, socket: FakeSocket) -> None:
    async def act() -> None:
        await greeted(bot)
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        for payload in (event_body(asked, team="T0ANDER"), {"type": "event_callback", "event": 5}):
            await asyncio.to_thread(socket.answer_to, socket.send("events_api", payload))
        await bot.settled()
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_what_cannot_be_written_is_not_acknowledged_over_a_socket(
    bot: SlackProgram, socket: FakeSocket
) -> None:
    async def act() -> None:
        await greeted(bot)
        bot.inbound.recorder.within = 0.05
        asked = event_body(message(MENTION, ts=bot.ts(), channel=CHANNEL))
        with bot.store.writing():
            unheard = socket.send("events_api", asked)
            await until("the recorder gave up", lambda: bot.inbound.recorder.given_up > 0)
        bot.inbound.recorder.within = 30
        await asyncio.to_thread(socket.answer_to, socket.send("events_api", asked))
        assert unheard not in socket.acknowledged
        await bot.settled()
        assert len(bot.said(CHANNEL)) == 1

    bot.run(act)


def test_a_socket_that_slack_takes_back_or_that_breaks_is_opened_anew(
    bot: SlackProgram, socket: FakeSocket
) -> None:
    async def act() -> None:
        await greeted(bot)
        for number, end in enumerate((socket.dismiss, socket.cut), start=2):
            await asyncio.to_thread(end)
            await until("another socket", lambda number=number: socket.opened >= number)  # type: ignore[misc]
            await greeted(bot)
        identity = socket.send("events_api", event_body(message(MENTION, ts=bot.ts(), channel=CHANNEL)))
        await asyncio.to_thread(socket.answer_to, identity)

    bot.run(act)


def test_a_socket_that_is_alive_and_deaf_shows_and_is_opened_anew(
    bot: SlackProgram, socket: FakeSocket
) -> None:
    """C-18: the connection stands, and nothing comes over it any more."""

    async def act() -> None:
        await greeted(bot)
        socket.is_deaf, socket.greets = True, False
        await until("it shows", lambda: bot.connection.condition().state == DEAF)
        opened = socket.opened
        await until("it is opened anew", lambda: socket.opened > opened)
        assert bot.connection.condition().state == DEAF
        socket.is_deaf, socket.greets = False, True
        await greeted(bot)

    bot.run(act)


def test_a_socket_that_is_never_greeted_is_deaf(bot: SlackProgram, socket: FakeSocket) -> None:
    async def act() -> None:
        socket.greets = False
        await until("it is opened anew", lambda: socket.opened >= 3)
        assert bot.connection.condition().state == DEAF

    socket.greets = False
    bot.run(act)


def test_a_deaf_socket_shows_within_two_minutes() -> None:
    """C-18 in figures: what may pass before it is noticed, and a look later before it shows."""
    assert DEAF_SECONDS + LOOK_SECONDS < 120
