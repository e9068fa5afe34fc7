"""Announcements and posts in the words of the moderators: what is read changes, what is done does not."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from handlers.moderation.lifecycle import State
from store import outbox, post_acts, texts
from store.engine import Store
from store.states import OutboxState
from tests.bot.console.conftest import Enter
from tests.bot.console.test_announcements import PAGES, TWO, Office, done, main_of
from tests.bot.console.test_areas import a_post, value_of


@pytest.fixture
def office(furnished: Store, now: dt.datetime) -> Office:
    return Office(furnished, now)


def word(store: Store, now: dt.datetime, changed: dict[str, str]) -> None:
    """Let the bot speak with these templates, by the names of their texts."""
    with store.writing() as session:
        for name, template in changed.items():
            texts.change_text(session, name, template, "Mo Derator", now)


def button_of(page: str, words: str) -> str:
    """What a button with these words sends."""
    (value,) = re.findall(rf'<button name="stap" value="([^"]*)"[^>]*>{words}</button>', page)
    return str(value)


def test_a_post_is_held_by_a_button_with_other_words(
    enter: Enter, furnished: Store, planned: None, now: dt.datetime
) -> None:
    word(
        furnished,
        now,
        {
            "beheer bericht.hou tegen": "Wacht hiermee",
            "beheer bericht.is tegengehouden": "Dit blijft liggen.",
            "beheer bericht.intussen iets gebeurd": "Een collega was je voor.",
        },
    )
    visitor, post = enter("moderator"), a_post(furnished)
    page = visitor.get(f"/beheer/berichten/{post.id}").text
    step = {"stap": button_of(page, "Wacht hiermee"), "versie": value_of(page, "versie")}
    assert "Hou tegen" not in page
    kept = visitor.send(f"/beheer/berichten/{post.id}/stap", **step)
    assert kept.status_code == 303
    assert "Dit blijft liggen." in done(visitor, kept.headers["location"])
    again = visitor.send(f"/beheer/berichten/{post.id}/stap", **step)
    assert again.status_code == 409
    assert "Een collega was je voor." in main_of(again.text)
    with furnished.reading() as session:
        assert outbox.get_entry(session, post.id).state is OutboxState.HELD


def test_an_announcement_is_made_and_planned_by_buttons_with_other_words(
    enter: Enter, office: Office, furnished: Store, now: dt.datetime
) -> None:
    word(
        furnished,
        now,
        {
            "beheer aankondiging.bewaard": "Het ligt klaar.",
            "beheer aankondiging.plan op": "Zet klaar voor {moment}",
            "beheer aankondiging.gepland door": "Klaargezet: {wie}",
            "beheer aankondiging.intussen gewijzigd": "{wie} zat er ook aan.",
            "beheer aankondiging.niets ingevuld": "Dit is leeg.",
        },
    )
    visitor = enter("moderator")
    empty = visitor.send(f"{PAGES}/nieuw")
    assert empty.status_code == 422
    assert "Dit is leeg." in main_of(empty.text)
    made = visitor.send(f"{PAGES}/nieuw", **TWO)
    page = visitor.get(made.headers["location"]).text
    assert "Het ligt klaar." in page
    number = int(made.headers["location"].rpartition("/")[2])
    step = {
        "stap": button_of(page, "Zet klaar voor donderdag 26 november 2026 om 9.00 u."),
        "versie": value_of(page, "versie"),
    }
    late = visitor.send(f"{PAGES}/{number}/stap", **{**step, "versie": "7"})
    assert late.status_code == 409
    assert "zat er ook aan." in main_of(late.text)
    assert visitor.send(f"{PAGES}/{number}/stap", **step).status_code == 303
    assert office.get(number).state is State.SCHEDULED
    assert "Klaargezet: moderator@example.org, ma 23 november, 10.00 u." in done(visitor, PAGES)


def test_a_post_that_is_held_is_told_from_others_whatever_that_is_called(
    enter: Enter, office: Office, furnished: Store, now: dt.datetime
) -> None:
    number = office.act("schedule", office.act("save", TWO).id).id
    with furnished.writing() as session:
        for entry in outbox.entries(session, kinds=("announcement",), community="algemeen"):
            post_acts.hold(session, entry.id, now)
    changed = {"bericht.tegengehouden": "gepauzeerd", "beheer aankondiging.tegengehouden": "dit wacht"}
    word(furnished, now, changed)
    page = done(enter("moderator"), f"{PAGES}/{number}")
    shown = page[page.index("Zo leest het") :]
    assert shown.count("dit wacht") == 1
    assert shown.count("do 26 november, 9.00 u.") == 1


def test_a_heading_that_moderators_word_is_no_formula_in_the_file(
    enter: Enter, office: Office, furnished: Store, now: dt.datetime
) -> None:
    number = office.posted(TWO).id
    word(furnished, now, {"beheer aankondiging.bestand community": "=1+1"})
    file = enter("moderator").get(f"{PAGES}/{number}/verslag.csv").content.decode("utf-8-sig")
    assert file.startswith("'=1+1;platform;toestand;tijdstip;reden;mensen die antwoordden;")
