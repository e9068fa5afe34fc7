"""Small facts the program keeps about itself, by name."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from store.tables import NoteRow
from store.upsert import insert_into

_NOTES = NoteRow.__table__
_VALUE = select(_NOTES.c.value).where(_NOTES.c.name == bindparam("name"))
_HELD = _VALUE.with_for_update(read=True)


def find_note(session: Session, name: str) -> str | None:
    """The text kept under this name."""
    value: str | None = session.execute(_VALUE, {"name": name}).scalar_one_or_none()
    return value


def hold_note(session: Session, name: str) -> str | None:
    """The same; nobody else changes it until this transaction ends, and whoever did already is waited for."""
    value: str | None = session.execute(_HELD, {"name": name}).scalar_one_or_none()
    return value


def notes_under(session: Session, prefix: str) -> dict[str, str]:
    """Every note whose name begins so, by the rest of its name."""
    rows = session.execute(
        select(_NOTES.c.name, _NOTES.c.value).where(
            _NOTES.c.name >= prefix, _NOTES.c.name < prefix[:-1] + chr(ord(prefix[-1]) + 1)
        )
    )
    return {row.name.removeprefix(prefix): row.value for row in rows}


def keep_note(session: Session, name: str, value: str) -> None:
    """Keep a text under this name, instead of what was there."""
    note = insert_into(session, NoteRow).values(name=name, value=value)
    session.execute(note.on_conflict_do_update(index_elements=["name"], set_={"value": note.excluded.value}))


def drop_note(session: Session, name: str) -> None:
    session.execute(delete(NoteRow).where(NoteRow.name == name))
