"""What is kept of what the agenda holds: a question leaves things out, or means several stretches of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.answers.phrases import province_of_place
from handlers.gazetteer import gazetteer
from handlers.model import BRUSSELS, BRUSSELS_CITY, Atrium, Span
from handlers.reading.model import NOTHING, DayPart, Named, Reading

#: The uids of the atria that are about a theme.
About = Callable[[str], frozenset[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """What the store does not know how to search by.

    Attributes:
        periods: it is held in one of these; none is any time.
        weekdays: it is held on one of these days of the week (0 is Monday); none is any day.
        day_part: it begins in this part of the day; None is any.
        held_in: it is held in a municipality of this reference region; None is anywhere.
    """

    without: Named = NOTHING
    periods: tuple[Span, ...] = ()
    weekdays: tuple[int, ...] = ()
    day_part: DayPart | None = None
    held_in: str | None = None

    def __bool__(self) -> bool:
        return bool(self.without or self.periods or self.weekdays or self.held_in)


#: The hours at which the afternoon and the evening begin.
_NOON, _EVENING = 12, 17
#: Everything is kept.
NO_NARROWING = Narrowing()


def narrowing_of(reading: Reading) -> Narrowing:
    """What this reading leaves out and the stretches of time it means."""
    without = reading.without
    if reading.corrects and reading.place:
        without = replace(without, places=())  # "niet Gent, Aalst": what Aalst belongs to may meet in Gent
    return Narrowing(
        without=without,
        periods=reading.others.periods,
        weekdays=reading.weekdays,
        day_part=reading.day_part,
    )


def keeping(narrowing: Narrowing, about: About) -> Callable[[Atrium], bool]:
    """Whether an atrium is one of those that are meant."""
    without = narrowing.without
    uids = frozenset(uid for theme in without.themes for uid in about(theme))

    def keeps(atrium: Atrium) -> bool:
        day, region = atrium.local_date, narrowing.held_in
        return (
            (not narrowing.periods or any(span.holds(day) for span in narrowing.periods))
            and (not narrowing.weekdays or day.weekday() in narrowing.weekdays)
            and (narrowing.day_part is None or _begins_in(atrium, narrowing.day_part))
            and (region is None or _is_held_in(atrium, region))
            and atrium.uid not in uids
            and atrium.kind not in without.kinds
            and atrium.audience.isdisjoint(without.audiences)
            and day.weekday() not in without.weekdays
            and not any(span.holds(day) for span in without.periods)
            and not any(_is_at(atrium, place) for place in without.places)
        )

    return keeps


def _begins_in(atrium: Atrium, part: DayPart) -> bool:
    hour = atrium.starts_at.astimezone(BRUSSELS).hour
    if hour < _NOON:
        return part is DayPart.MORNING
    return part is (DayPart.AFTERNOON if hour < _EVENING else DayPart.EVENING)


def _is_held_in(atrium: Atrium, reference_region: str) -> bool:
    found = gazetteer().municipality(atrium.municipality)
    return found is not None and found.reference_region == reference_region


def _is_at(atrium: Atrium, place: str) -> bool:
    """Whether an atrium is held in a municipality, province or region, or is of that region."""
    province = province_of_place(place)
    if province is not None:
        return atrium.province == province
    if place == BRUSSELS_CITY or gazetteer().municipality(place) is not None:
        return atrium.municipality == place
    is_of = atrium.region is not None and atrium.region.casefold() == place.casefold()
    return is_of or _is_held_in(atrium, place)
