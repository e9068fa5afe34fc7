"""One good row of the agenda file, for tests that change a cell of it."""

from __future__ import annotations

from collections.abc import Callable

from store.exchange.columns import COLUMNS
from store.exchange.csv_file import write_csv
from store.exchange.rows import Parsed

#: Reads rows in which only the given cells differ from the good one.
ReadRows = Callable[..., Parsed]

GOOD = {
    "uid": "atr-9-001",
    "soort": "lokaal",
    "titel": "Lokaal Atrium Vlaamse Ardennen",
    "thema": "erfgoed",
    "datum": "2027-03-18",
    "begin": "09:30",
    "einde": "12:30",
    "locatie": "Stadhuis",
    "adres": "Markt 1",
    "gemeente": "Zottegem",
    "regio": "Vlaamse Ardennen",
    "doelgroep": "ambtenaar|provincie",
    "omschrijving": "Overleg van de vaste groep.",
    "programma": "9.30 onthaal | 10.00 toelichting",
    "inschrijven_url": "https://inschrijven.example.org/atr-9-001",
    "inschrijven_tot": "2027-03-17",
    "organisator": "Departement Omgeving",
    "contact": "02 553 80 56",
    "status": "gepland",
    "zichtbaarheid": "publiek",
    "programma_uid": "",
}


def agenda_csv(*changes: dict[str, str]) -> bytes:
    """An agenda file of good rows, each with its own uid and with these cells instead."""
    rows = [{**GOOD, "uid": f"atr-9-{number:03d}"} | change for number, change in enumerate(changes, 1)]
    return write_csv(COLUMNS, [[row[column] for column in COLUMNS] for row in rows])
