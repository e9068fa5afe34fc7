"""The log reads as Dutch, on the page and in its file."""

from __future__ import annotations

import csv
import io
import re

from handlers.moderation.fields import MOST_PLACES
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import form_of
from tests.fakes.console_visitors import Moderator

EDIT = "/beheer/agenda/atr-1-044/wijzigen"


def rows_of(visitor: Moderator) -> list[dict[str, str]]:
    text = visitor.get("/beheer/logboek.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_file_tells_before_and_after_in_dutch_and_without_code(enter: Enter) -> None:
    visitor = enter("moderator")
    form = form_of(visitor.get(EDIT).text)
    changed = {**form, "locatie": "De Zaal", "volzet": ("ja",), "stil": ("reminder",)}
    assert visitor.send(EDIT, **changed).status_code == 303
    row = next(each for each in rows_of(visitor) if each["over"] == "atr-1-044")
    assert (row["waar"], row["wat"]) == ("beheer", "gewijzigd")
    assert "zaal of gebouw: De Zaal" in row["na"]
    assert "volzet: ja" in row["na"]
    assert "volzet: nee" in row["voor"]
    assert "niet uit zichzelf geplaatst: herinnering" in row["na"]
    assert not [sign for sign in "{}[]" if sign in row["voor"] + row["na"]]


def test_a_last_day_before_the_first_is_refused_at_its_field(enter: Enter) -> None:
    answer = enter("moderator").get("/beheer/logboek?van=2026-11-23&tot=2026-11-20")
    assert answer.status_code == 422
    assert re.search(r'<input id="tot"[^>]*value="2026-11-20" aria-invalid="true"', answer.text)
    assert "Kies een dag op of na de dag bij" in answer.text
    assert "Niets gevonden" not in answer.text


def test_states_and_moments_are_told_as_one_says_them(enter: Enter, planned: None) -> None:
    visitor = enter("moderator")
    page = visitor.get("/beheer/berichten").text
    number = page.partition("/beheer/berichten/")[2].partition('"')[0]
    from tests.bot.console.test_areas import step

    assert step(visitor, int(number), "verplaatsen", datum="2026-12-03", uur="10:15") == 303
    row = next(each for each in rows_of(visitor) if each["wat"] == "bericht verplaatst")
    assert "moment: 03/12/2026 10.15 u." in row["na"]
    shown = visitor.get("/beheer/logboek").text
    assert '<th scope="row">moment</th>' in shown
    assert "due_at" not in shown


def test_an_announcement_has_ten_places_at_most_as_the_manual_says(enter: Enter) -> None:
    assert MOST_PLACES == 10
    page = enter("moderator").get("/beheer/aankondigingen/nieuw").text
    assert 'name="date-10"' in page
    assert 'name="date-11"' not in page


def test_a_title_that_is_too_long_is_said_and_not_cut(enter: Enter) -> None:
    visitor = enter("moderator")
    page = visitor.get("/beheer/aankondigingen/nieuw").text
    assert 'name="title"' in page
    assert "maxlength" not in page.partition("<form")[2].partition("</form>")[0]
    long = "x" * 160
    answer = visitor.send("/beheer/aankondigingen/nieuw", kind="thematisch", title=long)
    assert answer.status_code == 303, "a draft is kept as it was typed"
    kept = answer.headers["location"]
    assert "160 tekens, er passen er 150" in visitor.get(kept).text
    assert f'value="{long}"' in visitor.get(f"{kept}/wijzigen").text


def test_the_button_to_retract_is_short_and_the_heading_names_what(enter: Enter) -> None:
    page = enter("moderator").get("/beheer/aankondigingen/1").text
    assert 'value="retract">Trek in</button>' in page
    assert "<h2>Trek in: " in page
