"""What is kept of somebody, in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from handlers.dossier import Identity, PersonalData
from tests.fakes.network import brussels

#: Of An little is kept.
LITTLE = PersonalData(
    name="An Peeters",
    known_since=brussels("2026-11-02 10:00"),
    kept_for=dt.timedelta(days=365),
    identities=(Identity(platform="local", external_id="an"),),
    messages=3,
)


class MemoryDossier:
    """Fulfils `handlers.dossier.Dossier`.

    Attributes:
        reads: how often it was looked into.
    """

    def __init__(self, **different: Any) -> None:
        self._data = replace(LITTLE, **different)
        self.reads = 0

    def read(self) -> PersonalData:
        self.reads += 1
        return self._data

    def new_token(self) -> str:
        return "nieuw-geheim"
