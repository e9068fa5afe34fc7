"""The values of a form in words, for whoever compares two of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from handlers.moderation.fields import FIELDS, Field, Sort, place_of
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, long_date
from handlers.wording.sentences import enumeration


def label_of(name: str) -> str:
    """The label of a field, with its place: "Zaal (plaats 2)"."""
    place = place_of(name)
    if place is None:
        return FIELDS[name].label if name in FIELDS else name
    bare, number = place
    return say("formulier.veld van plaats", veld=FIELDS[bare].label, nummer=str(number))


def shown(name: str, value: str | Sequence[str] | None) -> str:
    """A value as one reads it; choices by their label."""
    if not value:
        return say("verschil.niet ingevuld")
    if isinstance(value, str) and not (name in FIELDS and FIELDS[name].options):
        return value
    texts = (value,) if isinstance(value, str) else tuple(value)
    labels = {each.value: each.label for each in FIELDS[name].options} if name in FIELDS else {}
    return enumeration([labels.get(each, each) for each in texts])


def readable(field: Field, value: str | Sequence[str] | None) -> str:
    """A value of a field as one reads it: choices by their label, days and hours in words."""
    if not value:
        return say("verschil.niet ingevuld")
    labels = {each.value: each.label for each in field.options}
    if not isinstance(value, str):
        return enumeration([labels.get(each, each) for each in value])
    try:
        match field.sort:
            case Sort.DATE:
                return long_date(dt.date.fromisoformat(value))
            case Sort.TIME:
                return f"{clock_text(dt.time.fromisoformat(value))} u."
    except ValueError:
        return value
    return labels.get(value, value)
