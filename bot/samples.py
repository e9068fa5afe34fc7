"""The sample agenda that comes with the program: fictitious, for demonstrations and for trying things."""

from __future__ import annotations

import datetime as dt
from importlib import resources

from bot.importing import carry_out
from scheduler.rules import Rules
from store import agenda, groups, regions
from store.engine import Store
from store.exchange.agenda_file import read_agenda_file
from store.exchange.groups_file import read_groups_file
from store.exchange.imports import plan_import
from store.exchange.regions_file import read_regions_file

ATRIA = "atria_voorbeeld.csv"
REGIONS = "regios_voorbeeld.csv"
GROUPS = "groepen_voorbeeld.csv"


def sample(name: str) -> bytes:
    """The bytes of a sample file."""
    return (resources.files("bot.data") / name).read_bytes()


def load_samples(store: Store, rules: Rules, now: dt.datetime) -> int:
    """Load atria, regions and groups when the agenda is empty; returns how many atria were loaded."""
    with store.writing() as session:
        if agenda.StoredAgenda(session).updated_at() is not None:
            return 0
        regions.replace_regions(session, read_regions_file(sample(REGIONS), REGIONS).regions)
        groups.replace_groups(session, read_groups_file(sample(GROUPS), GROUPS).groups)
        plan = plan_import(session, read_agenda_file(sample(ATRIA), ATRIA, now=now), now)
        carry_out(session, plan, rules, now, "voorbeeld")
        return len(plan.added)
