"""Puts the parts of the connection with Viva Engage together, from the settings."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Callable

import httpx
from sqlalchemy.orm import Session

from bot.graph.auth import TokenSource
from bot.platforms.engage import words
from bot.platforms.engage.budget import CallBudget
from bot.platforms.engage.client import EngageClient
from bot.platforms.engage.connection import EngageConnection
from bot.platforms.engage.hearing import NAME
from bot.platforms.engage.lookup import Lookup
from bot.platforms.engage.messages import Page
from bot.platforms.engage.poller import Poller
from bot.platforms.engage.posting import Posting
from bot.platforms.engage.rendering import References
from bot.platforms.engage.standing import Standing
from bot.pseudonyms import security_key
from bot.settings import Settings
from scheduler.port import Post
from store import addresses, spoken
from store.engine import Store
from store.leases import database_now


def engage_connection(
    settings: Settings,
    store: Store,
    now: Callable[[], dt.datetime],
    tokens: TokenSource,
    *,
    pace: Callable[[Session], dt.datetime] = database_now,
    transport: httpx.AsyncBaseTransport | None = None,
) -> EngageConnection:
    """The bot's account in the network of the settings, not opened yet.

    Args:
        now: gives the present as aware UTC.
        tokens: gives the tokens of the account.
        pace: the clock of rate limits and polls, which the replicas share.
        transport: of the HTTP client; None is the network.
    """
    holder = f"engage-{secrets.token_hex(6)}"
    client = EngageClient(settings.engage.api_url, tokens, transport)
    standing = Standing(now)
    budget = CallBudget(store, NAME, holder, pace)
    references = References(security_key(settings))
    made: list[EngageConnection] = []
    poller = Poller(
        client,
        budget,
        standing,
        store,
        holder=holder,
        now=now,
        pace=pace,
        every=dt.timedelta(seconds=settings.engage.poll_seconds),
        kept_for=dt.timedelta(days=settings.privacy.retention_days),
        heard=lambda: made[0].heard(),
    )
    notes = _Notes(store, now)
    made.append(
        EngageConnection(
            client,
            poller,
            Posting(client, budget, standing, references, now, notes.sent, notes.plain),
            Lookup(client, budget, standing, references, poller.may_poll),
            standing,
            notes.address,
        )
    )
    return made[0]


class _Notes:
    """What is written down beside the outbox when something was posted."""

    def __init__(self, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._now = now

    async def sent(self, page: Page) -> None:
        """The bot speaks in this thread from now on."""
        said = page.messages[0]
        # Up to what it answered: somebody may have spoken between the question and the answer.
        known_to = said.replied_to or said.id

        def note() -> None:
            with self._store.writing() as session:
                spoken.note(session, NAME, {str(said.thread): known_to}, self._now())
                if said.address and said.replied_to is None:
                    addresses.keep_address(session, NAME, str(said.id), said.address)

        await asyncio.to_thread(note)

    def address(self, message: str) -> str | None:
        """Where people can open a message of the bot's that began a thread, as the platform said."""
        with self._store.glancing() as session:
            return addresses.find_address(session, NAME, message)

    async def plain(self, post: Post, message: str) -> None:
        """Whoever announced hears that it is a plain post."""

        def owe() -> None:
            with self._store.writing() as session:
                words.tell_plain(session, post, message, self._now())

        await asyncio.to_thread(owe)
