"""The columns of the agenda file, and an atrium written out in them.

The names are Dutch because moderators keep the file (see docs/agenda.md). The calendar's
X-ATRIUM properties, the open data and `agenda list --json` use the same names.
"""

from __future__ import annotations

import datetime as dt

from handlers.model import Atrium, Audience, Status

REQUIRED = ("uid", "soort", "titel", "datum", "begin", "gemeente")

#: In the order of the file.
COLUMNS = (
    "uid",
    "soort",
    "titel",
    "thema",
    "datum",
    "begin",
    "einde",
    "locatie",
    "adres",
    "gemeente",
    "regio",
    "doelgroep",
    "omschrijving",
    "programma",
    "inschrijven_url",
    "inschrijven_tot",
    "organisator",
    "contact",
    "status",
    "zichtbaarheid",
    "programma_uid",
)

DATE_COLUMNS = frozenset({"datum", "inschrijven_tot"})
TIME_COLUMNS = frozenset({"begin", "einde"})

#: The word for "everybody may see it".
PUBLIC = "publiek"

#: Which fields of an atrium each column tells of.
FIELDS: dict[str, tuple[str, ...]] = {
    "uid": ("uid",),
    "soort": ("kind",),
    "titel": ("title",),
    "thema": ("theme",),
    "datum": ("starts_at",),
    "begin": ("starts_at",),
    "einde": ("ends_at",),
    "locatie": ("venue",),
    "adres": ("address",),
    "gemeente": ("municipality", "province"),
    "regio": ("region",),
    "doelgroep": ("audience",),
    "omschrijving": ("description",),
    "programma": ("programme",),
    "inschrijven_url": ("registration_url",),
    "inschrijven_tot": ("registration_until",),
    "organisator": ("organiser",),
    "contact": ("contact",),
    "status": ("status",),
    "zichtbaarheid": ("visibility",),
    "programma_uid": ("programme_uid",),
}


def status_at(atrium: Atrium, now: dt.datetime) -> Status:
    """The status as the agenda shows it: what took place is "voorbij", whatever was last filled in."""
    if not atrium.is_cancelled and atrium.has_ended(now):
        return Status.VOORBIJ
    return atrium.status


def as_row(atrium: Atrium, now: dt.datetime) -> dict[str, str]:
    """The atrium as text, by column name and in the order of the file; an empty text is no value."""
    return row_with(atrium, status_at(atrium, now))


def row_with(atrium: Atrium, status: Status) -> dict[str, str]:
    """The atrium as text with this status, for who knows the status of the moment already."""
    end = atrium.local_end
    until = atrium.registration_until
    return {
        "uid": atrium.uid,
        "soort": atrium.kind.value,
        "titel": atrium.title,
        "thema": atrium.theme or "",
        "datum": atrium.local_date.isoformat(),
        "begin": f"{atrium.local_start:%H:%M}",
        "einde": f"{end:%H:%M}" if end else "",
        "locatie": atrium.venue or "",
        "adres": atrium.address or "",
        "gemeente": atrium.municipality,
        "regio": atrium.region or "",
        "doelgroep": "|".join(role.value for role in Audience if role in atrium.audience),
        "omschrijving": atrium.description or "",
        "programma": atrium.programme or "",
        "inschrijven_url": atrium.registration_url or "",
        "inschrijven_tot": until.isoformat() if until else "",
        "organisator": atrium.organiser or "",
        "contact": atrium.contact or "",
        "status": status.value,
        "zichtbaarheid": "|".join(sorted(atrium.visibility)) or PUBLIC,
        "programma_uid": atrium.programme_uid or "",
    }
