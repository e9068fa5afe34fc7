"""Forms lose nothing, act once, and look at who somebody is at each step."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.local import LocalPlatform
from bot.platforms.slack.forms import About, form_view, values_of
from bot.platforms.slack.payloads import View
from handlers.moderation.fields import FIELDS, Sort
from scheduler.port import Capabilities
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import shortcut, view_press
from tests.fakes.slack_forms import FILLED_IN, handed_in, home_button, opened, several, typed
from tests.fakes.slack_program import CHANNEL, COMMUNITIES, SlackProgram
from tests.fakes.slack_views import view_problems
from tests.fakes.slack_workspace import Workspace


async def previewed(bot: SlackProgram) -> dict[str, Any]:
    form = await opened(bot, shortcut("atrium_aankondigen", user="U0MO"))
    return await handed_in(bot, form, FILLED_IN, "U0MO")


def announced(bot: SlackProgram) -> list[dict[str, Any]]:
    return [each for each in bot.said(CHANNEL) if "ontharding" in each["text"]]


def initial(view: dict[str, Any], field: str) -> object:
    (element,) = [each["element"] for each in view["blocks"] if each.get("block_id") == field]
    return next((value for key, value in element.items() if key.startswith("initial_")), None)


def test_the_command_opens_the_form_for_a_moderator_alone(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.triggers.add("t-mo")
        asked = bot.caller.command("kondig aan", user="U0MO", trigger_id="t-mo")
        assert (await bot.told(asked)).text == ""
        (view,) = bot.slack.views.values()
        assert view["callback_id"] == "form:announce"
        hook = bot.slack.add_hook("an")
        await bot.told(bot.caller.command("kondig aan", response_url=hook))
        assert "moderatoren" in bot.slack.hooked[0][1]["text"]
        assert len(bot.slack.views) == 1

    bot.run(act)


def test_a_command_with_words_goes_on_as_a_conversation(bot: SlackProgram) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("mo")
        text = "kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 13.30 u. in Mechelen"
        await bot.told(bot.caller.command(text, user="U0MO", response_url=hook))
        assert "bevestig" in bot.slack.hooked[0][1]["text"]
        assert bot.slack.views == {}

    bot.run(act)


def test_placing_twice_is_placing_once(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await previewed(bot)
        assert "vertrekt" in shown(await handed_in(bot, preview, {}, "U0MO"))
        await handed_in(bot, preview, {}, "U0MO")
        await bot.settled()
        assert len(announced(bot)) == 1

    bot.run(act)


def test_what_was_typed_is_there_again_on_the_way_back_and_as_a_draft(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await previewed(bot)
        view = bot.slack.views[preview["id"]] = preview
        (back,) = view["blocks"][-1]["elements"]
        await bot.told(bot.caller.interaction(view_press(view, back, user="U0MO")))
        form = bot.slack.views[preview["id"]]
        assert initial(form, "description") == "Hoe krijg je *steen* weg?"
        assert initial(form, "date-1") == "2027-03-18"
        # Closed without a word: the draft is on the home.
        await bot.told(bot.caller.event({"type": "app_home_opened", "user": "U0MO", "tab": "home"}))
        go_on = home_button(bot, "U0MO", "go-on")
        again = await opened(bot, view_press(bot.slack.homes["U0MO"], go_on, user="U0MO"))
        assert initial(again, "venue-1") == "Stadhuis"
        assert announced(bot) == []

    bot.run(act)


def test_a_form_that_is_handed_in_again_keeps_one_draft(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await previewed(bot)
        bot.slack.views[preview["id"]] = preview
        (back,) = preview["blocks"][-1]["elements"]
        await bot.told(bot.caller.interaction(view_press(preview, back, user="U0MO")))
        form = bot.slack.views[preview["id"]]
        later = FILLED_IN | {"begins-1": {"type": "timepicker", "selected_time": "14:00"}}
        again = await handed_in(bot, form, later, "U0MO")
        assert "14.00" in shown(again)
        await bot.told(bot.caller.event({"type": "app_home_opened", "user": "U0MO", "tab": "home"}))
        assert shown(bot.slack.homes["U0MO"]).count("Verder werken") == 1

    bot.run(act)


def test_whoever_no_longer_moderates_places_nothing(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await previewed(bot)
        left = {"type": "member_left_channel", "user": "U0MO", "channel": CHANNEL}
        await bot.told(bot.caller.event(left))
        done = await handed_in(bot, preview, {}, "U0MO")
        assert "moderatoren" in shown(done)
        await bot.settled()
        assert announced(bot) == []

    bot.run(act)


def test_a_moderator_of_one_channel_announces_there_alone(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, shortcut("atrium_aankondigen", user="U0MO"))
        options = [{"text": {"type": "plain_text"}, "value": each} for each in ("algemeen", "mandatarissen")]
        both = {"communities": {"type": "multi_static_select", "selected_options": options}}
        told = await handed_in(bot, form, FILLED_IN | both, "U0MO")
        assert told["response_action"] == "errors"
        assert "communities" in told["errors"]

    bot.run(act)


def test_buttons_in_a_preview_say_nothing_yet(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await previewed(bot)
        press = view_press(preview, {"action_id": "says:1", "value": "herinner mij"}, user="U0MO")
        assert (await bot.told(bot.caller.interaction(press))).status_code == 200
        assert bot.slack.whispers == []

    bot.run(act)


def test_a_form_of_another_is_closed_and_nothing_is_done(bot: SlackProgram) -> None:
    async def act() -> None:
        view = {"id": "V1", "type": "modal", "callback_id": "form:unknown", "private_metadata": "{"}
        assert await handed_in(bot, view, {"title": typed("x")}, "U0MO") == {"response_action": "clear"}
        assert BOT_USER not in str(bot.slack.views)

    bot.run(act)


def test_the_fullest_form_fits_and_comes_back_as_it_was_typed() -> None:
    fields = tuple(FIELDS.values())
    values = {each.name: "x" * each.most for each in fields if each.sort in (Sort.TEXT, Sort.LONG_TEXT)}
    view = form_view(
        "form:announce", "Atrium aankondigen", [f for f in fields if f.name in values], values, About()
    )
    assert view_problems(view) == []
    states = {
        name: {"form:field": {"type": "plain_text_input", "value": value}} for name, value in values.items()
    }
    assert values_of(View.model_validate({"state": {"values": states}})) == values


def test_what_goes_to_another_platform_is_judged_by_that_platform(
    sqlite_store: Store, workspace: Workspace, clock: SteeredClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalPlatform, "capabilities", Capabilities(edit=True, max_length=100))
    there = {"key": "water", "platform": "local", "name": "Water en droogte", "kinds": ["thematisch"]}
    bot = SlackProgram(
        sqlite_store,
        workspace,
        clock,
        communities=[*COMMUNITIES, there],
        settings={"local": {"enabled": True}, "roles": {"moderators": ["slack:U0MO"]}},
    )

    async def act() -> None:
        form = await opened(bot, shortcut("atrium_aankondigen", user="U0MO"))
        filled = {**FILLED_IN, "communities": several(["algemeen", "water"])}
        told = shown(await handed_in(bot, form, filled, "U0MO"))
        assert "In Algemeen" in told
        assert told.count("hier passen er 100 in één bericht") == 1, "and in Slack there is room"

    bot.run(act)
