"""A question without what it leaves out: the rest is read as if that had not been said.

So "atria buiten Limburg" has no place, and `without` holds Limburg.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from handlers.model import BRUSSELS, Audience, Kind, Span
from handlers.reading.exclusion_words import Strength
from handlers.reading.exclusions import Exclusion, clause_end, exclusions, weekday_of
from handlers.reading.intents import CERTAIN
from handlers.reading.model import NOTHING, Intent, Named, Reading, Step
from handlers.reading.period_words import MONTH_NUMBERS
from handlers.reading.themes import Themes
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

ReadPart = Callable[[Sentence, dt.datetime], Reading]

#: Questions that search the agenda.
_SEARCHES = frozenset({Intent.NEXT_SESSION, Intent.LIST_SESSIONS})
#: Of these a mere "niet" may leave something out; of one known atrium it asks or tells something else.
_MAY_DENY = _SEARCHES | {Intent.CLARIFY, Intent.WHEN}
#: Of these too, where the rest by itself searches.
_LESS_LIKELY = frozenset({Intent.OUT_OF_SCOPE, Intent.SUGGEST_TOPIC, Intent.PLATFORM_INFO})
#: "Behalve" says the same whatever is asked.
_MAY_LEAVE_OUT = frozenset(Intent) - {Intent.UNSUBSCRIBE, Intent.SUGGEST_TOPIC, Intent.GROUP_DETAIL}

_BARE_KINDS = {
    "lokale": Kind.LOKAAL,
    "lokaal": Kind.LOKAAL,
    "plaatselijke": Kind.LOKAAL,
    "provinciale": Kind.PROVINCIAAL,
    "provinciaal": Kind.PROVINCIAAL,
    "thematische": Kind.THEMATISCH,
    "thematisch": Kind.THEMATISCH,
    "maatwerk": Kind.OP_MAAT,
    "maat": Kind.OP_MAAT,
    "centrumsteden": Kind.CENTRUMSTEDEN,
    "mandatarissen": Kind.MANDATARISSEN,
}
_WEEKEND = (5, 6)
#: With these a day is one day and not every such day ("volgende dinsdag").
_ONE_DAY = word_set(
    "volgende volgend komende komend deze dit vorige aanstaande eerstvolgende week morgen overmorgen vandaag"
)
_OF_AN_ATRIUM = ("atri", "sessi", "bijeenk", "vergader", "alle", "wanneer", "welk")
_TAKING_BACK = word_set("nee neen sorry no non pardon")
_RELATIVE = _ONE_DAY - {"week"}
#: A follow-up that only leaves out ("en zonder de lokale?") is as sure as this: it leans on the thread.
_LEANING = 0.4


def less_what_is_left_out(
    sentence: Sentence, reading: Reading, now: dt.datetime, themes: Themes, read_part: ReadPart
) -> Reading:
    """What is asked, with what is left out in `without`; unchanged when nothing is.

    Args:
        sentence: as it was claimed for `reading`.
        read_part: reads some of its words, reckoned from a moment.
    """
    found = [one for one in exclusions(sentence, themes) if _is_of_a_search(one, reading)]
    found = [known for one in found if (known := _known(sentence, one, now, read_part)) is not None]
    if not found:
        return reading
    rest = sentence.part(*_between(found, len(sentence.words)))
    asked = read_part(rest, now)
    if reading.intent in _LESS_LIKELY and not _may_search(reading, asked, rest):
        return reading
    named, steps = NOTHING, []
    for one in found:
        left_out = _within(_left_out(sentence, one, asked.period, now, read_part), asked.period)
        named |= left_out
        said = sentence.span(one.first, one.after)
        steps.append(Step(rule="weggelaten", span=said, value=values_of(left_out)))
    if reading.intent is Intent.REGISTRATION and _is_one_day(named.periods):
        return reading  # "ik kan niet op 10 februari": somebody cannot come to that one
    return _asked_without(reading, replace(asked, trace=(*asked.trace, *steps)), rest, named)


def _is_one_day(periods: tuple[Span, ...]) -> bool:
    return len(periods) == 1 and periods[0].first is not None and periods[0].first == periods[0].last


def _may_search(reading: Reading, asked: Reading, rest: Sentence) -> bool:
    """Whether a question that seems to be another one searches the agenda after all."""
    if asked.intent in _SEARCHES or not _asks_anything(rest):
        return True
    if reading.intent is not Intent.PLATFORM_INFO:
        return False
    return max(reading.confidence, asked.confidence) < CERTAIN


def _is_of_a_search(one: Exclusion, reading: Reading) -> bool:
    """Whether words that deny can leave something out of what is asked here."""
    if one.strength is Strength.SURE:
        return reading.intent in _MAY_LEAVE_OUT
    unsure = reading.confidence < CERTAIN and reading.intent in _MAY_LEAVE_OUT
    return reading.intent in _MAY_DENY | _LESS_LIKELY or unsure


def _between(found: Iterable[Exclusion], length: int) -> list[tuple[int, int]]:
    """What is left of the words."""
    kept, start = [], 0
    for one in found:
        kept.append((start, one.first))
        start = one.after
    return [*kept, (start, length)]


def _asks_anything(rest: Sentence) -> bool:
    """Whether the rest says something by itself; "en ..." and "ik kan ..." do not."""
    words = [word for word in rest.words if word not in {".", ","}]
    return len(words) > 3 or any(word.startswith(_OF_AN_ATRIUM) for word in words)


def _known(sentence: Sentence, one: Exclusion, now: dt.datetime, read_part: ReadPart) -> Exclusion | None:
    """The exclusion, up to the end of its clause where it names nothing known; None where it is none then."""
    if not one.items or any(_named(sentence.part(item), one, now, read_part) for item in one.items):
        return one
    if one.strength is not Strength.SURE:
        return None
    return replace(one, items=(), after=clause_end(sentence.words, one.after, sentence.closing))


def _left_out(
    sentence: Sentence, one: Exclusion, period: Span | None, now: dt.datetime, read_part: ReadPart
) -> Named:
    """What one exclusion leaves out; in "in 2028, niet in maart" it is March 2028."""
    if not one.items:
        return Named(unread=(sentence.span(one.first, one.after),))
    today, first = now.astimezone(BRUSSELS).date(), period.first if period else None
    named = NOTHING
    for item in one.items:
        part = sentence.part(item)
        moves = first is not None and first > today and not _RELATIVE.intersection(part.words)
        at = dt.datetime.combine(first, dt.time(12), BRUSSELS) if first and moves else now
        named |= _named(part, one, at, read_part)
    return named


def _within(named: Named, period: Span | None) -> Named:
    """Without the time that nobody asks for: "in januari kan ik niet, wat is er in februari?"."""
    if period is None or not named.periods:
        return named
    return replace(named, periods=tuple(one for one in named.periods if _overlap(one, period)))


def _overlap(one: Span, other: Span) -> bool:
    begins_in_time = one.first is None or other.last is None or one.first <= other.last
    return begins_in_time and (other.first is None or one.last is None or other.first <= one.last)


def _named(part: Sentence, one: Exclusion, now: dt.datetime, read_part: ReadPart) -> Named:
    """What some words name, of every slot."""
    words = part.words
    days = _weekdays(words)
    if days:
        return Named(weekdays=days)
    said = read_part(part, now)
    kind, audience = said.kind, said.audience
    if kind is None and audience is None:
        kind = next((_BARE_KINDS[word] for word in words if word in _BARE_KINDS), None)
    if audience is Audience.MANDATARIS and any(word.startswith("mandataris") for word in words):
        kind, audience = Kind.MANDATARISSEN, None
    # "Essen, niet dat in Duitsland" only tells which Essen.
    place = said.place or (said.elsewhere if one.strength is not Strength.DENIAL else None)
    periods = said.others.periods or ((said.period,) if said.period else ())
    return Named(
        kinds=(*((kind,) if kind else ()), *said.others.kinds),
        places=(*((place,) if place else said.places), *said.others.places),
        audiences=(*((audience,) if audience and not kind else ()), *said.others.audiences),
        themes=(*((said.theme,) if said.theme else ()), *said.others.themes),
        periods=periods,
    )


def _weekdays(words: list[str]) -> tuple[int, ...]:
    """Days of the week that are meant in every week; none where one day or a month is said."""
    if any(word[0].isdigit() or word in MONTH_NUMBERS or word in _ONE_DAY for word in words):
        return ()
    if "weekend" in words or "weekends" in words:
        return _WEEKEND
    return tuple(day for word in words if (day := weekday_of(word)) is not None)


def values_of(named: Named) -> str:
    """The values in a row, for the trace."""
    values = (
        [one.value for one in (*named.kinds, *named.audiences)],
        named.places,
        named.themes,
        [f"{one.first or 'open'} .. {one.last or 'open'}" for one in named.periods],
        [f"weekdag {one}" for one in named.weekdays],
        ["niet te zoeken" for _ in named.unread],
    )
    return ", ".join(value for group in values for value in group)


def _asked_without(reading: Reading, asked: Reading, rest: Sentence, named: Named) -> Reading:
    """What the rest asks, in the light of the whole sentence."""
    intent, confidence, guesses = asked.intent, asked.confidence, asked.guesses
    bare = not _names(asked) and not _asks_anything(rest)
    unsure = asked.confidence < CERTAIN or reading.intent in _SEARCHES
    if bare or (intent not in _SEARCHES and unsure):
        is_search = reading.intent in _SEARCHES
        intent, guesses = (reading.intent if is_search else Intent.LIST_SESSIONS), ()
        confidence = _LEANING if bare or not is_search else reading.confidence
    if asked.place and rest.words[:1] and rest.words[0] in _TAKING_BACK:
        named = replace(named, places=())  # "nee, niet Gent, Aalst" only says it otherwise
    on_such_a_day = asked.period is not None and _falls_on(asked.period, named.weekdays)
    return replace(
        asked,
        period=None if on_such_a_day else asked.period,
        period_text=None if on_such_a_day else asked.period_text,
        intent=intent,
        confidence=confidence,
        guesses=guesses,
        follow_up=asked.follow_up or reading.follow_up or bare,
        corrects=asked.corrects or reading.corrects,
        later=asked.later or reading.later,
        mine=asked.mine or reading.mine,
        without=named,
    )


def _falls_on(period: Span, weekdays: tuple[int, ...]) -> bool:
    """Whether a period is one day, of those that are left out ("vrijdag is mijn vrije dag")."""
    return period.first is not None and period.first == period.last and period.first.weekday() in weekdays


def _names(reading: Reading) -> bool:
    return bool(reading.kind or reading.place or reading.theme or reading.period or reading.audience)
