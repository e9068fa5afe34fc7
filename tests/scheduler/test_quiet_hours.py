"""Why the bot says nothing at a moment is told in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.quiet_hours import why_not_then
from scheduler.rules import Attention
from tests.fakes.network import brussels


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("2026-11-26 09:00", None),
        (
            "2026-11-26 18:00",
            "Om 18.00 u. plaatst de bot niets uit zichzelf: dat doet hij van 8.00 tot 18.00 u.",
        ),
        (
            "2026-11-28 03:00",
            (
                "Op zaterdag 28 november 2026 plaatst de bot niets uit zichzelf: "
                "dat doet hij op maandag tot en met vrijdag."
            ),
        ),
        (
            "2026-12-25 09:00",
            "Vrijdag 25 december 2026 is een feestdag: dan plaatst de bot niets uit zichzelf.",
        ),
    ],
)
def test_it_names_the_day_the_holiday_or_the_hour(moment: str, says: str | None) -> None:
    assert why_not_then(brussels(moment), Attention()) == says


def test_days_apart_are_named_one_by_one() -> None:
    attention = replace(Attention(), weekdays=frozenset({0, 3}))
    said = why_not_then(brussels("2026-11-24 09:00"), attention)
    assert said is not None
    assert "op maandag en donderdag." in said
