"""How the bot reads a question, in the words of a moderator; and whether a meaning says it anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from handlers.answers.phrases import what_was_read
from handlers.reading.model import Intent, Reading, Vocabulary
from handlers.reading.reading import read
from handlers.wording.catalogue import Said, say
from handlers.wording.dates import local_day

#: What is asked, behind "de bot leest:".
_ASKED: Mapping[Intent, str] = Said(
    {
        Intent.NEXT_SESSION: "beheer vraag.vraagt volgende",
        Intent.LIST_SESSIONS: "beheer vraag.vraagt lijst",
        Intent.SESSION_DETAIL: "beheer vraag.vraagt wat",
        Intent.WHERE: "beheer vraag.vraagt waar",
        Intent.WHEN: "beheer vraag.vraagt wanneer",
        Intent.PROGRAMME: "beheer vraag.vraagt programma",
        Intent.REGISTRATION: "beheer vraag.vraagt inschrijven",
        Intent.THEMATIC_GROUPS: "beheer vraag.vraagt groepen",
        Intent.GROUP_DETAIL: "beheer vraag.vraagt groep",
        Intent.PLATFORM_INFO: "beheer vraag.vraagt netwerk",
        Intent.CONTACT: "beheer vraag.vraagt mens",
        Intent.HELP: "beheer vraag.vraagt hulp",
        Intent.GREETING: "beheer vraag.groet",
        Intent.THANKS: "beheer vraag.dank",
        Intent.SUGGEST_TOPIC: "beheer vraag.voorstel",
        Intent.SUBSCRIBE: "beheer vraag.wil volgen",
        Intent.UNSUBSCRIBE: "beheer vraag.wil niet volgen",
        Intent.OUT_OF_SCOPE: "beheer vraag.niet voor hem",
        Intent.CLARIFY: "beheer vraag.begrijpt niet",
    }
)

_NOTHING = frozenset({Intent.OUT_OF_SCOPE, Intent.CLARIFY})


def reading_text(reading: Reading, now: dt.datetime) -> str:
    """ "een vraag waar een atrium is: Lokaal Atrium, Gent"; `now` is aware UTC."""
    asked, told = _ASKED[reading.intent], what_was_read(reading, local_day(now))
    return say("beheer vraag.gelezen", gevraagd=asked, gelezen=told) if told else asked


def with_word(vocabulary: Vocabulary, word: str, meaning: str) -> Vocabulary:
    """The vocabulary as it will be once this word is taught; both folded."""
    return replace(vocabulary, taught={**vocabulary.taught, word: meaning})


def says_something(meaning: str, vocabulary: Vocabulary, now: dt.datetime) -> bool:
    """Whether the bot knows these words: a kind, place, theme, group, audience or time, or what one asks."""
    reading = read(meaning, now, vocabulary)
    named = reading.kind or reading.place or reading.places or reading.audience or reading.period
    return bool(named or reading.theme or reading.uid) or reading.intent not in _NOTHING
