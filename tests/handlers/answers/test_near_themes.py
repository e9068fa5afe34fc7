"""A theme that the agenda calls otherwise is answered by what comes near, and the answer says so."""

from __future__ import annotations

import pytest

from handlers.answers.near_themes import near_themes
from handlers.changes import Followed
from handlers.model import Follow, FollowWhat
from handlers.reading.lexicon import Row, forms, rows
from handlers.reading.model import Intent
from handlers.reading.reading import read
from tests.fakes.asking import context_at, reply_to
from tests.fakes.thread import Thread
from tests.handlers.reading.scoring import NOW


@pytest.mark.parametrize("row", list(rows("verwante_themas.csv")), ids=lambda row: row.cells["vormen"][:20])
def test_every_row_is_reached_by_its_own_question(row: Row) -> None:
    theme = read(row.cells["geval"], NOW).theme
    assert theme is not None
    assert list(near_themes(theme)) == forms(row.cells["verwant"])


@pytest.mark.parametrize(
    ("asked", "near", "first"),
    [
        ("iets over windmolens?", "windturbines", "atr-1-018"),
        ("wat is er over de betonstop", "bouwshift", "atr-1-060"),
        ("atria over waterbeheer", "hemelwater", "atr-1-058"),
        ("iets over wateroverlast", "hemelwater", "atr-1-058"),
        ("iets over hernieuwbare energie", "windturbines, zonneparken of warmtenetten", "atr-1-018"),
        ("is er een atrium over vergunningen digitaal aanvragen", "digitale bouwaanvraag of Omgevingsloket",
         "atr-1-024"),
        ("wanneer gaat het over zonnepanelen", "zonneparken", "atr-1-055"),
        ("atrium over woningbouw", "betaalbaar wonen", "atr-1-047"),
    ],
)  # fmt: skip
def test_what_comes_near_is_told_as_such(asked: str, near: str, first: str) -> None:
    reply = Thread(context_at()).ask(asked)
    assert f"over {near}" in reply.headline
    assert reply.paragraphs[0].endswith(f"ik zocht op {near}.")
    assert reply.atria[0] == first


def test_a_theme_that_the_agenda_has_is_not_replaced() -> None:
    reply = reply_to(Intent.LIST_SESSIONS, theme="PFAS")
    assert reply.atria
    assert not any("ik zocht op" in line for line in reply.paragraphs)


def test_a_theme_that_nothing_comes_near_is_said_not_to_be_there() -> None:
    reply = reply_to(Intent.LIST_SESSIONS, theme="dierenwelzijn")
    assert reply.headline == "In de agenda staat nu geen atrium over dierenwelzijn."


def test_who_follows_such_a_theme_follows_what_comes_near_and_hears_so() -> None:
    reply = reply_to(Intent.SUBSCRIBE, theme="windmolens")
    assert reply.changes == (Followed(follow=Follow(what=FollowWhat.THEME, value="windturbines")),)
    assert reply.paragraphs[0].endswith("ik zocht op windturbines.")


def test_a_follow_up_still_looks_for_what_comes_near() -> None:
    thread = Thread(context_at())
    thread.ask("iets over windmolens")
    assert thread.ask("en in Gent?").atria == ("atr-1-044",)
