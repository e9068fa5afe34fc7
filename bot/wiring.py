"""The one place where the real world is put together: store, rules, platforms, delivery, web."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.announcing import Announcing
from bot.clock import Clock
from bot.conversation import Conversation
from bot.demo import settle_people
from bot.effects import Effects
from bot.network import local_is_enabled, settle_in
from bot.pseudonyms import Pseudonyms, security_key
from bot.settings import Settings
from handlers.model import Community
from scheduler.rules import Rules
from store.engine import Store
from store.leases import database_now
from store.subscriptions import keep_direct_platforms

if TYPE_CHECKING:
    from bot.graph.watch import GraphWatch
    from bot.inbox import Inbox
    from bot.metrics import Metrics
    from bot.platforms.local import LocalPlatform
    from bot.platforms.port import Connection
    from scheduler.clockwork import Clockwork
    from scheduler.delivery import Delivery
    from scheduler.port import Capabilities, Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """Everything that runs, put together but not started."""

    settings: Settings
    clock: Clock
    store: Store
    rules: Rules
    announcing: Announcing
    demo: bool = False
    communities: tuple[Community, ...]
    local: LocalPlatform | None
    connections: tuple[Connection, ...]
    delivery: Delivery
    inbox: Inbox
    clockwork: Clockwork
    metrics: Metrics
    public_url: str
    graph: GraphWatch | None = None


def pseudonyms_of(settings: Settings) -> Pseudonyms:
    """The pseudonyms' key: of the settings, else of a file beside the database."""
    return Pseudonyms(security_key(settings))


def build_announcing(settings: Settings, platforms: Mapping[str, Platform] | None = None) -> Announcing:
    """Announcing, for conversations, forms and the console alike.

    Args:
        platforms: those that are there, by name.
    """
    from bot.addresses import link_on

    here = platforms or {}
    return Announcing(
        settings.rules(),
        approval_above=settings.console.approval_above,
        capabilities={name: each.capabilities for name, each in here.items()},
        link_to=link_on(here, settings.public_url()),
    )


def build_conversation(
    settings: Settings,
    whispering: Collection[str] = (),
    delays: Mapping[str, str] | None = None,
    announcing: Announcing | None = None,
) -> Conversation:
    """The conversation, for the program and for one question on the command line alike.

    Args:
        whispering: names of the platforms on which a private reply reaches the asker alone.
        delays: by platform, what to tell members of how long an answer takes there.
    """
    effects = Effects(settings.rules(), pseudonyms_of(settings), announcing or build_announcing(settings))
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


def connect(
    settings: Settings,
    store: Store,
    now: Callable[[], datetime],
    capabilities: Mapping[str, Capabilities] | None = None,
) -> tuple[Connection, ...]:
    """The platforms elsewhere that the settings name, not opened yet.

    Args:
        capabilities: of all platforms by name, for forms that show what will be read where; it may be
            filled in later.
    """
    connections: list[Connection] = []
    if settings.slack.bot_token is not None:
        from bot.platforms.slack.joining import slack_connection

        connections.append(slack_connection(settings, store, now, capabilities))
    given = settings.engage.access_token or settings.engage.token_file
    if given or any(each.platform == "engage" for each in settings.communities):
        from bot.graph.auth import tokens_of
        from bot.platforms.engage.joining import engage_connection

        connections.append(engage_connection(settings, store, now, tokens_of(settings, store)))
    return tuple(connections)


def watch_graph(
    settings: Settings,
    store: Store,
    communities: tuple[Community, ...],
    name: str,
    now: Callable[[], datetime],
) -> GraphWatch | None:
    """What keeps up with Microsoft Graph, where there is an app registration; not opened yet."""
    if settings.entra.client_id is None:
        return None
    from bot.graph.joining import graph_watch

    return graph_watch(settings, store, communities, name, now)


def build(settings: Settings, store: Store, clock: Clock, *, demo: bool = False) -> Program:
    """Put the program together on a migrated store."""
    from bot.inbox import Inbox
    from bot.metrics import Metrics
    from bot.platforms.local import LocalPlatform
    from bot.retention import clearing_up
    from scheduler.clockwork import Clockwork
    from scheduler.delivery import Delivery

    rules, metrics, name = settings.rules(), Metrics(), replica_name()
    kept_for = timedelta(days=settings.privacy.retention_days)
    communities = settle_in(store, settings, demo=demo)
    if demo:
        settle_people(store, clock.now())
    now: Callable[[], datetime] = clock.now
    local = LocalPlatform(store, now) if local_is_enabled(settings, demo=demo) else None
    capabilities: dict[str, Capabilities] = {}
    connections = connect(settings, store, now, capabilities)
    here: tuple[Platform, ...] = (local,) if local is not None else ()
    platforms = {platform.name: platform for platform in (*here, *connections)}
    capabilities |= {name: platform.capabilities for name, platform in platforms.items()}
    delivery = Delivery(store, platforms, rules, now, name, pace=database_now, told=metrics.settled)
    whispering = [each for each, platform in platforms.items() if platform.capabilities.direct_messages]
    with store.writing() as session:
        keep_direct_platforms(session, whispering)
    delays = {each.name: each.answer_delay for each in connections if each.answer_delay}
    announcing = build_announcing(settings, platforms)
    conversation = build_conversation(settings, whispering, delays, announcing)
    inbox = Inbox(store, conversation, delivery, rules, now, metrics)
    if local is not None:
        local.on_event = inbox.nudge
    for connection in connections:
        connection.on_event = inbox.nudge
    return Program(
        settings=settings,
        clock=clock,
        store=store,
        rules=rules,
        announcing=announcing,
        demo=demo,
        communities=communities,
        local=local,
        connections=connections,
        delivery=delivery,
        inbox=inbox,
        clockwork=Clockwork(store, delivery, rules, now, nightly=clearing_up(store, now, kept_for)),
        metrics=metrics,
        public_url=settings.public_url(),
        graph=watch_graph(settings, store, communities, name, now),
    )
