"""Run by Alembic for each command: what to compare with, and how our column types are written."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

import store.tables  # noqa: F401 -- fills the metadata
from store.base import Base, Tokens, UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own types by name; an enum with its values as they were at that revision."""
    if kind == "type" and isinstance(item, UtcDateTime | Tokens):
        autogen.imports.add(f"from store.base import {type(item).__name__}")
        return f"{type(item).__name__}()"
    if kind == "type" and isinstance(item, Enum):
        values = ", ".join(repr(value) for value in item.enums)
        return f"sa.Enum({values}, name={item.name!r}, native_enum=False, create_constraint=True, length=32)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=True,
    compare_type=True,
    # SQLite can roll back its tables too; Alembic assumes that the driver keeps it from doing so.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
