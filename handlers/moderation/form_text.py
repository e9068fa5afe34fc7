"""The values of a form in words, for whoever compares two of them."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.moderation.fields import FIELDS, place_of
from handlers.wording.sentences import enumeration


def label_of(name: str) -> str:
    """The label of a field, with its place: "Zaal (plaats 2)"."""
    place = place_of(name)
    if place is None:
        return FIELDS[name].label if name in FIELDS else name
    bare, number = place
    return f"{FIELDS[bare].label} (plaats {number})"


def shown(name: str, value: str | Sequence[str] | None) -> str:
    """A value as one reads it; choices by their label."""
    if not value:
        return "niet ingevuld"
    if isinstance(value, str) and not (name in FIELDS and FIELDS[name].options):
        return value
    texts = (value,) if isinstance(value, str) else tuple(value)
    labels = {each.value: each.label for each in FIELDS[name].options} if name in FIELDS else {}
    return enumeration([labels.get(each, each) for each in texts])
