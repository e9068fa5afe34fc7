"""What a benchmark measures the bot in Slack against; it imports nothing of the bot.

`python -m tests.fakes.slack_floor stub PORT` is a Slack that takes everything,
`... echo PORT STUB TOKEN SECRET` is bolt's own quick-start app, which says again what was said.
"""

from __future__ import annotations

import sys
from typing import Any


def serve_stub(port: int) -> None:
    """A Slack that takes everything at once, and counts the messages."""
    from aiohttp import web

    posted = 0

    async def api(request: web.Request) -> web.Response:
        nonlocal posted
        method = request.match_info["method"]
        if method == "chat.postMessage":
            body = (
                await request.json() if request.content_type == "application/json" else await request.post()
            )
            posted += 1
            return web.json_response(
                {"ok": True, "channel": body["channel"], "ts": f"1700000000.{posted:06d}"}
            )
        told = {"user_id": "U0ATRIUMBOT", "bot_id": "B0ATRIUMBOT", "team_id": "T0ATRIUM", "team": "Atrium"}
        people = {"user": {"id": "U0AN", "name": "an"}, "members": []}
        return web.json_response({"ok": True, "url": "https://x.slack.com/", "user": "bot"} | people | told)

    async def count(_: web.Request) -> web.Response:
        return web.json_response({"posted": posted})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", api)
    app.router.add_get("/count", count)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


def serve_echo(port: int, stub: str, token: str, secret: str) -> None:
    """bolt's quick-start: say again what was said."""
    import uvicorn
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    app = AsyncApp(client=AsyncWebClient(token, base_url=f"{stub}api/"), signing_secret=secret)

    @app.event("app_mention")
    async def echo(event: dict[str, Any], say: Any) -> None:
        await say(text=event["text"], thread_ts=event["ts"])

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def alive(_: Request) -> Response:
        return Response("ok")

    routes = [Route("/slack/events", events, methods=["POST"]), Route("/healthz", alive)]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    if sys.argv[1] == "stub":
        serve_stub(int(sys.argv[2]))
    else:
        serve_echo(int(sys.argv[2]), *sys.argv[3:])
