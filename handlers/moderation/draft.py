"""The draft of an atrium: what is added to it, what it lacks, what cannot be, and the atrium it becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace

from handlers.context import Context
from handlers.gazetteer import gazetteer
from handlers.model import BRUSSELS, Atrium, AtriumDraft, Kind
from handlers.moderation.community_choice import audience_of, communities_for, visibility_of
from handlers.moderation.told import Problem, Told
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import clock_text, long_date
from handlers.wording.texts import kind_name

#: How the bot asks for a field.
FIELD_NAMES = Said(
    {
        "kind": "vragen.soort",
        "theme": "vragen.thema",
        "title": "vragen.titel",
        "date": "vragen.datum",
        "begins": "vragen.begin",
        "municipality": "vragen.gemeente",
        "ends": "vragen.einde",
        "venue": "vragen.zaal",
        "address": "vragen.adres",
        "registration_url": "vragen.link",
        "registration_until": "vragen.inschrijven tot",
        "audience": "vragen.doelgroep",
        "description": "vragen.omschrijving",
        "communities": "vragen.communities",
        "materials_url": "vragen.presentaties",
        "quiet_posts": "vragen.niet geplaatst",
    }
)

#: Asked for once, together; each may be left open.
OPTIONAL = ("ends", "venue", "registration_url", "registration_until", "audience")

#: Becomes unknown when it is said to be.
_EMPTIED = frozenset({"ends", "venue", "address", "registration_url", "materials_url"})

#: A year further ahead is a slip of the finger.
MOST_YEARS_AHEAD = 10


def missing(draft: AtriumDraft) -> tuple[str, ...]:
    """The required fields not told yet, in the order of asking; "theme" stands for title or theme."""
    told = {
        "kind": draft.kind,
        "theme": draft.title or draft.theme,
        "date": draft.date,
        "begins": draft.begins,
        "municipality": draft.municipality,
    }
    return tuple(name for name, value in told.items() if not value)


def still_open(draft: AtriumDraft) -> tuple[str, ...]:
    """The fields that may be left open and are."""
    told = {
        "ends": draft.ends,
        "venue": draft.venue or draft.address,
        "registration_url": draft.registration_url,
        "registration_until": draft.registration_until,
        "audience": draft.audience,
    }
    return tuple(name for name in OPTIONAL if not told[name])


def to_ask(draft: AtriumDraft) -> tuple[str, ...]:
    """The open fields that were not asked for before."""
    return tuple(name for name in still_open(draft) if name not in draft.open_fields)


def merged(draft: AtriumDraft, told: Told) -> AtriumDraft:
    """The draft with what was told on top.

    Another municipality takes venue and address away, unless they are told with it: the hall
    does not move along.
    """
    new = {each.name: value for each in fields(AtriumDraft) if (value := getattr(told.draft, each.name))}
    new |= {name: None for name in told.cleared if name in _EMPTIED}
    if "audience" in told.cleared:
        new["audience"] = frozenset()
    if "registration_until" in told.cleared:
        new["registration_until"] = None
    if "quiet_posts" in told.cleared:
        new["quiet_posts"] = frozenset()
    if "is_full" in told.cleared:
        new["is_full"] = False
    if told.draft.municipality and draft.municipality not in (None, told.draft.municipality):
        new = {"venue": None, "address": None} | new
    result = replace(draft, **new, open_fields=draft.open_fields | told.cleared)
    if told.before is not None and result.date:
        return replace(result, registration_until=result.date - told.before)
    if told.year_of_deadline_open and told.draft.registration_until and result.date:
        return replace(result, registration_until=_nearest(told.draft.registration_until, result.date))
    return result


def added(draft: AtriumDraft, told: Told, now: dt.datetime) -> AtriumDraft:
    """The draft with what was told, without what cannot be; `told` gets the problems.

    A wrong correction leaves what stood.
    """
    together, problems = weighed(merged(draft, told), now)
    told.problems += problems
    wrong = [problem.about for problem in problems if getattr(told.draft, problem.about)]
    return replace(together, **{name: getattr(draft, name) for name in wrong})


def _nearest(day: dt.date, date: dt.date) -> dt.date:
    """The same day of the year, in the year that brings it nearest to the atrium."""
    if (day.month, day.day) == (2, 29):
        return day
    years = (day.replace(year=date.year + shift) for shift in (-1, 0, 1))
    return min(years, key=lambda each: abs(each - date))


def weighed(draft: AtriumDraft, now: dt.datetime) -> tuple[AtriumDraft, tuple[Problem, ...]]:
    """The draft without what cannot be, and why: a past day, an end before the start, a deadline too late."""
    today = now.astimezone(BRUSSELS).date()
    problems: list[Problem] = []
    if draft.date and starts_at(draft, now) < now:
        problems.append(Problem(about="date", text=say("veld.voorbij", dag=long_date(draft.date))))
        draft = replace(draft, date=None)
    if draft.date and draft.date.year > today.year + MOST_YEARS_AHEAD:
        far = say("veld.te ver", dag=long_date(draft.date), jaren=str(MOST_YEARS_AHEAD))
        problems.append(Problem(about="date", text=far))
        draft = replace(draft, date=None)
    if draft.ends and draft.begins and draft.ends <= draft.begins:
        end, begin = clock_text(draft.ends), clock_text(draft.begins)
        problems.append(Problem(about="ends", text=say("veld.einde voor begin", einde=end, begin=begin)))
        draft = replace(draft, ends=None)
    deadline = draft.registration_until
    if deadline and draft.date and deadline > draft.date:
        late = say("veld.inschrijfdag na atrium", dag=long_date(deadline))
        problems.append(Problem(about="registration_until", text=late))
        draft = replace(draft, registration_until=None)
    elif deadline and deadline < today:
        past = say("veld.inschrijfdag voorbij", dag=long_date(deadline))
        problems.append(Problem(about="registration_until", text=past))
        draft = replace(draft, registration_until=None)
    return draft, tuple(problems)


def starts_at(draft: AtriumDraft, now: dt.datetime) -> dt.datetime:
    """The start in aware UTC, from the wall clock of its day; without an hour yet the end of that day."""
    day = draft.date or now.astimezone(BRUSSELS).date()
    return _instant(day, draft.begins or dt.time(23, 59, 59))


def _instant(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, BRUSSELS).astimezone(dt.UTC)


def title_of(draft: AtriumDraft) -> str:
    """The title that was given, else the kind with its theme: "Thematisch Atrium: ontharding"."""
    if draft.title:
        return draft.title
    name = kind_name(draft.kind)
    return f"{name}: {draft.theme}" if draft.theme else name


def as_atrium(draft: AtriumDraft, context: Context, uid: str) -> Atrium:
    """The atrium that a complete draft becomes. Raises ValueError when a required field lacks."""
    return atrium_of(draft, communities_for(draft, context), context, uid)


def atrium_of(
    draft: AtriumDraft,
    keys: Sequence[str],
    context: Context,
    uid: str,
    programme_uid: str | None = None,
) -> Atrium:
    """The atrium that a complete draft becomes when it is told in these communities.

    Raises ValueError when a required field lacks.
    """
    if draft.kind is None or draft.date is None or draft.begins is None or draft.municipality is None:
        raise ValueError(f"the draft lacks {', '.join(missing(draft))}")
    return Atrium(
        uid=uid,
        kind=draft.kind,
        title=title_of(draft),
        theme=draft.theme,
        starts_at=_instant(draft.date, draft.begins),
        ends_at=_instant(draft.date, draft.ends) if draft.ends else None,
        venue=draft.venue,
        address=draft.address,
        municipality=draft.municipality,
        province=gazetteer().province_of(draft.municipality),
        region=context.agenda.region_of(draft.municipality) if draft.kind is Kind.LOKAAL else None,
        audience=audience_of(draft, keys, context),
        description=draft.description,
        programme=draft.programme,
        registration_url=draft.registration_url,
        registration_until=draft.registration_until,
        organiser=draft.organiser,
        contact=draft.contact,
        materials_url=draft.materials_url,
        quiet_posts=draft.quiet_posts,
        is_full=draft.is_full,
        visibility=visibility_of(keys, context),
        programme_uid=programme_uid,
        updated_at=context.now,
        announced_at=context.now,
    )
