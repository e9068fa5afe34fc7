"""Puts the two parts of the connection with Slack together, from the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import SlackConnection
from bot.platforms.slack.listening import slack_inbound
from bot.platforms.slack.posting import Posting
from bot.settings import Settings
from scheduler.port import Capabilities
from store.engine import Store


def slack_connection(
    settings: Settings,
    store: Store,
    now: Callable[[], dt.datetime],
    capabilities: Mapping[str, Capabilities] | None = None,
) -> SlackConnection:
    """The bot in the workspace of the settings, not opened yet.

    Args:
        settings: with `[slack] bot_token`.
        now: gives the present as aware UTC.
        capabilities: of all platforms by name, for what an announcement looks like there; without it
            Slack's alone are known.
    """
    token = settings.slack.bot_token
    if token is None:
        raise ValueError("[slack] bot_token is not set")
    web = WebClient(token.get_secret_value(), settings.slack.api_url)
    connection = SlackConnection(web, Posting(web, store, now, settings.public_url()))
    connection.inbound = slack_inbound(settings, store, now, web, connection.heard, capabilities)
    return connection
