"""What moderators have to do stands on their home: questions that are theirs to answer, and drafts."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.moderation.lifecycle import State
from store import announcements, audit
from store.announcements import Announcement
from store.engine import Store
from store.questions import Asked, find_question, keep_unread, settle
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_blocks import buttons, shown
from tests.fakes.slack_caller import message, press, shortcut, view_press
from tests.fakes.slack_forms import FILLED_IN, handed_in, home_button, opened, pressed
from tests.fakes.slack_program import COMMUNITIES, POLITICIANS, SlackProgram
from tests.fakes.slack_views import view_problems
from tests.fakes.slack_workspace import Workspace

PIET, MO = "U0PIET", "U0MO"

HEADING, NONE = "Vragen zonder antwoord", "Er zijn geen vragen zonder antwoord."


@pytest.fixture
def bot(bot: SlackProgram, workspace: Workspace, sqlite_store: Store, clock: SteeredClock) -> SlackProgram:
    """Piet moderates the politicians' community, Mo the network, An no community at all."""
    general, politicians = COMMUNITIES
    return SlackProgram(
        sqlite_store,
        workspace,
        clock,
        communities=[general, {**politicians, "moderators": [PIET]}],
        settings={"roles": {"moderators": [f"slack:{MO}"], "regional": {"slack:U0AN": ["Limburg"]}}},
    )


def asked(bot: SlackProgram, text: str, community: str | None, reason: str = "niet begrepen") -> None:
    """Somebody asked what the bot could not answer."""
    where = Asked(platform="slack", community=community, thread=f"{POLITICIANS}:1.2") if community else None
    with bot.store.writing() as session:
        keep_unread(session, f"hash-of-{text}", text, reason, bot.clock.now(), where)


async def home(bot: SlackProgram, user: str) -> dict[str, Any]:
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": user, "tab": "home"}))
    return bot.slack.homes[user]


def test_who_moderates_a_community_sees_what_was_asked_there_and_nothing_else(bot: SlackProgram) -> None:
    async def act() -> None:
        asked(bot, "hoe meld ik me af als schepen?", "mandatarissen")
        asked(bot, "waar is de parking in Hasselt?", "algemeen")
        asked(bot, "mag ik iets privé vragen?", None)
        told = shown(await home(bot, PIET))
        assert "hoe meld ik me af als schepen?" in told
        assert "parking" not in told
        assert "privé" not in told
        for each in ("schepen", "parking", "privé"):
            assert each in shown(await home(bot, MO))

    bot.run(act)


def test_that_there_are_no_questions_is_said_only_where_it_is_known(bot: SlackProgram) -> None:
    async def act() -> None:
        asked(bot, "waar is de parking in Hasselt?", "algemeen")
        assert NONE in shown(await home(bot, PIET))
        of_a_region = shown(await home(bot, "U0AN"))
        assert "Kondig een atrium aan" in of_a_region
        assert HEADING not in of_a_region
        assert NONE not in of_a_region

    bot.run(act)


def test_a_question_that_was_answered_waits_no_more(bot: SlackProgram) -> None:
    async def act() -> None:
        asked(bot, "waar is de parking in Hasselt?", "algemeen")
        assert "parking" in shown(await home(bot, MO))
        with bot.store.writing() as session:
            assert find_question(session, 1) is not None
            assert settle(session, 1, "beantwoord", bot.clock.now())
        assert NONE in shown(await home(bot, MO))

    bot.run(act)


async def drafted(bot: SlackProgram) -> dict[str, Any]:
    """Mo keeps a draft; the home that shows it."""
    form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
    await handed_in(bot, form, FILLED_IN, MO)
    return await home(bot, MO)


def the_only(bot: SlackProgram) -> Announcement:
    with bot.store.reading() as session:
        (found,) = announcements.list_announcements(session)
    return found


def test_a_draft_is_thrown_away_from_the_home_once_slack_asked(bot: SlackProgram) -> None:
    async def act() -> None:
        view = await drafted(bot)
        button = home_button(bot, MO, "discard")
        assert button["text"]["text"] == "Gooi weg"
        assert button["confirm"]["style"] == "danger"
        assert "niets geplaatst" in button["confirm"]["text"]["text"]
        for _ in range(2):
            await bot.told(bot.caller.interaction(view_press(view, button, user=MO)))
        told = shown(bot.slack.homes[MO])
        assert "ontharding" not in told.split("Gepland")[0]
        assert "Gooi weg" not in told
        assert the_only(bot).state is State.RETRACTED
        with bot.store.reading() as session:
            (entry,) = [each for each in audit.entries(session) if each.action == "announcement retract"]
        assert (entry.place, entry.subject) == ("slack", f"announcement:{the_only(bot).id}")

    bot.run(act)


def test_a_draft_is_thrown_away_from_its_form(bot: SlackProgram) -> None:
    async def act() -> None:
        view = await drafted(bot)
        form = await opened(bot, view_press(view, home_button(bot, MO, "go-on"), user=MO))
        assert view_problems(form) == []
        done = await pressed(bot, form, "form:discard", {}, MO)
        assert "Weggegooid: ontwerp" in shown(done)
        assert the_only(bot).state is State.RETRACTED
        assert "Gooi weg" not in shown(bot.slack.homes[MO])

    bot.run(act)


def test_what_went_out_meanwhile_is_not_thrown_away(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
        preview = await handed_in(bot, form, FILLED_IN, MO)
        older = await home(bot, MO)
        button = home_button(bot, MO, "discard")
        await handed_in(bot, preview, {}, MO)
        await bot.settled()
        await bot.told(bot.caller.interaction(view_press(older, button, user=MO)))
        assert "is geen ontwerp meer" in shown(bot.slack.homes[MO])
        assert the_only(bot).state is not State.RETRACTED

    bot.run(act)


def test_who_moderates_elsewhere_throws_nothing_away(bot: SlackProgram) -> None:
    async def act() -> None:
        await drafted(bot)
        button = home_button(bot, MO, "discard")
        view = await home(bot, PIET)
        assert "Gooi weg" not in shown(view)
        await bot.told(bot.caller.interaction(view_press(view, button, user=PIET)))
        assert the_only(bot).state is State.DRAFT

    bot.run(act)


def test_who_has_several_drafts_reads_in_private_what_each_is_about(bot: SlackProgram) -> None:
    async def act() -> None:
        await drafted(bot)
        await drafted(bot)
        bot.slack.add_channel("D0MO", MO)
        asked_for = message("gooi het ontwerp weg", ts=bot.ts(), channel="D0MO", user=MO)
        await bot.told(bot.caller.event(asked_for))
        (answer,) = bot.said("D0MO")
        one, other = buttons(answer)
        assert "Ontwerp 1: Thematisch Atrium: ontharding" in answer["text"]
        assert other["value"] == "gooi 2 weg"
        await bot.told(bot.caller.interaction(press(answer, dict(one), channel="D0MO", user=MO)))
        assert "Weggegooid: ontwerp 1." in bot.said("D0MO")[-1]["text"]

    bot.run(act)


def test_a_draft_is_thrown_away_in_words(bot: SlackProgram) -> None:
    async def act() -> None:
        await drafted(bot)
        bot.slack.add_channel("D0MO", MO)
        await bot.told(
            bot.caller.event(message("gooi het ontwerp weg", ts=bot.ts(), channel="D0MO", user=MO))
        )
        (answer,) = bot.said("D0MO")
        assert "Weggegooid: ontwerp" in answer["text"]
        assert the_only(bot).state is State.RETRACTED

    bot.run(act)
