"""Looks for a post in Slack's own history, by the key in its metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.calls import Answer, Calls
from bot.platforms.slack.outcomes import NO_ANSWER, Verdict
from bot.platforms.slack.places import message_id, thread_of
from scheduler.port import Missing, Post, Sent, Unknown

#: The name of the metadata that carries a post's key.
EVENT_TYPE = "atriumbot_post"

#: How far Slack's clock and ours may differ.
SKEW = dt.timedelta(minutes=10)

#: How far back is looked where nobody knows when the post was due.
FAR_BACK = dt.timedelta(days=7)

#: Messages on one page, and pages that are read before the answer is that nobody can tell.
PAGE = 200
PAGES = 10

_TOO_MANY = "reden.slack te veel berichten"


class Sightings:
    """Tells whether a post is there; only the bot's own messages count."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._ourselves: frozenset[str] = frozenset()
        #: The address of the workspace, once Slack told it.
        self.workspace: str | None = None

    async def ask_who_we_are(self) -> Verdict | None:
        """The ids under which our messages stand; None when Slack told them."""
        answer = await self._calls.post("auth.test")
        if isinstance(answer, Verdict):
            return answer
        ids = (answer.get("user_id"), answer.get("bot_id"))
        self._ourselves = frozenset(str(each) for each in ids if each)
        url = str(answer.get("url") or "")
        self.workspace = url if url.startswith("https://") else None
        return None

    async def find(
        self, post: Post, channel: str, thread_ts: str | None, now: dt.datetime
    ) -> Sent | Missing | Unknown:
        """Look through the channel, or the thread, from the moment on that the post was due.

        Args:
            now: aware UTC; only for a post of which nobody knows when it was due.
        """
        verdict = None if self._ourselves else await self.ask_who_we_are()
        if verdict is not None:
            return _unknown(verdict)
        due_at = post.due_at or now - FAR_BACK
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._page(channel, thread_ts, due_at - SKEW, cursor)
            if isinstance(page, Verdict):
                return Missing() if page.error == "thread_not_found" else _unknown(page)
            for message in page.get("messages") or ():
                if self._is(message, post.key):
                    there = message_id(channel, str(message["ts"]))
                    return Sent(message_id=there, thread=thread_of(there, thread_ts, post))
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "") or None
            if cursor is None:
                return Unknown(reason=_TOO_MANY) if page.get("has_more") else Missing()
        return Unknown(reason=_TOO_MANY)

    async def reactions(self, channel: str, ts: str) -> int | None:
        """How many reactions stand below a message, all signs together; None when Slack did not say.

        They come with the message itself, so what may read the history may read them.
        """
        answer = await self._calls.ask(
            "conversations.replies", channel=channel, ts=ts, limit=1, inclusive="true"
        )
        if isinstance(answer, Verdict):
            return None
        found = next((each for each in answer.get("messages") or () if each.get("ts") == ts), None)
        if found is None:
            return None
        numbers = [each.get("count") for each in found.get("reactions") or () if isinstance(each, dict)]
        return sum(number for number in numbers if isinstance(number, int))

    async def _page(
        self, channel: str, thread_ts: str | None, since: dt.datetime, cursor: str | None
    ) -> Answer | Verdict:
        return await self._calls.ask(
            "conversations.replies" if thread_ts else "conversations.history",
            channel=channel,
            ts=thread_ts,
            oldest=f"{since.timestamp():.6f}",
            limit=PAGE,
            cursor=cursor,
            include_all_metadata="true",
        )

    def _is(self, message: Mapping[str, Any], key: str) -> bool:
        written_by = {message.get("user"), message.get("bot_id")}
        metadata = message.get("metadata") or {}
        return (
            not self._ourselves.isdisjoint(written_by)
            and metadata.get("event_type") == EVENT_TYPE
            and (metadata.get("event_payload") or {}).get("key") == key
        )


def _unknown(verdict: Verdict) -> Unknown:
    return Unknown(reason=str(getattr(verdict.outcome, "reason", NO_ANSWER)))
