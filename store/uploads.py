"""Agenda files that somebody looks at before they are imported."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from store.tables import ConsoleUploadRow

#: How long an uploaded file waits for a decision.
LASTS = dt.timedelta(hours=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file and its name; `kind` is the kind of atrium that a foreign calendar was said to hold."""

    name: str
    kind: str | None
    data: bytes


def keep_upload(session: Session, owner: str, upload: Upload, now: dt.datetime) -> str:
    """Keep a file for its owner, in the place of what they uploaded before; returns its key."""
    row = ConsoleUploadRow
    session.execute(delete(row).where((row.owner == owner) | (row.uploaded_at < now - LASTS)))
    key = secrets.token_urlsafe(16)
    values = {"key": key, "owner": owner, "name": upload.name, "kind": upload.kind, "data": upload.data}
    session.execute(insert(row).values(**values, uploaded_at=now))
    return key


def find_upload(session: Session, owner: str, key: str, now: dt.datetime) -> Upload | None:
    """The file of this key, for its owner alone."""
    row = ConsoleUploadRow
    wanted = select(row.name, row.kind, row.data).where(
        row.key == key, row.owner == owner, row.uploaded_at >= now - LASTS
    )
    found = session.execute(wanted).one_or_none()
    return Upload(**found._mapping) if found else None


def drop_upload(session: Session, owner: str, key: str) -> None:
    row = ConsoleUploadRow
    session.execute(delete(row).where(row.key == key, row.owner == owner))
