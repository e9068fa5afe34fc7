"""Who can be reached, and whether now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.answers.hours import is_reachable, reachable_again
from handlers.model import Kind
from handlers.reading.model import Intent
from handlers.wording.dates import long_date
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at, reply_to
from tests.fakes.network import brussels
from tests.fakes.samples import sample_atria

PHONE = (
    "Contact: Afdeling Partnerschappen met Besturen en Maatschappij (PBM), 02 553 80 56, "
    "bereikbaar op werkdagen tussen 8.30 en 17.00 u."
)


@pytest.mark.parametrize(
    ("moment", "reachable"),
    [
        ("2026-11-23 08:29", False),
        ("2026-11-23 08:30", True),
        ("2026-11-23 16:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-22 10:00", False),  # a Sunday
        ("2026-11-21 10:00", False),  # a Saturday
        ("2026-11-11 10:00", False),  # Armistice Day, a Wednesday
        ("2026-12-25 10:00", False),  # Christmas, a Friday
        ("2027-03-29 10:00", False),  # Easter Monday, the day after the clock changed
        ("2027-03-30 08:30", True),  # the first working morning of summer time
        ("2027-05-06 10:00", False),  # Ascension Day
        ("2027-07-21 10:00", False),  # the national holiday
        ("2026-10-26 16:59", True),  # the first working day of winter time
        ("2026-10-26 17:00", False),
    ],
)
def test_somebody_is_there_on_working_days_between_the_hours_of_brussels(
    moment: str, *, reachable: bool
) -> None:
    assert is_reachable(brussels(moment)) is reachable


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23 07:00", "maandag 23 november 2026"),
        ("2026-11-23 18:00", "dinsdag 24 november 2026"),
        ("2026-11-20 17:30", "maandag 23 november 2026"),
        ("2026-12-24 18:00", "maandag 28 december 2026"),
        ("2026-12-31 23:59", "maandag 4 januari 2027"),
        ("2027-03-26 18:00", "dinsdag 30 maart 2027"),
    ],
)
def test_the_next_working_morning_is_told(moment: str, day: str) -> None:
    assert long_date(reachable_again(brussels(moment))) == day


def test_the_answer_says_that_somebody_is_there_now() -> None:
    reply = reply_to(Intent.CONTACT)
    assert reply.headline == PHONE
    assert reply.paragraphs == ("Er is nu iemand bereikbaar, tot 17.00 u.",)


def test_the_answer_says_when_somebody_is_there_again() -> None:
    evening = reply_to(Intent.CONTACT, context_at("2026-11-23 20:00"))
    assert evening.paragraphs == (
        "Nu is er niemand bereikbaar. Dat kan opnieuw op dinsdag 24 november 2026 (morgen) vanaf 8.30 u.",
    )
    holiday = reply_to(Intent.CONTACT, context_at("2026-12-25 10:00"))
    assert holiday.paragraphs == (
        "Nu is er niemand bereikbaar. Dat kan opnieuw op maandag 28 december 2026 vanaf 8.30 u.",
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.LOKAAL, "Organisator van het Lokaal Atrium Westhoek van woensdag 3 februari 2027: Departement"),
        (Kind.CENTRUMSTEDEN, "Organisator van het Atrium Centrumsteden in Kortrijk van maandag 21 december"),
        (Kind.PROVINCIAAL, "Organisator van het Provinciaal Atrium in Antwerpen van dinsdag 6 april 2027:"),
        (Kind.THEMATISCH, "Organisator van het Thematisch Atrium over circulair bouwen van donderdag 17"),
        (Kind.OP_MAAT, "Organisator van het Atrium op Maat voor de Denderende gemeenten van woensdag 23"),
        (Kind.MANDATARISSEN, "Data van het Atrium Lokale Mandatarissen staan in de eigen community."),
    ],
)
def test_the_organiser_of_a_named_atrium_comes_from_its_record(kind: Kind, said: str) -> None:
    reply = reply_to(Intent.CONTACT, kind=kind)
    assert reply.headline.startswith(said)
    assert "02 553 80 56" in reply.plain_text()


def test_an_organiser_that_is_not_known_is_said_not_to_be_known() -> None:
    found = next(atrium for atrium in sample_atria() if atrium.uid == "atr-1-053")
    bare = replace(found, organiser=None, contact=None)
    reply = reply_to(Intent.CONTACT, context_at(agenda=MemoryAgenda([bare])), kind=Kind.THEMATISCH)
    assert reply.headline == (
        "Wie het Thematisch Atrium over circulair bouwen organiseert, staat nog niet in de agenda."
    )
