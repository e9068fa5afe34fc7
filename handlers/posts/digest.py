"""The weekly or monthly overview of one community."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from handlers.model import Atrium
from handlers.posts.lines import atrium_text, in_one_line, last_day_text, say_with_link
from handlers.reply import Reply
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say
from handlers.wording.dates import date_with_year, local_day, long_date
from handlers.wording.sentences import capitalised, number_text


@dataclass(frozen=True, kw_only=True, slots=True)
class LivelyThread:
    """A conversation in the community: its address, its number of messages, and the atrium it is about."""

    url: str
    messages: int
    about: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What one overview tells; every list by start. Empty lists are left out of the text.

    Attributes:
        monday: the Brussels date with which the week begins.
        weeks: how many weeks it looks ahead.
        monthly: it is the overview of a month, not of a week.
        remembered: atria whose reminder is folded into this overview.
        closing: atria whose registration closes before the next one; not told again below.
        cancelled: called off since the last overview.
        noted: atria of which the first word is folded into this overview.
        coming: what is on in the weeks ahead.
        later: new or changed since the last overview, but further off.
        materials: past atria whose materials were published since the last overview.
        lively: where people talk most; never told without anything else.
        fresh, changed: uids of what is new or changed since the last overview.
        left_out: how many lines were cut to fit.
        agenda_url: the agenda page, where there is one.
    """

    monday: dt.date
    weeks: int
    monthly: bool = False
    remembered: tuple[Atrium, ...] = ()
    closing: tuple[Atrium, ...] = ()
    cancelled: tuple[Atrium, ...] = ()
    noted: tuple[Atrium, ...] = ()
    coming: tuple[Atrium, ...] = ()
    later: tuple[Atrium, ...] = ()
    materials: tuple[Atrium, ...] = ()
    lively: tuple[LivelyThread, ...] = ()
    fresh: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    left_out: int = 0
    agenda_url: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell; that people talk is no reason to speak."""
        return not any(getattr(self, name) for name in _TOLD)


#: The lists of an overview in the order in which their lines make way when it is too long.
_TOLD = ("later", "materials", "noted", "coming", "closing", "cancelled", "remembered")
_CUT = ("lively", *_TOLD)


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
    for name in _CUT:
        told = getattr(overview, name)
        if told:
            # That a conversation is lively is not news that one has to look up elsewhere.
            left_out = overview.left_out + (name != "lively")
            return replace(overview, left_out=left_out, **{name: told[:-1]})
    return None


def _reply(overview: Overview, now: dt.datetime) -> Reply:
    weeks = say("overzicht.week")
    if overview.weeks != 1:
        weeks = say("overzicht.weken", aantal=number_text(overview.weeks))
    further = "overzicht.verder" if overview.remembered or overview.closing else "overzicht.komend"
    closing = "overzicht.sluit maand" if overview.monthly else "overzicht.sluit"
    moved = any(each.uid in overview.changed for each in overview.later)
    later = "overzicht.gewijzigd later" if moved else "overzicht.nieuw later"
    sections = (
        (say("overzicht.niet vergeten"), [in_one_line(each, now) for each in overview.remembered]),
        (say(closing), [_closing_line(each, now) for each in overview.closing]),
        (say("overzicht.geannuleerd"), [f"- {atrium_text(each)}" for each in overview.cancelled]),
        (say("overzicht.noteer"), [f"- {brief_text(each, now)}" for each in overview.noted]),
        (say(further, weken=weeks), [_coming_line(each, overview, now) for each in overview.coming]),
        (say(later), [_later_line(each, overview, now) for each in overview.later]),
        (say("overzicht.materiaal"), [_materials_line(each, now) for each in overview.materials]),
        (say("overzicht.levendig"), [_lively_line(each) for each in overview.lively]),
    )
    paragraphs = ["\n".join([title, *lines]) for title, lines in sections if lines]
    if overview.left_out:
        number = str(overview.left_out)
        paragraphs.append(
            say("overzicht.en nog", aantal=number, link=overview.agenda_url)
            if overview.agenda_url
            else say("overzicht.en nog zonder link", aantal=number)
        )
    elif overview.agenda_url:
        paragraphs.append(say("overzicht.agenda", link=overview.agenda_url))
    return Reply(headline=_headline(overview, now), paragraphs=tuple(paragraphs), automatic=True)


def _headline(overview: Overview, now: dt.datetime) -> str:
    if overview.monthly:
        month = date_with_year(local_day(now)).split(" ", 1)[1]
        return say("overzicht.kop maand", maand=month)
    return say("overzicht.kop", dag=long_date(overview.monday))


def _closing_line(atrium: Atrium, now: dt.datetime) -> str:
    last_day = last_day_text(atrium) or ""
    return "- " + say_with_link(
        "overzicht.regel sluit", atrium.registration_url, atrium=brief_text(atrium, now), dag=last_day
    )


def _coming_line(atrium: Atrium, overview: Overview, now: dt.datetime) -> str:
    mark = ""
    if atrium.uid in overview.fresh:
        mark = f" ({say('overzicht.teken nieuw')})"
    elif atrium.uid in overview.changed:
        mark = f" ({say('overzicht.teken gewijzigd')})"
    return f"- {brief_text(atrium, now)}{mark}"


def _later_line(atrium: Atrium, overview: Overview, now: dt.datetime) -> str:
    line = f"- {brief_text(atrium, now)}"
    moved = atrium.uid in overview.changed - overview.fresh
    return f"{line} ({say('overzicht.teken gewijzigd')})" if moved else line


def _materials_line(atrium: Atrium, now: dt.datetime) -> str:
    return f"- {brief_text(atrium, now)}: {atrium.materials_url}"


def _lively_line(thread: LivelyThread) -> str:
    messages = say("overzicht.bericht") if thread.messages == 1 else say("overzicht.berichten")
    count = f"{capitalised(number_text(thread.messages))} {messages}"
    told = say("overzicht.over", berichten=count, onderwerp=thread.about) if thread.about else count
    return f"- {told}: {thread.url}"
