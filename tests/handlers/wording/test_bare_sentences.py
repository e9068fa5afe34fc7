"""A sentence that the bot says is a text that moderators may change, and no literal in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.answers.help import EXAMPLES
from handlers.wording.catalogue import TEXTS

HANDLERS = Path(__file__).parents[3] / "handlers"
PACKAGES = ("answers", "posts", "moderation")

#: What looks like a sentence and stays in the code, with the reason.
ALLOWED = {
    **dict.fromkeys(EXAMPLES, "the bot must be able to read each example of the help as it stands"),
    "Mag leeg blijven als er een thema is: dan maakt de bot de titel.": "the label of a field of a form",
    "Eén onderdeel per regel.": "the label of a field of a form",
    "Niets gekozen: voor iedereen in de gekozen communities.": "the label of a field of a form",
    "Straat en nummer.": "the label of a field of a form",
    "Bijvoorbeeld 9.30.": "the label of a field of a form",
    "Naam, telefoon of e-mailadres.": "the label of a field of a form",
    "Niets gekozen: waar het volgens doelgroep en soort past.": "the label of a field of a form",
    "Leeg: zodra je op plaatsen drukt.": "the label of a field of a form",
}

_SENTENCE = re.compile(r"[A-ZÀ-Ý].* .*[.?:]", re.DOTALL)
#: A long word, or two: what only joins what is filled in ("X om X u.") composes, and says nothing by itself.
_WORDS = re.compile(r"[a-zà-ÿ]{4}|[a-zà-ÿ]{2}.*[^\w][a-zà-ÿ]{2}", re.DOTALL)
_PATTERN = re.compile(r"\\[bwsdWSD]|\(\?")
_CODE = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _filled(piece: ast.expr) -> str:
    """A piece of an f-string; what is filled in is a word of which nothing is known."""
    return piece.value if isinstance(piece, ast.Constant) and isinstance(piece.value, str) else "X"


def _reads_as_sentence(said: str) -> bool:
    """A capital, a blank and a sign at the end, and words; no pattern."""
    is_one = _SENTENCE.fullmatch(said.strip()) is not None and _WORDS.search(said) is not None
    return is_one and _PATTERN.search(said) is None


def bare_sentences(source: str) -> Iterator[tuple[int, str]]:
    """The literals that read as a sentence, with their lines."""
    tree = ast.parse(source)
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, _CODE) and ast.get_docstring(node, clean=False) is not None:
            passed.add(id(node.body[0].value))  # type: ignore[attr-defined]  # a docstring is an expression
        elif isinstance(node, ast.JoinedStr):
            passed.update(id(piece) for piece in node.values)
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value
        elif isinstance(node, ast.JoinedStr):
            said = "".join(_filled(piece) for piece in node.values)
        else:
            continue
        if _reads_as_sentence(said):
            yield node.lineno, said


@pytest.mark.parametrize(
    "source",
    [
        'headline = "Dat atrium ken ik niet."',
        'headline = f"Het {name} is geannuleerd."',
        'lines = ["Wel in de agenda:"]',
        'ask = (f"In welke gemeente werk {je}" "?")',
        'said = f"{place} is een centrumstad."',
    ],
)
def test_a_sentence_in_the_code_is_noticed(source: str) -> None:
    assert list(bare_sentences(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""What the bot says. And more."""',
        'headline = say("niets.kop", gevraagd=words)',
        r'wish = re.compile(r"\bHoe vaak\b ?:")',
        'name = "Provinciaal Atrium"',
        'line = f"- {atrium}"',
        'when = f"{day} om {hour} u."',
    ],
)
def test_what_is_no_sentence_is_not(source: str) -> None:
    assert not list(bare_sentences(source))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_is_a_text_that_moderators_may_change(package: str) -> None:
    bare = [
        f"{path.relative_to(HANDLERS)}:{line}: {said}"
        for path in sorted((HANDLERS / package).rglob("*.py"))
        for line, said in bare_sentences(path.read_text(encoding="utf-8"))
        if said not in ALLOWED
    ]
    assert not bare, "give these a name in handlers/data/teksten.toml and say them by it"


def test_what_is_allowed_is_still_there() -> None:
    found = {
        said
        for package in PACKAGES
        for path in (HANDLERS / package).rglob("*.py")
        for _, said in bare_sentences(path.read_text(encoding="utf-8"))
    }
    # An example without a sign at the end does not read as a sentence.
    assert {each for each in ALLOWED if _reads_as_sentence(each)} <= found


def test_texts_of_one_area_stand_together() -> None:
    areas = [name.partition(".")[0] if "." in name else "" for name in TEXTS]
    changes = [area for area, before in zip(areas, [None, *areas], strict=False) if area != before]
    assert len(changes) == len(set(changes))
