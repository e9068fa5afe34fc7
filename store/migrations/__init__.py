"""The steps by which the tables came to be, found from an installed wheel too.

A new step: change `store/tables.py`, then `python -m store.migrations "add the ..."`, then read and
finish the file it wrote.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from store.engine import Store
from store.tables import AtriumRow

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is slow to import and most starts only compare two revisions, so it is imported where used.

_HERE = Path(__file__).parent

#: Any number will do, as long as every replica takes the same one.
_UPGRADE_LOCK = 4_711_285


class SchemaOutdatedError(RuntimeError):
    """The database was made by another version of the bot."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, which need no file; `connection` is the one to migrate."""
    from alembic.config import Config

    # What Alembic prints would end up between a command's results.
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """The revision that this version of the bot needs: the number of the last step."""
    return max(step.name.partition("_")[0] for step in (_HERE / "versions").glob("[0-9]*_*.py"))


def current_revision(store: Store) -> str | None:
    """The revision of the database, None when it was never migrated."""
    with store.reading() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        revision: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def is_empty(store: Store) -> bool:
    """Whether the database holds no tables at all."""
    with store.reading() as session:
        return not inspect(session.connection()).get_table_names()


def needs_upgrade(store: Store) -> bool:
    """Whether the database is not at the revision that this version needs."""
    return current_revision(store) != head_revision()


def upgrade(store: Store) -> None:
    """Bring the database to the revision that this version needs, in one transaction.

    Several replicas may do so at once: they queue, and all but the first find nothing to do.
    """
    from alembic import command

    with store.writing() as session:
        connection = session.connection()
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        command.upgrade(alembic_config(connection), "head")


def ensure_current(store: Store) -> None:
    """Create and migrate an empty database; leave one that is current alone.

    Raises:
        SchemaOutdatedError: the database is older, or newer, than this version of the bot.
    """
    current, head = current_revision(store), head_revision()
    if current == head:
        return
    if current is None and is_empty(store):
        upgrade(store)
    elif current is None:
        raise SchemaOutdatedError("this database holds tables that are not atriumbot's: choose another one")
    elif current > head:
        raise SchemaOutdatedError(
            f"the database is at revision {current}, newer than this atriumbot ({head}): install a newer one"
        )
    else:
        raise SchemaOutdatedError(
            f"the database is at revision {current}, this atriumbot needs {head}: "
            "make a backup (atriumbot db backup), then run: atriumbot db upgrade"
        )


def check_schema(store: Store) -> list[str]:
    """What is wrong with the database, one line each: differences from the models, broken references."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.reading() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [_difference(diff) for diff in compare_metadata(context, AtriumRow.metadata)]
        if store.is_sqlite:
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check")
            found += [f"{row[0]}, row {row[1]}: refers to a row of {row[2]} that is gone" for row in orphans]
            integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            found += [f"integrity: {line}" for line in integrity if line != "ok"]
    return found


def _difference(diff: Any) -> str:
    """One of Alembic's differences in words; changes of one column come as a list of tuples."""
    if isinstance(diff, list):
        return "; ".join(_difference(each) for each in diff)
    act, *about = diff
    names = [str(getattr(each, "name", each)) for each in about if each is not None]
    return f"{act.replace('_', ' ')}: {' '.join(names)}"
