from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.exchange.sheet import guarded, typed, unguarded

TEXTS = st.text(alphabet="'=+-@a1", max_size=8)


@settings(deadline=None)
@given(TEXTS)
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded(typed(text)) == text


@settings(deadline=None)
@given(TEXTS)
def test_no_guarded_text_begins_as_a_formula(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["=1+1", "+32 2 553 80 56", "-", "@SUM(A1)"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_a_name_with_its_own_apostrophe_is_left_alone() -> None:
    assert guarded("'t Scheep") == unguarded("'t Scheep") == "'t Scheep"
