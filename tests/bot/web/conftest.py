"""The web as tests visit it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.web.app import create_app
from store.engine import Store
from tests.fakes.filled import filled
from tests.fakes.network import fill, load_sample
from tests.fakes.visitor import Visitor, with_community


@pytest.fixture
def visitor(sqlite_store: Store, now: dt.datetime) -> Visitor:
    """Visits the sample agenda and the local community."""
    filled(sqlite_store, load_sample, now - dt.timedelta(days=3))
    return Visitor(create_app(with_community(sqlite_store, now)))


@pytest.fixture
def newcomer(sqlite_store: Store, now: dt.datetime) -> Visitor:
    """Visits an empty agenda; tests fill `sqlite_store` themselves."""
    fill(sqlite_store)
    return Visitor(create_app(with_community(sqlite_store, now)))
