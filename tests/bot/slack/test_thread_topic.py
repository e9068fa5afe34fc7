"""What buttons and wishes leave of a thread: the next question leans on what was asked, not on them."""

from __future__ import annotations

from typing import Any

import pytest

from store.questions import unread
from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_blocks import buttons
from tests.fakes.slack_caller import message, press
from tests.fakes.slack_program import CHANNEL, SlackProgram

IN_GENK = "wanneer is het volgende lokaal atrium in Genk?"
IN_AALST = "Het volgende Lokaal Atrium Denderregio is op maandag 8 februari 2027"
PRIVATE = "D0AN"


async def asked(
    bot: SlackProgram, text: str, channel: str, root: str | None = None, user: str = "U0AN"
) -> str:
    """Ask in a channel, or in its thread; the number of the message."""
    below = {"thread_ts": root} if root else {}
    called = text if root or channel.startswith("D") else f"<@{BOT_USER}> {text}"
    ts = bot.ts()
    await bot.told(bot.caller.event(message(called, ts=ts, channel=channel, user=user, **below)))
    return ts


async def pressed(bot: SlackProgram, answer: dict[str, Any], label: str, user: str, channel: str) -> None:
    button = next(each for each in buttons(answer) if each["text"]["text"] == label)
    await bot.told(bot.caller.interaction(press(answer, button, channel=channel, user=user)))


def on_the_list(bot: SlackProgram) -> list[str]:
    with bot.store.reading() as session:
        return [question.text for question in unread(session)]


@pytest.mark.parametrize("presser", ["U0MO", "U0AN"])
def test_after_a_pressed_reminder_the_thread_goes_on_from_what_was_asked(
    bot: SlackProgram, presser: str
) -> None:
    async def act() -> None:
        root = await asked(bot, IN_GENK, CHANNEL)
        await pressed(bot, bot.said(CHANNEL)[0], "Herinner mij", presser, CHANNEL)
        (whisper,) = bot.slack.whispers
        assert "Genoteerd" in whisper["text"]
        await asked(bot, "en in Aalst?", CHANNEL, root)
        assert IN_AALST in bot.said(CHANNEL)[-1]["text"]
        assert len(bot.slack.whispers) == 1

    bot.run(act)


def test_after_a_pressed_reminder_a_private_conversation_goes_on_from_what_was_asked(
    bot: SlackProgram,
) -> None:
    async def act() -> None:
        bot.slack.add_channel(PRIVATE, "U0AN")
        await asked(bot, IN_GENK, PRIVATE)
        await pressed(bot, bot.said(PRIVATE)[0], "Herinner mij", "U0AN", PRIVATE)
        await asked(bot, "en in Aalst?", PRIVATE)
        assert IN_AALST in bot.said(PRIVATE)[-1]["text"]

    bot.run(act)


def test_what_one_typed_to_follow_is_no_ground_for_another(bot: SlackProgram) -> None:
    async def act() -> None:
        root = await asked(bot, IN_GENK, CHANNEL)
        await asked(bot, "volg de lokale atria in Temse", CHANNEL, root)
        await asked(bot, "en in Aalst?", CHANNEL, root, user="U0MO")
        assert IN_AALST in bot.said(CHANNEL)[-1]["text"]
        assert [each["user"] for each in bot.slack.whispers] == ["U0AN"]

    bot.run(act)


@pytest.mark.parametrize("reminds", [False, True])
def test_the_button_that_objects_means_the_answer_above_it(bot: SlackProgram, reminds: bool) -> None:
    async def act() -> None:
        root = await asked(bot, IN_GENK, CHANNEL)
        await asked(bot, "en in Aalst?", CHANNEL, root)
        first, last = bot.said(CHANNEL)
        if reminds:
            await pressed(bot, last, "Herinner mij", "U0MO", CHANNEL)
        await pressed(bot, first, "Niet wat ik vroeg", "U0MO", CHANNEL)
        assert on_the_list(bot) == [IN_GENK]
        await pressed(bot, last, "Niet wat ik vroeg", "U0MO", CHANNEL)
        assert sorted(on_the_list(bot)) == sorted([IN_GENK, "en in Aalst?"])

    bot.run(act)


def test_a_pressed_reminder_is_no_question_that_may_be_rejected(bot: SlackProgram) -> None:
    async def act() -> None:
        root = await asked(bot, IN_GENK, CHANNEL)
        await pressed(bot, bot.said(CHANNEL)[0], "Herinner mij", "U0AN", CHANNEL)
        await asked(bot, "dat is niet wat ik vroeg", CHANNEL, root)
        assert on_the_list(bot) == [IN_GENK]

    bot.run(act)
