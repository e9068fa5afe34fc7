"""How the bot reads a question, in the words of a moderator; and whether a meaning says it anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from handlers.answers.phrases import what_was_read
from handlers.reading.model import Intent, Reading, Vocabulary
from handlers.reading.reading import read
from handlers.wording.dates import local_day

#: What is asked, behind "de bot leest:".
_ASKED: Mapping[Intent, str] = {
    Intent.NEXT_SESSION: "een vraag naar het volgende atrium",
    Intent.LIST_SESSIONS: "een vraag naar een lijst van atria",
    Intent.SESSION_DETAIL: "een vraag naar wat er van een atrium bekend is",
    Intent.WHERE: "een vraag waar een atrium is",
    Intent.WHEN: "een vraag wanneer een atrium is",
    Intent.PROGRAMME: "een vraag naar het programma",
    Intent.REGISTRATION: "een vraag over inschrijven",
    Intent.THEMATIC_GROUPS: "een vraag naar de thematische groepen",
    Intent.GROUP_DETAIL: "een vraag over een thematische groep",
    Intent.PLATFORM_INFO: "een vraag over het onlinenetwerk",
    Intent.CONTACT: "een vraag naar een mens om mee te spreken",
    Intent.HELP: "een vraag wat de bot kan",
    Intent.GREETING: "een groet",
    Intent.THANKS: "een dankwoord",
    Intent.SUGGEST_TOPIC: "een voorstel voor een atrium",
    Intent.SUBSCRIBE: "een wens om iets te volgen",
    Intent.UNSUBSCRIBE: "een wens om iets niet meer te volgen",
    Intent.OUT_OF_SCOPE: "iets waar de bot niet op antwoordt",
    Intent.CLARIFY: "een vraag die hij niet begrijpt",
}

_NOTHING = frozenset({Intent.OUT_OF_SCOPE, Intent.CLARIFY})


def reading_text(reading: Reading, now: dt.datetime) -> str:
    """ "een vraag waar een atrium is: Lokaal Atrium, Gent"; `now` is aware UTC."""
    asked, told = _ASKED[reading.intent], what_was_read(reading, local_day(now))
    return f"{asked}: {told}" if told else asked


def with_word(vocabulary: Vocabulary, word: str, meaning: str) -> Vocabulary:
    """The vocabulary as it will be once this word is taught; both folded."""
    return replace(vocabulary, taught={**vocabulary.taught, word: meaning})


def says_something(meaning: str, vocabulary: Vocabulary, now: dt.datetime) -> bool:
    """Whether the bot knows these words: a kind, place, theme, group, audience or time, or what one asks."""
    reading = read(meaning, now, vocabulary)
    named = reading.kind or reading.place or reading.places or reading.audience or reading.period
    return bool(named or reading.theme or reading.uid) or reading.intent not in _NOTHING
