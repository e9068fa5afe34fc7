"""The texts that moderators changed; what is not here reads as it was delivered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.tables import TextChangeRow
from store.upsert import insert_into

_TEXTS = TextChangeRow.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChange:
    """One changed text; `changed_at` is aware UTC."""

    name: str
    template: str
    changed_by: str
    changed_at: dt.datetime


def changed_texts(session: Session) -> Mapping[str, str]:
    """The templates that moderators changed, by name, as a context wants them."""
    # Asked with every message, hence as bare as can be.
    rows = session.connection().exec_driver_sql("SELECT name, template FROM text_changes")
    return {row.name: row.template for row in rows}


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


def put_back(session: Session, name: str) -> bool:
    """Let a text read as it was delivered; False when it did already."""
    gone = delete(TextChangeRow).where(TextChangeRow.name == name).returning(TextChangeRow.name)
    return session.scalars(gone).first() is not None
