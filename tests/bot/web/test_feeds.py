"""The agenda for calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from bot.web.app import create_app
from handlers.model import Status
from store.engine import Store
from tests.fakes.network import atrium, brussels, fill
from tests.fakes.visitor import Visitor, with_community


def events(body: bytes) -> dict[str, Any]:
    """The events of a calendar by their own uid."""
    found = Calendar.from_ical(body)
    return {str(event["UID"]).removesuffix("@atriumbot"): event for event in found.walk("VEVENT")}


def test_the_feed_is_a_calendar(visitor: Visitor) -> None:
    answer = visitor.get("/agenda.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=900"
    assert answer.headers["access-control-allow-origin"] == "*"
    event = events(answer.content)["atr-1-044"]
    assert event["DTSTART"].dt == dt.datetime.fromisoformat("2027-04-12T09:00+02:00")
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert event["URL"] == "https://atria.example.org/atria/atr-1-044"


def test_the_feed_narrows_by_the_filters_of_the_page(visitor: Visitor) -> None:
    found = events(visitor.get("/agenda.ics?soort=provinciaal&plaats=Gent").content)
    assert "atr-1-044" in found
    assert len(found) < len(events(visitor.get("/agenda.ics").content))


def test_a_wrong_filter_of_the_feed_is_told_in_words(visitor: Visitor) -> None:
    answer = visitor.get("/agenda.ics?soort=workshop")
    assert answer.status_code == 422
    assert "bestaat niet" in answer.text


def test_the_feed_goes_a_year_back(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, atrium("2025-11-24 09:00", uid="net"), atrium("2025-11-20 09:00", uid="te-oud"))
    assert set(events(newcomer.get("/agenda.ics").content)) == {"net"}
    assert set(events(newcomer.get("/agenda.ics?van=2024-01-01").content)) == {"net"}


def test_a_cancelled_atrium_stays_sixty_days_in_the_feed(newcomer: Visitor, sqlite_store: Store) -> None:
    """C-31."""
    recently = brussels("2026-09-25 10:00")
    long_ago = brussels("2026-09-23 10:00")
    fill(
        sqlite_store,
        atrium(uid="pas", status=Status.GEANNULEERD, cancelled_at=recently),
        atrium(uid="lang", status=Status.GEANNULEERD, cancelled_at=long_ago),
    )
    found = events(newcomer.get("/agenda.ics").content)
    assert set(found) == {"pas"}
    assert found["pas"]["STATUS"] == "CANCELLED"


def test_the_feed_holds_more_than_one_page_of_the_store(newcomer: Visitor, sqlite_store: Store) -> None:
    fill(sqlite_store, *(atrium(f"2027-01-{1 + n % 28:02d} 09:00", uid=f"n-{n}") for n in range(1100)))
    assert len(events(newcomer.get("/agenda.ics").content)) == 1100


@pytest.mark.parametrize("address", ["/agenda.ics", "/atria/atr-1-044.ics"])
def test_what_a_calendar_has_already_is_not_sent_again(visitor: Visitor, address: str) -> None:
    etag = visitor.get(address).headers["etag"]
    for known in (etag, f'"ander", {etag}', etag.removeprefix("W/"), "*"):
        again = visitor.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert visitor.get(address, headers={"If-None-Match": '"ander"'}).status_code == 200


def test_a_changed_atrium_changes_the_tag(newcomer: Visitor, sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store, atrium())
    before = newcomer.get("/agenda.ics").headers["etag"]
    fill(sqlite_store, atrium(sequence=1, updated_at=now, title="Nieuwe titel"))
    assert newcomer.get("/agenda.ics").headers["etag"] != before


def test_the_same_data_gives_the_same_calendar_later(sqlite_store: Store, now: dt.datetime) -> None:
    fill(sqlite_store, atrium())
    later = now + dt.timedelta(minutes=30)
    first, second = (
        Visitor(create_app(with_community(sqlite_store, moment))).get("/agenda.ics")
        for moment in (now, later)
    )
    assert first.headers["etag"] == second.headers["etag"]
    assert first.content == second.content


def test_one_atrium_is_a_calendar_file(visitor: Visitor) -> None:
    answer = visitor.get("/atria/atr-1-044.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert set(events(answer.content)) == {"atr-1-044"}


def test_a_monitor_may_ask_for_the_head_alone(visitor: Visitor) -> None:
    for address in ("/agenda.ics", "/atria/atr-1-044.ics", "/atria/atr-1-044", "/", "/healthz"):
        assert visitor.ask("HEAD", address).status_code == 200


def test_an_unknown_file_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/atria/onbekend.ics").status_code == 404
