"""Numbers that rise with each change of what hardly ever changes, so that it is remembered in between.

A number is raised in the transaction of the change, so whoever sees the one sees the other: also another
process. Every writer of what is remembered raises it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Pool, Text, cast, select
from sqlalchemy.orm import Session

from store.prepared import Prepared
from store.tables import NoteRow
from store.upsert import insert_into

T = TypeVar("T")

#: What the agenda, the groups, the regions and the taught words hold.
AGENDA = "agenda_version"
#: What communities there are, and which texts moderators changed.
HOUSE = "house_version"

_NOTES = NoteRow.__table__
_SEEN = Prepared(
    select(_NOTES.c.name, _NOTES.c.value).where((_NOTES.c.name == AGENDA) | (_NOTES.c.name == HOUSE))
)

#: Where a session keeps in which transaction it raised a number.
_RAISED = "raised "


class Versions(NamedTuple):
    """The numbers as one transaction sees them; 0 where nothing changed ever."""

    agenda: int
    house: int


def versions_of(session: Session) -> Versions:
    """Both numbers, with one look."""
    seen: dict[str, str] = dict(_SEEN.rows(session))
    return Versions(int(seen.get(AGENDA, 0)), int(seen.get(HOUSE, 0)))


def raise_version(session: Session, name: str) -> None:
    """Tell every process of a change; within one transaction only the first call costs something."""
    nested = session.in_nested_transaction()
    if session.info.get(_RAISED + name) == (session.get_transaction(), False) and not nested:
        return
    note = insert_into(session, NoteRow).values(name=name, value="1")
    raised = cast(cast(NoteRow.value, BigInteger) + 1, Text)
    session.execute(note.on_conflict_do_update(index_elements=["name"], set_={"value": raised}))
    session.info[_RAISED + name] = (session.get_transaction(), nested)


def is_raised_here(session: Session, name: str) -> bool:
    """Whether this very transaction raised it, so that only it sees the newest version."""
    transaction, _ = session.info.get(_RAISED + name, (None, False))
    return transaction is not None and transaction is session.get_transaction()


class Remembered(Generic[T]):
    """Something of each database, read again once its version is another.

    What a transaction changed and has not committed is read anew each time, and remembered for nobody.

    Args:
        name: the number that is raised when it changes.
        load: reads it, at this version.
    """

    def __init__(self, name: str, load: Callable[[Session, int], T]) -> None:
        self._name = name
        self._load = load
        self._latest: WeakKeyDictionary[Pool, tuple[int, T]] = WeakKeyDictionary()
        self._loading = threading.Lock()

    def latest(self, pool: Pool) -> T | None:
        """It as this process last read it, without a look at the database; None when it never did."""
        latest = self._latest.get(pool)
        return latest[1] if latest is not None else None

    def get(self, session: Session, seen: Versions | None = None) -> T:
        """It as this session sees it; `seen` are the numbers, where they were just looked at."""
        found = seen or versions_of(session)
        version = found.agenda if self._name == AGENDA else found.house
        if is_raised_here(session, self._name):
            return self._load(session, version)
        pool = session.get_bind().engine.pool
        latest = self._latest.get(pool)
        if latest is None or latest[0] != version:
            # Of several threads that miss it at once, one reads it.
            with self._loading:
                latest = self._latest.get(pool)
                if latest is None or latest[0] != version:
                    latest = self._latest[pool] = (version, self._load(session, version))
        return latest[1]
