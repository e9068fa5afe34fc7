"""Why a post did not leave: kept by name, said as moderators want it."""

from __future__ import annotations

import pytest

from handlers.wording.catalogue import worded
from handlers.wording.reasons import because, reason_text


def test_a_reason_is_said_as_it_is_worded_now() -> None:
    kept = because("reden.te laat", uur="9.00")
    assert reason_text(kept) == "te laat: dit moest om 9.00 u."
    with worded({"reden.te laat": "gemist om {uur} u."}):
        assert reason_text(kept) == "gemist om 9.00 u."


def test_a_reason_within_a_reason_is_said_too() -> None:
    kept = because("reden.in twijfel", reden="reden.slack onleesbaar", wat_nu="reden.kijk zelf")
    assert reason_text(kept) == (
        "Slack antwoordde niet, of onleesbaar; kijk op het platform of dit bericht er staat, en beslis"
    )


@pytest.mark.parametrize(
    "kept",
    [
        "dit kanaal is gearchiveerd",
        "",
        "reden.die er niet is",
        'reden.te laat {"moment": "9.00"}',
        "reden.te laat {kapot",
        "reden.te laat",
    ],
)
def test_what_is_no_reason_of_ours_stays_as_it_is(kept: str) -> None:
    assert reason_text(kept) == kept
