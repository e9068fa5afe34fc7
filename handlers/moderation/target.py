"""Which atrium a moderator means: its key, a description, or the one this thread is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.gazetteer import PROVINCE_PREFIX, gazetteer, name_key
from handlers.model import BRUSSELS, BRUSSELS_CITY, Atrium, Kind, Query
from handlers.moderation.claims import Remainder, bare_words
from handlers.moderation.kinds import claim_kind
from handlers.reading.model import Reading
from handlers.reading.reading import read
from handlers.wording.dates import local_day

_KEY = re.compile(r"[\w.]+(?:-[\w.]+)+")
#: Reads as a key ("atr-1-053"), and was not found as one.
_UNKNOWN_KEY = re.compile(r"\b[a-z]+-(?:[\w-]*\d)", re.IGNORECASE)
_THIS = re.compile(r"(?:dit|dat|het|deze|die)?(?:\s*atrium)?", re.IGNORECASE)
#: Characters of a description that are looked at.
_DESCRIBED = 300
#: More than this many candidates are not offered by number.
OFFERED = 5


def find_by_key(text: str, context: Context) -> tuple[Atrium, str] | None:
    """The atrium whose key stands in the text, with the text that is left."""
    for found in _KEY.finditer(text):
        atrium = context.agenda.find(found[0], context.reads) or context.agenda.find(
            found[0].lower(), context.reads
        )
        if atrium:
            return atrium, f"{text[: found.start()]} {text[found.end() :]}".strip(" ,:")
    return None


def find_described(text: str, context: Context) -> Sequence[Atrium]:
    """The atria that fit a description: those to come, and when there are none those that were.

    Without any description the one atrium that the thread is about.
    """
    if not bare_words(text) or _THIS.fullmatch(text.strip()):
        return about_here(context)
    if _UNKNOWN_KEY.search(text):
        return []
    text = text[:_DESCRIBED]
    today = dt.datetime.combine(local_day(context.now), dt.time(), BRUSSELS).astimezone(dt.UTC)
    reading = read(text, context.now, context.vocabulary)
    coming = _matching(text, reading, context, begins_from=today)
    return coming or _matching(text, reading, context, begins_before=today)


def about_here(context: Context) -> Sequence[Atrium]:
    """The atria that this thread was last about, as far as the agenda still has them."""
    uids = context.topic.uids if context.topic else ()
    return [atrium for uid in uids if (atrium := context.agenda.find(uid, context.reads))]


def _matching(
    text: str,
    reading: Reading,
    context: Context,
    *,
    begins_from: dt.datetime | None = None,
    begins_before: dt.datetime | None = None,
) -> list[Atrium]:
    rest = Remainder(text)
    kind = claim_kind(rest) or reading.kind
    place = reading.place
    query = Query(
        kinds=frozenset({kind}) if kind else frozenset(),
        municipality=_municipality(place),
        region=_region(place, context),
        province=place.removeprefix(PROVINCE_PREFIX) if place and place.startswith(PROVINCE_PREFIX) else None,
        begins_from=begins_from,
        begins_before=begins_before,
        visible_to=context.reads,
        limit=200,
        newest_first=begins_from is None,
    )
    found = [atrium for atrium in context.agenda.upcoming(query) if _in_period(atrium, reading)]
    words = _telling_words(rest, kind, reading)
    if not words:
        return found if kind or place or reading.period else []
    scores = [sum(_has(atrium, word) for word in words) for atrium in found]
    best = max(scores, default=0)
    return [atrium for atrium, score in zip(found, scores, strict=True) if score == best] if best else []


def _municipality(place: str | None) -> str | None:
    if place == BRUSSELS_CITY:
        return place
    found = gazetteer().municipality(place) if place else None
    return found.name if found else None


def _region(place: str | None, context: Context) -> str | None:
    """The moderators' region, where the place is one and no municipality."""
    if place is None or _municipality(place):
        return None
    return next((region for region in context.agenda.regions() if name_key(region) == name_key(place)), None)


def _in_period(atrium: Atrium, reading: Reading) -> bool:
    return reading.period is None or reading.period.holds(atrium.local_date)


#: Words of a description that say nothing of which atrium it is.
_EMPTY = re.compile(
    r"het|de|een|van|in|op|te|voor|over|rond|dat|dit|atrium|atria|en|met|thema|dag|datum|om|naar|aan|uur"
    r"|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|komende?|volgende?|morgen|week|maand"
)


def _telling_words(rest: Remainder, kind: Kind | None, reading: Reading) -> list[str]:
    words = name_key(re.sub(r"[^\w\s-]", " ", rest.text)).split()
    taken = set(name_key(reading.place or "").split()) | ({kind.value} if kind else set())
    told = (word for word in words if len(word) > 2 and not word.isdigit() and word not in taken)
    return [word for word in told if not _EMPTY.fullmatch(word)]


def _has(atrium: Atrium, word: str) -> bool:
    """Whether a word of its title, theme or place begins so ("zonnepark" finds "zonneparken")."""
    told = (atrium.title, atrium.theme, atrium.municipality, atrium.venue, atrium.region, atrium.province)
    return any(each.startswith(word) for each in name_key(" ".join(filter(None, told))).split())
