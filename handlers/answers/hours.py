"""When somebody of the department can be reached: working days, 8.30 to 17.00 in Brussels.

Belgian public holidays are not working days (`holidays`, public holidays of Belgium).
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from handlers.belgium import belgium
from handlers.model import BRUSSELS

OPENS = dt.time(8, 30)
CLOSES = dt.time(17, 0)

_SATURDAY = 5
#: The longest run of days off is far shorter; the search for a working day must end.
_LONGEST_CLOSURE = 31


@cache
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(belgium()(years=year))


def is_working_day(day: dt.date) -> bool:
    """Whether it is no Saturday, Sunday or Belgian public holiday."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(day.year)


def is_reachable(now: dt.datetime) -> bool:
    """Whether somebody can be reached at this aware instant."""
    local = now.astimezone(BRUSSELS)
    return is_working_day(local.date()) and OPENS <= local.time() < CLOSES


def reachable_again(now: dt.datetime) -> dt.date:
    """The day in Brussels on which somebody can be reached next, from 8.30 on; today before it opens."""
    local = now.astimezone(BRUSSELS)
    first = local.date() if local.time() < OPENS else local.date() + dt.timedelta(days=1)
    days = (first + dt.timedelta(days=ahead) for ahead in range(_LONGEST_CLOSURE))
    return next(day for day in days if is_working_day(day))
