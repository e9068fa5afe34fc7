"""What moderators can say of an atrium beside the columns of the agenda file: full, quiet, presentations.

The rules are those of a conversation: once it has begun only where the presentations lie can be told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.web.console.forms import Form, typed
from handlers.model import Atrium
from handlers.moderation.fields import Field, Option, Sort
from handlers.posts.names import EVERYTHING, PLANNED_POSTS, post_name
from handlers.wording.sentences import capitalised
from store.exchange.cells import read_url
from store.exchange.problems import Unfit

FULL, QUIET, MATERIALS = "volzet", "stil", "presentaties"

EXTRA_LABELS = {
    FULL: "Volzet",
    QUIET: "Plaatst de bot niet",
    MATERIALS: "Link naar de presentaties",
}

_YES = "ja"


def extra_fields(atrium: Atrium, now: dt.datetime) -> tuple[Field, ...]:
    """The fields that the form of this atrium has besides, at `now` (aware UTC)."""
    materials = Field(
        name=MATERIALS,
        label=EXTRA_LABELS[MATERIALS],
        sort=Sort.URL,
        help="Na afloop: de bot zet de link in zijn bericht na het atrium en in het overzicht.",
        most=500,
    )
    if atrium.starts_at <= now:
        return (materials,)
    full = Field(
        name=FULL,
        label=EXTRA_LABELS[FULL],
        sort=Sort.CHOICES,
        help="Overal staat dan volzet in plaats van de link, en aan inschrijven wordt niet meer herinnerd.",
        options=(Option(value=_YES, label="Inschrijven kan niet meer"),),
    )
    kinds = (*PLANNED_POSTS, EVERYTHING)
    quiet = Field(
        name=QUIET,
        label=EXTRA_LABELS[QUIET],
        sort=Sort.CHOICES,
        help="Niets gekozen: de bot plaatst alles. Wijzigingen en annuleringen meldt hij altijd.",
        options=tuple(
            Option(value=kind, label="Alles" if kind == EVERYTHING else capitalised(post_name(kind)))
            for kind in kinds
        ),
    )
    return (full, quiet, materials)


def extra_values(atrium: Atrium) -> dict[str, str | tuple[str, ...]]:
    """What these fields hold for an atrium."""
    return {
        FULL: (_YES,) if atrium.is_full else (),
        QUIET: tuple(sorted(atrium.quiet_posts)),
        MATERIALS: atrium.materials_url or "",
    }


def typed_extras(form: Form, fields: Sequence[Field]) -> dict[str, str | tuple[str, ...]]:
    """What was typed in these fields; nothing where the form that was sent did not have them."""
    return typed(form, fields) if form.has(MATERIALS) else {}


def with_extras(
    atrium: Atrium, values: Mapping[str, str | tuple[str, ...]], now: dt.datetime
) -> tuple[Atrium, dict[str, str]]:
    """The atrium with what was typed, and what is wrong per field."""
    after, errors = atrium, {}
    if MATERIALS in values:
        text = str(values[MATERIALS])
        url = read_url(text) if text else None
        if isinstance(url, Unfit):
            errors[MATERIALS] = url.reason
        elif url != atrium.materials_url:
            after = replace(after, materials_url=url, materials_at=now)
    if FULL in values:
        after = replace(after, is_full=_YES in values[FULL])
    if QUIET in values:
        known = {*PLANNED_POSTS, EVERYTHING}
        chosen = frozenset(values[QUIET])
        if chosen <= known:
            after = replace(after, quiet_posts=chosen)
        else:
            errors[QUIET] = "Kies uit de soorten berichten die hier staan."
    return after, errors
