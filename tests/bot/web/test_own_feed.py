"""A member's own calendar: what they follow, as far as anybody may see it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from bot.web.app import create_app
from handlers.model import Atrium, Follow, FollowWhat, Kind, Role, Status
from store.engine import Store
from store.members import ensure_person, follow, forget, keep_feed_token, member_id_of, unfollow
from store.regions import replace_regions
from tests.fakes.network import atrium, fill
from tests.fakes.visitor import Visitor, with_community

TOKEN = "kWq3_vN8-ZpL5xT2yB7dR9cM4fH6jS1g"  # noqa: S105  # a made-up one
ADDRESS = f"/mijn/{TOKEN}.ics"

LOCAL = {"kind": Kind.LOKAAL, "theme": None}
PLACES: tuple[Atrium, ...] = (
    atrium(uid="gent", municipality="Gent", kind=Kind.PROVINCIAAL, theme="windturbines"),
    atrium(uid="halle", municipality="Halle", title="Thematisch Atrium", theme="hoogbouw"),
    atrium(uid="temse", municipality="Temse", region="Waasland", **LOCAL),
    atrium(uid="zele", municipality="Zele", region="Scheldeland", **LOCAL),
)
#: As much like the first as can be, but for local politicians.
HIDDEN = atrium(
    uid="geheim",
    municipality="Gent",
    kind=Kind.PROVINCIAAL,
    theme="windturbines",
    region="Waasland",
    title="Besloten Atrium",
    visibility=frozenset({"mandatarissen"}),
)


def wish(store: Store, now: dt.datetime, *follows: Follow) -> Visitor:
    """Somebody who follows these, and visits their own calendar."""
    fill(store, *PLACES, HIDDEN)
    with store.writing() as session:
        replace_regions(session, {"Waasland": ["Temse"], "Scheldeland": ["Zele"]})
        ensure_person(session, "local", "An", "An Peeters", Role.MEMBER, now)
        member = member_id_of(session, "local", "An")
        keep_feed_token(session, member, TOKEN)
        for each in follows:
            follow(session, member, each, now)
    return Visitor(create_app(with_community(store, now)))


def events(body: bytes) -> dict[str, Any]:
    """The events of a calendar by the uid of their atrium."""
    found = Calendar.from_ical(body)
    return {str(event["UID"]).removesuffix("@atriumbot"): event for event in found.walk("VEVENT")}


def of(what: FollowWhat, value: str = "") -> Follow:
    return Follow(what=what, value=value)


WISHES: list[tuple[tuple[Follow, ...], set[str]]] = [
    ((), set()),
    ((of(FollowWhat.ALL),), {"gent", "halle", "temse", "zele"}),
    ((of(FollowWhat.KIND, "lokaal"),), {"temse", "zele"}),
    ((of(FollowWhat.KIND, "provinciaal"),), {"gent"}),
    ((of(FollowWhat.REGION, "Waasland"),), {"temse"}),
    ((of(FollowWhat.PLACE, "Gent"),), {"gent"}),
    ((of(FollowWhat.PLACE, "Provincie Oost-Vlaanderen"),), {"gent", "temse", "zele"}),
    ((of(FollowWhat.PLACE, "Nergens"),), set()),
    ((of(FollowWhat.THEME, "windturbines"),), {"gent"}),
    ((of(FollowWhat.ATRIUM, "halle"),), {"halle"}),
    ((of(FollowWhat.ATRIUM, "bestaat-niet"),), set()),
    ((of(FollowWhat.ATRIUM, "geheim"),), set()),
    (
        (
            of(FollowWhat.PLACE, "Gent"),
            of(FollowWhat.KIND, "lokaal"),
            of(FollowWhat.THEME, "windturbines"),
            of(FollowWhat.ATRIUM, "halle"),
        ),
        {"gent", "temse", "zele", "halle"},
    ),
]


@pytest.mark.parametrize(("follows", "uids"), WISHES)
def test_it_holds_the_public_atria_that_are_followed(
    store: Store, now: dt.datetime, follows: tuple[Follow, ...], uids: set[str]
) -> None:
    """C-42: what is not public shows for no wish, not even for the very atrium."""
    answer = wish(store, now, *follows).get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert set(events(answer.content)) == uids
    assert b"Besloten" not in answer.content


def test_it_names_nobody(sqlite_store: Store, now: dt.datetime) -> None:
    answer = wish(sqlite_store, now, of(FollowWhat.ALL)).get(ADDRESS)
    assert b"Peeters" not in answer.content
    assert TOKEN not in answer.text
    assert "Mijn atria" in answer.text


def test_no_cache_that_others_share_and_no_other_site_gets_it(sqlite_store: Store, now: dt.datetime) -> None:
    answer = wish(sqlite_store, now, of(FollowWhat.ALL)).get(
        ADDRESS, {"Origin": "https://elders.example.org"}
    )
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_what_did_not_change_is_not_sent_again(sqlite_store: Store, now: dt.datetime) -> None:
    visitor = wish(sqlite_store, now, of(FollowWhat.ALL))
    etag = visitor.get(ADDRESS).headers["etag"]
    again = visitor.get(ADDRESS, {"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    with sqlite_store.writing() as session:
        unfollow(session, member_id_of(session, "local", "An"), None)
    changed = visitor.get(ADDRESS, {"If-None-Match": etag})
    assert changed.status_code == 200
    assert events(changed.content) == {}


def test_what_was_cancelled_stays_until_every_calendar_has_heard(
    sqlite_store: Store, now: dt.datetime
) -> None:
    visitor = wish(sqlite_store, now, *(of(FollowWhat.ATRIUM, uid) for uid in ("af", "oud", "halle")))
    days = dt.timedelta(days=1)
    for uid, age in (("af", 10), ("oud", 61)):
        off = atrium(uid=uid, status=Status.GEANNULEERD, cancelled_at=now - age * days)
        fill(sqlite_store, off)
    found = events(visitor.get(ADDRESS).content)
    assert set(found) == {"af", "halle"}
    assert found["af"]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "token", [TOKEN[:-1], TOKEN + "x", "a" * 32, "..", "%2e%2e", "' OR 1=1 --", "a", "a" * 5000, "é" * 32]
)
def test_any_other_address_is_not_there(sqlite_store: Store, now: dt.datetime, token: str) -> None:
    answer = wish(sqlite_store, now, of(FollowWhat.ALL)).get(f"/mijn/{token}.ics")
    assert answer.status_code == 404
    assert b"VCALENDAR" not in answer.content


def test_the_calendar_of_whoever_was_forgotten_is_gone(store: Store, now: dt.datetime) -> None:
    """C-43."""
    visitor = wish(store, now, of(FollowWhat.ALL))
    with store.writing() as session:
        forget(session, "local", "An")
    answer = visitor.get(ADDRESS)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert "mijn agenda" in answer.text


def test_a_monitor_may_ask_for_the_head_alone(sqlite_store: Store, now: dt.datetime) -> None:
    answer = wish(sqlite_store, now).ask("HEAD", ADDRESS)
    assert (answer.status_code, answer.content) == (200, b"")
