"""The fictitious agenda, groups and regions that come with the program, in memory."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from handlers.model import Atrium, Group
from handlers.reading.model import Vocabulary
from store.exchange.agenda_file import read_agenda_file
from store.exchange.groups_file import read_groups_file
from store.exchange.regions_file import read_regions_file
from tests.fakes.agenda import MemoryAgenda

#: When the sample agenda was last imported.
UPDATED_AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)

_SAMPLES = Path(__file__).parents[2] / "bot" / "data"


@cache
def sample_atria() -> tuple[Atrium, ...]:
    """Every atrium of the sample agenda."""
    name = "atria_voorbeeld.csv"
    parsed = read_agenda_file(_SAMPLES / name, name, now=UPDATED_AT)
    assert not parsed.problems
    return tuple(candidate.atrium for candidate in parsed.candidates)


@cache
def sample_groups() -> tuple[Group, ...]:
    """Every thematic group of the sample, the hidden one too."""
    return read_groups_file(_SAMPLES / "groepen_voorbeeld.csv", "groepen_voorbeeld.csv").groups


@cache
def sample_regions() -> dict[str, tuple[str, ...]]:
    """The municipalities of each region of the sample."""
    return dict(read_regions_file(_SAMPLES / "regios_voorbeeld.csv", "regios_voorbeeld.csv").regions)


def sample_agenda() -> MemoryAgenda:
    """The sample agenda, groups and regions together."""
    return MemoryAgenda(sample_atria(), sample_groups(), sample_regions())


def vocabulary_of(agenda: MemoryAgenda) -> Vocabulary:
    """The words that reading takes from an agenda, as far as everybody may meet them."""
    public = frozenset[str]()
    atria = [atrium for atrium in agenda.atria.values() if atrium.is_public]
    groups = agenda.groups(public)
    themes = {atrium.theme for atrium in atria if atrium.theme}
    return Vocabulary(
        themes=tuple(sorted(themes | {group.theme for group in groups if group.theme})),
        groups=tuple(group.name for group in groups),
        regions=tuple(agenda.regions()),
        version=1,
    )
