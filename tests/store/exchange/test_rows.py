from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from handlers.model import WITHHELD, Audience, Kind, Status
from store.exchange.agenda_file import read_agenda_file
from tests.fakes.agenda_rows import ReadRows


def test_a_good_row_becomes_an_atrium(read: ReadRows, now: dt.datetime) -> None:
    parsed = read({})
    (candidate,) = parsed.candidates
    atrium = candidate.atrium
    assert not parsed.problems
    assert not parsed.warnings
    assert candidate.line == 2
    assert atrium.kind is Kind.LOKAAL
    assert atrium.starts_at == dt.datetime(2027, 3, 18, 8, 30, tzinfo=dt.UTC)
    assert atrium.ends_at == dt.datetime(2027, 3, 18, 11, 30, tzinfo=dt.UTC)
    assert (atrium.municipality, atrium.province) == ("Zottegem", "Oost-Vlaanderen")
    assert atrium.audience == {Audience.AMBTENAAR, Audience.PROVINCIE}
    assert atrium.programme == "9.30 onthaal | 10.00 toelichting"
    assert atrium.registration_until == dt.date(2027, 3, 17)
    assert (atrium.sequence, atrium.announced_at, atrium.updated_at) == (0, now, now)


@pytest.mark.parametrize("column", ["uid", "soort", "titel", "datum", "begin", "gemeente"])
def test_an_empty_required_cell_is_named(read: ReadRows, column: str) -> None:
    parsed = read({}, {column: ""})
    assert [(problem.line, problem.column) for problem in parsed.problems] == [(3, column)]
    assert "verplicht" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("column", "text", "part"),
    [
        ("soort", "lokal", "Bedoel je lokaal?"),
        ("datum", "31/04/2027", "bestaat niet"),
        ("begin", "half tien", "geen uur"),
        ("einde", "09:30", "na het begin"),
        ("einde", "08:00", "na het begin"),
        ("gemeente", "Zotegem", "Bedoel je Zottegem?"),
        ("inschrijven_url", "example.org", "https://"),
        ("inschrijven_tot", "2027-03-19", "niet tot na het atrium"),
        ("doelgroep", "ambtenaren", "Bedoel je ambtenaar?"),
        ("status", "bevestigt", "Bedoel je bevestigd?"),
        ("zichtbaarheid", "publiek|mandatarissen", "publiek kan niet samen"),
        ("titel", "a\x07b", "stuurtekens"),
        ("omschrijving", "x" * 8001, "te lang"),
        ("programma_uid", "prov 2027", "geen sleutel"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(read: ReadRows, column: str, text: str, part: str) -> None:
    parsed = read({column: text})
    assert [(problem.line, problem.column) for problem in parsed.problems] == [(2, column)]
    assert part in parsed.problems[0].reason
    assert not parsed.candidates


def test_a_start_that_the_clock_skips_is_refused(read: ReadRows) -> None:
    parsed = read({"datum": "2027-03-28", "begin": "02:30"})
    assert [problem.column for problem in parsed.problems] == ["begin"]


def test_a_start_that_comes_twice_is_taken_with_a_warning(read: ReadRows) -> None:
    parsed = read({"datum": "2027-10-31", "begin": "02:30"})
    assert [warning.column for warning in parsed.warnings] == ["begin"]
    assert parsed.candidates[0].atrium.starts_at == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)


def test_all_problems_of_all_rows_are_told_at_once(read: ReadRows) -> None:
    parsed = read({"gemeente": "Nergens", "datum": "x"}, {}, {"soort": "feest", "einde": "y"})
    told = {(problem.line, problem.column) for problem in parsed.problems}
    assert told == {(2, "gemeente"), (2, "datum"), (4, "soort"), (4, "einde")}


def test_a_uid_that_stands_twice_names_both_lines(read: ReadRows) -> None:
    parsed = read({"uid": "atr-1"}, {}, {"uid": "atr-1"})
    (problem,) = parsed.problems
    assert (problem.line, problem.column) == (4, "uid")
    assert "regel 2" in problem.reason


def test_an_unknown_region_or_community_is_a_warning(read: ReadRows) -> None:
    parsed = read(
        {"regio": "Waaslnd", "zichtbaarheid": "mandatarissen|waterr"},
        known_regions=["Waasland"],
        known_communities=["mandatarissen"],
    )
    assert not parsed.problems
    assert [warning.column for warning in parsed.warnings] == ["zichtbaarheid", "regio"]
    assert "Bedoel je Waasland?" in parsed.warnings[1].reason
    assert parsed.candidates[0].atrium.visibility == {"mandatarissen", "waterr"}


def test_a_row_that_only_an_unknown_community_would_see_is_refused(read: ReadRows) -> None:
    parsed = read({"zichtbaarheid": "foo"}, known_communities=["mandatarissen", "algemeen"])
    assert not parsed.candidates
    assert not parsed.warnings
    (problem,) = parsed.problems
    assert problem.column == "zichtbaarheid"
    assert problem.reason == (
        "'foo' is geen community van de bot. Zo zou niemand dit atrium zien. "
        "Kies uit: publiek, algemeen, mandatarissen."
    )


def test_what_is_withheld_on_purpose_is_read_again(read: ReadRows) -> None:
    parsed = read({"zichtbaarheid": WITHHELD}, known_communities=["algemeen"])
    assert parsed.candidates[0].atrium.visibility == {WITHHELD}


def test_a_link_without_https_is_taken_with_a_remark(read: ReadRows) -> None:
    parsed = read({"inschrijven_url": "www.inschrijven.be/x"})
    assert parsed.candidates[0].atrium.registration_url == "https://www.inschrijven.be/x"
    (remark,) = parsed.warnings
    assert remark.column == "inschrijven_url"
    assert remark.reason == "ik las de link als https://www.inschrijven.be/x."
    assert not read({"inschrijven_url": "HTTPS://www.inschrijven.be/x"}).warnings


def test_a_known_region_gets_its_own_spelling(read: ReadRows) -> None:
    parsed = read({"regio": "waasland"}, known_regions=["Waasland"])
    assert parsed.candidates[0].atrium.region == "Waasland"
    assert not parsed.warnings


def test_an_atrium_for_politicians_that_everybody_would_see_is_remarked(read: ReadRows) -> None:
    assert [w.column for w in read({"soort": "mandatarissen", "zichtbaarheid": ""}).warnings] == [
        "zichtbaarheid"
    ]
    assert not read({"soort": "mandatarissen", "zichtbaarheid": "publiek"}).warnings


def test_what_is_still_to_come_cannot_be_over(read: ReadRows) -> None:
    parsed = read({"status": "voorbij"})
    assert [warning.column for warning in parsed.warnings] == ["status"]
    assert parsed.candidates[0].atrium.status is Status.BEVESTIGD


def test_a_finding_reads_as_one_sentence(read: ReadRows) -> None:
    (problem,) = read({"titel": ""}).problems
    assert str(problem) == "Regel 2, kolom titel: vul dit in, het is verplicht."


def test_the_sample_agenda_is_read_without_a_word(sample_file: Path, now: dt.datetime) -> None:
    parsed = read_agenda_file(sample_file, sample_file.name, now=now)
    assert len(parsed.candidates) == 60
    assert not parsed.problems
    assert not parsed.warnings


def test_a_column_that_the_file_lacks_is_not_told(now: dt.datetime) -> None:
    data = b"uid;soort;titel;datum;begin;gemeente\na-1;lokaal;Atrium;2027-03-18;9u;Gent\n"
    (candidate,) = read_agenda_file(data, "x.csv", now=now).candidates
    assert "theme" not in candidate.told
    assert {"title", "starts_at", "municipality", "province"} <= candidate.told
