"""A change to an atrium: what is told on top of it, and what is different then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.gazetteer import gazetteer
from handlers.model import BRUSSELS, Atrium, AtriumDraft
from handlers.moderation.quiet_posts import quiet_posts_text
from handlers.wording.cards import place_text
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, long_date
from handlers.wording.texts import audience_text

#: The attributes that a moderator can change in a conversation.
CHANGEABLE = (
    "title",
    "theme",
    "starts_at",
    "ends_at",
    "municipality",
    "venue",
    "address",
    "audience",
    "description",
    "registration_url",
    "registration_until",
    "programme",
    "organiser",
    "contact",
    "is_full",
    "materials_url",
    "quiet_posts",
)

#: Those that are shown as they are, with the name of what they are called.
_PLAIN = {
    "title": "verschil.titel",
    "theme": "verschil.thema",
    "description": "verschil.omschrijving",
    "programme": "verschil.programma",
    "registration_url": "verschil.link",
    "organiser": "verschil.organisator",
    "contact": "verschil.contact",
    "materials_url": "verschil.presentaties",
}


def as_draft(atrium: Atrium) -> AtriumDraft:
    """What is known of the atrium, in the form in which moderators tell it."""
    end = atrium.local_end
    return AtriumDraft(
        kind=atrium.kind,
        title=atrium.title,
        theme=atrium.theme,
        date=atrium.local_date,
        begins=atrium.local_start.time(),
        ends=end.time() if end else None,
        municipality=atrium.municipality,
        venue=atrium.venue,
        address=atrium.address,
        audience=atrium.audience,
        description=atrium.description,
        registration_url=atrium.registration_url,
        registration_until=atrium.registration_until,
        programme=atrium.programme,
        organiser=atrium.organiser,
        contact=atrium.contact,
        materials_url=atrium.materials_url,
        quiet_posts=atrium.quiet_posts,
        is_full=atrium.is_full,
    )


def with_unasked(atrium: Atrium, draft: AtriumDraft) -> AtriumDraft:
    """The draft of a form, with what no form asks as it stands: full or not, presentations, quiet posts."""
    return replace(
        draft,
        materials_url=atrium.materials_url,
        quiet_posts=atrium.quiet_posts,
        is_full=atrium.is_full,
    )


def applied(atrium: Atrium, draft: AtriumDraft, now: dt.datetime) -> Atrium:
    """The atrium as the draft has it; wall clock hours stay what they are on another day, DST or not.

    SEQUENCE rises by one; what a draft does not know (visibility, the programme that it belongs to) stays.
    """
    title, date = draft.title or atrium.title, draft.date or atrium.local_date
    if atrium.theme and draft.theme and draft.theme != atrium.theme and title == atrium.title:
        title = title.replace(atrium.theme, draft.theme)
    municipality = draft.municipality or atrium.municipality
    return replace(
        atrium,
        title=title,
        theme=draft.theme,
        starts_at=_instant(date, draft.begins or atrium.local_start.time()),
        ends_at=_instant(date, draft.ends) if draft.ends else None,
        municipality=municipality,
        province=gazetteer().province_of(municipality),
        venue=draft.venue,
        address=draft.address,
        audience=draft.audience,
        description=draft.description,
        registration_url=draft.registration_url,
        registration_until=draft.registration_until,
        programme=draft.programme,
        organiser=draft.organiser,
        contact=draft.contact,
        materials_url=draft.materials_url,
        materials_at=now if draft.materials_url != atrium.materials_url else atrium.materials_at,
        quiet_posts=draft.quiet_posts,
        is_full=draft.is_full,
        sequence=atrium.sequence + 1,
        updated_at=now,
    )


def changed_fields(before: Atrium, after: Atrium) -> tuple[str, ...]:
    """The attributes that differ, by their English name; the province goes with the municipality."""
    names = tuple(name for name in CHANGEABLE if getattr(before, name) != getattr(after, name))
    return (*names, "province") if before.province != after.province else names


def difference_lines(before: Atrium, after: Atrium) -> list[str]:
    """One line for each difference: "Datum: donderdag 18 maart 2027 -> vrijdag 19 maart 2027"."""
    lines = []
    if before.local_date != after.local_date:
        lines.append(_line("verschil.datum", long_date(before.local_date), long_date(after.local_date)))
    if before.local_start.time() != after.local_start.time():
        lines.append(_line("verschil.begin", _hour(before.starts_at), _hour(after.starts_at)))
    if _end_time(before) != _end_time(after):
        lines.append(_line("verschil.einde", _hour(before.ends_at), _hour(after.ends_at)))
    if place_text(before) != place_text(after):
        lines.append(_line("verschil.waar", place_text(before), place_text(after)))
    lines += [
        _line(label, getattr(before, name), getattr(after, name))
        for name, label in _PLAIN.items()
        if getattr(before, name) != getattr(after, name)
    ]
    if before.audience != after.audience:
        told = (audience_text(each.audience) or say("verschil.iedereen") for each in (before, after))
        lines.append(_line("verschil.voor wie", *told))
    if before.registration_until != after.registration_until:
        days = (long_date(day) if (day := each.registration_until) else None for each in (before, after))
        lines.append(_line("verschil.inschrijven tot", *days))
    if before.is_full != after.is_full:
        full = (say("verschil.ja") if each.is_full else say("verschil.nee") for each in (before, after))
        lines.append(_line("verschil.volzet", *full))
    if before.quiet_posts != after.quiet_posts:
        quiet = (quiet_posts_text(each.quiet_posts) or say("verschil.niets") for each in (before, after))
        lines.append(_line("verschil.niet geplaatst", *quiet))
    return lines


def _line(label: str, old: str | None, new: str | None) -> str:
    """One line; `label` is the name of the text that says what it is."""
    nothing = say("verschil.niet ingevuld")
    return say("verschil.regel", gegeven=say(label), vroeger=old or nothing, nu=new or nothing)


def _hour(moment: dt.datetime | None) -> str | None:
    return f"{clock_text(moment)} u." if moment else None


def _end_time(atrium: Atrium) -> dt.time | None:
    return atrium.local_end.time() if atrium.local_end else None


def _instant(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BRUSSELS).astimezone(dt.UTC)
