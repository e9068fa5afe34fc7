"""A moderator who fills in the forms of the bot in Slack."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack_caller import submission
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


def home_button(bot: SlackProgram, user: str, action: str) -> dict[str, Any]:
    """The first button of somebody's home that does this."""
    blocks = bot.slack.homes[user]["blocks"]
    elements = [
        each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})
    ]
    return next(each for each in elements if each.get("action_id", "").startswith(f"home:{action}"))


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
