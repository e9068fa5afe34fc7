"""When an announcement is to be posted, as moderators say it: "bevestig donderdag 9 uur"."""

from __future__ import annotations

import datetime as dt
import re

from handlers.context import Context
from handlers.model import BRUSSELS, AtriumDraft
from handlers.moderation.claims import Remainder
from handlers.moderation.clock_times import claim_times
from handlers.moderation.form import MORNING
from handlers.moderation.hearing import Hearing
from handlers.wording.dates import clock_text, local_day, long_date

_CONFIRMED_FOR = re.compile(
    r"^(?:(?:ja|ok|oke|oké|prima|goed)[\s,.]+)?(?:ik )?"
    r"(?:bevestig(?:d|en)?(?: (?:het|dit|maar|aub))?(?:,? (?:en )?plaats(?: (?:het|dit))?)?"
    r"|(?:plaats|plan|verstuur|publiceer)(?: (?:het|dit))?)\s+(?!:)(?P<when>(?:op |voor |om )?\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def confirmed_for(text: str, context: Context) -> dt.datetime | None:
    """The moment (aware UTC) for which a text confirms; None when it tells no day, or anything else."""
    found = _CONFIRMED_FOR.match(text.strip())
    return moment_in(found["when"], context) if found else None


def moment_in(text: str, context: Context) -> dt.datetime | None:
    """The moment that a text tells and nothing else, aware UTC; a day without an hour is at nine."""
    hearing = Hearing(rest=Remainder(text), context=context, known=AtriumDraft())
    # The hour first: "donderdag 9 uur" names no ninth.
    times = claim_times(hearing.rest)
    hearing.note_day(hearing.rest)
    day = hearing.told.draft.date
    if day is None and times.begins is not None and not hearing.told.problems:
        day = _next_day_with(times.begins, context.now)
    rest = re.sub(
        r"\b(?:om|op|de|het|vanaf|uur|u)\b|[\s.,!]|\x1f", "", hearing.rest.text, flags=re.IGNORECASE
    )
    if day is None or rest or hearing.told.problems or times.wrong:
        return None
    return dt.datetime.combine(day, times.begins or MORNING, BRUSSELS).astimezone(dt.UTC)


def _next_day_with(time: dt.time, now: dt.datetime) -> dt.date:
    """Today, or tomorrow when that hour is over."""
    today = local_day(now)
    at = dt.datetime.combine(today, time, BRUSSELS)
    return today if at > now else today + dt.timedelta(days=1)


def moment_text(at: dt.datetime) -> str:
    """ "donderdag 26 november 2026 om 9.00 u."."""
    return f"{long_date(local_day(at))} om {clock_text(at)} u."
