"""doctor --slack names what is amiss in the workspace, and its mend."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from bot.commands.doctor import Finding
from bot.commands.doctor_slack import SlackExamination
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.scopes import SCOPES
from bot.platforms.slack.signatures import Signatures
from bot.settings import Settings
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_api import BOT_USER, TOKEN
from tests.fakes.slack_caller import SECRET
from tests.fakes.slack_program import CHANNEL, COMMUNITIES
from tests.fakes.slack_workspace import APP_TOKEN, Workspace


@pytest.fixture
def clock() -> SteeredClock:
    """The fake tells the machine's own time in its answers, so here the bot goes by it too."""
    return SteeredClock(dt.datetime.now(dt.UTC))  # noqa: TID251  # compared with the machine's own clock


def examined(
    slack: Workspace, clock: SteeredClock, *, noted: str | None = None, **different: Any
) -> dict[str, Finding]:
    told = {"bot_token": TOKEN, "signing_secret": SECRET, "api_url": f"{slack.url}api/", **different}
    settings = Settings.model_validate(
        {
            "slack": {name: value for name, value in told.items() if value is not None},
            "communities": COMMUNITIES,
            "web": {"public_url": "https://atria.example.org"},
        }
    )

    async def act() -> dict[str, Finding]:
        examination = SlackExamination(settings, clock.now, noted)
        return {each.subject: each async for each in examination.findings()}

    return asyncio.run(act())


def test_a_workspace_in_order_has_no_findings_to_mend(workspace: Workspace, clock: SteeredClock) -> None:
    found = examined(workspace, clock)
    assert {subject for subject, each in found.items() if each.well is False} == set()
    assert {"slack token", "slack scopes", "slack clock", "slack way in", "slack algemeen"} <= set(found)


def test_the_way_in_is_claimed_only_by_what_the_running_bot_saw(
    workspace: Workspace, clock: SteeredClock
) -> None:
    signatures = Signatures(clock.now)
    unknown = examined(workspace, clock)["slack way in"]
    assert (unknown.well, "Retry" in unknown.mend) == (None, True)
    signatures.wrong()
    wrong = examined(workspace, clock, noted=signatures.note_due())["slack way in"]
    assert (wrong.well, "[slack] signing_secret" in wrong.mend) == (False, True)
    assert "1 request was refused for a wrong signature" in wrong.found
    clock.forward(minutes=1)
    signatures.right()
    assert examined(workspace, clock, noted=signatures.note_due())["slack way in"].well


def test_a_scope_that_was_not_granted_is_named(workspace: Workspace, clock: SteeredClock) -> None:
    workspace.grant(*set(SCOPES) - {"im:write", "groups:read"})
    scopes = examined(workspace, clock)["slack scopes"]
    assert (scopes.well, scopes.found) == (False, "missing: groups:read, im:write")
    assert "install the app again" in scopes.mend


def test_a_token_that_slack_refuses_is_told_and_nothing_else_is_asked(
    workspace: Workspace, clock: SteeredClock
) -> None:
    found = examined(workspace, clock, bot_token="xoxb-other")  # noqa: S106  # opens nothing
    assert "invalid_auth" in found["slack token"].found
    assert set(found) == {"slack token", "slack way in"}


def test_a_workspace_that_is_away_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    found = examined(workspace, clock, api_url="http://127.0.0.1:1/api/")
    assert found["slack token"].found == "Slack cannot be asked: nothing listens at that address"


def test_no_token_at_all_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    found = examined(workspace, clock, bot_token=None)
    assert [each.found for each in found.values()] == ["[slack] bot_token is not set"]


def test_a_clock_apart_from_slacks_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    clock.forward(minutes=6)
    found = examined(workspace, clock)["slack clock"]
    assert not found.well
    assert "NTP" in found.mend


def test_a_channel_without_the_bot_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    workspace.channels[CHANNEL].members.discard(BOT_USER)
    found = examined(workspace, clock)["slack algemeen"]
    assert "/invite @atriumbot" in found.mend


def test_a_channel_that_does_not_exist_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    del workspace.channels[CHANNEL]
    assert "channel_not_found" in examined(workspace, clock)["slack algemeen"].found


def test_managers_that_slack_does_not_tell_are_told(workspace: Workspace, clock: SteeredClock) -> None:
    found = examined(workspace, clock, moderators_from="channel_managers")["slack moderators"]
    assert "Enterprise" in found.found


def test_a_user_group_that_is_not_there_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    how = {"moderators_from": "usergroup", "moderators_usergroup": "S0MOD"}
    assert not examined(workspace, clock, **how)["slack moderators"].well
    workspace.usergroups["S0MOD"] = ["U0MO"]
    assert examined(workspace, clock, **how)["slack moderators"].well


def test_an_app_token_without_its_scope_is_told(workspace: Workspace, clock: SteeredClock) -> None:
    workspace.next("apps.connections.open", "missing_scope")
    found = examined(workspace, clock, app_token=APP_TOKEN)["slack socket"]
    assert "connections:write" in found.mend


@pytest.mark.parametrize(
    ("different", "subject", "mend"),
    [
        ({"bot_token": "xapp-1-A0"}, "slack token", "OAuth & Permissions"),
        ({"bot_token": "xoxp-1"}, "slack token", "OAuth & Permissions"),
        ({"app_token": "xoxb-1"}, "slack socket", "Basic Information"),
    ],
)
def test_a_token_from_the_wrong_page_is_told_with_the_right_page(
    workspace: Workspace, clock: SteeredClock, different: dict[str, str], subject: str, mend: str
) -> None:
    found = examined(workspace, clock, **different)[subject]
    assert (found.well, mend in found.mend) == (False, True)
    assert workspace.calls == []


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_empty_secret_is_none(empty: str) -> None:
    """With an empty signing secret anybody could sign; a variable without a value is soon made."""
    with pytest.raises(ValidationError, match="needs signing_secret"):
        Settings.model_validate({"slack": {"bot_token": TOKEN, "signing_secret": empty}})
    settings = Settings.model_validate({"slack": {"bot_token": empty}})
    assert settings.slack.bot_token is None


def test_no_gate_stands_without_a_secret(clock: SteeredClock) -> None:
    with pytest.raises(ValueError, match="anybody"):
        Gate("", clock.now)


def test_an_address_at_which_something_else_answers_is_told(
    workspace: Workspace, clock: SteeredClock
) -> None:
    """The address of Slack without its last part: a page answers, and no method."""
    token = examined(workspace, clock, api_url=f"{workspace.url}elsewhere/")["slack token"]
    assert not token.well
    assert "something else than Slack" in token.found
    assert "api_url" in token.mend
