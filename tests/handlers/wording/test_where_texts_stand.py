"""Where a text stands is told so that it can be read alone: it heads the page of that text."""

from __future__ import annotations

import re
from collections import defaultdict

from handlers.wording.catalogue import TEXTS

_BACK = re.compile(
    r"(\w+ ){0,4}?(daar|daar(achter|bij|boven|in|na|naar|naast|onder|op|van|voor))[ .,;:]"
    r"|hetzelfde\b|dezelfde\b|(die|dat|deze|dit) \w+"
    r"|((de|het|een) )?(\w+ )(van|in|op|onder|boven|bij|naast|na|achter|voor) (die|dat|deze|dit|zo'n) "
    r"|(van|in|op|onder|boven|bij|naast|na|achter|voor) (die|dat|deze|dit|zo'n) ",
    re.IGNORECASE,
)


def test_where_a_text_stands_needs_no_other_text_to_be_understood() -> None:
    assert [f"{name}: {text.about}" for name, text in TEXTS.items() if _BACK.match(text.about)] == []


def test_no_two_texts_of_one_group_stand_in_the_same_place() -> None:
    names = defaultdict(list)
    for name, text in TEXTS.items():
        area = name.partition(".")[0] if "." in name else ""
        names[area, text.about].append(name)
    assert [each for each in names.values() if len(each) > 1] == []


def test_where_a_text_stands_is_one_line() -> None:
    assert [name for name, text in TEXTS.items() if "\n" in text.about or not text.about.endswith(".")] == []
