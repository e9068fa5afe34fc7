"""Puts the listening part together, from the settings: over a socket with an app token, else by HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial

from bot.announcing import Announcing
from bot.network import communities_of
from bot.platforms.slack.after import After
from bot.platforms.slack.app import build_app
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.http import HttpTransport
from bot.platforms.slack.identity import Identity
from bot.platforms.slack.inbound import SlackInbound
from bot.platforms.slack.people import Moderation, People
from bot.platforms.slack.posting import CAPABILITIES
from bot.platforms.slack.recording import Recorder
from bot.platforms.slack.signatures import NOTE, Signatures
from bot.platforms.slack.socket import SocketTransport
from bot.platforms.slack.surfaces import Surfaces
from bot.platforms.slack.transport import Transport
from bot.settings import Settings
from scheduler.port import Capabilities
from store.engine import Store
from store.notes import keep_note
from store.texts import latest_texts


async def _keep_signatures(store: Store, note: str) -> None:
    def write() -> None:
        with store.writing() as session:
            keep_note(session, NOTE, note)

    await asyncio.to_thread(write)


def slack_inbound(
    settings: Settings,
    store: Store,
    now: Callable[[], dt.datetime],
    web: WebClient,
    heard: Callable[[], None],
    capabilities: Mapping[str, Capabilities] | None = None,
) -> SlackInbound:
    """What listens in the workspace of the settings, not opened yet.

    Args:
        now: gives the present as aware UTC.
        heard: called when something was written that must be answered.
        capabilities: of all platforms by name: what is announced here may be read elsewhere.
    """
    slack = settings.slack
    communities = [each for each in communities_of(settings) if each.platform == NAME]
    identity = Identity(web, store, communities)
    moderation = Moderation(source=slack.moderators_from, usergroup=slack.moderators_usergroup)
    people = People(
        web, store, now, communities, moderation, lambda: identity.here.user if identity.here else None
    )
    after = After(web)
    announcing = Announcing(
        settings.rules(),
        approval_above=settings.console.approval_above,
        capabilities={NAME: CAPABILITIES} if capabilities is None else capabilities,
    )

    def keep(note: str) -> None:
        after.do("signatures", _keep_signatures(store, note))

    def transport(inbound: SlackInbound) -> Transport:
        app = build_app(web, lambda: identity.here, inbound, partial(latest_texts, store))
        if slack.app_token is not None:
            return SocketTransport(app, web, slack.app_token.get_secret_value(), lambda: identity.here)
        secret = slack.signing_secret.get_secret_value() if slack.signing_secret is not None else ""
        return HttpTransport(app, Gate(secret, now), lambda: identity.here, Signatures(now), keep)

    return SlackInbound(
        identity=identity,
        people=people,
        recorder=Recorder(store, now, heard),
        surfaces=Surfaces(web=web, store=store, now=now, people=people, after=after, announcing=announcing),
        after=after,
        now=now,
        transport=transport,
    )
