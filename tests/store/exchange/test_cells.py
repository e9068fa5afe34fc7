from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import Audience, Kind
from store.exchange import cells
from store.exchange.problems import Unfit


@pytest.mark.parametrize("text", ["2027-03-18", "18/03/2027", "18-03-2027", "18.3.2027", "2027-3-18"])
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert cells.read_date(text) == dt.date(2027, 3, 18)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("18/03/27", "geen datum"),
        ("18 maart 2027", "geen datum"),
        ("2027-02-30", "bestaat niet"),
        ("03/18/2027", "bestaat niet"),
        ("0027-03-18", "jaar"),
        ("46464", "geen datum"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, part: str) -> None:
    read = cells.read_date(text)
    assert isinstance(read, Unfit)
    assert part in read.reason


@pytest.mark.parametrize("text", ["09:30", "9:30", "9.30", "9u30", "9 u 30", "9h30", "9.30 u.", "09:30:00"])
def test_a_time_is_read_as_people_write_it(text: str) -> None:
    assert cells.read_time(text) == dt.time(9, 30)


def test_a_whole_hour_may_do_without_minutes() -> None:
    assert cells.read_time("14u") == dt.time(14)


@pytest.mark.parametrize("text", ["9", "9.3", "24:00", "12:60", "half tien", "09:30:15", "9.30-12.30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    assert isinstance(cells.read_time(text), Unfit)


def test_an_hour_that_the_clock_skips_is_refused() -> None:
    read = cells.instant(dt.date(2027, 3, 28), dt.time(2, 30))
    assert isinstance(read, Unfit)
    assert "die nacht gaat de klok" in read.reason


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    night, hour = dt.date(2027, 10, 31), dt.time(2, 30)
    assert cells.instant(night, hour) == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    assert cells.comes_twice(night, hour)
    assert not cells.comes_twice(night, dt.time(3, 30))


def test_fourteen_hours_is_fourteen_hours_on_both_sides_of_the_summer_hour() -> None:
    before = cells.instant(dt.date(2027, 3, 27), dt.time(14))
    after = cells.instant(dt.date(2027, 3, 28), dt.time(14))
    assert before == dt.datetime(2027, 3, 27, 13, tzinfo=dt.UTC)
    assert after == dt.datetime(2027, 3, 28, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    ["www.example", "ftp://example.org", "javascript:alert(1)", "https://", "http://[", "https://a b.be"],
)
def test_only_a_web_address_is_a_link(text: str) -> None:
    assert isinstance(cells.read_url(text), Unfit)


def test_a_web_address_is_kept_as_it_is() -> None:
    url = "https://inschrijven.example.org/atr-1?x=1&y=%20#z"
    assert cells.read_url(url) == url


@pytest.mark.parametrize("text", ["op_maat", "Op maat", " OP  MAAT "])
def test_a_kind_is_read_in_capitals_and_with_spaces(text: str) -> None:
    assert cells.word_of(Kind)(text) is Kind.OP_MAAT


def test_a_misspelt_kind_is_refused_with_the_nearest_one() -> None:
    read = cells.word_of(Kind)("tematisch")
    assert isinstance(read, Unfit)
    assert "Bedoel je thematisch?" in read.reason


def test_the_audience_of_questions_is_no_audience_of_an_atrium() -> None:
    assert cells.read_audience("ambtenaar | algemeen directeur") == {
        Audience.AMBTENAAR,
        Audience.ALGEMEEN_DIRECTEUR,
    }
    assert isinstance(cells.read_audience("ambtenaar|extern"), Unfit)


def test_public_and_a_community_exclude_each_other() -> None:
    assert cells.read_keys("Publiek") == frozenset()
    assert cells.read_keys("mandatarissen|kempen") == {"mandatarissen", "kempen"}
    assert isinstance(cells.read_keys("publiek|mandatarissen"), Unfit)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2028b", "a\x85b"])
def test_hidden_control_characters_are_refused(text: str) -> None:
    assert isinstance(cells.paragraphs(100)(text), Unfit)


def test_a_line_has_no_line_breaks_and_a_paragraph_keeps_them() -> None:
    assert cells.line(100)("Stadhuis \r\n Zottegem") == "Stadhuis Zottegem"
    assert cells.paragraphs(100)("een\r\ntwee\rdrie") == "een\ntwee\ndrie"


def test_a_text_that_is_too_long_names_its_length_and_the_limit() -> None:
    read = cells.line(10)("x" * 11)
    assert isinstance(read, Unfit)
    assert "11" in read.reason
    assert "10" in read.reason


@pytest.mark.parametrize("text", ["atr 1", "atr/1", "a;b", "<b>", "a|b"])
def test_a_key_that_cannot_stand_in_a_link_is_refused(text: str) -> None:
    assert isinstance(cells.read_uid(text), Unfit)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        cells.read_date,
        cells.read_time,
        cells.read_url,
        cells.read_uid,
        cells.read_keys,
        cells.read_audience,
        cells.word_of(Kind),
        cells.line(20),
        cells.paragraphs(20),
    ):
        value = read(text)
        assert not isinstance(value, Unfit) or value.reason
