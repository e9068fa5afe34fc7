"""The texts that moderators may change: what may take their place, and how they are spoken."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from handlers.answers.phrases import question_text
from handlers.model import Atrium, Kind, Status
from handlers.moderation.lifecycle import STATE_NAMES, State
from handlers.posts.cancellation import cancellation
from handlers.reading.model import Intent, Reading
from handlers.reading.reading import read
from handlers.wording.catalogue import TEXTS, placeholders, say, text_problem, worded, wording
from handlers.wording.texts import kind_name

ROOT = Path(__file__).parents[3]
_CALLS = Environment(autoescape=True)
_SAYING = ("say", "because", "delivered")


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


def test_a_brace_that_stands_alone_is_told_with_what_this_text_takes() -> None:
    told = "Een } staat alleen: schrijf een invulplaats voluit ({telefoon}), of }} voor een gewone accolade."
    assert text_problem("contact", "Bel } {telefoon}") == told
    assert text_problem("beheer.menu agenda", "een } los") == (
        "Een } staat alleen: schrijf }} voor een gewone accolade."
    )
    assert text_problem("beheer.menu agenda", "een { los") == (
        "Een { staat alleen: schrijf {{ voor een gewone accolade."
    )


def test_a_line_break_is_refused_where_it_would_not_be_seen() -> None:
    assert text_problem("beheer.menu agenda", "De\nagenda") == (
        "Zet dit op één regel: een regeleinde is hier niet te zien."
    )
    assert text_problem("dank", "Graag\ngedaan.") is None


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
        for package in ("bot", "handlers", "scheduler", "store")
        for ending in ("*.py", "*.html")
        for path in (ROOT / package).rglob(ending)
    ]
    named = {name for source in sources for name in re.findall(r"[\"']([a-z][a-z .-]*)[\"']", source)}
    with_link = {f"{name} met link" for name in named}
    assert set(TEXTS) <= named | with_link
    spoken = {name for source in sources for name in re.findall(r'\bsay\(\s*"([^"]+)"', source)}
    assert spoken <= set(TEXTS)


def test_a_text_said_by_its_name_gets_just_what_it_asks_for() -> None:
    wrong = []
    for package in ("bot", "handlers", "scheduler", "store"):
        for path in (ROOT / package).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(call, ast.Call) or ast.unparse(call.func) not in (
                    "say",
                    "because",
                    "delivered",
                ):
                    continue
                name, given = call.args[0], {each.arg for each in call.keywords}
                if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or None in given:
                    # What is said by a chosen name, or with values from elsewhere, is not told here.
                    continue
                if given != TEXTS[name.value].placeholders:
                    wrong.append(f"{path.name}:{call.lineno}: {name.value}")
    assert not wrong


def test_a_text_on_a_page_gets_just_what_it_asks_for() -> None:
    wrong = []
    for path in (ROOT / "bot/web/templates").rglob("*.html"):
        for call in _CALLS.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                name = call.args[0].as_const()
                if {each.key for each in call.kwargs} != TEXTS[name].placeholders:
                    wrong.append(f"{path.name}: {name}")
    assert not wrong


def test_no_original_is_longer_than_the_place_where_it_is_shown() -> None:
    limits = {name: text.most for name, text in TEXTS.items() if text.most is not None}
    assert limits["slack.titel aankondigen"] == 24
    assert limits["knop.inschrijven"] == 75
    assert not [name for name in limits if text_problem(name, TEXTS[name].template)]


def test_what_is_too_long_for_its_place_is_refused_and_not_said() -> None:
    long = "Een nieuw atrium aankondigen"
    assert text_problem("slack.titel aankondigen", long) == (
        "Maak dit korter: hier passen hoogstens 24 tekens, en dit zijn er 28."
    )
    with worded({"slack.titel aankondigen": long}):
        assert say("slack.titel aankondigen") == "Atrium aankondigen"
    with_place = text_problem("slack.in communities", "x" * 61 + "{communities}")
    assert with_place is not None
    assert with_place.endswith("en dit zijn er 61, de invulplaatsen niet meegeteld.")


def test_a_name_is_looked_up_when_it_is_said() -> None:
    with worded({"naam.lokaal": "Streekatrium", "toestand.gepland": "klaargezet"}):
        assert kind_name(Kind.LOKAAL) == "Streekatrium"
        assert STATE_NAMES[State.SCHEDULED] == "klaargezet"
    assert kind_name(Kind.LOKAAL) == "Lokaal Atrium"


def test_words_that_are_read_do_not_change_with_a_name(now: dt.datetime) -> None:
    with worded({"naam.provinciaal": "Groot Overleg", "doelgroep.mandataris": "politici"}):
        question = question_text(
            Reading(text="", intent=Intent.NEXT_SESSION, kind=Kind.PROVINCIAAL, place="Gent")
        )
    again = read(question, now)
    assert (again.kind, again.place) == (Kind.PROVINCIAAL, "Gent")


def test_words_of_now_are_told_from_other_words() -> None:
    assert wording() == ""
    with worded({"groet": "Hallo."}):
        first = wording()
    with worded({"groet": "Dag allemaal."}):
        assert wording() not in ("", first)


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
