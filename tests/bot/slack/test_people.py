"""Who moderates in Slack, by each of the three settings, and that it fails closed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.platforms.slack.client import WebClient
from bot.platforms.slack.people import Moderation, People
from bot.platforms.slack.recording import TRUSTED_FOR
from handlers.model import Community
from store import belonging
from store.communities import sync_communities
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import TOKEN
from tests.fakes.slack_program import CHANNEL, POLITICIANS
from tests.fakes.slack_workspace import Workspace

GENERAL = Community(key="algemeen", platform="slack", channel=CHANNEL, name="Algemeen")
CLOSED = Community(key="mandatarissen", platform="slack", channel=POLITICIANS, name="Mandatarissen")


class Desk:
    """A store, a workspace, and who asks the one about the other."""

    def __init__(self, store: Store, slack: Workspace, clock: SteeredClock, **how: Any) -> None:
        self.store, self.slack, self.clock = store, slack, clock
        with store.writing() as session:
            sync_communities(session, (GENERAL, CLOSED))
        web = WebClient(TOKEN, f"{slack.url}api/")
        self.people = People(web, store, clock.now, (GENERAL, CLOSED), Moderation(**how))

    def refresh(self) -> bool:
        return asyncio.run(self.people.refresh())

    def moderates(self, user: str) -> frozenset[str]:
        return self._asked(belonging.moderated_by, user)

    def reads(self, user: str) -> frozenset[str]:
        return self._asked(belonging.joined_by, user)

    def _asked(self, look: Any, user: str) -> frozenset[str]:
        since: dt.datetime = self.clock.now() - TRUSTED_FOR
        with self.store.reading() as session:
            found: frozenset[str] = look(session, user, "slack", since)
        return found


def test_without_a_list_the_administrators_in_the_channel_moderate_it(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    desk = Desk(sqlite_store, workspace, clock)
    assert desk.refresh()
    assert desk.moderates("U0MO") == {"algemeen"}
    assert desk.moderates("U0AN") == frozenset()
    assert desk.reads("U0PIET") == {"mandatarissen"}


def test_a_user_group_moderates_the_channels_that_its_members_are_in(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    workspace.usergroups["S0MOD"] = ["U0AN", "U0PIET"]
    desk = Desk(sqlite_store, workspace, clock, source="usergroup", usergroup="S0MOD")
    assert desk.refresh()
    assert (desk.moderates("U0AN"), desk.moderates("U0PIET")) == ({"algemeen"}, {"mandatarissen"})
    assert desk.reads("U0AN") == {"algemeen"}
    assert desk.moderates("U0MO") == frozenset()


def test_managers_of_the_channel_moderate_where_slack_tells_them(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    workspace.managers = {CHANNEL: ["U0AN"]}
    desk = Desk(sqlite_store, workspace, clock, source="channel_managers")
    assert desk.refresh()
    assert desk.moderates("U0AN") == {"algemeen"}
    workspace.managers = None
    assert desk.refresh()
    assert desk.moderates("U0AN") == frozenset()


def test_what_slack_said_counts_for_ten_minutes_and_no_longer(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    desk = Desk(sqlite_store, workspace, clock)
    desk.refresh()
    workspace.next("conversations.members", *["internal_error"] * 2)
    clock.forward(minutes=9)
    assert not desk.refresh()
    assert desk.moderates("U0MO") == {"algemeen"}
    clock.forward(minutes=2)
    assert (desk.moderates("U0MO"), desk.reads("U0PIET")) == (frozenset(), frozenset())


def test_whoever_left_moderates_and_reads_no_longer(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    desk = Desk(sqlite_store, workspace, clock)
    desk.refresh()
    asyncio.run(desk.people.came(CHANNEL, "U0MO", belongs=False))
    asyncio.run(desk.people.came(POLITICIANS, "U0AN", belongs=True))
    assert desk.moderates("U0MO") == frozenset()
    assert desk.reads("U0AN") == {"algemeen", "mandatarissen"}


def test_a_name_is_asked_once(sqlite_store: Store, workspace: Workspace, clock: SteeredClock) -> None:
    desk = Desk(sqlite_store, workspace, clock)

    async def act() -> list[str | None]:
        return list(await asyncio.gather(*(desk.people.name_of("U0AN") for _ in range(5))))

    assert asyncio.run(act()) == ["An Peeters"] * 5
    assert desk.people.known_name("U0AN") == "An Peeters"
    assert asyncio.run(desk.people.name_of("U0ONBEKEND")) is None
    assert len(workspace.called("users.info")) == 2


def test_who_leads_another_workspace_or_none_any_more_moderates_nothing_here(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    """A channel that is shared with another organisation has its administrators in it too."""
    workspace.add_person("U0VREEMD", "Vreemd", CHANNEL, admin=True)
    workspace.people["U0VREEMD"]["is_stranger"] = True
    workspace.add_person("U0WEG", "Weg", CHANNEL, admin=True)
    workspace.people["U0WEG"]["deleted"] = True
    desk = Desk(sqlite_store, workspace, clock)
    assert desk.refresh()
    assert (desk.moderates("U0VREEMD"), desk.moderates("U0WEG")) == (frozenset(), frozenset())
    assert desk.moderates("U0MO") == {"algemeen"}


def test_who_administers_is_asked_once_for_all_channels(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    """Slack lets its list of people be asked for twenty times a minute, whatever the number of channels."""
    desk = Desk(sqlite_store, workspace, clock)
    assert desk.refresh()
    assert len(workspace.called("users.list")) == 1


def test_people_are_asked_for_again_after_the_database_was_away(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(sqlite_store, workspace, clock)
    monkeypatch.setattr("bot.platforms.slack.people.REFRESH_SECONDS", 0.0)
    away = [OperationalError("", None, Exception()) for _ in range(2)]
    kept = asyncio.Event()
    keep = desk.people._keep
    loop: asyncio.AbstractEventLoop

    def once_it_is_back(*people: Any) -> None:
        if away:
            raise away.pop()
        keep(*people)
        loop.call_soon_threadsafe(kept.set)

    monkeypatch.setattr(desk.people, "_keep", once_it_is_back)

    async def act() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        desk.people.open()
        await asyncio.wait_for(kept.wait(), 30)
        await desk.people.close()

    asyncio.run(act())
    assert desk.moderates("U0MO") == {"algemeen"}


def test_a_page_of_a_proxy_is_no_answer_and_is_survived(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    desk = Desk(sqlite_store, workspace, clock)
    workspace.next("conversations.members", *["text"] * 2)
    assert not desk.refresh()
    assert desk.refresh()


def test_what_was_asked_before_does_not_undo_what_was_asked_later(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock
) -> None:
    """Of two replicas, the one that stood still for a while writes last."""
    desk = Desk(sqlite_store, workspace, clock)
    at = clock.now()
    with sqlite_store.writing() as session:
        belonging.keep_people(session, "algemeen", ["U0MO"], ["U0MO"], at)
        belonging.keep_people(session, "algemeen", ["U0AN"], ["U0AN"], at - dt.timedelta(seconds=20))
    assert desk.moderates("U0MO") == {"algemeen"}
    assert desk.moderates("U0AN") == frozenset()
