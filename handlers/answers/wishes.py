"""What members ask about what is kept of them: to see it, to be forgotten, to have their own calendar.

Only a message that says nothing else is such a wish: "zet dat in mijn agenda" is none.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handlers.answers.question import folded
from handlers.moderation.commands import bare_text


class Wish(StrEnum):
    """`FORGET` is answered by asking whether it is meant; only `FORGET_SURELY` forgets."""

    DATA = "data"
    FORGET = "forget"
    FORGET_SURELY = "forget_surely"
    CALENDAR = "calendar"
    NEW_CALENDAR = "new_calendar"


_ME = r"(?:mij|me)"
_BOT = r"(?:je|jij|jullie|u|ge|gij|de bot|atriumbot)"
_DATA = r"(?:gegevens|persoonsgegevens|data|informatie|info)"
_MY_DATA = rf"(?:al )?mijn (?:eigen |persoonlijke )?{_DATA}"
_SEE = r"(?:zien|tonen|bekijken|inkijken|inzien|opvragen)"
_MY_CALENDAR = r"mijn (?:eigen |persoonlijke )?(?:agenda|kalender|(?:agenda|kalender) ?(?:link|adres))"
_LINK = r"(?:(?:agenda|kalender) ?(?:link|adres)|link (?:voor|naar|van) mijn (?:agenda|kalender))"
_GIVE = rf"(?:geef|toon|stuur|bezorg)(?: {_ME})?"

_OF_ME = rf"(?: (?:over|van) {_ME})?"
_AT_ALL = r"(?: allemaal| eigenlijk)?"
_KNOW = r"(?:weet|weten|bewaar|bewaart|bewaren|onthoud|onthoudt|heb|hebt|hebben)"
_KEEP = r"(?:hou|houd|houdt|houden|bewaar|bewaart|bewaren|heb|hebt|hebben|sla|slaat|slaan|weet|weten)"

#: The first that fits the whole message says what is wished.
_WISHES: tuple[tuple[Wish, tuple[str, ...]], ...] = (
    (Wish.FORGET_SURELY, (rf"ja,? vergeet {_ME}",)),
    (
        Wish.FORGET,
        (
            rf"vergeet {_ME}(?: maar| volledig| helemaal)*",
            rf"{_ME} vergeten",
            r"(?:ik wil )?vergeten worden",
            rf"ik wil dat {_BOT} {_ME} vergeet",
            rf"(?:verwijder|wis|schrap) (?:{_MY_DATA}|mijn account|{_ME}|alles (?:over|van) {_ME})",
            rf"(?:ik wil )?{_MY_DATA} (?:laten )?(?:wissen|verwijderen|schrappen)",
        ),
    ),
    (
        Wish.DATA,
        (
            rf"(?:(?:{_GIVE}|bekijk) )?{_MY_DATA}(?: {_SEE})?",
            rf"(?:ik wil|mag ik|laat {_ME}) {_MY_DATA} {_SEE}",
            rf"wat {_KNOW} {_BOT}{_AT_ALL} (?:over|van) {_ME}{_AT_ALL}",
            rf"wat (?:hou|houd|houdt|houden) {_BOT}{_AT_ALL}{_OF_ME} bij{_OF_ME}",
            rf"welke {_DATA}{_OF_ME} {_KEEP} {_BOT}{_AT_ALL}{_OF_ME}(?: bij| op)?{_OF_ME}",
            r"(?:hoe zit het met )?mijn privacy",
            rf"wat (?:doe|doet) {_BOT} met {_MY_DATA}",
        ),
    ),
    (
        Wish.NEW_CALENDAR,
        (
            rf"(?:(?:maak|geef|stuur|bezorg)(?: {_ME})? )?(?:een )?nieuwe? {_LINK}",
            rf"(?:vernieuw|vervang) (?:{_MY_CALENDAR}|de {_LINK})",
        ),
    ),
    (
        Wish.CALENDAR,
        (
            rf"(?:{_GIVE} )?{_MY_CALENDAR}",
            rf"{_GIVE} (?:een |de )?{_LINK}",
            rf"(?:hoe|waar) (?:krijg|vind) ik {_MY_CALENDAR}",
        ),
    ),
)
_PATTERNS = tuple((wish, re.compile("|".join(patterns))) for wish, patterns in _WISHES)

_SIGNS = re.compile(r"[?!.;:\"'“”‘’]+")
_PLEASE = re.compile(r"(?: aub| alstublieft| alsjeblieft| graag| bedankt)+$")

#: A wish is said in few words.
_LONGEST = 80


def wish_in(text: str) -> Wish | None:
    """What the whole message wishes; None when it says anything else, or more."""
    said = " ".join(_SIGNS.sub(" ", folded(bare_text(text[: _LONGEST * 2]))).split())
    if len(said) > _LONGEST:
        return None
    said = _PLEASE.sub("", said)
    return next((wish for wish, pattern in _PATTERNS if pattern.fullmatch(said)), None)
