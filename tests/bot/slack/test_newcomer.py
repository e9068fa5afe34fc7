"""A newcomer's path through the whole of the bot in Slack, from the first question to a cancelled atrium."""

from __future__ import annotations

from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_blocks import buttons, shown
from tests.fakes.slack_caller import message, press, search, shortcut, view_press
from tests.fakes.slack_forms import FILLED_IN, handed_in, home_button, opened, typed
from tests.fakes.slack_program import CHANNEL, SlackProgram


def test_a_newcomers_path_from_question_to_cancellation(bot: SlackProgram) -> None:
    async def act() -> None:
        await asks_and_presses(bot)
        await announces(bot)
        await is_reminded(bot)
        await changes(bot)
        await cancels(bot)

    bot.run(act)


async def asks_and_presses(bot: SlackProgram) -> None:
    question = f"<@{BOT_USER}> wanneer is het volgende provinciaal atrium in Gent?"
    await bot.told(bot.caller.event(message(question, ts=bot.ts(), channel=CHANNEL)))
    (answer,) = bot.said(CHANNEL)
    assert "Provinciaal Atrium" in shown(answer)
    remind = next(each for each in buttons(answer) if each["text"]["text"] == "Herinner mij")
    await bot.told(bot.caller.interaction(press(answer, remind, channel=CHANNEL)))
    (whisper,) = bot.slack.whispers
    assert whisper["user"] == "U0AN"
    assert "Genoteerd" in whisper["text"]


async def announces(bot: SlackProgram) -> None:
    refused = await opened(bot, shortcut("atrium_aankondigen", user="U0AN"))
    assert "moderatoren" in shown(refused)
    form = await opened(bot, shortcut("atrium_aankondigen", user="U0MO"))
    found = await bot.told(bot.caller.interaction(search("mechlen", user="U0MO")))
    assert "Mechelen" in [each["value"] for each in found.json()["options"]]
    wrong = {**FILLED_IN, "date-1": {"type": "datepicker", "selected_date": "2026-03-18"}}
    told = await handed_in(bot, form, wrong, "U0MO")
    assert told["response_action"] == "errors"
    assert "voorbij" in told["errors"]["date-1"]
    preview = await handed_in(bot, form, FILLED_IN, "U0MO")
    assert "Hoe krijg je ∗steen∗ weg?" in shown(preview)
    assert not any("ontharding" in each["text"] for each in bot.said(CHANNEL))
    done = await handed_in(bot, preview, {}, "U0MO")
    assert "vertrekt" in shown(done)
    await bot.settled()
    (post,) = [each for each in bot.said(CHANNEL) if "ontharding" in each["text"]]
    assert "Nieuw: Thematisch Atrium: ontharding" in post["text"]


async def is_reminded(bot: SlackProgram) -> None:
    """A week before, at nine, everybody in the channel reads it."""
    while bot.clock.now().isoformat() < "2027-03-11T09":
        bot.clock.forward(hours=12)
        await bot.program.delivery.tick()
    assert any("Volgende week" in each["text"] and "ontharding" in each["text"] for each in bot.said(CHANNEL))


async def changes(bot: SlackProgram) -> None:
    await bot.inbound.people.refresh()
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": "U0MO", "tab": "home"}))
    change = home_button(bot, "U0MO", "change")
    form = await opened(bot, view_press(bot.slack.homes["U0MO"], change, user="U0MO"))
    values = {name: value for name, value in FILLED_IN.items() if name not in ("kind", "communities")}
    title = {"title": typed("Thematisch Atrium: ontharding")}
    moved = values | title | {"begins-1": {"type": "timepicker", "selected_time": "14:00"}}
    preview = await handed_in(bot, form, moved, "U0MO")
    assert "13.30 u. -&gt; 14.00 u." in shown(preview)
    assert "Gewijzigd" in shown(await handed_in(bot, preview, {}, "U0MO"))
    bot.clock.forward(minutes=31)
    await bot.settled()
    assert any("14.00" in each["text"] for each in bot.said(CHANNEL))


async def cancels(bot: SlackProgram) -> None:
    await bot.inbound.people.refresh()
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": "U0MO", "tab": "home"}))
    cancel = home_button(bot, "U0MO", "cancel")
    preview = await opened(bot, view_press(bot.slack.homes["U0MO"], cancel, user="U0MO"))
    assert "definitief" in shown(preview)
    assert "Geannuleerd" in shown(await handed_in(bot, preview, {}, "U0MO"))
    bot.clock.forward(minutes=31)
    await bot.settled()
    assert any("gaat niet door" in each["text"] for each in bot.said(CHANNEL))
