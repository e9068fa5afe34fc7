"""Dutch that the bot says is a text that moderators may change, and no literal in the code or on a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from handlers.wording.catalogue import TEXTS

ROOT = Path(__file__).parents[3]
PACKAGES = ("handlers", "scheduler", "store", "bot")
PAGES = ROOT / "bot/web/templates"

#: Where Dutch may stand in the code: a file or a folder, with the reason.
ALLOWED_FILES = {
    "handlers/reading/": "words that are read, and the names of the rules that read them",
    "handlers/answers/feedback.py": "words that are read",
    "handlers/answers/help.py": "the bot must be able to read each example of the help as it stands",
    "handlers/answers/phrases.py": "the bot types these itself, and must be able to read them",
    "handlers/answers/wishes.py": "words that are read",
    "handlers/wording/catalogue.py": "what is wrong with a changed text cannot depend on a changed text",
    "handlers/wording/dates.py": "dates and periods are grammar, of one formatter",
    "handlers/wording/sentences.py": "numbers and enumerations are grammar",
    "scheduler/simulation.py": "what a platform that does not exist answers",
    "bot/commands/": "talk of the command line to operators",
    "bot/network.py": "the communities of the demonstration",
    "bot/web/opendata.py": "documentation for programmers",
}

#: What may stand anywhere, with the reason.
ALLOWED = {
    **dict.fromkeys(
        ("Atrium Lerend Netwerk", "Provincie ", "Regio ", "Regio {}", "Brussel"), "a proper name"
    ),
    "Afdeling Partnerschappen met Besturen en Maatschappij (PBM)": "a proper name",
    **dict.fromkeys(
        (
            "Atrium op Maat voor {}",
            "alleen in community {}",
            "deel in kanaal",
            "gooi {} weg",
            "herinner mij",
            "herinner mij aan {}",
            "hou {} tegen",
            "inbreng voor {}: {}",
            "inbreng voor {}: {}: {}",
            " (met mijn naam)",
            "keur goed {} versie {}",
            "laat {} los",
            "mijn agenda",
            "mijn gegevens",
            "toch versturen {}",
            "toon meer",
            "Wanneer is het volgende Lokaal Atrium in Zottegem?",
            "Welke Provinciale Atria komen eraan?",
            "Welke thematische groepen zijn er?",
            "Wie kan ik bellen?",
        ),
        "said to the bot, which must be able to read it",
    ),
    **dict.fromkeys(
        (
            "op {}",
            "{}, op {}",
            "om {}.{} u.",
            "{} om {} u.",
            "{} tot en met {}",
            " tot {}",
            "voor",
            "voor {}",
            "over {}",
        ),
        "joins what is filled in, as dates do",
    ),
    **dict.fromkeys(
        (
            "buiten bereik",
            "niet over het netwerk",
            "op de agenda",
            "lokaal initiatief",
            "vergeten moderator",
            "voorbij",
            "ja",
            "waar",
        ),
        "a value as it is kept",
    ),
    **dict.fromkeys(("programma {}", "lokaal", "ontwerp", "stil"), "a key that nobody reads"),
    **dict.fromkeys(("gewijzigd", "niet-bereikt", "vanaf-nr", "beheer"), "of an address of a page"),
    "aankondiging-{}.csv": "the name of a file",
    "-//Atrium Lerend Netwerk//atriumbot//NL": "a proper name",
    "Wat er niet klopt, in het Nederlands": "documentation for programmers",
    "Per veld wat je kunt doen": "documentation for programmers",
    "graph:agenda van de mailbox": "a key that nobody reads",
    "id: {}\nevent: bericht\ndata: {}\n\n": "what a page listens to, as its script names it",
    **dict.fromkeys(
        (
            "show handed in",
            "community {} is on {}, but {}",
            "role given",
            "role withdrawn",
            "How long a platform is left alone",
            "Viva Engage answered something that is no JSON",
            "Graph gives page after page without end",
        ),
        "English",
    ),
}

#: Words that are Dutch and English, or that code is full of.
_BOTH = frozenset(
    re.findall(
        r"\w+",
        """
    in is me over week link post of to or me and an be on status kind at name ok slack engage console online
    agenda atrium atria moderator moderators lid via also als van type bot per info was text word we here all
    time when see open plan url met input begin app account graph json microsoft viva atriumbot channel nog
    """,
    )
)
_PATTERN = re.compile(r"\\[bwsdWSDn]|\(\?|\|")
#: By these a line is English, unless one of the others stands in it.
_ENGLISH = re.compile(
    r"\b(?:the|this|that|there|and|it|its|be|an|with|by|no|not|another|answered|from|says?|whom?|has)\b"
)
_DUTCH = re.compile(
    r"\b(?:de|het|een|en|van|voor|niet|geen|er|je|jij|ik|dit|dat|met|op|aan|te|zijn|nog|wie|wat)\b"
)
#: What a program reads.
_CODED = re.compile(
    r"\b(?:SELECT|INSERT|BEGIN|NULL)\b|outbox\.state|<!doctype|<svg |\{\}\?|filename=|charset=|-src "
    r"|[{;]\w+:|^utf-"
)
#: Calls whose words nobody reads, or operators only.
_UNSAID_CALLS = frozenset(
    re.findall(
        r"\w+",
        """
    debug info warning error exception say delivered because compile getattr Literal frozenset split get
    RuntimeError ValueError TypeError KeyError
    """,
    )
)


@cache
def _words() -> frozenset[str]:
    """Every word of every text."""
    found = {
        word for text in TEXTS.values() for word in re.findall(r"[a-zà-ÿ]{2,}", text.template.casefold())
    }
    return frozenset(found - _BOTH)


def _literal(node: ast.AST) -> str | None:
    """What a literal says; what is filled in is {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


def _is_unsaid(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether it stands where nothing is said from: a name, a key, a comparison, a log, a fault."""
    at = node
    while at in parents:
        above = parents[at]
        if isinstance(above, ast.Call):
            called = ast.unparse(above.func).rpartition(".")[2]
            if called in _UNSAID_CALLS:
                return True
        if isinstance(above, ast.Set | ast.Compare) or (
            isinstance(above, ast.Subscript) and above.slice is at
        ):
            return True
        if isinstance(above, ast.Dict) and at in above.keys:
            return True
        if isinstance(above, ast.stmt):
            return False
        at = above
    return False


def _reads_as_dutch(said: str, where: ast.AST) -> bool:
    if _PATTERN.search(said) or _CODED.search(said) or said in TEXTS or said.isupper():
        return False
    if _ENGLISH.search(said) and not _DUTCH.search(said):
        return False
    if (" " not in said and "/" in said) or re.fullmatch(r"[\w.:-]*[_.:][\w.:-]*", said):
        return False
    words = re.findall(r"[A-Za-zà-ÿ]{2,}", said)
    dutch = [word for word in words if word.casefold() in _words()]
    if len(words) > 1:
        return bool(dutch)
    # One word alone: said where it is chosen or shown, or where it has a capital.
    is_shown = isinstance(where, ast.Dict | ast.IfExp | ast.Return | ast.FormattedValue)
    return bool(dutch) and (said[:1].isupper() or is_shown)


def dutch_in(source: str) -> Iterator[tuple[int, str]]:
    """The literals that read as Dutch that is said, with their lines."""
    tree = ast.parse(source)
    parents = {below: above for above in ast.walk(tree) for below in ast.iter_child_nodes(above)}
    for node in ast.walk(tree):
        said, above = _literal(node), parents.get(node)
        if said is None or isinstance(above, ast.Expr | ast.JoinedStr) or above is None:
            continue
        if _reads_as_dutch(said, above) and not _is_unsaid(node, parents):
            yield getattr(node, "lineno", 0), said


def dutch_on(page: str) -> Iterator[str]:
    """The words that stand on a template itself."""
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", " ", page, flags=re.DOTALL)
    shown = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', bare)
    # A block of attributes alone is no text either.
    shown += [text for text in re.split(r"<[^>]*>", bare) if '="' not in text]
    for text in shown:
        if any(word.casefold() in _words() for word in re.findall(r"[A-Za-zà-ÿ]{2,}", text)):
            yield " ".join(text.split())


@pytest.mark.parametrize(
    "source",
    [
        'headline = "Dat atrium ken ik niet."',
        'headline = f"Het {name} is geannuleerd."',
        'lines = ["Wel in de agenda:"]',
        'said = f"{place} is een centrumstad."',
        'label = "Inschrijven"',
        'names = {State.POSTED: "geplaatst"}',
        'field = Field(label="Voor wie", name="x")',
        'word = "bericht" if number == 1 else "berichten"',
    ],
)
def test_dutch_in_the_code_is_noticed(source: str) -> None:
    assert list(dutch_in(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Wat de bot zegt. En meer."""',
        'headline = say("niets.kop", gevraagd=words)',
        r'wish = re.compile(r"\bHoe vaak\b ?:")',
        'line = f"- {atrium}"',
        'raise ValueError("the draft lacks a place")',
        'told = values["titel"]',
        'if word in {"vandaag", "morgen"}: pass',
        'log.info("bericht geplaatst")',
    ],
)
def test_what_is_not_said_is_not(source: str) -> None:
    assert not list(dutch_in(source))


