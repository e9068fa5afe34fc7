"""Slack's Web API on loopback: keeps what it accepts, refuses what Slack refuses, and fails by a script.

It takes what the bot calls: chat.postMessage, chat.postEphemeral, chat.update, conversations.open, .history
and .replies, auth.test, and the addresses of answers (`/hooks/...`). What is posted must keep Block Kit's
rules.

A step of the script is done to the next call of its method:

- "429": asks to wait `wait` seconds          - "lost": no answer, and nothing done
- "silent": done, and no answer                - "dropped": done, and the connection cut
- "broken": done, and a 500 page of HTML       - "down": a 503 page of HTML, and nothing done
- "cut": done, and half of the JSON            - "stub": done, and fewer bytes than were promised
- "text": a page in plain text                 - "elsewhere": a 404 page of HTML
- anything else is an error of Slack's, such as "is_archived" or "missing_scope:im:write"
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.slack_blocks import problems

TOKEN = "xoxb-fake"  # noqa: S105  # opens nothing
BOT_USER, BOT = "U0ATRIUMBOT", "B0ATRIUMBOT"

_DONE = {"silent", "dropped", "broken", "cut", "stub"}
_HTML = "<!DOCTYPE html><html><body>Oops</body></html>"


@dataclass(kw_only=True)
class Channel:
    """A channel or a private conversation, with what stands there, oldest first."""

    id: str
    members: set[str] = field(default_factory=set)
    archived: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(kw_only=True)
class Call:
    """One request: the method, its arguments, and what was done to it."""

    method: str
    body: dict[str, Any]
    step: str | None


@dataclass(kw_only=True)
class FakeSlack:
    """The workspace, and what happens next.

    Attributes:
        now: gives the present as aware UTC; messages are numbered by it.
        script: by method, what is done to its next calls.
        calls: every request, in order.
        whispers: what was shown to one member alone.
        hooked: what the addresses of answers took, by address.
        page: messages on one page of a history.
        tokens: whose calls are taken.
        headers: what every answer that is no refusal says besides.
    """

    now: Callable[[], dt.datetime]
    wait: int = 40
    page: int = 200
    channels: dict[str, Channel] = field(default_factory=dict)
    script: dict[str, list[str]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    hooked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hooks: set[str] = field(default_factory=set)
    tokens: tuple[str, ...] = (TOKEN,)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    _number: int = 0

    # --- for the test ------------------------------------------------------------------------------------

    def add_channel(self, name: str, *members: str) -> Channel:
        self.channels[name] = Channel(id=name, members={BOT_USER, *members})
        return self.channels[name]

    def add_hook(self, name: str) -> str:
        """An address that takes one answer."""
        self.hooks.add(name)
        return f"{self.url}hooks/{name}"

    def next(self, method: str, *steps: str) -> None:
        self.script.setdefault(method, []).extend(steps)

    def called(self, method: str) -> list[dict[str, Any]]:
        return [call.body for call in self.calls if call.method == method]

    def say(self, channel: str, text: str, user: str = "U0AN", **more: Any) -> dict[str, Any]:
        """Somebody else writes something."""
        return self._keep(self.channels[channel], {"user": user, "text": text, **more})

    def posted(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What the bot said, in order."""
        return [
            message
            for each in self.channels.values()
            if channel in (None, each.id)
            for message in each.messages
            if message.get("bot_id") == BOT
        ]

    def keys(self, channel: str | None = None) -> list[str]:
        return [message["metadata"]["event_payload"]["key"] for message in self.posted(channel)]

    # --- the methods -------------------------------------------------------------------------------------

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """What Slack would answer; raises `_Refused` with Slack's word."""
        match method:
            case "auth.test":
                told = {"user_id": BOT_USER, "bot_id": BOT, "team": "Atrium", "team_id": "T0ATRIUM"}
                return told | {"url": "https://atrium.slack.example.org/"}
            case "conversations.open":
                return {"channel": {"id": self._conversation(str(body["users"])).id}}
            case "chat.postMessage":
                return self._post(body)
            case "chat.postEphemeral":
                return self._whisper(body)
            case "chat.update":
                return self._update(body)
            case "conversations.history" | "conversations.replies":
                return self._page(method, body)
        raise RefusedError("unknown_method")

    def take(self, name: str, body: dict[str, Any]) -> None:
        if name not in self.hooks:
            raise RefusedError("used_url")
        if problems(body):
            raise RefusedError("invalid_blocks")
        self.hooks.discard(name)
        self.hooked.append((name, body))

    def _conversation(self, member: str) -> Channel:
        return self.channels.setdefault(f"D{member}", Channel(id=f"D{member}", members={BOT_USER, member}))

    def _channel(self, body: dict[str, Any]) -> Channel:
        found = self.channels.get(str(body.get("channel")))
        if found is None:
            raise RefusedError("channel_not_found")
        if BOT_USER not in found.members:
            raise RefusedError("not_in_channel")
        return found

    def _written(self, body: dict[str, Any]) -> Channel:
        channel = self._channel(body)
        if channel.archived:
            raise RefusedError("is_archived")
        broken = problems(body)
        if broken:
            raise RefusedError(f"invalid_blocks:{'; '.join(broken)}")
        return channel

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        channel = self._written(body)
        kept = {
            key: body[key] for key in ("text", "blocks", "metadata", "thread_ts") if body.get(key) is not None
        }
        message = self._keep(channel, {"user": BOT_USER, "bot_id": BOT, **kept})
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _whisper(self, body: dict[str, Any]) -> dict[str, Any]:
        channel = self._written(body)
        if body["user"] not in channel.members:
            raise RefusedError("user_not_in_channel")
        self.whispers.append(body)
        return {"message_ts": self._next_ts()}

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        channel = self._written(body)
        there = next((each for each in channel.messages if each["ts"] == body["ts"]), None)
        if there is None:
            raise RefusedError("message_not_found")
        if there.get("bot_id") != BOT:
            raise RefusedError("cant_update_message")
        there.update({key: body[key] for key in ("text", "blocks", "metadata") if key in body})
        return {"channel": channel.id, "ts": there["ts"], "text": there["text"]}

    def _page(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(body)
        root = body.get("ts") if method == "conversations.replies" else None
        if root and not any(each["ts"] == root for each in channel.messages):
            raise RefusedError("thread_not_found")
        found = [each for each in channel.messages if self._is_on(each, root, float(body.get("oldest") or 0))]
        if not root:
            found.reverse()
        start, size = int(body.get("cursor") or 0), min(int(body["limit"]), self.page)
        more = start + size < len(found)
        asked = body.get("include_all_metadata") == "true"
        shown = [each if asked else each | {"metadata": None} for each in found[start : start + size]]
        cursor = {"response_metadata": {"next_cursor": str(start + size)}} if more else {}
        return {"messages": shown, "has_more": more, **cursor}

    def _is_on(self, message: dict[str, Any], root: str | None, oldest: float) -> bool:
        """A thread shows its first message whatever its age; a channel shows no replies."""
        if root:
            return message["ts"] == root or (
                message.get("thread_ts") == root and float(message["ts"]) > oldest
            )
        return message.get("thread_ts") in (None, message["ts"]) and float(message["ts"]) > oldest

    def _keep(self, channel: Channel, message: dict[str, Any]) -> dict[str, Any]:
        kept = {"type": "message", "ts": self._next_ts(), **message}
        channel.messages.append(kept)
        return kept

    def _next_ts(self) -> str:
        self._number += 1
        return f"{int(self.now().timestamp())}.{self._number:06d}"


class RefusedError(Exception):
    """Slack says no, with this word."""


class _Server:
    """Serves a workspace over HTTP."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hooks/{name}", self._hook)
        return app

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await _body(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._slack.tokens:
            return _json({"ok": False, "error": "invalid_auth"})
        return await self._done(request, method, body, lambda: self._slack.answer(method, body))

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        name, body = request.match_info["name"], await request.json()
        self._slack.calls.append(Call(method="hook", body=body, step=self._step("hook")))
        step = self._slack.calls[-1].step
        try:
            if step is None or step in _DONE:
                self._slack.take(name, body)
        except RefusedError as refused:
            return web.Response(status=404, text=str(refused))
        return await self._fail(request, step, {}) if step else web.Response(text="ok")

    def _step(self, method: str) -> str | None:
        steps = self._slack.script.get(method)
        return steps.pop(0) if steps else None

    async def _done(
        self,
        request: web.Request,
        method: str,
        body: dict[str, Any],
        do: Callable[[], dict[str, Any]],
    ) -> web.StreamResponse:
        step = self._step(method)
        self._slack.calls.append(Call(method=method, body=body, step=step))
        answer: dict[str, Any] = {}
        if step is None or step in _DONE:
            try:
                answer = {"ok": True, **do()}
            except RefusedError as refused:
                step = str(refused)
        return await self._fail(request, step, answer) if step else _json(answer, headers=self._slack.headers)

    async def _fail(self, request: web.Request, step: str, answer: dict[str, Any]) -> web.StreamResponse:
        match step:
            case "429":
                headers = {"Retry-After": str(self._slack.wait)}
                return _json({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "lost" | "silent":
                await asyncio.Event().wait()
            case "dropped":
                _cut(request)
            case "broken":
                return web.Response(status=500, text=_HTML, content_type="text/html")
            case "down":
                return web.Response(status=503, text=_HTML, content_type="text/html")
            case "elsewhere":
                return web.Response(status=404, text=_HTML, content_type="text/html")
            case "text":
                return web.Response(text="Welcome to this network")
            case "cut":
                written = json.dumps(answer)
                return web.Response(text=written[: len(written) // 2], content_type="application/json")
            case "stub":
                return await _stub(request, json.dumps(answer).encode())
        error, _, needed = step.partition(":")
        return _json({"ok": False, "error": error, "needed": needed, "provided": "users:read"})


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        read: dict[str, Any] = await request.json()
        return read
    return dict(request.query) | dict(await request.post())


def _json(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> web.StreamResponse:
    return web.json_response(body, status=status, headers=headers)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _stub(request: web.Request, written: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "9000"})
    await answer.prepare(request)
    await answer.write(written[:20])
    _cut(request)
    return answer


@contextlib.contextmanager
def running(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Serve it on a free port of loopback, in a thread of its own, until the end of the block."""
    loop = asyncio.new_event_loop()
    started = threading.Event()
    runner = web.AppRunner(_Server(slack).app(), access_log=None, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        # Not before: a stop that comes while the loop only starts is forgotten.
        loop.call_soon(started.set)
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        _let_go(asyncio.all_tasks(loop), loop)
        loop.close()

    thread = threading.Thread(target=serve, name="fake slack")
    thread.start()
    started.wait()
    try:
        yield slack
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _let_go(tasks: Iterable[asyncio.Task[Any]], loop: asyncio.AbstractEventLoop) -> None:
    left = list(tasks)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
