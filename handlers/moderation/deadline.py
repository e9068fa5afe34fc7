"""The last day to register, as moderators type it: "inschrijven tot 16 maart", "een week ervoor"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.moderation.calendar_dates import DATE, Day, day_of
from handlers.moderation.claims import Remainder

_CUE = (
    r"(?:(?:men\s+|je\s+)?(?:kan|kunt|kun)?\s*(?:je\s+)?"
    r"(?:in(?:ge)?schr\w+|registr\w+|aanmeld\w+|schrijf\w*\s+(?:je\s+)?in)"
    r"\s*(?:kan|kun je|mogelijk|is mogelijk|verplicht|is verplicht|moet|je)?"
    r"|deadline(?:\s+(?:om in te schrijven|inschrijving\w*))?"
    r"|uiterste\s+inschrijf\w+|uiterlijk|inschrijfdatum)"
)
_UNTIL = r"\s*(?P<until>tot en met|tot|t\.?e\.?m\.?|t/m|tem|uiterlijk(?: op)?|voor|vóór|:|is|op)?\s*:?\s*"
_AGO = (
    r"(?:de\s+)?(?P<ago>dag|een\s+dag|\d{1,2}\s+dagen|een\s+week|\d\s+weken|twee\s+weken|week)"
    r"\s+(?:ervoor|vooraf|voordien|op voorhand)"
)

_DEADLINE = re.compile(rf"\b{_CUE}{_UNTIL}{DATE}", re.IGNORECASE)
_BEFORE_IT = re.compile(rf"\b{_CUE}{_UNTIL}{_AGO}\b", re.IGNORECASE)


def claim_deadline(rest: Remainder, today: dt.date) -> Day | dt.timedelta | None:
    """Take the deadline out of the text: a day, or how long before the atrium.

    "voor 16 maart" is the day before; "tot" counts its day in, as the agenda does.
    """
    if found := rest.claim(_DEADLINE):
        day = day_of(found, today)
        exclusive = (found["until"] or "").lower() in {"voor", "vóór"}
        return replace(day, date=day.date - dt.timedelta(days=1)) if exclusive and day.date else day
    if found := rest.claim(_BEFORE_IT):
        return days_before(found["ago"])
    return None


def read_deadline(text: str, today: dt.date) -> Day | dt.timedelta | None:
    """A deadline told on a line of its own, where the word that announces it is not repeated."""
    return claim_deadline(Remainder(f"deadline {text}"), today)


def days_before(ago: str) -> dt.timedelta:
    """ "de dag", "3 dagen" or "twee weken" as a number of days."""
    number = re.search(r"\d+", ago)
    count = int(number[0]) if number else 2 if "twee" in ago.lower() else 1
    return dt.timedelta(days=count * (7 if "we" in ago.lower().split()[-1] else 1))
