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
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import capitalised
from store.exchange.cells import read_url
from store.exchange.problems import Unfit

FULL, QUIET, MATERIALS = "volzet", "stil", "presentaties"

EXTRA_LABELS = Said(
    {
        FULL: "beheer atrium.veld volzet",
        QUIET: "beheer atrium.veld niet geplaatst",
        MATERIALS: "beheer atrium.veld presentaties",
    }
)

_YES = "ja"


def extra_fields(atrium: Atrium, now: dt.datetime) -> tuple[Field, ...]:
    """The fields that the form of this atrium has besides, at `now` (aware UTC)."""
    materials = Field(
        name=MATERIALS,
        label=EXTRA_LABELS[MATERIALS],
        sort=Sort.URL,
        help=say("beheer atrium.hulp presentaties"),
        most=500,
    )
    if atrium.starts_at <= now:
        return (materials,)
    full = Field(
        name=FULL,
        label=EXTRA_LABELS[FULL],
        sort=Sort.CHOICES,
        help=say("beheer atrium.hulp volzet"),
        options=(Option(value=_YES, label=say("beheer atrium.keuze volzet")),),
    )
    quiet = Field(
        name=QUIET,
        label=EXTRA_LABELS[QUIET],
        sort=Sort.CHOICES,
        help=say("beheer atrium.hulp niet geplaatst"),
        options=(
            *(Option(value=kind, label=capitalised(post_name(kind))) for kind in PLANNED_POSTS),
            Option(value=EVERYTHING, label=say("beheer atrium.keuze alles")),
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
            errors[QUIET] = say("beheer atrium.berichten uit de lijst")
    return after, errors
