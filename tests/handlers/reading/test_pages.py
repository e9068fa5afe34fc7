"""The page for members promises only what the reader does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.context import Topic
from handlers.model import Kind
from handlers.reading.followup import lean
from handlers.reading.model import Intent
from handlers.reading.reading import read
from tests.handlers.reading.scoring import NOW

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "gebruik" / "vragen.md").read_text(encoding="utf-8")

INTENTS = {
    "Wanneer is het volgende atrium?": Intent.NEXT_SESSION,
    "Wat staat er allemaal gepland?": Intent.LIST_SESSIONS,
    "Hoe laat en hoe lang?": Intent.WHEN,
    "Waar is het, en hoe raak ik er?": Intent.WHERE,
    "Wat staat er op het programma?": Intent.PROGRAMME,
    "Al de rest over één atrium": Intent.SESSION_DETAIL,
    "Inschrijven, uitschrijven, kosten": Intent.REGISTRATION,
    "De onlinegroepen": Intent.THEMATIC_GROUPS,
    "Eén onlinegroep": Intent.GROUP_DETAIL,
    "Wat is het, en voor wie?": Intent.PLATFORM_INFO,
    "Een mens spreken": Intent.CONTACT,
    "Een onderwerp voorstellen": Intent.SUGGEST_TOPIC,
    "Op de hoogte blijven": Intent.SUBSCRIBE,
    "Geen berichten meer": Intent.UNSUBSCRIBE,
    "Wat kan de bot zelf?": Intent.HELP,
    "Wat de bot niet weet": Intent.OUT_OF_SCOPE,
}


def examples() -> Iterator[tuple[str, str]]:
    """Heading and example, in the order of the page."""
    heading = ""
    for line in PAGE.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("- "):
            yield heading, line.removeprefix("- ")


@pytest.mark.parametrize(("heading", "question"), list(examples()))
def test_an_example_of_the_page_is_read_as_its_heading_says(heading: str, question: str) -> None:
    reading = read(question, NOW)
    assert reading.intent is INTENTS[heading], reading.trace[-1]


def test_every_heading_of_questions_has_examples() -> None:
    assert set(INTENTS) == {heading for heading, _ in examples()}


def test_the_conversation_of_the_page_leans_on_what_was_said() -> None:
    block = re.search(r"```gesprek\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    topic, reading = None, read("", NOW)
    for text in block.group(1).splitlines():
        reading = lean(read(text, NOW), topic, NOW)
        topic = Topic(reading=reading, at=NOW)
    assert (reading.intent, reading.kind, reading.place) == (Intent.WHERE, Kind.PROVINCIAAL, "Hasselt")
