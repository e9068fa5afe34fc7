"""The web of the program: the public agenda, its feeds and open data, health, and the local community."""

from __future__ import annotations

from fastapi import FastAPI

from bot.web import agenda, community, feeds, health, messages, opendata, own_feed
from bot.web.console import routes as console
from bot.web.errors import add_errors
from bot.web.guard import SecurityHeaders
from bot.web.live import Live
from bot.web.pages import STATIC, Pages, StaticAssets
from bot.web.site import Web
from bot.web.wording import Wording

__all__ = ["Web", "create_app"]


def create_app(web: Web) -> FastAPI:
    """The pages, which `bot.front` loads when they are first asked for.

    `app.state.pages` renders pages in the same house style for whoever adds more. Where there is
    a local community, `app.state.live` is its `Live`: stop it before the server waits for open
    connections.
    """
    pages = Pages(has_community=web.local is not None)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.pages = pages
    app.add_middleware(Wording, store=web.store)
    app.add_middleware(SecurityHeaders)
    add_errors(app, pages)
    # The file of one atrium before its page: both match `/atria/x.ics`.
    app.include_router(feeds.routes(web))
    app.include_router(own_feed.routes(web))
    app.include_router(agenda.routes(web, pages))
    app.router.routes.extend(health.routes(web))
    if web.local is not None:
        live = Live(web.store)
        web.local.watch(live.nudge)
        app.state.live = live
        app.include_router(messages.routes(web, web.local))
        app.include_router(community.routes(web, pages, web.local, live))
    if web.console is not None:
        app.include_router(console.routes(web, pages, web.console))
    app.mount("/api", opendata.application(web, pages))
    app.mount("/static", StaticAssets(directory=STATIC), name="static")
    return app
