"""The texts that moderators may change: what may take their place, and how they are spoken."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

from handlers.model import Atrium, Kind, Status
from handlers.posts.cancellation import cancellation
from handlers.wording.catalogue import TEXTS, placeholders, say, text_problem, worded

ROOT = Path(__file__).parents[3]


def test_a_changed_text_is_used_with_its_values() -> None:
    with worded({"contact": "Bel {telefoon}."}):
        assert say("contact", telefoon="02 553 80 56") == "Bel 02 553 80 56."
    assert say("contact", telefoon="02 553 80 56") != "Bel 02 553 80 56."


@pytest.mark.parametrize(
    "broken",
    [
        "Bel {gsm}.",
        "Bel {telefoon",
        "   ",
        "Bel {}.",
        "Bel {telefoon:{gsm}}.",
        "{telefoon:>999999}",
        "Bel ons.",
        "Bel {telefoon.__class__}.",
    ],
)
def test_a_text_that_cannot_take_its_place_leaves_the_original(broken: str) -> None:
    assert text_problem("contact", broken)
    original = say("contact", telefoon="02")
    with worded({"contact": broken}):
        assert say("contact", telefoon="02") == original


def test_a_problem_names_the_placeholder() -> None:
    assert text_problem("contact", "Bel {gsm} of {telefoon}.") == "Onbekende invulplaats: {gsm}."
    assert text_problem("contact", "Bel ons.") == "Er ontbreekt een invulplaats: {telefoon}."
    assert text_problem("groetje", "Dag.") == 'Er is geen tekst met de naam "groetje".'


def test_every_original_is_itself_acceptable() -> None:
    for name, original in TEXTS.items():
        assert text_problem(name, original.template) is None
        assert placeholders(original.template) == original.placeholders
        assert original.about


def test_what_is_filled_in_is_taken_as_it_is() -> None:
    assert "{titel}" in say("deadline.atrium", atrium="Over {titel} en {0}")


def test_every_text_is_spoken_somewhere_and_every_text_spoken_is_there() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for package in ("bot", "handlers", "scheduler")
        for path in (ROOT / package).rglob("*.py")
    ]
    named = {name for source in sources for name in re.findall(r'"([a-z][a-z .-]*)"', source)}
    with_link = {f"{name} met link" for name in named}
    assert set(TEXTS) <= named | with_link
    spoken = {name for source in sources for name in re.findall(r'\bsay\(\s*"([^"]+)"', source)}
    assert spoken <= set(TEXTS)


def test_a_text_said_by_its_name_gets_just_what_it_asks_for() -> None:
    wrong = []
    for package in ("bot", "handlers", "scheduler"):
        for path in (ROOT / package).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(call, ast.Call) or ast.unparse(call.func) != "say":
                    continue
                name, given = call.args[0], {each.arg for each in call.keywords}
                if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or None in given:
                    # What is said by a chosen name, or with values from elsewhere, is not told here.
                    continue
                if given != TEXTS[name.value].placeholders:
                    wrong.append(f"{path.name}:{call.lineno}: {name.value}")
    assert not wrong


def test_a_post_speaks_with_what_moderators_changed(now: dt.datetime) -> None:
    off = Atrium(
        uid="x",
        kind=Kind.LOKAAL,
        title="Lokaal Atrium Waasland",
        starts_at=now + dt.timedelta(days=9),
        municipality="Temse",
        status=Status.GEANNULEERD,
        updated_at=now,
        announced_at=now,
    )
    with worded({"annulering.kop": "Jammer: {atrium} valt weg."}):
        post = cancellation([off], now)
    assert post is not None
    assert post.headline.startswith("Jammer: Lokaal Atrium Waasland")
