"""The thematic groups of the online network, as the moderators' file gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from handlers.model import Group
from store.catalogue import bump_version
from store.tables import GroupRow

_NAMES = tuple(each.name for each in fields(Group))


def replace_groups(session: Session, groups: Iterable[Group]) -> None:
    """Keep exactly these groups."""
    rows = [{name: getattr(group, name) for name in _NAMES} for group in groups]
    session.execute(delete(GroupRow))
    if rows:
        session.execute(insert(GroupRow), rows)
    bump_version(session)


def list_groups(session: Session) -> list[Group]:
    """Every group, by name, whoever may see it: for the bot's own work."""
    columns = [getattr(GroupRow, name) for name in _NAMES]
    return [Group(**row._mapping) for row in session.execute(select(*columns).order_by(GroupRow.name))]