@cache
def _found() -> tuple[tuple[str, int, str], ...]:
    """All that is said outside the files where it may stand."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(tuple(ALLOWED_FILES)) and "/migrations/" not in name:
                for line, said in dutch_in(path.read_text(encoding="utf-8")):
                    found.append((name, line, said))
    return tuple(found)


def test_all_dutch_that_is_said_is_a_text_that_moderators_may_change() -> None:
    bare = [f"{name}:{line}: {said}" for name, line, said in _found() if said not in ALLOWED]
    assert not bare, "give these a name in handlers/data/teksten.toml and say them by it"


def test_what_is_allowed_is_still_there() -> None:
    assert all((ROOT / each).exists() for each in ALLOWED_FILES)
    said = {
        literal
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (literal := _literal(node)) is not None
    }
    assert set(ALLOWED) <= said


def test_words_on_a_page_are_noticed() -> None:
    assert list(dutch_on("<p>Kijk later nog eens.</p>")) == ["Kijk later nog eens."]
    assert list(dutch_on('<nav aria-label="Hoofdmenu van de agenda">{{ x }}</nav>'))
    assert not list(dutch_on('<p>{{ say("pagina.kijk later") }}</p>'))


@pytest.mark.parametrize(
    "page",
    sorted(
        path.relative_to(PAGES).as_posix()
        for path in PAGES.rglob("*.html")
        # The page of the open data is for programmers.
        if path.name != "api_docs.html"
    ),
)
def test_what_people_read_on_a_page_is_a_text(page: str) -> None:
    assert list(dutch_on((PAGES / page).read_text(encoding="utf-8"))) == []


def test_texts_of_one_area_stand_together() -> None:
    areas = [name.partition(".")[0] if "." in name else "" for name in TEXTS]
    changes = [area for area, before in zip(areas, [None, *areas], strict=False) if area != before]
    assert len(changes) == len(set(changes))
