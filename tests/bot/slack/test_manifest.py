"""The manifest asks for what the code uses, and for nothing besides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from bot.platforms.slack import inbound, surfaces
from bot.platforms.slack.http import PATH
from bot.platforms.slack.scopes import EVENTS, METHODS, SCOPES, USERGROUP_SCOPE

ROOT = Path(__file__).parents[3]
MANIFEST = ROOT / "docs" / "slack" / "manifest.yaml"
CODE = [
    *(ROOT / "bot" / "platforms" / "slack").glob("*.py"),
    ROOT / "bot" / "commands" / "doctor_slack.py",
]
#: How the SDK calls a method, and how its name stands in a text.
CALLED = re.compile(r"self\._?web\.([a-z]+(?:_[a-zA-Z]+)+)\(")
NAMED = re.compile(r'self\._calls\.(?:ask|post)\(\s*"([a-zA-Z.]+)"|method(?:: str)? = "([a-zA-Z.]+)"')


def manifest() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return read


def called() -> set[str]:
    """The methods of Slack that the code calls."""
    known = {name.replace(".", "_").lower(): name for name in METHODS}
    found = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        names = {name.lower() for name in CALLED.findall(text)} - {"api_call"}
        found |= {known.get(name, name) for name in names}
        found |= {one or other for one, other in NAMED.findall(text)}
        found |= {name for name in METHODS if f'"{name}"' in text and path.name != "scopes.py"}
    # Opened by the SDK's own socket client.
    return found | {"apps.connections.open"}


def test_every_method_that_is_called_is_accounted_for() -> None:
    assert called() == set(METHODS)


def test_every_scope_is_used_and_every_use_has_its_scope() -> None:
    used = frozenset().union(*METHODS.values(), *EVENTS.values())
    # What is answered to a command or a form takes no call, and a scope all the same.
    assert used - {USERGROUP_SCOPE} | {"commands"} == set(SCOPES)


def test_the_manifest_asks_for_these_scopes_and_says_why() -> None:
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    text = MANIFEST.read_text(encoding="utf-8")
    for scope, reason in SCOPES.items():
        assert re.search(rf"- {re.escape(scope)} # {re.escape(reason)}", text), scope


def test_the_manifest_subscribes_to_these_events() -> None:
    assert set(manifest()["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)


def test_the_manifest_names_what_the_code_answers_to() -> None:
    features = manifest()["features"]
    assert {each["callback_id"] for each in features["shortcuts"]} == {
        inbound.ASK,
        surfaces.ANNOUNCE_SHORTCUT,
    }
    (command,) = features["slash_commands"]
    assert command["command"] == "/atrium"
    addresses = re.findall(r"https://\S+", MANIFEST.read_text(encoding="utf-8"))
    assert {each.removeprefix("https://atrium.example.org") for each in addresses} == {PATH}


def test_texts_fit_slacks_limits() -> None:
    """https://docs.slack.dev/reference/app-manifest"""
    told = manifest()
    assert len(told["display_information"]["name"]) <= 35
    assert len(told["display_information"]["description"]) <= 140
    assert 174 <= len(told["display_information"]["long_description"]) <= 4000
    for each in told["features"]["shortcuts"]:
        assert len(each["name"]) <= 24
        assert len(each["description"]) <= 150
