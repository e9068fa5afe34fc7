"""The thematic groups of the online network: as the moderators' file gives them, and as a platform does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from handlers.model import Group
from store.catalogue import bump_version
from store.live_groups import LiveGroup, list_live_groups
from store.tables import GroupRow, LiveGroupRow

_NAMES = tuple(each.name for each in fields(Group))
_LIVE_NAMES = tuple(each.name for each in fields(LiveGroup))


def replace_groups(session: Session, groups: Iterable[Group]) -> None:
    """Keep exactly these groups."""
    rows = [{name: getattr(group, name) for name in _NAMES} for group in groups]
    session.execute(delete(GroupRow))
    if rows:
        session.execute(insert(GroupRow), rows)
    bump_version(session)


def keep_live_groups(session: Session, groups: Iterable[LiveGroup], now: dt.datetime) -> None:
    """Keep exactly these communities of a platform; what moderators wrote is not touched.

    Args:
        now: aware UTC; when the platform was asked.
    """
    shown = sorted((each for each in groups if each.is_shown), key=lambda each: each.number)
    if shown == sorted(list_live_groups(session), key=lambda each: each.number):
        session.execute(update(LiveGroupRow).values(seen_at=now))
        return
    session.execute(delete(LiveGroupRow))
    if shown:
        rows = [{**{name: getattr(each, name) for name in _LIVE_NAMES}, "seen_at": now} for each in shown]
        session.execute(insert(LiveGroupRow), rows)
    bump_version(session)


def list_groups(session: Session) -> list[Group]:
    """Every group that moderators describe, by name, whoever may see it: for the bot's own work."""
    columns = [getattr(GroupRow, name) for name in _NAMES]
    return [Group(**row._mapping) for row in session.execute(select(*columns).order_by(GroupRow.name))]
