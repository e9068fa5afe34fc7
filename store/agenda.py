"""The agenda: every atrium, looked up by whoever may see it, written by uid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Audience, Group, Query
from handlers.reading.model import Vocabulary
from store.catalogue import Catalogue, catalogue, has_changed
from store.catalogue import agenda_version as agenda_version
from store.catalogue import bump_version as bump_version
from store.catalogue import vocabulary as vocabulary
from store.outbox import communities_chosen
from store.raw_rows import RawRows
from store.shapes import COLUMNS, ask, counting, listing
from store.tables import SEARCHED, AtriumRow, ProgrammeRow
from store.topics import text_of, topic_of
from store.upsert import Insert, insert_into, is_sqlite
from store.versions import Versions

_ATRIA = AtriumRow.__table__
_ALL = select(*COLUMNS)
_BY_UID = _ALL.where(_ATRIA.c.uid == bindparam("uid"))
_PLACES = _ALL.where(_ATRIA.c.programme_uid == bindparam("programme_uid")).order_by(
    _ATRIA.c.starts_at, _ATRIA.c.id
)
_UPDATED = select(func.max(_ATRIA.c.updated_at))
_savings: dict[bool, Insert] = {}


class AtriumUnknownError(LookupError):
    """There is no atrium with this uid."""


class StoredAgenda:
    """The agenda as handlers ask for it, within one session; what a reader may not see stays in the store."""

    def __init__(self, session: Session, seen: Versions | None = None) -> None:
        """`seen` are the versions that this session just looked at."""
        self._session = session
        self._known = catalogue(session, seen) if seen is not None else None

    def upcoming(self, query: Query) -> Sequence[Atrium]:
        """The atria that match, by start (newest first if asked), at most `query.limit`."""
        known = self._catalogue()
        return list(known.listed(query, lambda: self._found(query, known)))

    def count(self, query: Query) -> int:
        """How many match, regardless of limit and offset."""
        asked = ask(query, self._catalogue(), self._session)
        if asked is None:
            return 0
        number: int = self._session.connection().execute(counting(asked.shape), asked.values).scalar_one()
        return number

    def find(self, uid: str, visible_to: frozenset[str]) -> Atrium | None:
        """The atrium of this uid, if these readers may see it."""
        found = find_atrium(self._session, uid)
        return found if found is not None and found.is_visible_to(visible_to) else None

    def groups(self, visible_to: frozenset[str]) -> Sequence[Group]:
        """The thematic groups that these readers may see, by name."""
        return [group for group in self._catalogue().groups if group.is_visible_to(visible_to)]

    def vocabulary(self, visible_to: frozenset[str]) -> Vocabulary:
        """The words that reading matches for these readers, as `store.catalogue.vocabulary` has them."""
        return self._catalogue().vocabulary(visible_to)

    def region_of(self, municipality: str) -> str | None:
        """The moderators' region of a municipality, None where their table has none."""
        return self._catalogue().region_of.get(municipality)

    def regions(self) -> Sequence[str]:
        """The names of the moderators' regions."""
        return self._catalogue().regions

    def announced_in(self, uid: str) -> frozenset[str]:
        """The keys of the communities where a moderator announced it; none where nobody did."""
        return communities_chosen(self._session, "announcement", [uid]).get(uid, frozenset())

    def updated_at(self) -> dt.datetime | None:
        """Aware UTC of the last import or edit of the agenda as a whole."""
        moment: dt.datetime | None = self._session.execute(_UPDATED).scalar_one()
        return moment

    def _found(self, query: Query, known: Catalogue) -> Sequence[Atrium]:
        asked = ask(query, known, self._session)
        if asked is None:
            return ()
        return _atria(self._session, listing(asked.shape), asked.values)

    def _catalogue(self) -> Catalogue:
        if self._known is None or has_changed(self._session):
            self._known = catalogue(self._session)
        return self._known


def find_atrium(session: Session, uid: str) -> Atrium | None:
    """The atrium of this uid, whoever may see it: for the bot's own work."""
    found = _atria(session, _BY_UID, {"uid": uid})
    return found[0] if found else None


