"""The button "Inbreng doen" under a card opens a form, and what it says is handed in once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from handlers.model import ContributionSort, Status
from store import contributions
from store.agenda import get_atrium, save_atrium
from store.contributions import StoredContribution
from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import message, press
from tests.fakes.slack_forms import handed_in, opened, option, typed
from tests.fakes.slack_program import CHANNEL, POLITICIANS, SlackProgram
from tests.fakes.slack_views import view_problems

UID = "atr-1-044"

FILLED = {"sort": option("agendapunt"), "text": typed("Kan het over groendaken?"), "named": option("nee")}


def button(bot: SlackProgram, uid: str = UID) -> dict[str, Any]:
    """Somebody presses the button under a card in the general channel."""
    made = {"action_id": "hands-in:4", "type": "button", "value": uid}
    return press({"ts": bot.ts(), "user": BOT_USER}, made, channel=CHANNEL)


def kept(bot: SlackProgram) -> list[StoredContribution]:
    with bot.store.reading() as session:
        return contributions.list_contributions(session)


def test_the_card_of_an_answer_has_the_button_and_its_form_hands_in(bot: SlackProgram) -> None:
    async def act() -> None:
        question = f"<@{BOT_USER}> wanneer is het provinciaal atrium in Gent?"
        await bot.told(bot.caller.event(message(question, ts=bot.ts(), channel=CHANNEL)))
        await bot.settled()
        (answer,) = bot.said(CHANNEL)[-1:]
        (found,) = [
            each
            for block in answer["blocks"]
            for each in block.get("elements", ())
            if each.get("action_id", "").startswith("hands-in:")
        ]
        assert (found["text"]["text"], found["value"]) == ("Inbreng doen", UID)
        form = await opened(bot, press(answer, found, channel=CHANNEL))
        assert view_problems(form) == []
        assert "Gent" in shown(form)
        thanks = shown(await handed_in(bot, form, FILLED, "U0AN"))
        assert "Dank je. Je inbreng is genoteerd voor Provinciaal Atrium Gent" in thanks
        (one,) = kept(bot)
        assert one.contribution.text == "Kan het over groendaken?"
        assert one.contribution.sort is ContributionSort.AGENDAPUNT
        assert (one.contribution.named, one.community_key, one.platform) == (False, "algemeen", "slack")
        assert contributions.handed_in(one).author is None

    bot.run(act)


def test_sent_twice_is_handed_in_once_and_a_name_only_where_agreed(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, button(bot))
        for _ in range(2):
            told = await handed_in(bot, form, {**FILLED, "named": option("ja")}, "U0AN")
        assert "Je naam staat erbij" in shown(told)
        (one,) = kept(bot)
        assert one.contribution.named

    bot.run(act)


def test_an_empty_text_is_said_at_its_field(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, button(bot))
        told = await handed_in(bot, form, {**FILLED, "text": typed("  ")}, "U0AN")
        assert told == {
            "response_action": "errors",
            "errors": {"text": "Schrijf wat je wilt inbrengen."},
        }
        assert kept(bot) == []

    bot.run(act)


def test_what_was_called_off_in_the_meantime_takes_nothing_in(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, button(bot))
        with bot.store.writing() as session:
            gone = replace(get_atrium(session, UID), status=Status.GEANNULEERD)
            save_atrium(session, gone)
        assert "is geannuleerd" in shown(await handed_in(bot, form, FILLED, "U0AN"))
        assert kept(bot) == []
        press_again = button(bot)
        hook = press_again["response_url"] = bot.slack.add_hook("an")
        bot.slack.triggers.add(press_again["trigger_id"])
        await bot.told(bot.caller.interaction(press_again))
        await bot.settled()
        assert [(where, "is geannuleerd" in told["text"]) for where, told in bot.slack.hooked] == [
            (hook.rsplit("/", 1)[-1], True)
        ]

    bot.run(act)


def test_a_closed_atrium_takes_something_in_only_where_its_members_are(bot: SlackProgram) -> None:
    async def act() -> None:
        with bot.store.writing() as session:
            closed = replace(get_atrium(session, UID), visibility=frozenset({"mandatarissen"}))
            save_atrium(session, closed)
        hidden = button(bot)
        bot.slack.triggers.add(hidden["trigger_id"])
        await bot.told(bot.caller.interaction(hidden))
        await bot.settled()
        assert bot.slack.views == {}
        there = json.loads(json.dumps(button(bot)).replace(CHANNEL, POLITICIANS))
        assert "Gent" in shown(await opened(bot, there))

    bot.run(act)
