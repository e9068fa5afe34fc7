"""What to know before an atrium is kept: none of it stops anything, all of it is seen once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.web.console.forms import Form, version_of
from handlers.context import Context
from handlers.model import Atrium, Kind
from handlers.moderation.clashes import (
    clash_warning,
    day_warning,
    far_warning,
    hours_warning,
    missing_warnings,
)
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from scheduler.school import find_school_holiday


def warnings_on(
    atrium: Atrium, context: Context, remarks: Sequence[str] = (), before: Atrium | None = None
) -> tuple[str, ...]:
    """What to mind of an atrium as a form has it: the same as before an announcement, and its region.

    What is merely not filled in yet is named beside other things, and is alone no reason to stop. Of an
    atrium that is changed only what moves it counts.

    Args:
        remarks: what was read otherwise than it was typed.
        before: the atrium that is changed; None for a new one.
    """
    found: list[str | None] = list(remarks)
    if before is None or _whereabouts(before) != _whereabouts(atrium):
        found += [
            clash_warning(atrium, context),
            day_warning(atrium.local_date),
            _school_holiday(atrium),
            hours_warning(atrium),
            far_warning(atrium, context.now),
            _regionless(atrium, context),
        ]
    told = tuple(dict.fromkeys(each for each in found if each))
    return (*told, *missing_warnings(atrium)) if told and before is None else told


def are_seen(form: Form, warnings: Sequence[str]) -> bool:
    """Whether whoever sends this form saw these very warnings already, or there are none."""
    return not warnings or form.text("gezien") == mark_of(warnings)


def mark_of(warnings: Sequence[str]) -> str:
    """What the form remembers of the warnings that stand above it."""
    return version_of(*warnings)


def _whereabouts(atrium: Atrium) -> tuple[object, ...]:
    return (atrium.kind, atrium.starts_at, atrium.ends_at, atrium.municipality, atrium.region)


def _school_holiday(atrium: Atrium) -> str | None:
    holiday = find_school_holiday(atrium.local_date)
    if holiday is None:
        return None
    day, first, last = (long_date(each) for each in (atrium.local_date, holiday.first, holiday.last))
    return say("aankondiging.schoolvakantie", dag=day, eerste=first, laatste=last)


def _regionless(atrium: Atrium, context: Context) -> str | None:
    """A Lokaal Atrium that belongs to nobody's region: who follows one does not hear of it."""
    if atrium.kind is not Kind.LOKAAL or atrium.region or context.agenda.region_of(atrium.municipality):
        return None
    return say("beheer atrium.zonder regio", gemeente=atrium.municipality)
