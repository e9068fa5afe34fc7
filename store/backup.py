"""Everything the bot remembers in one file, and back: readable by people, and the same for both databases.

A backup is a zip with `manifest.json` and one `tables/NAME.jsonl` a table, a row a line. So a
backup of SQLite can be restored into PostgreSQL, and the other way round.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Date, Enum, Table, delete, insert, select, text, update
from sqlalchemy.orm import Session

from store import events
from store.base import Base, Tokens, UtcDateTime
from store.engine import Store
from store.migrations import ensure_current, head_revision
from store.notes import keep_note
from store.states import OutboxState
from store.tables import (
    ConsoleSessionRow,
    ConsoleUploadRow,
    LeaseRow,
    OutboxRow,
    SignInRow,
)
from store.versions import AGENDA, HOUSE, versions_of

#: Who is at work, who is signed in, and what they look at: it ends with the database that is left.
_OF_THE_MOMENT = tuple(row.__table__ for row in (ConsoleSessionRow, ConsoleUploadRow, LeaseRow, SignInRow))

#: The version of the format of the file.
FORMAT = 1

#: Why a post of the past is not sent after all, for moderators.
RESTORED_LATE = "reden.reservekopie te laat"
RESTORED_UNSURE = "reden.reservekopie onzeker"

_MANIFEST = "manifest.json"
_BATCH = 1000


class BackupError(RuntimeError):
    """The backup cannot be restored here; the message says why and what to do."""


def backup(store: Store, path: Path) -> None:
    """Write everything to a file, as of one moment, while the bot may go on.

    The file is there whole or not at all, and only its owner may read it: it names people.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        written = Path(file.name)
        try:
            with store.reading() as session, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                counts = {table.name: _write_table(archive, session, table) for table in _tables()}
                manifest = {"format": FORMAT, "revision": head_revision(), "tables": counts}
                archive.writestr(zipfile.ZipInfo(_MANIFEST), json.dumps(manifest, indent=2))
            file.flush()
            os.fsync(file.fileno())
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)


def restore(store: Store, path: Path, now: dt.datetime, *, replace: bool = False) -> dict[str, int]:
    """Put everything back, in one transaction; gives the number of rows of each table.

    Nothing of the past is sent because of it: what was due before `now` is skipped, what was being
    sent needs a look, and what was asked and not answered is left at that.

    Args:
        replace: drop what is there; else the database must be empty.

    Raises:
        BackupError: the file is no backup of this version, or the database is not empty.
        StoreInUseError: the bot runs on this SQLite file.
        SchemaOutdatedError: the database must be upgraded first.
    """
    store.hold_file()
    ensure_current(store)
    try:
        with zipfile.ZipFile(path) as archive, store.writing() as session:
            manifest = _manifest(archive)
            _make_room(session, replace=replace)
            before = versions_of(session)
            _clear(session)
            for table in _tables():
                if table.name in manifest["tables"]:
                    _read_table(archive, session, table)
            _continue_numbering(store, session)
            _rest_the_past(session, now)
            # Higher than any that this database ever had, so that no process goes on with what it remembers.
            after = versions_of(session)
            keep_note(session, AGENDA, str(max(before.agenda, after.agenda) + 1))
            keep_note(session, HOUSE, str(max(before.house, after.house) + 1))
            counts: dict[str, int] = manifest["tables"]
            return counts
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError) as fault:
        raise BackupError(f"{path} is no backup of atriumbot, or it is damaged: {fault}") from fault


def _tables() -> list[Table]:
    """The tables in an order in which each refers to earlier ones, without what is of the moment."""
    return [table for table in Base.metadata.sorted_tables if table not in _OF_THE_MOMENT]


def _write_table(archive: zipfile.ZipFile, session: Session, table: Table) -> int:
    count = 0
    member = zipfile.ZipInfo(_file_of(table))
    member.compress_type = zipfile.ZIP_DEFLATED
    everything = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    with archive.open(member, "w", force_zip64=True) as lines:
        for row in session.execute(everything):
            values = {column.name: _told(value) for column, value in zip(table.c, row, strict=True)}
            lines.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _read_table(archive: zipfile.ZipFile, session: Session, table: Table) -> None:
    with archive.open(_file_of(table)) as file:
        rows = (_understood(table, json.loads(line)) for line in io.TextIOWrapper(file, encoding="utf-8"))
        while batch := list(islice(rows, _BATCH)):
            # One statement for all rows that give the same columns.
            for _, alike in groupby(batch, key=lambda row: row.keys()):
                session.execute(insert(table), list(alike))


def _file_of(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


def _told(value: object) -> object:
    """A value as JSON knows it."""
    match value:
        case dt.datetime() | dt.date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case _:
            return value


def _understood(table: Table, told: Mapping[str, Any]) -> dict[str, Any]:
    """A row again. JSON columns without a value are left out: given None they would hold the JSON null."""
    return {
        column.name: _value(column, told[column.name])
        for column in table.c
        if not (isinstance(column.type, JSON) and told[column.name] is None)
    }


def _value(column: Column[Any], told: Any) -> Any:
    if told is None:
        return None
    match column.type:
        case UtcDateTime():
            return dt.datetime.fromisoformat(told)
        case Date():
            return dt.date.fromisoformat(told)
        case Tokens():
            return frozenset(told)
        case Enum(enum_class=enum) if enum is not None:
            return enum(told)
        case _:
            return told


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT or manifest["revision"] != head_revision():
        raise BackupError(
            f"this backup is of revision {manifest['revision']}, this atriumbot of {head_revision()}: "
            "restore it with the version that made it, then run: atriumbot db upgrade"
        )
    return manifest


def _make_room(session: Session, *, replace: bool) -> None:
    if replace:
        return
    full = [table.name for table in _tables() if session.execute(select(table).limit(1)).first()]
    if full:
        raise BackupError(
            f"the database is not empty ({', '.join(full)}): restore into an empty one, "
            "or say that what is there may go (--replace)"
        )


def _clear(session: Session) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))


def _continue_numbering(store: Store, session: Session) -> None:
    """PostgreSQL numbers rows apart from what is there, and would begin at 1 again."""
    if store.is_sqlite:
        return
    for table in _numbered():
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 -- our own names
                f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
            )
        )


def _numbered() -> Iterator[Table]:
    return (table for table in _tables() if "id" in table.c)


def _rest_the_past(session: Session, now: dt.datetime) -> None:
    past = (OutboxRow.state == OutboxState.PLANNED) & (OutboxRow.due_at < now)
    skipped = update(OutboxRow).where(past)
    session.execute(skipped.values(state=OutboxState.SKIPPED, reason=RESTORED_LATE, updated_at=now))
    unsure = update(OutboxRow).where(OutboxRow.state == OutboxState.CLAIMED)
    session.execute(
        unsure.values(
            state=OutboxState.AMBIGUOUS,
            reason=RESTORED_UNSURE,
            claimed_by=None,
            lease_until=None,
            fence=OutboxRow.fence + 1,
            updated_at=now,
        )
    )
    # A platform that is asked for what was said would tell it once more.
    events.rest(session, now)
