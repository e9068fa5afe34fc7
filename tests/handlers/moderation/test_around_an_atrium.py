"""Moderators tell that an atrium is full, where the slides are, and what need not be posted about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import AtriumChanged
from handlers.model import Atrium
from handlers.posts.edited import needs_words, shows_otherwise
from handlers.posts.names import EVERYTHING
from handlers.wording.cards import card, facts, registration_text
from tests.fakes.network import atrium, brussels
from tests.fakes.talking import Thread

NOW = brussels("2027-02-01 10:00")
SLIDES = "https://example.org/presentaties"


def changed(thread: Thread, typed: str) -> Atrium:
    """The atrium after this change was told and confirmed."""
    thread.say(typed)
    thread.say("bevestig")
    change = thread.published[-1]
    assert isinstance(change, AtriumChanged)
    return change.after


@pytest.mark.parametrize("typed", ["volzet: ja", "volzet", "het is volzet", "is nu volgeboekt"])
def test_an_atrium_becomes_full_on_the_word(typed: str) -> None:
    thread = Thread()

    assert "Volzet: nee -> ja" in thread.say(f"wijzig atr-1-053: {typed}")
    thread.say("bevestig")

    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    assert change.after.is_full
    assert change.fields == ("is_full",)


@pytest.mark.parametrize("typed", ["volzet: nee", "niet meer volzet", "er is weer plaats"])
def test_an_atrium_with_room_again_is_full_no_more(typed: str) -> None:
    thread = Thread()
    changed(thread, "wijzig atr-1-053: volzet")

    assert not changed(thread, f"wijzig atr-1-053: {typed}").is_full


def test_posts_are_switched_off_by_their_names() -> None:
    thread = Thread()

    after = changed(thread, "wijzig atr-1-053: stil: deadlines, herinneringen en praktische info")

    assert after.quiet_posts == {"reminder", "deadline", "practical"}
    assert changed(thread, "wijzig atr-1-053: stil: alles").quiet_posts == {EVERYTHING}
    assert changed(thread, "wijzig atr-1-053: stil: geen").quiet_posts == frozenset()


def test_a_post_that_has_no_such_name_is_asked_for_again() -> None:
    reply = Thread().say("wijzig atr-1-053: stil: kaartjes")

    assert '"kaartjes" ken ik niet. Ik ken vooraankondiging, uitnodiging, herinnering' in reply


def test_the_slides_are_told_after_the_atrium() -> None:
    thread = Thread()

    shown = thread.say(f"wijzig atr-1-028: presentaties: {SLIDES}")

    assert f"Presentaties: niet ingevuld -> {SLIDES}" in shown
    assert "in het dankbericht of in het volgende overzicht" in shown
    thread.say("bevestig")
    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    assert change.fields == ("materials_url",)
    assert (change.after.materials_url, change.after.materials_at) == (SLIDES, thread.now)


def test_nothing_else_is_changed_of_a_past_atrium() -> None:
    thread = Thread()

    shown = thread.say(f"wijzig atr-1-028: presentaties: {SLIDES}, zaal: Auditorium B")

    assert "Auditorium" not in shown.replace("zaal: Auditorium B", "")
    thread.say("bevestig")
    (change,) = thread.published
    assert isinstance(change, AtriumChanged)
    assert change.fields == ("materials_url",)


def test_a_full_atrium_is_said_to_be_full_and_not_closed() -> None:
    full = replace(atrium(), is_full=True)
    (registration,) = [each for each in facts(full, NOW) if each.label == "Inschrijven"]

    told = [registration_text(full, NOW), card(full, NOW).register_text or "", registration.text]

    assert all("volzet" in each and "gesloten" not in each for each in told)
    assert card(full, NOW).register_url is None


def test_the_slides_are_among_the_facts() -> None:
    shown = facts(replace(atrium(), materials_url=SLIDES), NOW)

    assert [each.url for each in shown if each.label == "Presentaties"] == [SLIDES]


def test_an_earlier_post_is_put_right_when_the_atrium_is_full() -> None:
    full = replace(atrium(), is_full=True)

    assert shows_otherwise(atrium(), full)
    assert needs_words(atrium(), full)
