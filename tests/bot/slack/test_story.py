"""The story of moderators through Slack's form ends in the same rows and posts as by any other way."""

from __future__ import annotations

import html
from typing import Any

import pytest

from bot.platforms.slack.forms import MORE_PLACES
from scheduler.changes import replan_all
from store.engine import Store
from tests.fakes.network import atrium, brussels, fill
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import message, shortcut, view_press
from tests.fakes.slack_forms import (
    as_shown,
    filled_in,
    handed_in,
    home_button,
    opened,
    pressed,
    typed,
)
from tests.fakes.slack_program import SlackProgram
from tests.fakes.slack_workspace import Workspace
from tests.fakes.story import (
    APPROVAL_ABOVE,
    CLOSED,
    FIVE,
    HALL,
    ONE,
    POLITICIANS,
    STORY,
    TARGETS,
    cancelled,
    community_settings,
    corrected,
    network,
    only,
    record,
)
from tests.fakes.story_desk import ByForm, Values, story_desk

AUTHOR, COLLEAGUE = "U0MO", "U0BO"


def channel(key: str) -> str:
    return f"C0{key.upper()}"


@pytest.fixture
def story_workspace(workspace: Workspace) -> Workspace:
    """Two moderators and a member in every channel; the last one is archived for a while."""
    for key in (*TARGETS, POLITICIANS):
        workspace.add_channel(channel(key))
    channels = [channel(key) for key in (*TARGETS, POLITICIANS)]
    workspace.people.clear()
    workspace.add_person(AUTHOR, "An Peeters", *channels, admin=True)
    workspace.add_person(COLLEAGUE, "Bob Claes", *channels, admin=True)
    workspace.add_person("U0MIA", "Mia Lid", *channels)
    workspace.channels[channel(CLOSED)].archived = True
    return workspace


@pytest.fixture
def story_bot(sqlite_store: Store, story_workspace: Workspace, clock: SteeredClock) -> SlackProgram:
    bot = SlackProgram(
        sqlite_store,
        story_workspace,
        clock,
        communities=community_settings("slack"),
        settings={"console": {"approval_above": APPROVAL_ABOVE}},
    )
    fill(sqlite_store, atrium(), communities=network()[1])
    replan_all(sqlite_store, bot.settings.rules(), clock.now())
    return bot


class InSlack:
    """Every step in forms and in the app's home; a report is asked for in a private conversation."""

    def __init__(self, bot: SlackProgram, values: Values) -> None:
        self.bot, self.values = bot, values

    async def tell(self) -> None:
        for act in STORY:
            await self.until(act.at)
            await getattr(self, act.name)()
            await self.settle()

    async def until(self, at: str) -> None:
        self.bot.clock.moment = brussels(at)
        await self.bot.inbound.people.refresh()
        await self.settle()

    async def settle(self) -> None:
        # A channel takes one message a second.
        for _ in range(5):
            await self.bot.settled()

    async def home(self, user: str) -> dict[str, Any]:
        await self.bot.told(self.bot.caller.event({"type": "app_home_opened", "user": user, "tab": "home"}))
        return self.bot.slack.homes[user]

    async def from_home(self, user: str, action: str, key: str) -> dict[str, Any]:
        home = await self.home(user)
        button = home_button(self.bot, user, action, key)
        return await opened(self.bot, view_press(home, button, user=user))

    async def said(self, text: str, user: str) -> str:
        private = f"D{user}"
        before = len(self.bot.said(private)) if private in self.bot.slack.channels else 0
        event = message(text, ts=self.bot.ts(), channel=private, user=user)
        self.bot.slack.add_channel(private, user) if private not in self.bot.slack.channels else None
        await self.bot.told(self.bot.caller.event(event))
        return "\n".join(each["text"] for each in self.bot.said(private)[before:])

    async def wait(self) -> None: ...

    async def open(self) -> None:
        self.bot.slack.channels[channel(CLOSED)].archived = False

    async def plan(self) -> None:
        form = await opened(self.bot, shortcut("atrium_aankondigen", user=AUTHOR))
        states = filled_in(self.values)
        for number in range(2, 6 if "date-5" in self.values else 2):
            so_far = {name: state for name, state in states.items() if not name.endswith(f"-{number}")}
            form = await pressed(self.bot, form, MORE_PLACES, so_far, AUTHOR)
        preview = await handed_in(self.bot, form, states, AUTHOR)
        assert "goedkeuren" in shown(preview)
        assert "moet dit eerst goedkeuren" in shown(await handed_in(self.bot, preview, {}, AUTHOR))

    async def agree(self) -> None:
        reading = await self.from_home(COLLEAGUE, "read", str(only(self.bot.store).id))
        assert "In Algemeen" in shown(reading)
        assert "Gepland" in shown(await handed_in(self.bot, reading, {}, COLLEAGUE))

    async def look(self) -> None:
        said = await self.said(f"toon ontwerp {only(self.bot.store).id}", COLLEAGUE)
        assert "Niet geplaatst: Klimaat" in said

    async def retry(self) -> None:
        said = await self.said(f"probeer {only(self.bot.store).id} opnieuw", AUTHOR)
        assert "Opnieuw geprobeerd" in said

    async def correct(self) -> None:
        uid = only(self.bot.store).atria[corrected(self.values)]
        form = await self.from_home(AUTHOR, "change", uid)
        preview = await handed_in(self.bot, form, {**as_shown(form), "venue-1": typed(HALL)}, AUTHOR)
        assert HALL in shown(preview)
        assert "Gewijzigd" in shown(await handed_in(self.bot, preview, {}, AUTHOR))

    async def cancel(self) -> None:
        uid = only(self.bot.store).atria[cancelled(self.values)]
        preview = await self.from_home(AUTHOR, "cancel", uid)
        assert "Geannuleerd" in shown(await handed_in(self.bot, preview, {}, AUTHOR))


@pytest.mark.parametrize("values", [ONE, FIVE], ids=["one place", "five places"])
def test_the_form_of_slack_ends_in_the_same_rows_and_posts_as_any_form(
    story_bot: SlackProgram, other_store: Store, values: Values
) -> None:
    story_bot.run(InSlack(story_bot, values).tell)
    posts = {
        key: [html.unescape(each["text"]) for each in story_bot.said(channel(key))]
        for key in (*TARGETS, POLITICIANS)
    }
    in_slack = record(story_bot.store, posts)
    assert in_slack == ByForm(story_desk(other_store), values).tell()


def test_a_programme_is_gone_on_with_in_slack_with_all_its_places(story_bot: SlackProgram) -> None:
    async def act() -> None:
        told = InSlack(story_bot, FIVE)
        await told.until(STORY[0].at)
        form = await opened(story_bot, shortcut("atrium_aankondigen", user=AUTHOR))
        for _ in range(4):
            form = await pressed(story_bot, form, MORE_PLACES, as_shown(form), AUTHOR)
        await handed_in(story_bot, form, filled_in(FIVE), AUTHOR)
        again = await told.from_home(AUTHOR, "go-on", str(only(story_bot.store).id))
        assert {name for name in as_shown(again) if name[-2:-1] == "-"} == {
            name for name in FIVE if name[-2:-1] == "-"
        }
        # A sixth place that was asked for and not filled in is none.
        more = await pressed(story_bot, again, MORE_PLACES, as_shown(again), AUTHOR)
        assert any(each.get("block_id") == "date-6" and each["optional"] for each in more["blocks"])
        await handed_in(story_bot, more, as_shown(more), AUTHOR)
        assert len(only(story_bot.store).drafts) == 5

    story_bot.run(act)
