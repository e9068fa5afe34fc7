"""Reading rows of the agenda file, and the sample agenda."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path

import pytest

from handlers.model import Atrium
from store.exchange.agenda_file import read_agenda_file
from store.exchange.rows import Parsed
from tests.fakes.agenda_rows import ReadRows, agenda_csv


@pytest.fixture
def read(now: dt.datetime) -> ReadRows:
    def read(*changes: dict[str, str], **options: object) -> Parsed:
        return read_agenda_file(agenda_csv(*changes), "agenda.csv", now=now, **options)  # type: ignore[arg-type]

    return read


@pytest.fixture
def sample_file() -> Path:
    """The fictitious agenda that comes with the program."""
    return Path(str(files("bot.data").joinpath("atria_voorbeeld.csv")))


@pytest.fixture
def sample(sample_file: Path, now: dt.datetime) -> list[Atrium]:
    parsed = read_agenda_file(sample_file, sample_file.name, now=now)
    assert not parsed.problems
    return [candidate.atrium for candidate in parsed.candidates]
