"""A workspace with people in it, and the whole bot in that workspace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.engine import Store
from tests.fakes.network import brussels, load_sample
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import running
from tests.fakes.slack_program import CHANNEL, POLITICIANS, SlackProgram
from tests.fakes.slack_workspace import Workspace


@pytest.fixture
def clock() -> SteeredClock:
    """Monday 23 November 2026, ten o'clock in Brussels."""
    return SteeredClock(brussels("2026-11-23 10:00"))


@pytest.fixture
def workspace(clock: SteeredClock) -> Iterator[Workspace]:
    """An, who is a member; Mo, who administers the workspace; Piet, who is a politician."""
    workspace = Workspace(now=clock.now)
    workspace.add_channel(CHANNEL)
    workspace.add_channel(POLITICIANS)
    workspace.add_person("U0AN", "An Peeters", CHANNEL)
    workspace.add_person("U0MO", "Mo Derator", CHANNEL, admin=True)
    workspace.add_person("U0PIET", "Piet Politiek", POLITICIANS)
    with running(workspace):
        yield workspace


@pytest.fixture
def bot(sqlite_store: Store, workspace: Workspace, clock: SteeredClock) -> SlackProgram:
    """The bot on the sample agenda, not opened yet."""
    load_sample(sqlite_store, clock.now())
    return SlackProgram(sqlite_store, workspace, clock)


@pytest.fixture
def empty_bot(sqlite_store: Store, workspace: Workspace, clock: SteeredClock) -> SlackProgram:
    """The bot on an empty agenda, not opened yet."""
    return SlackProgram(sqlite_store, workspace, clock)
