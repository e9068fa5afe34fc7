"""The page for members says what the bot does: its commands work, and its table names what is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.answers.wishes import wish_in
from handlers.dossier import ACTS_KEPT_FOR

PAGE = (Path(__file__).parents[3] / "docs" / "gebruik" / "privacy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`([^`]+)`", PAGE))))
def test_every_command_of_the_page_is_understood(command: str) -> None:
    assert wish_in(command) is not None


def test_acts_of_moderators_are_kept_as_long_as_the_page_says() -> None:
    assert ACTS_KEPT_FOR.days == 3 * 365
    assert "annuleerde | om te kunnen nagaan wie iets veranderde | drie jaar |" in PAGE
