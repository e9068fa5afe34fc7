"""The app's home shows what is somebody's own, and is changed there; it always fits in Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.platforms.slack.home import Desk, Filters, Home, Line, Own, home_view, packed, unpacked
from bot.platforms.slack.municipalities import municipalities_like
from handlers.model import Follow, FollowWhat
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import view_press
from tests.fakes.slack_program import SlackProgram
from tests.fakes.slack_views import view_problems


async def home_of(bot: SlackProgram, user: str = "U0AN") -> dict[str, Any]:
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": user, "tab": "home"}))
    return bot.slack.homes[user]


async def pressed(
    bot: SlackProgram, element: dict[str, Any], value: str, user: str = "U0AN"
) -> dict[str, Any]:
    press = view_press(bot.slack.homes[user], element, user=user, value=value)
    assert (await bot.told(bot.caller.interaction(press))).status_code == 200
    return bot.slack.homes[user]


def element(view: dict[str, Any], action: str) -> dict[str, Any]:
    """The button or list of a home that does this."""
    blocks = view["blocks"]
    elements = [
        each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    return next(each for each in elements if each.get("action_id", "").startswith(f"home:{action}"))


def test_what_is_followed_is_changed_at_home_and_tells_why_an_atrium_is_mine(bot: SlackProgram) -> None:
    async def act() -> None:
        view = await home_of(bot)
        assert "Je volgt nog niets" in shown(view)
        view = await pressed(bot, element(view, "follow-kind"), "provinciaal")
        view = await pressed(bot, element(view, "follow-kind"), "provinciaal")
        assert shown(view).count("Niet meer volgen") == 1
        assert "Je volgt alle Provinciale Atria" in shown(view)
        view = await pressed(bot, element(view, "follow-place"), "Zottegem")
        assert shown(view).count("Niet meer volgen") == 2
        stop = element(view, "unfollow")
        view = await pressed(bot, stop, stop["value"])
        assert shown(view).count("Niet meer volgen") == 1

    bot.run(act)


def test_the_agenda_is_filtered_and_goes_on(bot: SlackProgram) -> None:
    async def act() -> None:
        view = await home_of(bot)
        view = await pressed(bot, element(view, "kind"), "lokaal")
        first = shown(view)
        assert unpacked(view["private_metadata"]) == Filters(kind="lokaal")
        view = await pressed(bot, element(view, "page"), "1")
        assert unpacked(view["private_metadata"]) == Filters(kind="lokaal", page=1)
        assert shown(view) != first
        view = await pressed(bot, element(view, "province"), "Limburg")
        assert unpacked(view["private_metadata"]) == Filters(kind="lokaal", province="Limburg")

    bot.run(act)


def test_a_press_on_an_older_drawing_is_not_put_over_a_newer(bot: SlackProgram) -> None:
    async def act() -> None:
        older = await home_of(bot)
        await pressed(bot, element(older, "kind"), "lokaal")
        press = view_press(older, element(older, "kind"), user="U0AN", value="thematisch")
        assert (await bot.told(bot.caller.interaction(press))).status_code == 200
        assert unpacked(bot.slack.homes["U0AN"]["private_metadata"]) == Filters(kind="lokaal")

    bot.run(act)


def test_a_home_shows_what_its_owner_may_read_and_no_more(bot: SlackProgram) -> None:
    async def act() -> None:
        for user, sees in (("U0PIET", True), ("U0AN", False)):
            view = await home_of(bot, user)
            view = await pressed(bot, element(view, "kind"), "mandatarissen", user)
            assert ("2027" in shown(view)) is sees

    bot.run(act)


def test_only_moderators_see_what_moderators_have_to_do(bot: SlackProgram) -> None:
    async def act() -> None:
        assert "Kondig een atrium aan" in shown(await home_of(bot, "U0MO"))
        assert "Kondig een atrium aan" not in shown(await home_of(bot, "U0AN"))

    bot.run(act)


def test_the_fullest_home_fits() -> None:
    long = "Beveren-Kruibeke-Zwijndrecht en <omstreken> & co " * 20
    line = Line(brief=long, url="https://atria.example.org/atria/x", why=long)
    own = tuple(Own(key="1", text=long) for _ in range(50))
    follows = [(Follow(what=FollowWhat.THEME, value=f"thema {n}"), long) for n in range(50)]
    view = home_view(
        Home(
            mine=[line] * 50,
            follows=follows,
            agenda=[line] * 50,
            more=True,
            filters=Filters(kind="lokaal", province="Limburg", theme="water", page=3),
            provinces=["Limburg"],
            themes=[f"thema {n}" for n in range(300)],
            agenda_url="https://atria.example.org/",
            municipality="Zottegem",
            desk=Desk(drafts=own, announced=own, planned=(long,) * 50, questions=(long,) * 50),
            notice=long,
        )
    )
    assert view_problems(view) == []


@pytest.mark.parametrize(
    "told", [None, "", "null", "5", "[]", "{", '{"page": -1}', '{"page": "x", "kind": 3}']
)
def test_metadata_of_no_sense_filters_nothing(told: str | None) -> None:
    assert unpacked(told) == Filters()


def test_filters_are_kept_with_the_view() -> None:
    filters = Filters(kind="lokaal", theme="water", page=2)
    assert unpacked(packed(filters)) == filters


@pytest.mark.parametrize(
    ("typed", "municipality"),
    [
        ("zott", "Zottegem"),
        ("Velzeke", "Zottegem"),
        ("Galmaarden", "Pajottegem"),
        ("9620", "Zottegem"),
        ("Mechlen", "Mechelen"),
        ("sint niklaas", "Sint-Niklaas"),
        ("brussel", "Brussel"),
        ("waregen", "Waregem"),
    ],
)
def test_a_municipality_is_found_by_what_people_type(typed: str, municipality: str) -> None:
    assert municipality in [each.municipality for each in municipalities_like(typed)]


def test_nothing_is_found_for_nothing() -> None:
    assert municipalities_like("  ") == []
    assert municipalities_like("qqqqqq") == []
