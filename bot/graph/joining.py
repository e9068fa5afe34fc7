"""Puts together what the settings want of Graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.alerts import Way
from bot.graph.auth import tokens_of
from bot.graph.client import Graph
from bot.graph.mail import GraphMail
from bot.pseudonyms import security_key
from bot.settings import Settings
from handlers.model import Community
from store.engine import Store
from store.vault import Vault

if TYPE_CHECKING:
    from bot.graph.calendar import CalendarSource
    from bot.graph.watch import GraphWatch


def graph_of(settings: Settings, store: Store) -> Graph:
    """Graph as the settings reach it, for one event loop."""
    return Graph(settings.graph.api_url, tokens_of(settings, store))


def calendar_of(
    settings: Settings, store: Store, graph: Graph, communities: Sequence[Community]
) -> CalendarSource | None:
    """The calendar of the settings' mailbox; None when they name none."""
    if settings.graph.calendar_mailbox is None:
        return None
    from bot.graph.calendar import CalendarSource

    return CalendarSource(
        graph=graph,
        store=store,
        rules=settings.rules(),
        mailbox=settings.graph.calendar_mailbox,
        kind=settings.graph.calendar_kind,
        communities=communities,
    )


def graph_mail(settings: Settings, store: Store) -> tuple[Way, ...]:
    """Mail through Graph as one more way to reach people, where the settings name a mailbox for it."""
    sender, to = settings.graph.mail_from, tuple(sorted(settings.alerts.email_to))
    if sender is None or not to:
        return ()
    tokens = tokens_of(settings, store)
    return (GraphMail(api_url=settings.graph.api_url, tokens=tokens, sender=sender, to=to),)


def graph_watch(
    settings: Settings,
    store: Store,
    communities: Sequence[Community],
    holder: str,
    now: Callable[[], dt.datetime],
) -> GraphWatch | None:
    """What asks Graph while the program runs; None where the settings want nothing of it."""
    on_engage = any(each.platform == "engage" for each in communities)
    mailbox = settings.graph.calendar_mailbox
    if settings.entra.client_id is None or not (on_engage or mailbox):
        return None
    from bot.alerts import Alerts, ways_of
    from bot.graph.subscriptions import Subscriptions
    from bot.graph.watch import GraphWatch

    graph = graph_of(settings, store)
    subscriptions = None
    if mailbox is not None and settings.graph.notifications:
        vault = Vault(security_key(settings))
        subscriptions = Subscriptions(graph, store, vault, mailbox, settings.public_url())
    return GraphWatch(
        graph=graph,
        store=store,
        communities=communities,
        holder=holder,
        now=now,
        alerts=Alerts(ways=(*ways_of(settings.alerts), *graph_mail(settings, store))),
        calendar=calendar_of(settings, store, graph, communities),
        subscriptions=subscriptions,
    )
