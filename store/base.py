"""The declarative base: names for every constraint, and the column types that SQLite would forget."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

from handlers.model import ContributionSort, FollowWhat, Kind, Role, Status
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.lifecycle import State
from store.states import EventState, OutboxState

#: Named so that Alembic can drop them, on either database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware instant, kept as UTC. Refuses naive moments: SQLite drops the zone without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without time zone cannot be stored: {value!r}")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """SQLite's text in one step, for the same reason as in reading."""
        return moment_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], dt.datetime | None] | None:
        """SQLite's text in one step: in two it takes as long as all the rest of reading a row."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def moment_text(value: dt.datetime | None) -> str | None:
    """A moment as `DateTime` of SQLite writes it, so that moments compare as texts."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment without time zone cannot be stored: {value!r}")
    return value.astimezone(dt.UTC).isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(value + "+00:00")


class Tokens(TypeDecorator[frozenset[str]]):
    """A small set of keys in one text column, as `|a|b|`; the empty set is the empty text.

    A child table would be purer; these sets hold one to four keys, are read with their row every
    time, and are only ever filtered on rows that an index has already found.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str:
        return "|" + "|".join(sorted(value)) + "|" if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset(value.strip("|").split("|")) if value else frozenset()


class WrittenJson(TypeDecorator[str]):
    """JSON that is text already, for a column of JSON: what wrote it need not make objects of it first."""

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """None: the driver gets the text."""
        return


def word(enum: type[StrEnum]) -> Enum:
    """A text column that holds an enum's value (never its name), checked by the database."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UtcDateTime,
        frozenset[str]: Tokens,
        str: Text,
        **{
            enum: word(enum)
            for enum in (
                Kind,
                Status,
                Role,
                FollowWhat,
                EventState,
                OutboxState,
                State,
                ContributionSort,
                ContributionState,
            )
        },
    }
