"""The communities: written from the settings at each start; paused and resumed by moderators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from handlers.model import Audience, Community, Kind
from store.notes import drop_note, find_note, keep_note
from store.raw_rows import RawRows
from store.tables import CommunityRow
from store.upsert import insert_into
from store.versions import HOUSE, Remembered, Versions, raise_version

#: The note that is there while everything is paused.
PAUSED = "paused"

_COMMUNITIES = CommunityRow.__table__
_NAMES = tuple(each.name for each in fields(Community))
_ENABLED = select(*(_COMMUNITIES.c[name] for name in _NAMES)).where(_COMMUNITIES.c.enabled)
_LISTED = _ENABLED.order_by(_COMMUNITIES.c.position, _COMMUNITIES.c.key)
_FOUND = _ENABLED.where(_COMMUNITIES.c.key == bindparam("key"))


class CommunityUnknownError(LookupError):
    """No enabled community has this key."""


def sync_communities(session: Session, communities: Iterable[Community]) -> None:
    """Write the communities of the settings, in their order; one that is no longer there is disabled.

    What a moderator paused stays paused.
    """
    session.execute(update(CommunityRow).values(enabled=False))
    for position, community in enumerate(communities):
        values = {name: getattr(community, name) for name in _NAMES if name != "paused"}
        values |= {"enabled": True, "position": position}
        row = insert_into(session, CommunityRow).values(**values, paused=community.paused)
        session.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))
    raise_version(session, HOUSE)


def list_communities(session: Session, seen: Versions | None = None) -> list[Community]:
    """The enabled communities, in the order of the settings; `seen` are the versions, if just looked at."""
    return list(_KNOWN.get(session, seen))


def find_community(session: Session, key: str) -> Community | None:
    """The enabled community of this key."""
    return next(iter(_READ.read(session, _FOUND, {"key": key})), None)


def set_paused(session: Session, key: str | None, *, paused: bool) -> None:
    """Stop or restart what is said unasked in one community, or everywhere when `key` is None.

    The two are apart: resuming everywhere leaves paused what was paused by itself.

    Raises:
        CommunityUnknownError: no enabled community has this key.
    """
    if key is not None:
        this = update(CommunityRow).where(CommunityRow.key == key, CommunityRow.enabled)
        found = session.scalars(this.values(paused=paused).returning(CommunityRow.key)).one_or_none()
        if found is None:
            raise CommunityUnknownError(key)
        raise_version(session, HOUSE)
    elif paused:
        keep_note(session, PAUSED, "all")
    else:
        drop_note(session, PAUSED)


def is_paused(session: Session, key: str | None) -> bool:
    """Whether nothing is said unasked in this community: it is paused, or everything is.

    With None: whether everything is paused.
    """
    if find_note(session, PAUSED) is not None:
        return True
    community = find_community(session, key) if key is not None else None
    return community is not None and community.paused


def _community(row: list[Any]) -> Community:
    values = dict(zip(_NAMES, row, strict=True))
    values["kinds"] = frozenset(map(Kind, values["kinds"]))
    values["audience"] = frozenset(map(Audience, values["audience"]))
    return Community(**values)


_READ = RawRows([_COMMUNITIES.c[name] for name in _NAMES], _community)
_KNOWN: Remembered[tuple[Community, ...]] = Remembered(
    HOUSE, lambda session, _: tuple(_READ.read(session, _LISTED, {}))
)
