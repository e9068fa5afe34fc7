"""What is slow the first time is done once before anybody waits for it, in a worker thread."""

from __future__ import annotations

import datetime as dt
import importlib

from handlers.wording.catalogue import say
from handlers.wording.dates import local_day, long_date
from scheduler.moments import public_holidays
from store import claims, lapsed, outbox, precedents
from store.claims import Claim
from store.engine import Store

#: No platform is called so, so nothing is claimed.
NOWHERE = ""


def warm_up(store: Store, now: dt.datetime) -> None:
    """Load APScheduler, the names of days and the holidays, and have the statements of a tick made.

    Args:
        now: aware UTC.

    The first post would else be a tenth of a second late.
    """
    # It reads the metadata of every installed package as it is imported.
    importlib.import_module("apscheduler.schedulers.asyncio")
    today = local_day(now)
    long_date(today)
    say("bericht.volzet")
    public_holidays(today.year)
    with store.writing() as session:
        lapsed.expire_claims(session, now)
        claims.claim(session, Claim(now=now, holder=NOWHERE, platform=NOWHERE))
        precedents.said_in_week(session, (NOWHERE,), (NOWHERE,), (now, now))
        precedents.planned_before(session, NOWHERE, (NOWHERE,), now)
        outbox.entries_of(session, NOWHERE, (NOWHERE,))
        outbox.communities_chosen(session, NOWHERE, (NOWHERE,))
