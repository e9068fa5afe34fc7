"""Somebody else changed the same form meanwhile: what is asked of whoever sends it, and what is not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.web.console.forms import Form
from handlers.moderation.fields import Field, Values
from handlers.moderation.form_text import readable
from handlers.moderation.merging import Merged
from handlers.wording.catalogue import say

#: The hidden field that tells what the form held when it was opened.
BASE_FIELD = "basis"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field that both changed, each value as one reads it."""

    name: str
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """What stands above a form that cannot be kept as it is.

    Attributes:
        headline: why, in one sentence.
        differences: what both changed, to choose between.
        taken: the labels of what only the other changed, which stands in the form now.
    """

    headline: str
    differences: tuple[Difference, ...] = ()
    taken: tuple[str, ...] = ()


def base_text(values: Values) -> str:
    """What a form holds when it is opened, as its hidden field keeps it."""
    kept = {name: value if isinstance(value, str) else list(value) for name, value in values.items() if value}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def base_of(form: Form) -> dict[str, str | tuple[str, ...]] | None:
    """What the form held when it was opened; None when the form does not say so."""
    try:
        told = json.loads(form.lines(BASE_FIELD))
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    found: dict[str, str | tuple[str, ...]] = {}
    for name, value in told.items():
        if isinstance(value, str):
            found[name] = value
        elif isinstance(value, list) and all(isinstance(each, str) for each in value):
            found[name] = tuple(value)
        else:
            return None
    return found


def clash_of(
    headline: str, fields: Iterable[Field], labels: Mapping[str, str], merge: Merged, theirs: Values
) -> Clash:
    """What to choose between, and what was taken over, in the order of the form."""
    known = {one.name: one for one in fields}
    return Clash(
        headline=headline,
        differences=tuple(
            Difference(
                name=name,
                label=labels[name],
                theirs=readable(known[name], theirs.get(name)),
                mine=readable(known[name], merge.values.get(name)),
            )
            for name in known
            if name in merge.both
        ),
        taken=tuple(labels[name] for name in known if name in merge.taken),
    )


def taken_text(labels: Mapping[str, str], taken: Sequence[str]) -> str:
    """What was taken over of somebody else's change, for whoever saved theirs; empty when nothing was."""
    names = ", ".join(labels[name] for name in labels if name in taken)
    return say("beheer atrium.ook gewijzigd", velden=names) if names else ""
