"""Before a change or a cancellation is confirmed in a form, one reads what members hear of it, and when."""

from __future__ import annotations

from typing import Any

import pytest

from store import announcements
from tests.fakes.network import brussels
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import shortcut, view_press
from tests.fakes.slack_forms import FILLED_IN, as_shown, handed_in, home_button, opened
from tests.fakes.slack_program import CHANNEL, SlackProgram

MO = "U0MO"


@pytest.fixture
def clock() -> SteeredClock:
    """Monday evening, when the bot says nothing by itself."""
    return SteeredClock(brussels("2026-11-23 20:12"))


async def announced(bot: SlackProgram) -> str:
    """One atrium that was just announced."""
    form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
    await handed_in(bot, await handed_in(bot, form, FILLED_IN, MO), {}, MO)
    for _ in range(3):
        await bot.settled()
    assert any("ontharding" in each["text"] for each in bot.said(CHANNEL))
    with bot.store.reading() as session:
        (uid,) = announcements.list_announcements(session)[0].atria
    return uid


async def from_home(bot: SlackProgram, action: str, uid: str) -> dict[str, Any]:
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": MO, "tab": "home"}))
    button = home_button(bot, MO, action, uid)
    return await opened(bot, view_press(bot.slack.homes[MO], button, user=MO))


def moved(form: dict[str, Any], day: str) -> dict[str, Any]:
    return {**as_shown(form), "date-1": {"type": "datepicker", "selected_date": day}}


def test_a_change_is_shown_as_it_will_be_posted_with_its_moment_and_what_to_mind(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await from_home(bot, "change", await announced(bot))
        told = shown(await handed_in(bot, form, moved(form, "2027-03-29"), MO))
        assert "Nieuw moment: maandag 29 maart 2027" in told, "the notice itself"
        assert "morgen om 8.00 u. in Algemeen" in told
        assert "inschrijven kan nog tot en met woensdag 17 maart 2027, 12 dagen ervoor." in told
        assert "is een feestdag" in told
        assert "valt in een schoolvakantie" in told

    bot.run(act)


def test_a_change_that_is_confirmed_twice_is_done_already(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await from_home(bot, "change", await announced(bot))
        preview = await handed_in(bot, form, moved(form, "2027-03-25"), MO)
        done = shown(await handed_in(bot, preview, {}, MO))
        assert "Gewijzigd. Het bericht vertrekt morgen om 8.00 u. in Algemeen." in done
        assert "Dit is al gewijzigd." in shown(await handed_in(bot, preview, {}, MO))

    bot.run(act)


def test_a_cancellation_says_when_it_is_heard_and_twice_is_once(bot: SlackProgram) -> None:
    async def act() -> None:
        preview = await from_home(bot, "cancel", await announced(bot))
        assert "Het bericht vertrekt morgen om 8.00 u. in Algemeen." in shown(preview)
        done = shown(await handed_in(bot, preview, {}, MO))
        assert "Geannuleerd. Het bericht vertrekt morgen om 8.00 u. in Algemeen." in done
        assert "Dit is al geannuleerd." in shown(await handed_in(bot, preview, {}, MO))

    bot.run(act)


def test_what_leaves_in_the_evening_is_told_to_be_late(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
        told = shown(await handed_in(bot, form, FILLED_IN, MO))
        assert "het is na 18.00 u.: plaats je nu, dan krijgen" in told
        assert "bijvoorbeeld dinsdag 24 november 2026 om 8.00 u." in told

    bot.run(act)
