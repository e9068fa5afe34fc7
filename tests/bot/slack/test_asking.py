"""Who asks the bot something in Slack gets one answer, in its place; nobody else gets any."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from store.tables import InboundEventRow
from tests.fakes.slack_api import BOT, BOT_USER
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import edited, message, message_shortcut, press
from tests.fakes.slack_program import CHANNEL, POLITICIANS, SlackProgram

QUESTION = "wanneer is het volgende provinciaal atrium in Gent?"
MENTION = f"<@{BOT_USER}> {QUESTION}"
PRIVATE = "D0AN"


def events_of(bot: SlackProgram) -> list[dict[str, Any]]:
    """What reached the bot, as it is kept."""
    with bot.store.reading() as session:
        return [dict(row._mapping) for row in session.execute(select(InboundEventRow.__table__))]


def texts(answers: list[dict[str, Any]]) -> str:
    return "\n".join(answer["text"] for answer in answers)


def test_a_mention_is_answered_once_in_its_thread(bot: SlackProgram) -> None:
    async def act() -> None:
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        # Slack sends both, each with an id of its own.
        assert (await bot.told(bot.caller.event(asked))).status_code == 200
        assert (await bot.told(bot.caller.event(asked | {"type": "app_mention"}))).status_code == 200
        (answer,) = bot.said(CHANNEL)
        assert answer["thread_ts"] == asked["ts"]
        assert "Provinciaal Atrium" in answer["text"]

    bot.run(act)


def test_an_event_that_is_sent_again_is_answered_once(bot: SlackProgram) -> None:
    """Also the same gesture under another ts (C-8), as Slack has been seen to send it."""

    async def act() -> None:
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        await bot.told(bot.caller.event(asked))
        again = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        assert (await bot.told(bot.caller.event(asked, **again))).status_code == 200
        assert (await bot.told(bot.caller.event(asked | {"ts": bot.ts()}))).status_code == 200
        assert len(bot.said(CHANNEL)) == 1

    bot.run(act)


def test_a_direct_message_is_answered_below_it(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.add_channel(PRIVATE, "U0AN")
        await bot.told(bot.caller.event(message(QUESTION, ts=bot.ts(), channel=PRIVATE)))
        await bot.told(bot.caller.event(message("waar is dat?", ts=bot.ts(), channel=PRIVATE)))
        first, second = bot.said(PRIVATE)
        assert "Provinciaal Atrium" in first["text"]
        assert "Gent" in second["text"]
        assert "thread_ts" not in first

    bot.run(act)


def test_a_thread_with_the_bot_goes_on_without_its_name(bot: SlackProgram) -> None:
    async def act() -> None:
        root = bot.ts()
        await bot.told(bot.caller.event(message(MENTION, ts=root, channel=CHANNEL)))
        on = message("waar is dat?", ts=bot.ts(), channel=CHANNEL, thread_ts=root, user="U0MO")
        await bot.told(bot.caller.event(on))
        assert [each["thread_ts"] for each in bot.said(CHANNEL)] == [root, root]

    bot.run(act)


def test_a_reply_below_a_post_of_the_bot_is_for_the_bot(bot: SlackProgram) -> None:
    async def act() -> None:
        below = {"thread_ts": "1795400000.000001", "parent_user_id": BOT_USER}
        await bot.told(bot.caller.event(message(QUESTION, ts=bot.ts(), channel=CHANNEL, **below)))
        assert len(bot.said(CHANNEL)) == 1

    bot.run(act)


NOT_FOR_THE_BOT = {
    "said among people": {"text": QUESTION},
    "a thread without the bot": {"text": QUESTION, "thread_ts": "1795400000.000001"},
    "its own message": {"text": MENTION, "user": BOT_USER, "bot_id": BOT},
    "its own message without bot_id": {"text": MENTION, "user": BOT_USER},
    "another bot's message": {"text": MENTION, "user": "U0ANDER", "bot_id": "B0ANDER"},
    "an old bot's message": {"text": MENTION, "user": None, "bot_id": "B0OUD", "subtype": "bot_message"},
    "Slackbot's message": {"text": MENTION, "user": "USLACKBOT"},
    "somebody joining": {"text": f"<@{BOT_USER}> has joined", "subtype": "channel_join"},
    "a deleted message": {"text": MENTION, "subtype": "message_deleted", "hidden": True},
    "a quoted copy": {"text": f"&gt; {MENTION}"},
    "a topic": {"text": MENTION, "subtype": "channel_topic"},
}


@pytest.mark.parametrize("what", NOT_FOR_THE_BOT)
def test_what_is_not_for_the_bot_is_not_answered(bot: SlackProgram, what: str) -> None:
    """C-8: its own words, those of other bots, and quoted copies get no answer."""

    async def act() -> None:
        event = {"ts": bot.ts(), "channel": CHANNEL} | NOT_FOR_THE_BOT[what]
        answer = await bot.told(bot.caller.event(message(event.pop("text"), **event)))
        assert answer.status_code == 200
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_what_is_said_to_somebody_else_in_its_thread_is_left_alone(bot: SlackProgram) -> None:
    async def act() -> None:
        root = bot.ts()
        await bot.told(bot.caller.event(message(MENTION, ts=root, channel=CHANNEL)))
        aside = message("<@U0MO> ga jij ook?", ts=bot.ts(), channel=CHANNEL, thread_ts=root)
        await bot.told(bot.caller.event(aside))
        assert len(bot.said(CHANNEL)) == 1

    bot.run(act)


def test_an_edited_question_has_its_answer_edited(bot: SlackProgram) -> None:
    async def act() -> None:
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        await bot.told(bot.caller.event(asked))
        for place in ("Hasselt", "Brugge"):
            text = f"<@{BOT_USER}> wanneer is het volgende provinciaal atrium in {place}?"
            await bot.told(bot.caller.event(edited(asked, text, bot.ts())))
        (answer,) = bot.said(CHANNEL)
        assert "Brugge" in answer["text"]
        assert "Gent is op" not in answer["text"]

    bot.run(act)


def test_a_preview_of_a_link_is_no_new_question(bot: SlackProgram) -> None:
    async def act() -> None:
        asked = message(MENTION, ts=bot.ts(), channel=CHANNEL)
        await bot.told(bot.caller.event(asked))
        before = len(bot.slack.calls)
        await bot.told(bot.caller.event(edited(asked, MENTION, bot.ts())))
        assert len(bot.slack.calls) == before

    bot.run(act)


def test_an_edit_that_mentions_the_bot_at_last_is_a_question(bot: SlackProgram) -> None:
    async def act() -> None:
        asked = message(QUESTION, ts=bot.ts(), channel=CHANNEL)
        await bot.told(bot.caller.event(asked))
        await bot.told(bot.caller.event(edited(asked, MENTION, bot.ts())))
        (answer,) = bot.said(CHANNEL)
        assert answer["thread_ts"] == asked["ts"]

    bot.run(act)


def test_the_slash_command_is_answered_to_the_asker_alone(bot: SlackProgram) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("an")
        answer = await bot.told(bot.caller.command(QUESTION, response_url=hook))
        assert (answer.status_code, answer.text) == (200, "")
        ((_, told),) = bot.slack.hooked
        assert told["response_type"] == "ephemeral"
        assert "Provinciaal Atrium" in told["text"]
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_a_command_that_speaks_of_a_payload_is_answered_too(bot: SlackProgram) -> None:
    """bolt takes such a command for something else, and answers that nobody listens."""

    async def act() -> None:
        hook = bot.slack.add_hook("an")
        await bot.told(bot.caller.command("wat is de payload van het atrium?", response_url=hook))
        assert len(bot.slack.hooked) == 1

    bot.run(act)


def test_an_answer_is_shared_in_the_channel_once(bot: SlackProgram) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("an")
        await bot.told(bot.caller.command(QUESTION, response_url=hook))
        ((_, told),) = bot.slack.hooked
        button = told["blocks"][-1]["elements"][-1]
        assert button["text"]["text"] == "Deel in kanaal"
        confirm = bot.slack.add_hook("press")
        shared = press({"ts": bot.ts()}, button, channel=CHANNEL, ephemeral=True, response_url=confirm)
        for _ in range(2):
            assert (await bot.told(bot.caller.interaction(shared))).status_code == 200
            bot.clock.forward(seconds=1)
        (answer,) = bot.said(CHANNEL)
        assert answer["text"] == f"An Peeters vroeg: {QUESTION}\n{told['text']}"
        assert shown(answer).splitlines()[0] == f"An Peeters vroeg: {QUESTION}"
        assert "thread_ts" not in answer
        # Who pressed is told, and nobody else.
        (_, (_, confirmed)) = bot.slack.hooked
        assert confirmed["response_type"] == "ephemeral"
        assert confirmed["text"] == "Je vraag en het antwoord staan nu in het kanaal."

    bot.run(act)


def test_a_question_above_a_shared_answer_is_one_line_that_calls_nobody(bot: SlackProgram) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("an")
        long = f"{QUESTION}\n\n&lt;!channel&gt; *dringend* " + "heel graag " * 40
        await bot.told(bot.caller.command(long, response_url=hook))
        button = bot.slack.hooked[0][1]["blocks"][-1]["elements"][-1]
        await bot.told(
            bot.caller.interaction(press({"ts": bot.ts()}, button, channel=CHANNEL, ephemeral=True))
        )
        (answer,) = bot.said(CHANNEL)
        above = answer["blocks"][0]["text"]["text"]
        assert above.startswith(f"An Peeters vroeg: {QUESTION}")
        assert above.endswith("…")
        assert len(above) < 230
        assert not set("\n<>*") & set(above)

    bot.run(act)


@pytest.mark.parametrize(
    "text",
    [
        "help",
        "dag",
        "qzxv blorp",
        "wat is het weer morgen?",
        "wat volg ik?",
        "mijn gegevens",
        "kondig aan: atrium in Gent",
        "trek 1 in",
    ],
)
def test_what_answers_no_question_of_others_cannot_be_shared(bot: SlackProgram, text: str) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("an")
        await bot.told(bot.caller.command(text, response_url=hook))
        ((_, told),) = bot.slack.hooked
        assert "Deel in kanaal" not in shown(told)

    bot.run(act)


def test_a_command_is_answered_with_what_the_asker_alone_may_read_and_that_is_not_shared(
    bot: SlackProgram,
) -> None:
    async def act() -> None:
        bot.slack.add_person("U0PIET", "Piet Politiek", CHANNEL, POLITICIANS)
        await bot.inbound.people.refresh()
        asked = "wanneer is het volgende atrium lokale mandatarissen?"
        for number, user in enumerate(("U0PIET", "U0AN")):
            hook = bot.slack.add_hook(user)
            await bot.told(bot.caller.command(asked, response_url=hook, user=user))
            told = bot.slack.hooked[number][1]
            assert ("2027" in told["text"]) is (user == "U0PIET")
            assert ("eigen community" in told["text"]) is (user == "U0AN")
            assert told["response_type"] == "ephemeral"
        secret = bot.slack.hooked[0][1]
        assert "Deel in kanaal" not in shown(secret)
        # Nor by a press on a button that was never there.
        (number,) = [
            each["event_id"] for each in events_of(bot) if each["author_id"] == "U0PIET" and each["alone"]
        ]
        button = {"action_id": "share:1", "value": number}
        forged = press({"ts": bot.ts()}, button, channel=CHANNEL, ephemeral=True, user="U0PIET")
        await bot.told(bot.caller.interaction(forged))
        assert bot.said(CHANNEL) == []
        assert "kan ik niet meer delen" in texts(bot.slack.whispers)

    bot.run(act)


def test_who_reads_more_shares_what_all_may_read(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.add_person("U0PIET", "Piet Politiek", CHANNEL, POLITICIANS)
        await bot.inbound.people.refresh()
        hook = bot.slack.add_hook("piet")
        await bot.told(bot.caller.command(QUESTION, response_url=hook, user="U0PIET"))
        assert "Deel in kanaal" in shown(bot.slack.hooked[0][1])

    bot.run(act)


def test_a_command_without_an_address_for_its_answer_tells_only_what_all_may_read(bot: SlackProgram) -> None:
    """Its answer stands in the channel."""

    async def act() -> None:
        bot.slack.add_person("U0PIET", "Piet Politiek", CHANNEL, POLITICIANS)
        await bot.inbound.people.refresh()
        asked = "wanneer is het volgende atrium lokale mandatarissen?"
        await bot.told(bot.caller.command(asked, response_url="", user="U0PIET"))
        assert "2027" not in texts(bot.said(CHANNEL))

    bot.run(act)


def test_what_is_asked_on_below_such_an_answer_is_for_the_asker_alone_too(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.add_person("U0PIET", "Piet Politiek", CHANNEL, POLITICIANS)
        await bot.inbound.people.refresh()
        says = {"action_id": "says:1", "value": "wanneer is het volgende atrium lokale mandatarissen?"}
        hook = bot.slack.add_hook("piet")
        there = {"ts": bot.ts()}
        pressed = press(there, says, channel=CHANNEL, ephemeral=True, user="U0PIET", response_url=hook)
        await bot.told(bot.caller.interaction(pressed))
        ((_, told),) = bot.slack.hooked
        assert "2027" in told["text"]
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_only_whoever_asked_shares_the_answer(bot: SlackProgram) -> None:
    async def act() -> None:
        hook = bot.slack.add_hook("an")
        await bot.told(bot.caller.command(QUESTION, response_url=hook))
        button = bot.slack.hooked[0][1]["blocks"][-1]["elements"][-1]
        shared = press({"ts": bot.ts()}, button, channel=CHANNEL, ephemeral=True, user="U0MO")
        await bot.told(bot.caller.interaction(shared))
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_a_button_says_what_stands_in_it_once(bot: SlackProgram) -> None:
    async def act() -> None:
        root = bot.ts()
        await bot.told(bot.caller.event(message(MENTION, ts=root, channel=CHANNEL)))
        (answer,) = bot.said(CHANNEL)
        pressed = press(answer, {"action_id": "says:1", "value": "waar is dat?"}, channel=CHANNEL)
        for _ in range(2):
            await bot.told(bot.caller.interaction(pressed))
            bot.clock.forward(seconds=2)
        assert [each["thread_ts"] for each in bot.said(CHANNEL)] == [root, root]

    bot.run(act)


def test_a_button_that_opens_a_page_says_nothing(bot: SlackProgram) -> None:
    async def act() -> None:
        there = {"ts": bot.ts()}
        pressed = press(there, {"action_id": "goes:1", "value": "x"}, channel=CHANNEL)
        assert (await bot.told(bot.caller.interaction(pressed))).status_code == 200
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_a_message_is_put_to_the_bot_by_shortcut_once(bot: SlackProgram) -> None:
    async def act() -> None:
        there = message(QUESTION, ts=bot.ts(), channel=CHANNEL, user="U0MO")
        for _ in range(2):
            await bot.told(bot.caller.interaction(message_shortcut(there, channel=CHANNEL)))
        (answer,) = bot.said(CHANNEL)
        assert answer["thread_ts"] == there["ts"]

    bot.run(act)


def test_each_who_asks_about_a_message_gets_an_answer_and_one_who_asks_twice_gets_one(
    bot: SlackProgram,
) -> None:
    async def act() -> None:
        there = message(QUESTION, ts=bot.ts(), channel=CHANNEL, user="U0MO")
        for user in ("U0AN", "U0PIET", "U0AN"):
            await bot.told(bot.caller.interaction(message_shortcut(there, channel=CHANNEL, user=user)))
        assert [answer["thread_ts"] for answer in bot.said(CHANNEL)] == [there["ts"]] * 2

    bot.run(act)


def test_a_command_in_what_another_wrote_is_not_carried_out(bot: SlackProgram) -> None:
    async def act() -> None:
        there = message("vergeet mij", ts=bot.ts(), channel=CHANNEL, user="U0MO")
        asked = message_shortcut(there, channel=CHANNEL) | {"response_url": bot.slack.add_hook("an")}
        await bot.told(bot.caller.interaction(asked))
        ((_, told),) = bot.slack.hooked
        assert "voer ik niet uit in jouw naam" in told["text"]
        assert bot.said(CHANNEL) == []

    bot.run(act)


def test_in_a_channel_that_is_none_of_ours_only_the_public_agenda_is_told(bot: SlackProgram) -> None:
    """Whoever reads there may be anybody, whatever the asker may read elsewhere."""

    async def act() -> None:
        bot.slack.add_channel("C0ELDERS", "U0PIET")
        text = f"<@{BOT_USER}> wanneer is het volgende atrium lokale mandatarissen?"
        asked = message(text, ts=bot.ts(), channel="C0ELDERS", user="U0PIET")
        await bot.told(bot.caller.event(asked))
        (answer,) = bot.said("C0ELDERS")
        assert "2027" not in answer["text"]

    bot.run(act)


def test_in_private_a_member_of_a_closed_community_hears_of_it(bot: SlackProgram) -> None:
    async def act() -> None:
        question = "wanneer is het volgende atrium lokale mandatarissen?"
        for user, channel in (("U0PIET", "D0PIET"), ("U0AN", "D0AN")):
            bot.slack.add_channel(channel, user)
            await bot.told(bot.caller.event(message(question, ts=bot.ts(), channel=channel, user=user)))
        assert "2027" in texts(bot.said("D0PIET"))
        assert "2027" not in texts(bot.said("D0AN"))

    bot.run(act)


def test_whoever_left_a_closed_community_hears_of_it_no_longer(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.add_channel("D0PIET", "U0PIET")
        left = {"type": "member_left_channel", "user": "U0PIET", "channel": POLITICIANS}
        await bot.told(bot.caller.event(left))
        question = "wanneer is het volgende atrium lokale mandatarissen?"
        asked = message(question, ts=bot.ts(), channel="D0PIET", user="U0PIET")
        await bot.told(bot.caller.event(asked))
        assert "2027" not in texts(bot.said("D0PIET"))

    bot.run(act)


def test_what_is_personal_is_told_to_the_asker_alone_in_any_channel(bot: SlackProgram) -> None:
    async def act() -> None:
        bot.slack.add_channel("C0ELDERS", "U0AN")
        for channel in (CHANNEL, "C0ELDERS"):
            asked = message(f"<@{BOT_USER}> mijn agenda", ts=bot.ts(), channel=channel)
            await bot.told(bot.caller.event(asked))
            assert bot.said(channel) == []
        assert [each["user"] for each in bot.slack.whispers] == ["U0AN", "U0AN"]

    bot.run(act)


@pytest.mark.parametrize("by", ["command", "shortcut"])
def test_who_asks_where_the_bot_cannot_write_is_answered_in_private(bot: SlackProgram, by: str) -> None:
    """A command and a shortcut work in every conversation, also where the bot is not."""

    async def act() -> None:
        bot.slack.add_channel("D0TWEE", "U0AN", "U0MO").members.discard(BOT_USER)
        if by == "command":
            await bot.told(bot.caller.command(QUESTION, channel="D0TWEE"))
        else:
            there = message(QUESTION, ts=bot.ts(), channel="D0TWEE", user="U0MO")
            await bot.told(bot.caller.interaction(message_shortcut(there, channel="D0TWEE")))
        assert bot.said("D0TWEE") == []
        ((channel, answer),) = [(each["channel"], each) for each in bot.slack.called("chat.postMessage")][-1:]
        assert channel != "D0TWEE"
        assert "Provinciaal Atrium" in answer["text"]

    bot.run(act)


def test_another_button_in_the_same_place_is_another_press(bot: SlackProgram) -> None:
    """When an answer was edited, its first button says something else than before."""

    async def act() -> None:
        root = bot.ts()
        await bot.told(bot.caller.event(message(MENTION, ts=root, channel=CHANNEL)))
        (answer,) = bot.said(CHANNEL)
        for says in ("waar is dat?", "wanneer is dat?"):
            pressed = press(answer, {"action_id": "says:1", "value": says}, channel=CHANNEL)
            await bot.told(bot.caller.interaction(pressed))
            bot.clock.forward(seconds=2)
        assert len(bot.said(CHANNEL)) == 3

    bot.run(act)
