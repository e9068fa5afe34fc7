"""What moderators make of a label, a notice and a refusal of the console is read until it is put back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from handlers.wording.catalogue import TEXTS
from store import texts
from store.engine import Store
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import form_of, upload, value_of
from tests.fakes.console_visitors import Moderator

EDIT = "/beheer/agenda/atr-1-044/wijzigen"
GROUP = "/beheer/netwerk/groep"
FILE = b"uid;soort;titel;datum;begin;gemeente\nnieuw-1;thematisch;Nieuw;2027-05-05;09:00;Gent\n"

#: A page with a label of a form, one with a notice after saving, one with a refusal.
Pages = tuple[str, str, str]


def after(visitor: Moderator, path: str, **fields: str | tuple[str, ...]) -> str:
    """The page that one comes to when a form is kept."""
    answer = visitor.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.headers["location"]).text


def of_an_atrium(enter: Enter, turn: str) -> Pages:
    visitor = enter("moderator")
    page = visitor.get(EDIT).text
    kept = after(visitor, EDIT, **{**form_of(page), "locatie": f"Zaal {turn}"})
    return page, kept, enter("elders").get(EDIT).text


def of_a_group(enter: Enter, turn: str) -> Pages:
    visitor = enter("moderator")
    page = visitor.get(GROUP).text
    refused = visitor.send(GROUP, naam="", was="").text
    return page, after(visitor, GROUP, naam=f"Water {turn}", was=""), refused


def of_a_file(enter: Enter, turn: str) -> Pages:
    visitor = enter("moderator")
    page = visitor.get("/beheer/agenda/bestand").text
    refused = visitor.send("/beheer/agenda/bestand").text
    kept = after(visitor, upload(visitor, "agenda.csv", FILE.replace(b"nieuw-1", turn.encode())))
    return page, kept, refused


@dataclass(frozen=True)
class Words:
    """The names of three texts, each with what it is changed to and what is read then."""

    pages: Callable[[Enter, str], Pages]
    label: tuple[str, str, str]
    notice: tuple[str, str, str]
    refusal: tuple[str, str, str]


FORMS = {
    "an atrium": Words(
        of_an_atrium,
        ("beheer atrium.veld zaal", "Waar precies", ">Waar precies<"),
        ("beheer atrium.bewaard", "Het staat erin: {titel}.", "Het staat erin: Provinciaal Atrium Gent."),
        ("beheer atrium.buiten werking", "Dit is van een andere streek.", "Dit is van een andere streek."),
    ),
    "a group": Words(
        of_a_group,
        ("beheer netwerk.veld hoe lid", "Aansluiten", ">Aansluiten<"),
        ("beheer netwerk.groep bewaard", "Erbij: {groep}.", "Erbij: Water changed."),
        ("beheer netwerk.geef naam groep", "Hoe heet de groep?", "Hoe heet de groep?"),
    ),
    "a file": Words(
        of_a_file,
        ("beheer bestand.veld bestand", "Jouw agenda", ">Jouw agenda<"),
        (
            "beheer bestand.ingelezen",
            "Erin: {nieuw}, anders: {gewijzigd}, weg: {geannuleerd}.",
            "Erin: 1, anders: 0, weg: 0.",
        ),
        ("beheer bestand.kies een bestand", "Waar is het bestand?", "Waar is het bestand?"),
    ),
}


@pytest.mark.parametrize("words", FORMS.values(), ids=FORMS)
def test_a_changed_label_notice_and_refusal_are_read_until_they_are_put_back(
    enter: Enter, furnished: Store, now: dt.datetime, words: Words
) -> None:
    changes = (words.label, words.notice, words.refusal)
    with furnished.writing() as session:
        for name, template, _ in changes:
            texts.change_text(session, name, template, "Mo Derator", now)
    for (name, _, reads), page in zip(changes, words.pages(enter, "changed"), strict=True):
        assert reads in page
        assert delivered(name) not in page
    with furnished.writing() as session:
        for name, _, _ in changes:
            assert texts.put_back(session, name)
    for (name, _, reads), page in zip(changes, words.pages(enter, "again"), strict=True):
        assert delivered(name) in page
        assert reads not in page


def delivered(name: str) -> str:
    """What the original says before it is filled in."""
    return TEXTS[name].template.partition("{")[0]


def test_the_states_of_an_atrium_are_worded_and_kept_as_they_are(
    enter: Enter, furnished: Store, now: dt.datetime
) -> None:
    with furnished.writing() as session:
        texts.change_text(session, "beheer atrium.toestand bevestigd", "vast en zeker", "Mo Derator", now)
    visitor = enter("moderator")
    page = visitor.get(EDIT).text
    assert '<option value="bevestigd" >vast en zeker</option>' in page
    kept = after(visitor, EDIT, **{**form_of(page), "status": "bevestigd"})
    assert '<span class="tag ">vast en zeker</span>' in kept
    assert value_of(visitor.get(EDIT).text, "versie") != value_of(page, "versie")
