from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from handlers.model import BRUSSELS, Atrium, Kind, Status
from store.exchange.calendar import calendar_bytes, calendar_uid

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
ATRIUM = Atrium(
    uid="atr-1",
    kind=Kind.PROVINCIAAL,
    title='Provinciaal Atrium Gent; met een komma, en \\ een "teken"',
    theme="windturbines",
    starts_at=dt.datetime(2027, 4, 12, 7, tzinfo=dt.UTC),
    ends_at=dt.datetime(2027, 4, 12, 14, tzinfo=dt.UTC),
    venue="PAC",
    address="Woodrow Wilsonplein 2",
    municipality="Gent",
    province="Oost-Vlaanderen",
    description="Eén lange regel met accenten: " + "é" * 100,
    programme="9.00 onthaal | 9.30 toelichting",
    registration_url="https://inschrijven.example.org/atr-1",
    registration_until=dt.date(2027, 4, 11),
    sequence=3,
    updated_at=NOW,
    announced_at=NOW,
)


def written(*atria: Atrium, now: dt.datetime = NOW) -> bytes:
    return calendar_bytes(
        atria, name="Atria", now=now, url_of=lambda one: f"https://atria.example.org/{one.uid}"
    )


def event_of(atrium: Atrium) -> Event:
    """The event as a reader that we did not write understands it."""
    calendar = IcsCalendarStream.calendar_from_ics(written(atrium).decode())
    (event,) = calendar.events
    return event


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_another_reader_finds_everything_in_its_place() -> None:
    """C-45: checked with another parser."""
    event = event_of(ATRIUM)
    assert event.uid == "atr-1@atriumbot"
    assert event.summary == ATRIUM.title
    assert event.dtstart == dt.datetime(2027, 4, 12, 9, tzinfo=BRUSSELS)
    assert event.dtend == dt.datetime(2027, 4, 12, 16, tzinfo=BRUSSELS)
    assert event.dtstamp == NOW
    assert event.last_modified == NOW
    assert event.sequence == 3
    assert event.status == "TENTATIVE"
    assert event.location == "PAC, Woodrow Wilsonplein 2, Gent"
    assert str(event.url) == "https://atria.example.org/atr-1"
    assert event.categories == ["Provinciaal Atrium", "windturbines"]
    assert event.description is not None
    assert (
        "Inschrijven tot en met zondag 11 april 2027: https://inschrijven.example.org/atr-1"
        in event.description
    )


def test_the_whole_sample_is_read_by_another_reader(sample: list[Atrium]) -> None:
    calendar = IcsCalendarStream.calendar_from_ics(written(*sample).decode())
    assert {event.uid for event in calendar.events} == {f"{atrium.uid}@atriumbot" for atrium in sample}
    starts = {event.uid: event.dtstart for event in calendar.events}
    assert all(starts[f"{atrium.uid}@atriumbot"] == atrium.starts_at for atrium in sample)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.GEPLAND, "TENTATIVE"),
        (Status.BEVESTIGD, "CONFIRMED"),
        (Status.VOORBIJ, "CONFIRMED"),
        (Status.GEANNULEERD, "CANCELLED"),
    ],
)
def test_each_status_has_its_word(status: Status, word: str) -> None:
    assert event_of(dataclasses.replace(ATRIUM, status=status)).status == word


def test_a_cancelled_atrium_is_said_to_be_cancelled() -> None:
    event = event_of(dataclasses.replace(ATRIUM, status=Status.GEANNULEERD))
    assert event.summary is not None
    assert event.summary.startswith("Geannuleerd: Provinciaal")
    assert event.description is not None
    assert event.description.startswith("Dit atrium gaat niet door.")
    assert "Inschrijven" not in event.description


def test_an_atrium_without_an_end_has_none() -> None:
    lines = unfolded(written(dataclasses.replace(ATRIUM, ends_at=None)))
    assert not [line for line in lines if line.startswith("DTEND")]


def test_a_moved_cancelled_atrium_keeps_its_uid() -> None:
    """C-45."""
    moved = dataclasses.replace(
        ATRIUM, starts_at=dt.datetime(2027, 5, 1, 7, tzinfo=dt.UTC), status=Status.GEANNULEERD, sequence=5
    )
    assert event_of(moved).uid == event_of(ATRIUM).uid


def test_a_uid_that_is_unique_in_the_world_is_left_alone() -> None:
    assert calendar_uid("040000008200E00074C5@example.org") == "040000008200E00074C5@example.org"


def test_the_bytes_are_strict(sample: list[Atrium]) -> None:
    data = written(*sample, ATRIUM)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    for block in data.split(b"BEGIN:VEVENT\r\n")[1:]:
        names = [line.split(":")[0].split(";")[0] for line in unfolded(block)]
        assert names.count("UID") == names.count("DTSTAMP") == names.count("DTSTART") == 1
    assert b"\r\nMETHOD" not in data


def test_the_zone_of_every_event_is_defined(sample: list[Atrium]) -> None:
    lines = unfolded(written(*sample))
    zoned = [line for line in lines if line.startswith(("DTSTART;", "DTEND;"))]
    assert zoned
    assert all(";TZID=Europe/Brussels:" in line for line in zoned)
    assert lines.count("TZID:Europe/Brussels") == 1
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in lines


def test_the_same_atria_give_the_same_bytes(sample: list[Atrium]) -> None:
    assert written(*sample) == written(*sample, now=NOW + dt.timedelta(hours=3))


def test_that_one_can_no_longer_register_is_said() -> None:
    data = "\n".join(unfolded(written(ATRIUM, now=dt.datetime(2027, 4, 12, 6, tzinfo=dt.UTC))))
    assert "Inschrijven kon tot en met zondag 11 april 2027." in data


def test_no_relative_day_stands_in_a_calendar() -> None:
    data = "\n".join(unfolded(written(ATRIUM, now=dt.datetime(2027, 4, 10, 8, tzinfo=dt.UTC))))
    assert "morgen" not in data


def test_an_empty_calendar_is_a_calendar() -> None:
    assert IcsCalendarStream.calendar_from_ics(written().decode()).events == []
