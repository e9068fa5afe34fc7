"""A moderator who fills in the forms of the bot in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.moderation.fields import FIELDS, Sort, Values, place_of
from tests.fakes.slack_caller import submission, view_press
from tests.fakes.slack_program import SlackProgram
from tests.fakes.slack_views import view_problems


def option(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"text": {"type": "plain_text"}, "value": value}}


def typed(value: str) -> dict[str, Any]:
    return {"type": "plain_text_input", "value": value}


FILLED_IN = {
    "kind": option("thematisch"),
    "theme": typed("ontharding"),
    "description": typed("Hoe krijg je *steen* weg?"),
    "date-1": {"type": "datepicker", "selected_date": "2027-03-18"},
    "begins-1": {"type": "timepicker", "selected_time": "13:30"},
    "ends-1": {"type": "timepicker", "selected_time": "16:00"},
    "municipality-1": option("Mechelen"),
    "venue-1": typed("Stadhuis"),
    "registration_url-1": typed("https://inschrijven.example.org/ontharding"),
    "registration_until-1": {"type": "datepicker", "selected_date": "2027-03-17"},
    "communities": {
        "type": "multi_static_select",
        "selected_options": [{"text": {"type": "plain_text"}, "value": "algemeen"}],
    },
}


def several(values: Sequence[str]) -> dict[str, Any]:
    chosen = [{"text": {"type": "plain_text"}, "value": value} for value in values]
    return {"type": "multi_static_select", "selected_options": chosen}


def filled_in(values: Values) -> dict[str, Any]:
    """The values of a form as the states of its fields in Slack."""
    return {name: _state(name, value) for name, value in values.items()}


def _state(name: str, value: str | Sequence[str]) -> dict[str, Any]:
    place = place_of(name)
    match FIELDS[place[0] if place else name].sort:
        case Sort.CHOICES:
            return several(value)
        case Sort.CHOICE | Sort.MUNICIPALITY:
            return option(str(value))
        case Sort.DATE:
            return {"type": "datepicker", "selected_date": value}
        case Sort.TIME:
            return {"type": "timepicker", "selected_time": value}
        case _:
            return typed(str(value))


def as_shown(view: dict[str, Any]) -> dict[str, Any]:
    """The states of the fields of a form in which nothing was changed."""
    return {
        block["block_id"]: _initial(block["element"])
        for block in view["blocks"]
        if block["type"] == "input" and any(key.startswith("initial") for key in block["element"])
    }


def _initial(element: dict[str, Any]) -> dict[str, Any]:
    names = {
        "initial_value": "value",
        "initial_date": "selected_date",
        "initial_time": "selected_time",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
    }
    state = {state: element[initial] for initial, state in names.items() if initial in element}
    return {"type": element["type"], **state}


def form_button(view: dict[str, Any], action: str) -> dict[str, Any]:
    """The button of a form that does this."""
    elements = [each for block in view["blocks"] for each in block.get("elements", ())]
    return next(each for each in elements if each.get("action_id") == action)


async def pressed(
    bot: SlackProgram, view: dict[str, Any], action: str, values: dict[str, Any], user: str
) -> dict[str, Any]:
    """The form after a button of it was pressed, with what was filled in so far."""
    state = {"values": {name: {"form:field": value} for name, value in values.items()}}
    press = view_press({**view, "state": state}, form_button(view, action), user=user)
    assert (await bot.told(bot.caller.interaction(press))).status_code == 200
    return bot.slack.views[view["id"]]


def home_button(bot: SlackProgram, user: str, action: str, value: str | None = None) -> dict[str, Any]:
    """The first button of somebody's home that does this, or does it to what has this key."""
    blocks = bot.slack.homes[user]["blocks"]
    elements = [
        each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    found = (each for each in elements if each.get("action_id", "").startswith(f"home:{action}"))
    return next(each for each in found if value in (None, each.get("value")))


async def opened(bot: SlackProgram, payload: dict[str, Any]) -> dict[str, Any]:
    """The form that an interaction opens."""
    bot.slack.triggers.add(payload["trigger_id"])
    before = set(bot.slack.views)
    assert (await bot.told(bot.caller.interaction(payload))).status_code == 200
    (view,) = [view for key, view in bot.slack.views.items() if key not in before]
    return view


async def handed_in(
    bot: SlackProgram, view: dict[str, Any], values: dict[str, Any], user: str
) -> dict[str, Any]:
    """What Slack is to show after a form was handed in."""
    answer = await bot.told(bot.caller.interaction(submission(view, values, user=user)))
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    if "view" in told:
        assert view_problems(told["view"]) == []
        return {**view, **told["view"]}
    return told
