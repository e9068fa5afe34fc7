"""Write a new migration: what `store/tables.py` has and the migrations so far do not."""

from __future__ import annotations

import sys

from alembic import command
from alembic.script import ScriptDirectory

from store.engine import Store
from store.migrations import alembic_config, upgrade


def main(message: str) -> None:
    """Number it after the last one and write it beside the others."""
    store = Store("sqlite://")
    upgrade(store)
    number = len(list(ScriptDirectory.from_config(alembic_config()).walk_revisions())) + 1
    with store.engine.connect() as connection:
        command.revision(alembic_config(connection), message, autogenerate=True, rev_id=f"{number:04}")
    store.close()


main(sys.argv[1])
