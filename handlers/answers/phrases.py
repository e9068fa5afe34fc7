"""What was read, said back in words; and questions as the bot itself would type them.

The choices that the bot offers stand for such questions, so that the reader reads them back.
"""

from __future__ import annotations

import datetime as dt

from handlers.gazetteer import PROVINCE_PREFIX, gazetteer
from handlers.model import BRUSSELS_CITY, Audience, Kind, Span
from handlers.reading.model import Intent, Reading
from handlers.wording.dates import date_with_year, period_text, weekday_name
from handlers.wording.sentences import capitalised, quoted
from handlers.wording.texts import AUDIENCE_NAMES, kind_name, typed_audience, typed_kind


def place_name(place: str) -> str:
    """A place as one says it: "de provincie Limburg", "de regio Westhoek", "Gent"."""
    if place.startswith(PROVINCE_PREFIX):
        return f"de provincie {place.removeprefix(PROVINCE_PREFIX)}"
    if place == BRUSSELS_CITY or gazetteer().municipality(place) is not None:
        return place
    return f"de regio {place.removeprefix('Regio ')}"


def province_of_place(place: str) -> str | None:
    """The province that a place names ("Provincie Limburg" -> "Limburg"), None for any other place."""
    return place.removeprefix(PROVINCE_PREFIX) if place.startswith(PROVINCE_PREFIX) else None


def said_kind(kind: Kind | None, number: int) -> str:
    """The kind as it is asked for: "provinciaal atrium", "lokale atria"."""
    name = typed_kind(kind, number)
    return name.lower() if kind in (Kind.LOKAAL, Kind.PROVINCIAAL, Kind.THEMATISCH) else name


def said_period(period: Span) -> str:
    """A period as one types it into a question, without a relative word."""
    if period.first is not None and period.first == period.last:
        return f"op {date_with_year(period.first)}"
    return period_text(period, dt.date.min)


def what_was_read(reading: Reading, today: dt.date) -> str:
    """The slots in words: "Provinciale Atria in Gent over mobiliteit, in maart 2027"; may be empty."""
    words = []
    if reading.kind:
        words.append(kind_name(reading.kind))
    if reading.audience:
        words.append(f"voor {AUDIENCE_NAMES[reading.audience]}")
    if reading.place:
        words.append(place_name(reading.place))
    if reading.theme:
        words.append(f'thema "{quoted(reading.theme)}"')
    if reading.period:
        words.append(period_text(reading.period, today))
    return ", ".join(word for word in words if word)


def restrictions(reading: Reading) -> str:
    """What narrows a search, for a question: " in Gent over mobiliteit in maart 2027"."""
    others, words = reading.others, []
    if reading.place:
        words.append(f"in {_or([place_name(place) for place in (reading.place, *others.places)])}")
    if reading.audience and reading.kind is not Kind.MANDATARISSEN:
        words.append(f"voor {_or([typed_audience(one) for one in (reading.audience, *others.audiences)])}")
    if reading.theme:
        words.append(f"over {_or([quoted(theme) for theme in (reading.theme, *others.themes)])}")
    if reading.weekdays:
        part = reading.day_part or ""
        words.append(f"op een {_or([f'{weekday_name(day)}{part}' for day in reading.weekdays])}")
    if reading.period:
        words.append(_or([said_period(period) for period in others.periods or (reading.period,)]))
    words += _exceptions(reading)
    return "".join(f" {word}" for word in words)


def _or(words: list[str]) -> str:
    return " of ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _exceptions(reading: Reading) -> list[str]:
    """What a question leaves out, each as one types it: "behalve in Gent"."""
    without = reading.without
    words = [f"de {said_kind(kind, 2)}" for kind in without.kinds]
    words += [f"in {place_name(place)}" for place in without.places]
    # "Mandatarissen" would be read back as their atrium.
    words += [
        f"voor {'schepenen' if audience is Audience.MANDATARIS else typed_audience(audience)}"
        for audience in without.audiences
    ]
    words += [f"die over {quoted(theme)}" for theme in without.themes]
    words += [said_period(period) for period in without.periods]
    words += [f"op {weekday_name(day)}" for day in without.weekdays]
    return [f"behalve {word}" for word in words]


def _kinds(reading: Reading, number: int) -> str:
    return _or([said_kind(kind, number) for kind in (reading.kind, *reading.others.kinds)])


def _one(reading: Reading) -> str:
    return f"het {_kinds(reading, 1)}{restrictions(reading)}"


def question_text(reading: Reading, intent: Intent | None = None) -> str:
    """The question that these slots and this intent stand for, as the bot would type it."""
    kind, where = _kinds(reading, 1), restrictions(reading)
    match intent or reading.intent:
        case Intent.LIST_SESSIONS:
            sentence = f"welke {_kinds(reading, 2)} zijn er{where}?"
        case Intent.WHERE:
            sentence = f"waar is {_one(reading)}?"
        case Intent.WHEN | Intent.NEXT_SESSION:
            sentence = f"wanneer is het volgende {kind}{where}?"
        case Intent.PROGRAMME:
            sentence = f"wat is het programma van {_one(reading)}?"
        case Intent.SESSION_DETAIL:
            sentence = f"geef me meer details over {_one(reading)}"
        case Intent.REGISTRATION:
            sentence = f"hoe kan ik mij inschrijven voor {_one(reading)}?"
        case Intent.THEMATIC_GROUPS:
            sentence = "welke thematische groepen zijn er?"
        case Intent.GROUP_DETAIL:
            sentence = f"hoe word ik lid van de groep {quoted(reading.theme or '')}?".replace(" ?", "?")
        case Intent.PLATFORM_INFO:
            sentence = f"wat is een {kind}?" if reading.kind else "wat is het Atrium Lerend Netwerk?"
        case Intent.CONTACT:
            sentence = "wie kan ik contacteren?"
        case Intent.SUBSCRIBE:
            sentence = f"herinner mij aan {_one(reading)}"
        case Intent.UNSUBSCRIBE:
            sentence = "stuur mij geen herinneringen meer"
        case _:
            sentence = "wat kan je doen?"
    return capitalised(sentence)
