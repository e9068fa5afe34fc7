"""One call to Slack at a time: made once, and judged."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.port import Condition
from bot.platforms.slack.client import QUIET, WebClient
from bot.platforms.slack.outcomes import FAULTS, NO_ANSWER, Verdict, of_answer, verdict_of
from scheduler.port import Unknown

Answer: TypeAlias = Mapping[str, Any]

#: What ails the account rather than one method.
_ACCOUNT = ""


class Calls:
    """The calls of the speaking part, and what they tell of the account.

    Args:
        web: the Web API; whoever made it opens and closes it.
    """

    def __init__(self, web: WebClient) -> None:
        self._web = web
        self._ills: dict[str, Condition] = {}
        self._under_way = 0
        self._none_under_way = asyncio.Event()
        self._none_under_way.set()

    @property
    def api_url(self) -> str:
        return self._web.base_url

    def condition(self) -> Condition:
        """How the account is, by the last calls."""
        return next(iter(tuple(self._ills.values())), Condition())

    async def quiet(self) -> None:
        """Wait until no call is on its way."""
        await self._none_under_way.wait()

    async def post(self, method: str, **body: object) -> Answer | Verdict:
        """A call that changes something, as JSON; what is None is left away."""
        return await self._call(method, json={key: each for key, each in body.items() if each is not None})

    async def ask(self, method: str, **params: object) -> Answer | Verdict:
        """A call that changes nothing, as a form: not every such method takes JSON."""
        return await self._call(method, data={key: each for key, each in params.items() if each is not None})

    async def hook(self, address: str, **body: Any) -> Verdict | None:
        """Give something to an address that came with a command or a button; None when it was taken."""
        hooked = AsyncWebhookClient(address, session=self._web.session, logger=QUIET, retry_handlers=[])
        try:
            with self._leaving():
                answer = await hooked.send(**body)
        except FAULTS as fault:
            return verdict_of(fault)
        if answer.status_code == 200:
            return None
        # It says what is wrong in one word of plain text.
        word = re.fullmatch(r"[a-z_]{1,60}", answer.body.strip())
        return of_answer(answer.status_code, {"error": word[0]} if word else {}, answer.headers)

    async def _call(self, method: str, **how: Any) -> Answer | Verdict:
        try:
            with self._leaving():
                answer = (await self._web.api_call(method, **how)).data
        except FAULTS as fault:
            verdict = verdict_of(fault)
            if verdict.condition is not None:
                self._ills[method if verdict.is_about_one_method else _ACCOUNT] = verdict.condition
            return verdict
        for healed in (method, _ACCOUNT):
            self._ills.pop(healed, None)
        return answer if isinstance(answer, dict) else Verdict(outcome=Unknown(reason=NO_ANSWER))

    @contextlib.contextmanager
    def _leaving(self) -> Iterator[None]:
        self._under_way += 1
        self._none_under_way.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._none_under_way.set()