def get_atrium(session: Session, uid: str) -> Atrium:
    """The atrium of this uid, whoever may see it; raises `AtriumUnknownError`."""
    found = find_atrium(session, uid)
    if found is None:
        raise AtriumUnknownError(uid)
    return found


def atria_between(
    session: Session, begins_from: dt.datetime, begins_before: dt.datetime | None = None
) -> list[Atrium]:
    """Every atrium that begins in this period (aware UTC, the end excluded), cancelled ones too, by start."""
    statement = _ALL.where(_ATRIA.c.starts_at >= begins_from)
    if begins_before is not None:
        statement = statement.where(_ATRIA.c.starts_at < begins_before)
    return _atria(session, statement.order_by(_ATRIA.c.starts_at, _ATRIA.c.id), {})


def atria_held(
    session: Session,
    begins_from: dt.datetime,
    begins_before: dt.datetime,
    after: Atrium | None = None,
    most: int = 100,
) -> list[Atrium]:
    """The next atria that begin in this period, by start and uid, after one of them.

    Nobody else changes them until the transaction ends; whoever did already is waited for.
    """
    statement = _ALL.where(_ATRIA.c.starts_at >= begins_from, _ATRIA.c.starts_at < begins_before)
    if after is not None:
        later = (_ATRIA.c.starts_at == after.starts_at) & (_ATRIA.c.uid > after.uid)
        statement = statement.where((_ATRIA.c.starts_at > after.starts_at) | later)
    ordered = statement.order_by(_ATRIA.c.starts_at, _ATRIA.c.uid).limit(most)
    return _atria(session, ordered.with_for_update(read=True), {})


def atria_where(session: Session, *conditions: ColumnElement[bool]) -> list[Atrium]:
    """Every atrium that meets these conditions, by start, whoever may see it: for the bot's own work."""
    return _atria(session, _ALL.where(*conditions).order_by(_ATRIA.c.starts_at, _ATRIA.c.id), {})


def programme_places(session: Session, programme_uid: str) -> list[Atrium]:
    """The places of one programme, by start, cancelled ones too."""
    return _atria(session, _PLACES, {"programme_uid": programme_uid})


def save_atrium(session: Session, atrium: Atrium) -> None:
    """Write an atrium, new or over the one with its uid; the province is looked up when it is None."""
    province = atrium.province or gazetteer().province_of(atrium.municipality)
    values: dict[str, Any] = {name: getattr(atrium, name) for name in Atrium.__slots__}
    values["province"] = province
    values["topic"] = topic_of(atrium.kind, atrium.theme, atrium.title)
    values["search"] = text_of(*(values[name] for name in SEARCHED))
    if atrium.programme_uid is not None:
        _ensure_programme(session, atrium)
    session.execute(_saving(session), values)
    bump_version(session)


def _saving(session: Session) -> Insert:
    """The statement that writes an atrium, built once for each kind of database."""
    on_sqlite = is_sqlite(session)
    if on_sqlite not in _savings:
        row = insert_into(session, AtriumRow)
        names = [column.name for column in _ATRIA.c if column.name not in {"id", "uid"}]
        kept = {name: row.excluded[name] for name in names}
        _savings[on_sqlite] = row.on_conflict_do_update(index_elements=["uid"], set_=kept)
    return _savings[on_sqlite]


def _ensure_programme(session: Session, atrium: Atrium) -> None:
    row = insert_into(session, ProgrammeRow).on_conflict_do_nothing()
    values = {
        "uid": atrium.programme_uid,
        "kind": atrium.kind,
        "theme": atrium.theme,
        "created_at": atrium.announced_at,
    }
    session.execute(row, values)


def _atria(session: Session, statement: Any, values: dict[str, object]) -> list[Atrium]:
    return _READ.read(session, statement, values)


def _atrium(row: list[Any]) -> Atrium:
    values = dict(zip(Atrium.__slots__, row, strict=False))
    values["audience"] = _audience(values["audience"])
    return Atrium(**values)


@lru_cache(maxsize=500)
def _audience(keys: frozenset[str]) -> frozenset[Audience]:
    return frozenset(map(Audience, keys))


_READ = RawRows(COLUMNS, _atrium)
