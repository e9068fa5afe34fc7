"""The one place where the real world is put together: store, rules, platforms, delivery, web."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.conversation import Conversation
from bot.effects import Effects
from bot.metrics import Metrics
from bot.network import local_is_enabled, settle_in
from bot.pseudonyms import Pseudonyms, key_from_file
from bot.settings import Settings
from handlers.model import Community
from scheduler.rules import Rules
from store.engine import Store
from store.leases import database_now

if TYPE_CHECKING:
    from bot.inbox import Inbox
    from bot.platforms.local import LocalPlatform
    from bot.platforms.port import Connection
    from scheduler.clockwork import Clockwork
    from scheduler.delivery import Delivery
    from scheduler.port import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """Everything that runs, put together but not started."""

    settings: Settings
    clock: Clock
    store: Store
    rules: Rules
    communities: tuple[Community, ...]
    local: LocalPlatform | None
    connections: tuple[Connection, ...]
    delivery: Delivery
    inbox: Inbox
    clockwork: Clockwork
    metrics: Metrics
    public_url: str


def pseudonyms_of(settings: Settings) -> Pseudonyms:
    """The pseudonyms' key: of the settings, else of a file beside the database."""
    if settings.security.key is not None:
        return Pseudonyms(settings.security.key.get_secret_value().encode())
    url = settings.database.url
    beside = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite:///") else Path("var")
    return Pseudonyms(key_from_file(beside / "atriumbot.key"))


def build_conversation(
    settings: Settings, whispering: Collection[str] = (), delays: Mapping[str, str] | None = None
) -> Conversation:
    """The conversation, for the program and for one question on the command line alike.

    Args:
        whispering: names of the platforms on which a private reply reaches the asker alone.
        delays: by platform, what to tell members of how long an answer takes there.
    """
    effects = Effects(settings.rules(), pseudonyms_of(settings))
    return Conversation(
        effects,
        public_url=settings.public_url(),
        kept_for=timedelta(days=settings.privacy.retention_days),
        whispering=whispering,
        delays=delays,
    )


def replica_name() -> str:
    """A name for this process that no other has had: host names come back, this does not."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def connect(settings: Settings, store: Store, now: Callable[[], datetime]) -> tuple[Connection, ...]:
    """The platforms elsewhere that the settings name, not opened yet."""
    connections: list[Connection] = []
    return tuple(connections)


def build(settings: Settings, store: Store, clock: Clock, *, demo: bool = False) -> Program:
    """Put the program together on a migrated store."""
    from bot.inbox import Inbox
    from bot.platforms.local import LocalPlatform
    from bot.retention import clearing_up
    from scheduler.clockwork import Clockwork
    from scheduler.delivery import Delivery

    rules, metrics, name = settings.rules(), Metrics(), replica_name()
    kept_for = timedelta(days=settings.privacy.retention_days)
    communities = settle_in(store, settings, demo=demo)
    now: Callable[[], datetime] = clock.now
    local = LocalPlatform(store, now) if local_is_enabled(settings, demo=demo) else None
    connections = connect(settings, store, now)
    here: tuple[Platform, ...] = (local,) if local is not None else ()
    platforms = {platform.name: platform for platform in (*here, *connections)}
    delivery = Delivery(store, platforms, rules, now, name, pace=database_now, told=metrics.settled)
    whispering = [each for each, platform in platforms.items() if platform.capabilities.direct_messages]
    delays = {each.name: each.answer_delay for each in connections if each.answer_delay}
    inbox = Inbox(store, build_conversation(settings, whispering, delays), delivery, rules, now, metrics)
    if local is not None:
        local.on_event = inbox.nudge
    for connection in connections:
        connection.on_event = inbox.nudge
    return Program(
        settings=settings,
        clock=clock,
        store=store,
        rules=rules,
        communities=communities,
        local=local,
        connections=connections,
        delivery=delivery,
        inbox=inbox,
        clockwork=Clockwork(store, delivery, rules, now, nightly=clearing_up(store, now, kept_for)),
        metrics=metrics,
        public_url=settings.public_url(),
    )
