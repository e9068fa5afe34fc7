"""The texts that moderators changed; what is not here reads as it was delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from store.engine import Store
from store.tables import TextChangeRow
from store.upsert import insert_into
from store.versions import HOUSE, Remembered, Versions, raise_version

_TEXTS = TextChangeRow.__table__
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChange:
    """One changed text; `changed_at` is aware UTC."""

    name: str
    template: str
    changed_by: str
    changed_at: dt.datetime


def changed_texts(session: Session, seen: Versions | None = None) -> Mapping[str, str]:
    """The templates that moderators changed, by name, as a context wants them.

    Args:
        seen: the versions, where they were just looked at.
    """
    return _KNOWN.get(session, seen)


def texts_of(store: Store) -> Mapping[str, str]:
    """The same of a store, for one request, act or round; none while its database cannot be asked."""
    try:
        with store.glancing() as session:
            return changed_texts(session)
    except SQLAlchemyError:
        # What is said then is that something does not work, and that must be said all the same.
        return latest_texts(store)


def latest_texts(store: Store) -> Mapping[str, str]:
    """The same as this process last read it, where nothing may wait for the database."""
    return _KNOWN.latest(store.engine.pool) or _NONE


def find_change(session: Session, name: str) -> TextChange | None:
    """What was made of the text of this name."""
    row = session.execute(select(_TEXTS).where(_TEXTS.c.name == name)).one_or_none()
    return TextChange(**row._mapping) if row else None


def list_changes(session: Session) -> dict[str, TextChange]:
    """Every changed text, by name."""
    return {row.name: TextChange(**row._mapping) for row in session.execute(select(_TEXTS))}


def change_text(session: Session, name: str, template: str, changed_by: str, now: dt.datetime) -> None:
    """Let a text read so from now on. Whoever calls has checked its placeholders."""
    values = {"template": template, "changed_by": changed_by, "changed_at": now}
    row = insert_into(session, TextChangeRow).values(name=name, **values)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    raise_version(session, HOUSE)


def put_back(session: Session, name: str) -> bool:
    """Let a text read as it was delivered; False when it did already."""
    gone = delete(TextChangeRow).where(TextChangeRow.name == name).returning(TextChangeRow.name)
    was_changed = session.scalars(gone).first() is not None
    if was_changed:
        raise_version(session, HOUSE)
    return was_changed


def _templates(session: Session, _version: int) -> Mapping[str, str]:
    rows = session.execute(select(_TEXTS.c.name, _TEXTS.c.template))
    return MappingProxyType({row.name: row.template for row in rows})


_KNOWN = Remembered(HOUSE, _templates)
