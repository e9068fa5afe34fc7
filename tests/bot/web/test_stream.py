"""New messages on an open page, as they come, over real connections."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import httpx
import pytest

from bot.platforms.local import LocalPlatform
from bot.web.live import Live
from handlers.reply import Reply
from scheduler.port import Post
from store.engine import Store
from store.local import LocalMessage
from tests.fakes.network import GENERAL, fill
from tests.fakes.program import wait_for
from tests.fakes.visitor import served, web

PATIENCE = httpx.Timeout(20.0)


@pytest.fixture
def platform(sqlite_store: Store, now: dt.datetime) -> LocalPlatform:
    fill(sqlite_store)
    return LocalPlatform(sqlite_store, lambda: now)


@pytest.fixture
def address(sqlite_store: Store, now: dt.datetime, platform: LocalPlatform) -> Iterator[str]:
    with served(web(sqlite_store, now, local=platform)) as base:
        yield f"{base}/community/algemeen/stream"


def told(lines: Iterator[str], number: int) -> list[tuple[str, dict[str, Any]]]:
    """The next events of a stream: id and data."""
    found: list[tuple[str, dict[str, Any]]] = []
    event_id = ""
    for line in lines:
        if line.startswith("id: "):
            event_id = line.removeprefix("id: ")
        if line.startswith("data: "):
            found.append((event_id, json.loads(line.removeprefix("data: "))))
            if len(found) == number:
                break
    return found


def test_a_message_reaches_an_open_page(address: str, platform: LocalPlatform) -> None:
    with httpx.stream("GET", address, timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        said = platform.receive("algemeen", "An <b>", "lid", "dag <i>allemaal</i>")
        ((event_id, data),) = told(lines, 1)
    assert event_id == str(said.id)
    assert (data["id"], data["thread"], data["begins"]) == (str(said.id), str(said.id), True)
    assert "dag &lt;i&gt;allemaal&lt;/i&gt;" in data["html"]
    assert "An &lt;b&gt;" in data["html"]


def test_a_post_of_the_bot_reaches_an_open_page(address: str, platform: LocalPlatform) -> None:
    begun = platform.receive("algemeen", "An", "lid", "@atriumbot help")
    with httpx.stream("GET", address, params={"after": begun.id}, timeout=PATIENCE) as answer:
        post = Post(
            key="k", kind="answer", community=GENERAL, thread=str(begun.id), reply=Reply(headline="Zo.")
        )
        asyncio.run(platform.send(post))
        ((_, data),) = told(answer.iter_lines(), 1)
    assert data["thread"] == str(begun.id)
    assert data["begins"] is False
    assert data["html"].lstrip().startswith("<li")


def test_a_message_of_another_process_reaches_an_open_page(
    address: str, sqlite_store: Store, now: dt.datetime
) -> None:
    elsewhere = Store(str(sqlite_store.url))
    other = LocalPlatform(elsewhere, lambda: now)
    with httpx.stream("GET", address, timeout=PATIENCE) as answer:
        said = other.receive("algemeen", "An", "lid", "van elders")
        ((event_id, _),) = told(answer.iter_lines(), 1)
    elsewhere.close()
    assert event_id == str(said.id)


def test_a_page_that_lost_its_connection_gets_what_it_missed(address: str, platform: LocalPlatform) -> None:
    ids = [platform.receive("algemeen", "An", "lid", text).id for text in ("een", "twee", "drie")]
    platform.receive("mandatarissen", "An", "lid", "elders")
    headers = {"Last-Event-ID": str(ids[0])}
    with httpx.stream("GET", f"{address}?after=0", headers=headers, timeout=PATIENCE) as answer:
        found = told(answer.iter_lines(), 2)
    assert [event_id for event_id, _ in found] == [str(ids[1]), str(ids[2])]


def test_an_unknown_community_has_no_stream(address: str) -> None:
    assert httpx.get(address.replace("algemeen", "nergens")).status_code == 404
    assert httpx.get(address, params={"after": "x"}).status_code == 422


async def batches(stream: AsyncIterator[Sequence[LocalMessage]], number: int) -> list[Sequence[LocalMessage]]:
    return [await anext(stream) for _ in range(number)]


def test_a_silent_stream_has_a_heartbeat(sqlite_store: Store, platform: LocalPlatform) -> None:
    async def listen() -> list[Sequence[LocalMessage]]:
        stream = Live(sqlite_store, interval=0.01, heartbeat=0.05).messages("algemeen", 0)
        try:
            return await batches(stream, 2)
        finally:
            await stream.aclose()  # type: ignore[attr-defined]

    assert asyncio.run(listen()) == [(), ()]


def test_a_stopped_stream_ends(sqlite_store: Store, platform: LocalPlatform) -> None:
    async def listen() -> list[Sequence[LocalMessage]]:
        live = Live(sqlite_store)
        asyncio.get_running_loop().call_later(0.05, live.stop)
        return [batch async for batch in live.messages("algemeen", 0) if batch]

    assert asyncio.run(listen()) == []


class CountedLive(Live):
    """Counts how often a reader found nothing new."""

    empty_reads = 0

    def _read(self, community: str, after: int) -> list[LocalMessage]:
        found = super()._read(community, after)
        self.empty_reads += not found
        return found


def test_a_waiting_reader_is_woken_by_what_comes(sqlite_store: Store, platform: LocalPlatform) -> None:
    async def listen() -> Sequence[LocalMessage]:
        live = CountedLive(sqlite_store, heartbeat=3600)
        stream = live.messages("algemeen", 0)
        reading = asyncio.create_task(anext(stream))  # type: ignore[arg-type]
        await asyncio.to_thread(wait_for, "the reader to look in vain", lambda: live.empty_reads)
        await asyncio.to_thread(platform.receive, "algemeen", "An", "lid", "dag")
        try:
            return await asyncio.wait_for(reading, 20)
        finally:
            await stream.aclose()  # type: ignore[attr-defined]

    assert [message.text for message in asyncio.run(listen())] == ["dag"]


def lookers() -> list[asyncio.Task[Any]]:
    """The tasks that ask the store for new messages."""
    tasks = asyncio.all_tasks()
    return [task for task in tasks if getattr(task.get_coro(), "__qualname__", "") == "Live._look"]


def test_one_task_looks_for_all_readers_and_ends_with_the_last(
    sqlite_store: Store, platform: LocalPlatform
) -> None:
    platform.receive("algemeen", "An", "lid", "dag")

    async def listen() -> tuple[int, bool]:
        live = Live(sqlite_store)
        streams = [live.messages("algemeen", 0) for _ in range(3)]
        for stream in streams:
            await anext(stream)
        looking = lookers()
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]
        await asyncio.wait(looking, timeout=10)
        return len(looking), looking[0].cancelled()

    assert asyncio.run(listen()) == (1, True)


def test_a_nudge_without_readers_does_nothing(sqlite_store: Store) -> None:
    Live(sqlite_store).nudge()
