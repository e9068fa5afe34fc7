"""The live words of a reading, made ready to look up once per version of the store's lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from handlers.gazetteer import name_key
from handlers.reading.lexicon import rows
from handlers.reading.model import Vocabulary
from handlers.reading.themes import Themes, known_themes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A vocabulary ready to look up.

    Attributes:
        themes: those of the field and the live ones.
        regions: key of each region of the moderators -> its name.
        titles: key by which members name an atrium ("kustgemeenten") -> its uid.
        words: all words of the live names, which are no misspellings of places.
    """

    themes: Themes
    regions: Mapping[str, str]
    titles: Mapping[str, str]
    words: frozenset[str]


@cache
def sample_vocabulary() -> Vocabulary:
    """The words of the sample agenda, for reading without a store."""
    names: dict[str, list[str]] = {"thema": [], "groep": [], "streek": []}
    titles: dict[str, str] = {}
    for row in rows("voorbeeldwoorden.csv"):
        if row.cells["soort"] == "titel":
            titles[row.cells["naam"]] = row.cells["uid"]
            continue
        if row.cells["soort"] not in names:
            raise row.fault(f"onbekende soort {row.cells['soort']!r}")
        names[row.cells["soort"]].append(row.cells["naam"])
    return Vocabulary(
        themes=tuple(names["thema"]),
        groups=tuple(names["groep"]),
        regions=tuple(names["streek"]),
        titles=titles,
    )


def prepared(vocabulary: Vocabulary | None) -> Prepared:
    """The vocabulary ready to look up; the sample's when none is given."""
    live = vocabulary or sample_vocabulary()
    return _prepared(live.version, live.themes, live.groups, live.regions, tuple(live.titles.items()))


@lru_cache(maxsize=8)
def _prepared(
    version: int,
    themes: tuple[str, ...],
    groups: tuple[str, ...],
    regions: tuple[str, ...],
    titles: tuple[tuple[str, str], ...],
) -> Prepared:
    del version  # part of the key only
    named = {key: uid for title, uid in titles for key in _title_keys(title)}
    keys = [name_key(name) for name in (*themes, *groups, *regions)] + list(named)
    return Prepared(
        themes=known_themes().extended((*themes, *groups)),
        regions={name_key(region): region for region in regions},
        titles=named,
        words=frozenset(word for key in keys for word in key.split()),
    )


def _title_keys(title: str) -> list[str]:
    """The whole title, and for an Atrium op Maat the group that it is for."""
    key = name_key(title)
    _, _, group = key.partition(" op maat voor de ")
    _, _, other = key.partition(" op maat voor ")
    return [group or other or key]
