"""One atrium as people see it: its card, its facts in the fixed order, its place, its registration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from handlers.model import Atrium
from handlers.reply import Card, Fact
from handlers.wording.catalogue import say
from handlers.wording.dates import (
    NEAR,
    brief_date,
    clock_text,
    deadline_text,
    local_day,
    relative_day,
    span_text,
)
from handlers.wording.texts import audience_text

#: What a fact on an atrium is about, in the fixed order.
FactKey = Literal["when", "where", "theme", "audience", "registration", "slides", "more"]


def title_text(atrium: Atrium) -> str:
    """The title, with the theme where the title does not say it already."""
    if atrium.theme and atrium.theme.casefold() not in atrium.title.casefold():
        return f"{atrium.title}, {atrium.theme}"
    return atrium.title


def place_text(atrium: Atrium) -> str:
    """Venue, address and municipality, as far as the record holds them."""
    parts = [part for part in (atrium.venue, atrium.address) if part]
    # An address may end in the municipality already ("Markt 1, 9620 Zottegem").
    if not parts or not parts[-1].casefold().endswith(atrium.municipality.casefold()):
        parts.append(atrium.municipality)
    return ", ".join(parts)


def when_text(atrium: Atrium) -> str:
    """Day and hours in full: "maandag 12 april 2027, van 9.00 tot 16.00 u."."""
    return span_text(atrium.starts_at, atrium.ends_at)


def brief_text(atrium: Atrium, now: dt.datetime) -> str:
    """The atrium in one line of a list: "ma 12 april 2027, 9.00 u., Gent: Provinciaal Atrium Gent"."""
    day = brief_date(atrium.local_date, local_day(now))
    line = f"{day}, {clock_text(atrium.starts_at)} u., {atrium.municipality}: {title_text(atrium)}"
    return say("lijst.geannuleerd", atrium=line) if atrium.is_cancelled else line


def _deadline(atrium: Atrium, now: dt.datetime) -> str | None:
    if atrium.registration_until is None:
        return None
    day = deadline_text(atrium.registration_until, beside=atrium.local_date)
    near = relative_day(atrium.registration_until, local_day(now))
    return f"{day} ({NEAR[near]})" if near in ("vandaag", "morgen") else day


def registration_label(atrium: Atrium, now: dt.datetime) -> str:
    """Until when one can register, or why one no longer can, without the link."""
    deadline = _deadline(atrium, now)
    if atrium.is_cancelled:
        return say("inschrijven.geannuleerd")
    if atrium.has_ended(now):
        return say("inschrijven.voorbij")
    if atrium.is_full and atrium.starts_at > now:
        return say("inschrijven.volzet")
    if not atrium.registration_is_open(now):
        return say("inschrijven.gesloten sinds", dag=deadline) if deadline else say("inschrijven.gesloten")
    return say("label.inschrijven tot", dag=deadline) if deadline else say("label.inschrijven")


def registration_text(atrium: Atrium, now: dt.datetime) -> str:
    """The line on registration: "Inschrijven tot en met zondag 11 april: https://..."."""
    label = registration_label(atrium, now)
    if not atrium.registration_is_open(now):
        return f"{label}."
    return f"{label}: {atrium.registration_url or say('inschrijven.zonder link')}"


def _closed_text(atrium: Atrium, now: dt.datetime) -> str:
    """Why one can no longer register, to stand behind the label "Inschrijven"."""
    if atrium.is_cancelled:
        return say("inschrijven.kort geannuleerd")
    if atrium.has_ended(now):
        return say("inschrijven.kort voorbij")
    if atrium.is_full and atrium.starts_at > now:
        return say("inschrijven.kort volzet")
    deadline = _deadline(atrium, now)
    if deadline is None:
        return say("inschrijven.kort gesloten")
    return say("inschrijven.kort gesloten sinds", dag=deadline)


def registration_fact(atrium: Atrium, now: dt.datetime) -> Fact:
    """The same as a labelled fact, with the link where one can register."""
    if not atrium.registration_is_open(now):
        return Fact(label=say("label.inschrijven"), text=_closed_text(atrium, now))
    label = registration_label(atrium, now)
    if atrium.registration_url is None:
        return Fact(label=label, text=say("inschrijven.zonder link"))
    return Fact(label=label, text=atrium.registration_url, url=atrium.registration_url)


def programme_lines(atrium: Atrium) -> tuple[str, ...]:
    """The items of the programme, one a line; the agenda file parts them with "|"."""
    items = (item.strip() for item in (atrium.programme or "").replace("\n", "|").split("|"))
    return tuple(item for item in items if item)


def facts(atrium: Atrium, now: dt.datetime, more_url: str | None = None) -> tuple[Fact, ...]:
    """What the record holds of it, in the fixed order: wanneer, waar, thema, voor wie, inschrijven, meer.

    Args:
        now: aware UTC; decides whether one can still register.
        more_url: the page of this atrium, where there is one.
    """
    return tuple(facts_by_key(atrium, now, more_url).values())


def facts_by_key(atrium: Atrium, now: dt.datetime, more_url: str | None = None) -> Mapping[FactKey, Fact]:
    """The same facts by what they are, whatever moderators call them."""
    audience, slides = audience_text(atrium.audience), atrium.materials_url
    found: dict[FactKey, Fact] = {
        "when": Fact(label=say("label.wanneer"), text=when_text(atrium)),
        "where": Fact(label=say("label.waar"), text=place_text(atrium)),
    }
    if atrium.theme:
        found["theme"] = Fact(label=say("label.thema"), text=atrium.theme)
    if audience:
        found["audience"] = Fact(label=say("label.voor wie"), text=audience)
    found["registration"] = registration_fact(atrium, now)
    if slides:
        found["slides"] = Fact(label=say("label.presentaties"), text=slides, url=slides)
    if more_url:
        found["more"] = Fact(label=say("label.meer"), text=more_url, url=more_url)
    return found


def card(atrium: Atrium, now: dt.datetime) -> Card:
    """The atrium with every text rendered; `now` is aware UTC."""
    open_now = atrium.registration_is_open(now)
    return Card(
        uid=atrium.uid,
        title=atrium.title,
        when=when_text(atrium),
        brief=brief_text(atrium, now),
        where=place_text(atrium),
        starts_at=atrium.starts_at,
        theme=atrium.theme,
        audience=audience_text(atrium.audience) or None,
        register_text=registration_label(atrium, now),
        register_url=atrium.registration_url if open_now else None,
        cancelled=atrium.is_cancelled,
    )
