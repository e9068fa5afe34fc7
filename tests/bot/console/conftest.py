"""The console of a small network, and somebody of each role who visits it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from scheduler.changes import replan_all
from store.engine import Store
from tests.fakes.console_visitors import RULES, Moderator, application, furnish
from tests.fakes.filled import filled

Enter = Callable[[str | None], Moderator]


@pytest.fixture
def furnished(sqlite_store: Store, now: dt.datetime) -> Store:
    filled(sqlite_store, furnish, now)
    return sqlite_store


@pytest.fixture
def app(furnished: Store, now: dt.datetime) -> FastAPI:
    return application(furnished, now)


@pytest.fixture
def enter(app: FastAPI, furnished: Store, now: dt.datetime) -> Enter:
    """Sign somebody in by the name of their role; None for nobody."""
    return lambda who: Moderator(app, furnished, now, who)


@pytest.fixture
def planned(furnished: Store, now: dt.datetime) -> None:
    """Everything that the bot owes, planned."""
    replan_all(furnished, RULES, now)
