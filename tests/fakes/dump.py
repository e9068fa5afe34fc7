"""Everything that a store holds, as text, to search for what should not be there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import MetaData, select

from store.engine import Store


def dump_of(store: Store) -> Iterator[tuple[str, str]]:
    """Each value of each row of each table, whoever made it: where it stands, and the value as text.

    JSON is written out in full, so that nothing hides behind an escape.
    """
    metadata = MetaData()
    metadata.reflect(store.engine)
    with store.reading() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)):
                for column, value in zip(table.c, row, strict=True):
                    yield f"{table.name}.{column.name}", _text(value)


def _text(value: object) -> str:
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = json.loads(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def places_of(store: Store, *words: str) -> list[str]:
    """Where any of these words stands, in whatever case."""
    wanted = [word.casefold() for word in words]
    return [where for where, text in dump_of(store) if any(word in text.casefold() for word in wanted)]
