"""The program clears up at night by what the settings say."""

from __future__ import annotations

import asyncio
import datetime as dt

from sqlalchemy import select

from bot.clock import StandingClock
from bot.settings import Settings
from bot.wiring import build
from handlers.message import Message
from store import events
from store.engine import Store
from store.states import EventState
from store.tables import InboundEventRow


def test_what_is_older_than_the_settings_allow_goes_at_night(store: Store) -> None:
    clock = StandingClock(dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC))
    settings = Settings.model_validate({"privacy": {"retention_days": 30}, "security": {"key": "sleutel"}})
    program = build(settings, store, clock)
    with store.writing() as session:
        for days in (29, 31):
            at = clock.now() - dt.timedelta(days=days)
            message = Message(
                platform="local",
                event_id=str(days),
                text="hallo",
                author_id="An",
                author_name="An",
                sent_at=at,
            )
            events.settle(session, events.record(session, message, at) or 0, EventState.ANSWERED, at)
    night = program.clockwork._night
    assert night is not None
    asyncio.run(night.look())
    with store.reading() as session:
        assert list(session.scalars(select(InboundEventRow.event_id))) == ["29"]
