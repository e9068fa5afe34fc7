from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import Kind, Status
from store.exchange.agenda_file import read_agenda_file
from store.exchange.rows import Parsed

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
EVENT = {
    "UID": "abc-123@example.org",
    "DTSTAMP": "20261101T080000Z",
    "DTSTART;TZID=Europe/Brussels": "20270318T093000",
    "DTEND;TZID=Europe/Brussels": "20270318T123000",
    "SUMMARY": "Atrium op Maat",
    "LOCATION": "Stadhuis\\, Markt 1\\, 9620 Zottegem",
}


def calendar(*events: dict[str, str], head: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Iemand anders//NL"]
    lines += [head] if head else []
    for event in events:
        lines += ["BEGIN:VEVENT", *(f"{name}:{value}" for name, value in event.items()), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: dict[str, str], kind: Kind | None = Kind.OP_MAAT, head: str = "") -> Parsed:
    return read_agenda_file(calendar(*events, head=head), "agenda.ics", now=NOW, kind=kind)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in EVENT.items() if name not in names}


def test_an_event_of_somebody_else_becomes_an_atrium_of_the_kind_that_was_given() -> None:
    parsed = read(
        EVENT | {"STATUS": "CONFIRMED", "URL": "https://example.org/x", "DESCRIPTION": "Een\\ntwee"}
    )
    (candidate,) = parsed.candidates
    atrium = candidate.atrium
    assert not parsed.problems
    assert candidate.line == 4
    assert (atrium.uid, atrium.kind, atrium.title) == ("abc-123@example.org", Kind.OP_MAAT, "Atrium op Maat")
    assert atrium.starts_at == dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)
    assert atrium.ends_at == dt.datetime(2027, 3, 18, 11, 30, tzinfo=dt.UTC)
    assert (atrium.venue, atrium.address, atrium.municipality) == ("Stadhuis", "Markt 1", "Zottegem")
    assert atrium.status is Status.BEVESTIGD
    assert atrium.registration_url == "https://example.org/x"
    assert atrium.description == "Een\ntwee"


def test_what_a_calendar_cannot_tell_is_not_told() -> None:
    (candidate,) = read(EVENT).candidates
    assert candidate.told.isdisjoint({"theme", "audience", "registration_until", "visibility", "status"})


def test_without_a_kind_an_event_of_somebody_else_is_refused() -> None:
    (problem,) = read(EVENT, kind=None).problems
    assert (problem.line, problem.column) == (4, "soort")
    assert "abc-123@example.org" in problem.reason


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ({"DTSTART": "20270318T083000Z"}, dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)),
        ({"DTSTART": "20270318T093000"}, dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)),
        ({"DTSTART;TZID=Europe/London": "20270318T083000"}, dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)),
        (
            {"DTSTART;TZID=Romance Standard Time": "20270318T093000"},
            dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC),
        ),
    ],
)
def test_every_zone_is_brought_to_brussels(start: dict[str, str], moment: dt.datetime) -> None:
    event = without("DTSTART;TZID=Europe/Brussels", "DTEND;TZID=Europe/Brussels") | start
    parsed = read(event)
    assert not parsed.problems
    assert parsed.candidates[0].atrium.starts_at == moment


def test_a_length_is_as_good_as_an_end() -> None:
    event = without("DTEND;TZID=Europe/Brussels") | {"DURATION": "PT3H"}
    assert read(event).candidates[0].atrium.ends_at == dt.datetime(2027, 3, 18, 11, 30, tzinfo=dt.UTC)


START = "DTSTART;TZID=Europe/Brussels"
END = "DTEND;TZID=Europe/Brussels"


