"""What holds for every text whatever."""

from __future__ import annotations

import datetime as dt
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.gazetteer import name_key
from handlers.model import BRUSSELS
from handlers.reading.model import Reading
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW
from tests.handlers.reading.test_questions import BATCHES, SAMPLE, load

TEXTS = [str(row["text"]) for rows in (SAMPLE, *map(load, BATCHES)) for row in rows]
WORDS = sorted({word for text in TEXTS for word in text.split()})
MOMENTS = st.datetimes(
    min_value=dt.datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis sets the zone itself
    max_value=dt.datetime(2040, 12, 31),  # noqa: DTZ001 - likewise
    timezones=st.just(BRUSSELS),
)


def meaning(reading: Reading) -> tuple[object, ...]:
    theme = name_key(reading.theme) if reading.theme else None
    return (
        reading.intent, reading.kind, reading.place, reading.places, reading.audience, theme,
        reading.period, reading.count, reading.ordinal, reading.language, reading.mine,
    )  # fmt: skip


def without_diacritics(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char))


@given(st.text(max_size=400), MOMENTS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str, now: dt.datetime) -> None:
    assert read(text, now).text == text


@given(st.lists(st.sampled_from(WORDS), max_size=25), MOMENTS)
@settings(max_examples=150, deadline=None)
def test_a_period_never_ends_before_it_begins(words: list[str], now: dt.datetime) -> None:
    period = read(" ".join(words), now).period
    if period is not None:
        assert period.first is not None or period.last is not None
        if period.first is not None and period.last is not None:
            assert period.first <= period.last
            # A date of the sample joined to a word of the latest moment ("20/5/2027 ... gisteren").
            assert (period.last - period.first).days <= 5500


@given(st.sampled_from(TEXTS))
@settings(max_examples=200, deadline=None)
def test_case_diacritics_blanks_and_a_closing_mark_change_nothing(text: str) -> None:
    plain = meaning(read(text, NOW))
    assert meaning(read(text.upper(), NOW)) == plain
    assert meaning(read(without_diacritics(text), NOW)) == plain
    assert meaning(read(text.replace(" ", "  "), NOW)) == plain
    assert meaning(read(text.rstrip("?!. ") + " ?!", NOW)) == plain


def test_odd_texts_are_read() -> None:
    odd = ["", " ", "x" * 10_000, "\x00\x01\x1f" * 500, "😀" * 5_000, "31/12/2026 " * 500, "rond " * 2_000,
           "İstanbul ß ﬁ Ⅻ ½", "in Gent en " * 1_000, "'" * 500, "-" * 500,
           "..." * 500, "welk atrium was er donderdag de 31ste", "@bot <@U1> https://x.be"]  # fmt: skip
    assert [read(text, NOW).text for text in odd] == odd


@given(st.sampled_from(TEXTS))
@settings(max_examples=100, deadline=None)
def test_confidence_lies_between_nought_and_one(text: str) -> None:
    reading = read(text, NOW)
    assert 0.0 <= reading.confidence <= 1.0
    assert len(reading.guesses) <= 2
