"""The fields of the console's own forms: label and help are the names of texts until the form is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from handlers.moderation.fields import Field, Option
from handlers.wording.catalogue import say


def said(fields: Iterable[Field], options: Mapping[str, tuple[Option, ...]] | None = None) -> list[Field]:
    """These fields in the words of now, with what can be chosen by the names of the fields."""
    return [
        replace(
            one,
            label=say(one.label),
            help=say(one.help) if one.help else "",
            options=(options or {}).get(one.name, ()),
        )
        for one in fields
    ]