@pytest.mark.parametrize(
    ("event", "column", "part"),
    [
        (EVENT | {"RRULE": "FREQ=WEEKLY;COUNT=3"}, "datum", "herhaalt zich"),
        (EVENT | {"RECURRENCE-ID": "20270318T093000"}, "datum", "herhaalt zich"),
        (without(START, END) | {"DTSTART;VALUE=DATE": "20270318"}, "datum", "hele dagen"),
        (without(START, END) | {"DTSTART;TZID=Mars/Phobos": "20270318T093000"}, "datum", "tijdzone"),
        (without(START, END) | {"DTSTART": "20271031T013000Z"}, "datum", "twee keer"),
        (without(END) | {END: "20270319T123000"}, "einde", "andere dag"),
        (without("LOCATION") | {"LOCATION": "Microsoft Teams"}, "gemeente", "geen gemeente"),
        (without("LOCATION"), "gemeente", "geen plaats"),
        (without("LOCATION") | {"LOCATION": "Zaal\\, 9620 Velzeke"}, "gemeente", "Vul Zottegem in"),
        (EVENT | {"CLASS": "PRIVATE"}, "zichtbaarheid", "privé"),
        (without("UID"), "uid", "verplicht"),
        (without("SUMMARY"), "titel", "verplicht"),
        (without(START, END), "datum", "verplicht"),
    ],
)
def test_what_cannot_be_an_atrium_is_named(event: dict[str, str], column: str, part: str) -> None:
    problems = [problem for problem in read(event).problems if problem.column == column]
    assert problems
    assert problems[0].line == 4
    assert part in problems[0].reason


def test_a_cancelled_event_is_cancelled() -> None:
    assert read(EVENT | {"STATUS": "CANCELLED"}).candidates[0].atrium.is_cancelled
    assert read(EVENT, head="METHOD:CANCEL").candidates[0].atrium.is_cancelled


def test_a_link_that_is_no_web_address_is_left_out_with_a_warning() -> None:
    parsed = read(EVENT | {"URL": "mailto:jan@example.org"})
    assert [warning.column for warning in parsed.warnings] == ["inschrijven_url"]
    assert "registration_url" not in parsed.candidates[0].told


def test_a_uid_that_cannot_stand_in_a_link_is_made_so() -> None:
    assert read(EVENT | {"UID": "a b/c"}).candidates[0].atrium.uid == "a-b-c"


def test_all_problems_of_an_event_are_told_each_once() -> None:
    parsed = read(EVENT | {"RRULE": "FREQ=DAILY", "SUMMARY": "", "LOCATION": "Nergens"})
    assert [problem.column for problem in parsed.problems] == ["datum", "gemeente", "titel"]


def test_an_event_in_no_calendar_is_not_read() -> None:
    (problem,) = read_agenda_file(b"BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n", "x.ics", now=NOW).problems
    assert problem.line is None


def test_a_second_problem_has_its_own_line() -> None:
    bad = without("LOCATION") | {"UID": "tweede"}
    (problem,) = read(EVENT, bad).problems
    assert problem.line == 12
    assert "tweede" in problem.reason


@pytest.mark.parametrize("data", [b"", b"hallo", b"BEGIN:VCALENDAR\r\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    assert len(read_agenda_file(data, "x.ics", now=NOW).problems) == 1


def test_a_calendar_without_events_says_so() -> None:
    (problem,) = read().problems
    assert "geen afspraken" in problem.reason


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert read_agenda_file(data, "x.ics", now=NOW).problems


LINES = st.sampled_from(
    """
DTSTART:20270318T093000
DTSTART:x
DTSTART;VALUE=DATE:20270318
DTSTART;TZID=:20270318T093000
DTSTART:00010101T000000
DTSTART:99991231T235959Z
DTEND:20270318T093000Z
DURATION:P1D
DURATION:-PT1H
DURATION:P999999999D
DURATION:x
UID:a
UID
LOCATION:Gent
SUMMARY;ALTREP="x:y
SUMMARY:x
RRULE:FREQ=x
BEGIN:VALARM
BEGIN:VEVENT
END:VEVENT
END:VCALENDAR
X-ATRIUM-UID:a
X-ATRIUM-DATUM;VALUE=DATE:20270101
STATUS:CANCELLED
SEQUENCE:x
 vervolg
""".strip("\n").split("\n")
)


@settings(deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=12))
def test_no_lines_in_an_event_break_the_reader(lines: list[str]) -> None:
    body = "\r\n".join(lines)
    data = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    read_agenda_file(data.encode(), "x.ics", now=NOW, kind=Kind.LOKAAL)
