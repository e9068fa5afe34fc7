"""As whom the bot is in Slack, and in which workspace: asked of Slack once, and kept for the next start."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.platforms.port import AUTH_REQUIRED, TRANSPORT_GONE, Condition
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.hearing import Workplace
from bot.platforms.slack.people import FAILURES, cause
from handlers.model import Community
from store.engine import Store
from store.notes import find_note, keep_note

log = logs.get(__name__)

_NOTE = "slack:identity"
#: Seconds until Slack is asked again, at first and at the most.
_SOON, _LATER = 1.0, 60.0
#: Seconds that the first start waits to know it.
_FIRST = 3.0

#: What Slack says of a token that will not do any more.
TOKEN_GONE = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})


class Identity:
    """Learns where the bot is.

    Args:
        communities: those that live in Slack.

    Attributes:
        here: None until it is known.
        learned: set when Slack has said it, in this run.
        condition: how asking goes.
    """

    def __init__(self, web: WebClient, store: Store, communities: Sequence[Community]) -> None:
        self._web = web
        self._store = store
        self._places = Workplace(
            team="",
            user="",
            communities={each.channel: each.key for each in communities if each.channel},
            names={each.channel: each.name for each in communities if each.channel},
        )
        self.here: Workplace | None = None
        self.learned = asyncio.Event()
        self.condition = Condition(state=TRANSPORT_GONE, reason="Slack has not been asked yet")
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Recall what was learned before, and begin to ask."""
        self.here = await asyncio.to_thread(self._recall)
        self._task = asyncio.create_task(self._learn(), name="slack-identity")
        if self.here is None:
            # Before it is known, Slack is asked to come again; at the first start that takes a moment.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.learned.wait(), _FIRST)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _learn(self) -> None:
        wait = _SOON
        while not await self._ask():
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LATER)

    async def _ask(self) -> bool:
        try:
            answer = await self._web.auth_test()
        except FAILURES as error:
            self.condition = _unwell(error)
            log.warning("slack_identity_unknown", error=cause(error))
            return False
        team, user, app = answer.get("team_id"), answer.get("user_id"), answer.get("app_id")
        if not isinstance(team, str) or not isinstance(user, str):
            self.condition = Condition(state=AUTH_REQUIRED, reason="Slack did not say whose token this is")
            return False
        self.here = replace(self._places, team=team, user=user, app=app if isinstance(app, str) else None)
        self.condition = Condition()
        self.learned.set()
        try:
            await asyncio.to_thread(self._keep, self.here)
        except SQLAlchemyError as error:
            # It is known in this run; what is kept only spares the next start a wait.
            log.warning("slack_identity_not_kept", error=type(error).__name__)
        return True

    def _recall(self) -> Workplace | None:
        with self._store.reading() as session:
            noted = find_note(session, _NOTE)
        return replace(self._places, **json.loads(noted)) if noted is not None else None

    def _keep(self, here: Workplace) -> None:
        with self._store.writing() as session:
            keep_note(session, _NOTE, json.dumps({"team": here.team, "user": here.user, "app": here.app}))


def _unwell(error: Exception) -> Condition:
    word = cause(error)
    if isinstance(error, SlackApiError) and word in TOKEN_GONE:
        return Condition(
            state=AUTH_REQUIRED, reason=f"Slack refuses the token ({word}): set a new [slack] bot_token"
        )
    return Condition(state=TRANSPORT_GONE, reason=f"Slack cannot be asked ({word}): it is tried again")
