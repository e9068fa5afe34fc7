"""What is done after Slack was answered: calls that may take their time, and may fail."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import logs
from bot.platforms.slack.client import QUIET, WebClient
from bot.platforms.slack.people import FAILURES, cause
from bot.platforms.slack.places import is_slacks

log = logs.get(__name__)

#: Seconds in which what was begun may still end when the program stops.
GRACE_SECONDS = 2.0


class After:
    """Keeps hold of what was begun, so that it ends with the program and its faults are told."""

    def __init__(self, web: WebClient) -> None:
        self._web = web
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Begin some work; its faults are logged under this name, and nobody else's."""
        task = asyncio.create_task(_told(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def whisper(self, response_url: str | None, text: str) -> None:
        """Tell somebody something at the address that came with what they did."""
        if response_url is not None and is_slacks(response_url, self._web.base_url):
            self.do("whisper", self._whisper(response_url, text))

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def close(self) -> None:
        tasks = tuple(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _whisper(self, response_url: str, text: str) -> None:
        hook = AsyncWebhookClient(response_url, session=self._web.session, logger=QUIET, retry_handlers=[])
        await hook.send(text=text, response_type="ephemeral", replace_original=False)


async def _told(what: str, work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except FAILURES as error:
        log.warning("slack_follow_up_failed", work=what, error=cause(error))
    except Exception:
        # Nobody waits for this work, so nobody else would tell of its faults.
        log.exception("slack_follow_up_broke", work=what)
