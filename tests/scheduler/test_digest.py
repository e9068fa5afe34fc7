"""What the weekly overview chooses to tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.model import Status
from scheduler.digest import overview
from scheduler.rules import Rules
from tests.fakes.network import atrium, brussels

NOW = brussels("2027-02-08 08:30")
LAST = brussels("2027-02-01 08:30")
RULES = Rules(public_url="https://atria.example.org")
FAR = "2027-06-16 09:30"


def uids(atria: tuple[object, ...]) -> list[str]:
    return [each.uid for each in atria]  # type: ignore[attr-defined]


def test_it_looks_some_weeks_ahead() -> None:
    last_day = atrium("2027-03-21 09:30", uid="last")
    after = atrium("2027-03-22 09:30", uid="after")
    told = overview([after, last_day, atrium(FAR, uid="far")], RULES, NOW, LAST)
    assert uids(told.coming) == ["last"]
    assert told.agenda_url == "https://atria.example.org"


def test_what_is_new_further_off_is_told_once() -> None:
    new = atrium(FAR, uid="new", announced_at=brussels("2027-02-03 10:00"))
    assert uids(overview([new], RULES, NOW, LAST).later) == ["new"]
    assert not overview([new], RULES, NOW + dt.timedelta(days=7), NOW).later


def test_in_a_community_that_never_had_one_nothing_is_new() -> None:
    """C-28: an imported agenda is not a week's news."""
    new = atrium("2027-02-24 09:30", announced_at=brussels("2027-02-03 10:00"))
    told = overview([new], RULES, NOW, None)
    assert uids(told.coming) == ["atr-1"]
    assert not told.fresh


def test_what_changed_since_the_last_one_is_marked() -> None:
    changed = atrium("2027-02-24 09:30", sequence=1, updated_at=brussels("2027-02-03 10:00"))
    assert overview([changed], RULES, NOW, LAST).changed == {"atr-1"}
    assert not overview([changed], RULES, NOW + dt.timedelta(days=7), NOW).changed


def test_a_cancelled_atrium_is_told_once_and_never_listed() -> None:
    """C-31."""
    off = atrium("2027-02-24 09:30", status=Status.GEANNULEERD, cancelled_at=brussels("2027-02-03 10:00"))
    told = overview([off], RULES, NOW, LAST)
    assert (uids(told.cancelled), told.coming, told.closing) == (["atr-1"], (), ())
    assert overview([off], RULES, NOW + dt.timedelta(days=7), NOW).is_empty


def test_what_closes_this_week_is_told_apart_and_not_again_below() -> None:
    closing = atrium("2027-02-15 09:30", uid="sunday")
    later = atrium("2027-02-16 09:30", uid="monday")
    told = overview([closing, later], RULES, NOW, LAST)
    assert (uids(told.closing), uids(told.coming)) == (["sunday"], ["monday"])


def test_a_folded_reminder_is_told_once() -> None:
    one = atrium("2027-02-15 09:30")
    told = overview([one], RULES, NOW, LAST, [one])
    assert (uids(told.remembered), told.closing, told.coming) == (["atr-1"], (), ())


def test_what_is_over_is_not_told() -> None:
    over = replace(atrium("2027-02-08 08:00"), registration_until=None)
    assert overview([over], RULES, NOW, LAST).is_empty


def test_what_changed_further_off_is_told_once() -> None:
    changed = atrium(FAR, sequence=1, updated_at=brussels("2027-02-03 10:00"))
    assert uids(overview([changed], RULES, NOW, LAST).later) == ["atr-1"]
    assert overview([changed], RULES, NOW + dt.timedelta(days=7), NOW).is_empty


def test_a_monthly_overview_looks_further_and_tells_what_closes_before_the_next() -> None:
    """The next one is on Monday 1 March."""
    at = brussels("2027-02-01 08:30")
    before = atrium("2027-03-01 09:30", uid="before")
    after = atrium("2027-03-02 09:30", uid="after")
    far = atrium("2027-04-30 09:30", uid="far")
    too_far = atrium("2027-05-03 09:30", uid="too far")
    told = overview([before, after, far, too_far], RULES, at, LAST, monthly=True)
    assert uids(told.closing) == ["before"]
    assert uids(told.coming) == ["after", "far"]


def test_materials_are_told_of_what_is_over_and_was_not_cancelled() -> None:
    over = atrium("2027-02-03 09:30", uid="over", materials_url="https://example.org/m")
    off = replace(over, uid="off", status=Status.GEANNULEERD)
    without = replace(over, uid="without", materials_url=None)
    to_come = replace(over, uid="to come", starts_at=brussels(FAR), ends_at=None)
    told = overview([], RULES, NOW, LAST, materials=[over, off, without, to_come])
    assert uids(told.materials) == ["over"]
    assert not told.is_empty


def test_a_first_word_is_told_once() -> None:
    one = atrium("2027-03-03 09:30")
    told = overview([one], RULES, NOW, LAST, noted=[one])
    assert (uids(told.noted), told.coming) == (["atr-1"], ())
