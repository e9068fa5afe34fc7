"""A file that is brought in, the report and the log are told in the words that moderators made of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import delete

from handlers.model import Kind
from store import texts
from store.engine import Store
from store.tables import AtriumRow
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import form_of, upload
from tests.bot.console.test_report import table_of
from tests.fakes.console_visitors import Moderator

HEADER = "uid;soort;titel;datum;begin;gemeente;regio\n"
EDIT = "/beheer/agenda/atr-1-044/wijzigen"

Reword = Callable[[Mapping[str, str]], None]


@pytest.fixture
def reword(furnished: Store, now: dt.datetime) -> Reword:
    """Word texts otherwise: templates by the names of the texts."""

    def reworded(changes: Mapping[str, str]) -> None:
        with furnished.writing() as session:
            for name, template in changes.items():
                texts.change_text(session, name, template, "An", now)

    return reworded


def dry_run(visitor: Moderator, row: str) -> str:
    return visitor.get(upload(visitor, "agenda.csv", f"{HEADER}{row}\n".encode())).text


def test_what_is_wrong_with_a_file_is_told_in_the_words_of_now(enter: Enter, reword: Reword) -> None:
    visitor, row = enter("moderator"), "nieuw;thematisch;Nieuw;2027-05-05;09:00;Parijs;"
    delivered = dry_run(visitor, row)
    assert "Regel 2, kolom gemeente: &#39;Parijs&#39; is geen Vlaamse gemeente of Brussel." in delivered
    reword(
        {
            "invoer.op regel in kolom": "Kijk na op regel {regel} onder {kolom}: {reden}",
            "invoer.geen gemeente": "{getypt} ligt niet in Vlaanderen.",
        }
    )
    told = dry_run(visitor, row)
    assert "Kijk na op regel 2 onder gemeente: &#39;Parijs&#39; ligt niet in Vlaanderen." in told
    assert "is geen Vlaamse gemeente" not in told


def test_what_is_remarked_on_a_file_is_told_in_the_words_of_now(enter: Enter, reword: Reword) -> None:
    visitor, row = enter("moderator"), "nieuw;lokaal;Nieuw;2027-05-05;09:00;Gent;Wasland"
    reword({"invoer.bedoel je": "Was het {woord}?", "invoer.regio overgenomen": "Ik neem ze zo over."})
    told = dry_run(visitor, row)
    assert "staat niet in de tabel van de regio&#39;s. Was het Waasland? Ik neem ze zo over." in told
    assert "<b>1 nieuw, 0 gewijzigd, 0 geannuleerd</b>" in told


def test_days_and_hours_of_a_file_are_shown_as_everywhere_else(enter: Enter) -> None:
    visitor = enter("moderator")
    added = dry_run(visitor, "nieuw;thematisch;Nieuw;2027-05-05;09:00;Gent;")
    assert ">5 mei 2027</td>" in added
    assert "2027-05-05" not in added
    changed = dry_run(visitor, "atr-1-044;provinciaal;Anders;2027-05-05;16:30;Gent;")
    assert "<td>16.30 u.</td>" in changed
    assert "<td>5 mei 2027</td>" in changed


def test_a_form_says_what_is_wrong_in_the_words_of_now(enter: Enter, reword: Reword) -> None:
    visitor = enter("moderator")
    reword({"invoer.geen datum": "ik lees geen dag in {getypt}."})
    form = {**form_of(visitor.get(EDIT).text), "datum": "ooit"}
    assert "Ik lees geen dag in &#39;ooit&#39;." in visitor.send(EDIT, **form).text


def test_headings_of_the_report_are_those_of_now_also_in_its_file(enter: Enter, reword: Reword) -> None:
    visitor = enter("beheerder")
    reword(
        {
            "beheer verslag.ritme": "Het ritme, zoals beloofd",
            "beheer verslag.kop oordeel": "Halen we het?",
            "beheer verslag.op schema": "ja, mooi",
            "beheer verslag.aantal van belofte": "{aantal} op {belofte}",
        }
    )
    page = visitor.get("/beheer/verslag").text
    rhythm = table_of(page, "Het ritme, zoals beloofd")
    assert "ja, mooi" in {verdict for _, _, _, verdict, *_ in rhythm.values()}
    assert 'data-kop="Halen we het?"' in page
    assert " op 2</text>" in page
    file = visitor.get("/beheer/verslag/ritme.csv").content.decode("utf-8-sig")
    assert "Halen we het?" in file.splitlines()[0].split(";")


def test_a_kind_without_atria_is_called_as_it_is_called_now(
    enter: Enter, furnished: Store, reword: Reword
) -> None:
    """The report remembers what it read in the agenda, and not what that was called."""
    with furnished.writing() as session:
        session.execute(delete(AtriumRow).where(AtriumRow.kind == Kind.OP_MAAT))
    visitor = enter("beheerder")
    file = "/beheer/verslag/niet-bereikt.csv"
    silent = visitor.get(file).content.decode("utf-8-sig")
    assert "Atrium op Maat;soort zonder atrium" in silent
    reword({"naam.op maat": "Maatwerk", "beheer verslag.stille soort": "niets gehouden"})
    assert "Maatwerk;niets gehouden" in visitor.get(file).content.decode("utf-8-sig")


def test_the_log_is_told_and_searched_in_the_words_of_now(enter: Enter, reword: Reword) -> None:
    visitor = enter("beheerder")
    reword(
        {
            "beheer logboek.deed groep toegevoegd": "groep gemaakt",
            "beheer logboek.over groep": "de groep {naam}.",
            "beheer logboek.kop na": "Nu",
            "beheer logboek.bestand wat": "handeling",
            "label.naam": "Hoe het heet",
        }
    )
    assert visitor.send("/beheer/netwerk/groep", naam="Water en droogte", was="").status_code == 303
    page = visitor.get("/beheer/logboek?over=De+groep+Water+en+droogte.").text
    assert "<span>groep gemaakt</span>" in page
    assert "de groep Water en droogte., beheer" in page
    assert '<th scope="col">Nu</th>' in page
    assert '<th scope="row">hoe het heet</th>' in page
    assert "Niets gevonden." in visitor.get("/beheer/logboek?over=groep+Water+en+droogte").text
    text = visitor.get("/beheer/logboek.csv").content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text), delimiter=";"))["handeling"] == "groep gemaakt"
