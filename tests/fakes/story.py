"""One story of moderators, to be told in every way that they have: chat, console, Slack's form.

A Thematisch Atrium, or a programme in five places, is planned on Monday, agreed to by a colleague, posted
on Thursday at nine in four communities of which one refuses, tried again there, set right on Friday, and
one place of it is cancelled. However it is told, it ends in the same rows and the same posts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.network import communities_of
from bot.settings import Settings
from handlers.model import Community
from scheduler.plan import ANSWER
from scheduler.rules import Rules
from store import announcements
from store.agenda import get_atrium
from store.announcements import Announcement
from store.engine import Store
from store.tables import OutboxRow
from tests.fakes.desk import one_place, programme

#: Where it goes; politicians are there too and must read nothing of it. The last one refuses at first.
TARGETS = ("algemeen", "water", "ruimte", "klimaat")
POLITICIANS, CLOSED = "mandatarissen", "klimaat"
PUBLIC_URL = "https://atria.example.org"

#: More people than this, and a colleague must agree; three belong to each community.
APPROVAL_ABOVE = 2
MEMBERS = ("an", "bob", "mia")

_MOMENT = {"publish_on": "2026-11-26", "publish_at": "09:00", "communities": TARGETS}
ONE: Mapping[str, str | tuple[str, ...]] = one_place(**_MOMENT)
FIVE: Mapping[str, str | tuple[str, ...]] = programme(**_MOMENT)

#: The new hall, and the place that is set right and the one that is cancelled, by number from 0.
HALL = "Auditorium B"


@dataclass(frozen=True, slots=True)
class Act:
    """What happens when, on the clock of Brussels; "wait" is what the bot does by itself."""

    at: str
    name: str


STORY = (
    Act("2026-11-23 10:00", "plan"),
    Act("2026-11-23 10:20", "agree"),
    Act("2026-11-26 08:59", "wait"),
    Act("2026-11-26 09:00", "wait"),
    Act("2026-11-26 09:10", "look"),
    Act("2026-11-26 09:20", "open"),
    Act("2026-11-26 09:21", "retry"),
    Act("2026-11-27 10:00", "correct"),
    Act("2026-11-27 10:45", "wait"),
    Act("2026-11-27 11:00", "cancel"),
    Act("2026-11-27 11:45", "wait"),
)

_KINDS = ["lokaal", "centrumsteden", "provinciaal", "thematisch", "op_maat"]


def corrected(values: Mapping[str, Any]) -> int:
    """Which place is set right."""
    return 2 if "date-5" in values else 0


def cancelled(values: Mapping[str, Any]) -> int:
    """Which place is cancelled."""
    return 3 if "date-5" in values else 0


def community_settings(platform: str) -> list[dict[str, Any]]:
    """The communities of the story on one platform, as the settings name them."""
    return [
        {
            "key": key,
            "platform": platform,
            "channel": f"C0{key.upper()}",
            "name": key.capitalize(),
            "kinds": ["mandatarissen"] if key == POLITICIANS else _KINDS,
            "audience": ["mandataris", "algemeen_directeur"] if key == POLITICIANS else [],
            "digest": False,
        }
        for key in (*TARGETS, POLITICIANS)
    ]


def network() -> tuple[Rules, tuple[Community, ...]]:
    """The rules and the communities where the story is told locally."""
    settings = Settings.model_validate(
        {"communities": community_settings("local"), "web": {"public_url": PUBLIC_URL}}
    )
    return settings.rules(), tuple(communities_of(settings))


def only(store: Store) -> Announcement:
    """The announcement of the story."""
    with store.reading() as session:
        (found,) = announcements.list_announcements(session)
    return found


# --- how it ended ------------------------------------------------------------------------------------------


def record(store: Store, posts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What is kept and what was said, without the names by which each way calls people and rows."""
    kept = only(store)
    names = {uid: f"plaats-{number}" for number, uid in enumerate(kept.atria)}
    if kept.programme_uid:
        names = {kept.programme_uid: "programma", **names}
    with store.reading() as session:
        atria = [_plain(get_atrium(session, uid), names) for uid in kept.atria]
        owed = _owed(session, names)
    return {
        "state": kept.state,
        "drafts": [replace(each, open_fields=frozenset(), communities=()) for each in kept.drafts],
        "typed": kept.typed,
        "communities": kept.communities,
        "members": kept.members,
        "publish_at": kept.publish_at,
        "was agreed to": kept.approver is not None,
        "atria": atria,
        "outbox": owed,
        "posts": {key: list(texts) for key, texts in posts.items()},
    }


def _owed(session: Session, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every post but the answers to who told the story."""
    rows = session.scalars(select(OutboxRow).where(OutboxRow.kind != ANSWER).order_by(OutboxRow.id)).all()
    names = {**_messages(rows), **names}
    shown = ("key", "kind", "community_key", "atrium_uid", "programme_uid", "offset", "state", "reason")
    found = [
        {
            **{name: _named(getattr(row, name), names) for name in shown},
            "due_at": _minute(row.due_at),
            "late_until": _minute(row.late_until),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: str(row["key"]))


def _messages(rows: Sequence[OutboxRow]) -> dict[str, str]:
    """The messages that changes are about, by community in the order in which they were posted."""
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row.sent_at is None, row.sent_at)):
        if row.message_id and row.message_id not in found.setdefault(row.community_key or "", []):
            found[row.community_key or ""].append(row.message_id)
    return {
        quote(message, safe=""): f"bericht-{number}"
        for messages in found.values()
        for number, message in enumerate(messages, start=1)
    }


def _plain(atrium: Any, names: Mapping[str, str]) -> dict[str, Any]:
    values = {each.name: getattr(atrium, each.name) for each in fields(atrium)}
    return {name: _minute(_named(value, names)) for name, value in values.items()}


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    for uid, name in names.items():
        value = value.replace(uid, name)
    return value


def _minute(value: Any) -> Any:
    """A moment without its seconds: some ways take a second longer than others."""
    return value.replace(second=0, microsecond=0) if isinstance(value, dt.datetime) else value
