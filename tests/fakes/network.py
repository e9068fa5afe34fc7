"""The communities and the agenda that tests of what is said unasked go by."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from handlers.model import BRUSSELS, Atrium, Audience, Community, Kind
from store.agenda import save_atrium
from store.communities import sync_communities
from store.engine import Store
from store.exchange.agenda_file import read_agenda_file
from store.exchange.imports import apply_import, plan_import
from store.exchange.regions_file import read_regions_file
from store.regions import replace_regions

SAMPLES = Path(__file__).parents[2] / "bot" / "data"

OFFICIALS = frozenset(
    {
        Audience.AMBTENAAR,
        Audience.PROVINCIE,
        Audience.INTERCOMMUNALE,
        Audience.KOEPEL,
        Audience.CENTRUMSTAD,
    }
)

GENERAL = Community(
    key="algemeen",
    platform="local",
    name="Atrium Lerend Netwerk",
    kinds=frozenset(set(Kind) - {Kind.MANDATARISSEN}),
    audience=OFFICIALS,
)
POLITICIANS = Community(
    key="mandatarissen",
    platform="local",
    name="Atrium Lokale Mandatarissen",
    kinds=frozenset({Kind.MANDATARISSEN}),
    audience=frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR}),
)
WATER = Community(
    key="water",
    platform="local",
    name="Water en droogte",
    kinds=frozenset({Kind.THEMATISCH, Kind.OP_MAAT}),
)
COMMUNITIES = (GENERAL, POLITICIANS, WATER)


def brussels(text: str) -> dt.datetime:
    """ "2027-03-28 09:00" on the clock of Brussels, as aware UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BRUSSELS).astimezone(dt.UTC)


KNOWN_SINCE = brussels("2026-11-01 10:00")

_PLAIN = Atrium(
    uid="atr-1",
    kind=Kind.THEMATISCH,
    title="Thematisch Atrium: circulair bouwen",
    theme="circulair bouwen",
    starts_at=brussels("2027-02-17 09:30"),
    ends_at=brussels("2027-02-17 12:30"),
    venue="Stadhuis",
    address="Grote Markt 1",
    municipality="Sint-Niklaas",
    registration_url="https://inschrijven.example.org/atr-1",
    registration_until=dt.date(2027, 2, 16),
    audience=frozenset({Audience.AMBTENAAR}),
    updated_at=KNOWN_SINCE,
    announced_at=KNOWN_SINCE,
)


def atrium(at: str | None = None, **different: Any) -> Atrium:
    """An atrium of a morning; with `at` on another moment, its deadline the day before."""
    made = replace(_PLAIN, **different)
    if at is None:
        return made
    starts_at = brussels(at)
    moved = replace(made, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3))
    if "registration_until" in different:
        return moved
    return replace(moved, registration_until=moved.local_date - dt.timedelta(days=1))


def fill(store: Store, *atria: Atrium, communities: tuple[Community, ...] = COMMUNITIES) -> None:
    """Put communities and atria in an empty store; nothing is planned yet."""
    with store.writing() as session:
        sync_communities(session, communities)
        for each in atria:
            save_atrium(session, each)


def load_sample(store: Store, now: dt.datetime) -> None:
    """The sample agenda and regions, known from `now` on; nothing is planned yet."""
    regions = read_regions_file(SAMPLES / "regios_voorbeeld.csv", "regios_voorbeeld.csv")
    parsed = read_agenda_file(SAMPLES / "atria_voorbeeld.csv", "atria_voorbeeld.csv", now=now)
    with store.writing() as session:
        sync_communities(session, COMMUNITIES)
        replace_regions(session, regions.regions)
        apply_import(session, plan_import(session, parsed, now), now, "test")
