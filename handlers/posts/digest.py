"""The weekly overview of one community."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from handlers.model import Atrium
from handlers.posts.lines import atrium_text, in_one_line, last_day_text
from handlers.reply import Reply
from handlers.wording.cards import brief_text
from handlers.wording.dates import long_date
from handlers.wording.sentences import number_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What one overview tells; every list by start. Empty lists are left out of the text.

    Attributes:
        monday: the Brussels date with which the week begins.
        weeks: how many weeks it looks ahead.
        remembered: atria whose reminder is folded into this overview.
        closing: atria whose registration closes this week; like those remembered not told again below.
        cancelled: called off since the last overview.
        coming: what is on in the weeks ahead.
        later: new since the last overview, but further off.
        fresh, changed: uids of what is new or changed since the last overview.
        left_out: how many lines were cut to fit.
        agenda_url: the agenda page, where there is one.
    """

    monday: dt.date
    weeks: int
    remembered: tuple[Atrium, ...] = ()
    closing: tuple[Atrium, ...] = ()
    cancelled: tuple[Atrium, ...] = ()
    coming: tuple[Atrium, ...] = ()
    later: tuple[Atrium, ...] = ()
    fresh: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    left_out: int = 0
    agenda_url: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.remembered or self.closing or self.cancelled or self.coming or self.later)


def digest(overview: Overview, now: dt.datetime, max_length: int | None = None) -> Reply | None:
    """The overview as a post; None when there is nothing to tell.

    Args:
        now: aware UTC of the sending.
        max_length: characters that the platform takes; the last lines make way for "en nog 12".
    """
    if overview.is_empty:
        return None
    reply = _reply(overview, now)
    while max_length is not None and len(reply.plain_text()) > max_length:
        shorter = _shortened(overview)
        if shorter is None:
            break
        overview = shorter
        reply = _reply(overview, now)
    return reply


def _shortened(overview: Overview) -> Overview | None:
    """The overview without its least urgent line; None when nothing is left to cut."""
    fewer = overview.left_out + 1
    if overview.later:
        return replace(overview, later=overview.later[:-1], left_out=fewer)
    if overview.coming:
        return replace(overview, coming=overview.coming[:-1], left_out=fewer)
    if overview.closing:
        return replace(overview, closing=overview.closing[:-1], left_out=fewer)
    if overview.cancelled:
        return replace(overview, cancelled=overview.cancelled[:-1], left_out=fewer)
    return None


def _reply(overview: Overview, now: dt.datetime) -> Reply:
    weeks = "week" if overview.weeks == 1 else f"{number_text(overview.weeks)} weken"
    further = "Verder de" if overview.remembered or overview.closing else "De"
    sections = (
        ("Niet vergeten:", [in_one_line(each, now) for each in overview.remembered]),
        ("Inschrijven kan nog deze week:", [_closing_line(each, now) for each in overview.closing]),
        ("Geannuleerd:", [f"- {atrium_text(each)}" for each in overview.cancelled]),
        (f"{further} komende {weeks}:", [_coming_line(each, overview, now) for each in overview.coming]),
        ("Nieuw op de agenda, voor later:", [f"- {brief_text(each, now)}" for each in overview.later]),
    )
    paragraphs = ["\n".join([title, *lines]) for title, lines in sections if lines]
    if overview.left_out:
        more = f"En nog {overview.left_out}"
        paragraphs.append(
            f"{more}: {overview.agenda_url}" if overview.agenda_url else f"{more} in de agenda."
        )
    elif overview.agenda_url:
        paragraphs.append(f"De hele agenda: {overview.agenda_url}")
    return Reply(
        headline=f"Overzicht van de atria, week van {long_date(overview.monday)}.",
        paragraphs=tuple(paragraphs),
        automatic=True,
    )


def _closing_line(atrium: Atrium, now: dt.datetime) -> str:
    link = f": {atrium.registration_url}" if atrium.registration_url else ""
    return f"- {brief_text(atrium, now)}. Inschrijven tot en met {last_day_text(atrium)}{link}"


def _coming_line(atrium: Atrium, overview: Overview, now: dt.datetime) -> str:
    mark = ""
    if atrium.uid in overview.fresh:
        mark = " (nieuw)"
    elif atrium.uid in overview.changed:
        mark = " (gewijzigd)"
    return f"- {brief_text(atrium, now)}{mark}"
