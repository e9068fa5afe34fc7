"""Finds municipalities by what somebody types: villages, former names, postcodes, slips of the finger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from handlers.gazetteer import gazetteer, name_key
from handlers.model import BRUSSELS_CITY, Municipality

#: How alike a name must be, of 100, to be what somebody meant.
ALIKE = 78


@dataclass(frozen=True, slots=True)
class Found:
    """A municipality, and the name by which it was found."""

    municipality: str
    label: str


def municipalities_like(typed: str, most: int = 20) -> list[Found]:
    """The municipalities that somebody may mean who typed this, the likeliest first."""
    key = name_key(typed)
    if not key:
        return []
    if typed.strip() in gazetteer().postcodes:
        one = gazetteer().postcodes[typed.strip()]
        return [Found(one.name, f"{one.name} ({typed.strip()})")]
    found: dict[str, Found] = {}
    for name in _names_like(key, most):
        for found_one in _names()[name]:
            found.setdefault(found_one.municipality, found_one)
    return list(found.values())[:most]


def _names_like(key: str, most: int) -> list[str]:
    names = _names()
    exact = [key] if key in names else []
    begins = sorted((each for each in names if each.startswith(key)), key=lambda each: (len(each), each))
    holds = sorted(each for each in names if f" {key}" in each)
    near = [] if len(exact) + len(begins) + len(holds) >= most or len(key) < 4 else _near(key, most)
    return list(dict.fromkeys([*exact, *begins, *holds, *near]))


def _near(key: str, most: int) -> list[str]:
    from rapidfuzz import fuzz, process  # slow to import: at the first misspelling only

    scored = process.extract(key, _names().keys(), scorer=fuzz.ratio, limit=most, score_cutoff=ALIKE)
    return [name for name, _, _ in scored]


@cache
def _names() -> dict[str, tuple[Found, ...]]:
    """Every name that stands for one or more municipalities, Brussels too: atria are held there."""
    names = {key: tuple(_found(key, one) for one in ones) for key, ones in gazetteer().names.items()}
    return {name_key(BRUSSELS_CITY): (Found(BRUSSELS_CITY, BRUSSELS_CITY),)} | names


def _found(key: str, one: Municipality) -> Found:
    if key == name_key(one.name):
        return Found(one.name, one.name)
    known = next((each for each in (*one.sub_municipalities, *one.former) if name_key(each) == key), None)
    return Found(one.name, f"{known or key.title()} ({one.name})")
