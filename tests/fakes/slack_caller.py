"""Slack as it calls the bot: signed requests with the payloads that its documentation shows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack_api import BOT_USER
from tests.fakes.slack_workspace import TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  # of Slack's own example
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

_numbers = itertools.count(1)

Request = tuple[bytes, dict[str, str]]


class Caller:
    """Makes requests, signed at the moment that `timestamp` gives, in seconds since 1970."""

    def __init__(self, timestamp: Callable[[], float], secret: str = SECRET) -> None:
        self._timestamp = timestamp
        self._verifier = SignatureVerifier(secret)

    def signed(self, body: str | bytes, content_type: str = JSON, **headers: str) -> Request:
        stamp = str(int(self._timestamp()))
        raw = body.encode() if isinstance(body, str) else body
        return raw, {
            "content-type": content_type,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": self._verifier.generate_signature(timestamp=stamp, body=raw) or "",
            **headers,
        }

    def event(self, event: dict[str, Any], **headers: str) -> Request:
        return self.signed(json.dumps(event_body(event)), **headers)

    def command(self, text: str, **more: str) -> Request:
        return self.signed(urlencode(command_body(text, **more)), FORM)

    def interaction(self, payload: dict[str, Any]) -> Request:
        return self.signed(urlencode({"payload": json.dumps(payload)}), FORM)


def event_body(event: dict[str, Any], team: str = TEAM) -> dict[str, Any]:
    return {
        "token": "one-long-verification-token",
        "team_id": team,
        "api_app_id": "A0ATRIUM",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{next(_numbers):08d}",
        "event_time": 1_700_000_000,
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": BOT_USER, "is_bot": True}],
    }


def message(text: str, *, ts: str, channel: str, user: str | None = "U0AN", **more: Any) -> dict[str, Any]:
    private = channel.startswith("D")
    event = {
        "type": "message",
        "channel": channel,
        "channel_type": "im" if private else "channel",
        "user": user,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "team": TEAM,
        "client_msg_id": f"00000000-0000-0000-0000-{next(_numbers):012d}",
        **more,
    }
    return {name: value for name, value in event.items() if value is not None}


def edited(event: dict[str, Any], text: str, at: str) -> dict[str, Any]:
    """The event of a message that its author worded anew."""
    kept = {
        name: event[name]
        for name in ("type", "user", "ts", "text", "client_msg_id", "thread_ts")
        if name in event
    }
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": event["channel"],
        "channel_type": event["channel_type"],
        "ts": at,
        "message": kept | {"text": text, "edited": {"user": event["user"], "ts": at}},
        "previous_message": kept,
    }


def command_body(
    text: str, *, user: str = "U0AN", channel: str = "C0ALGEMEEN", **more: str
) -> dict[str, str]:
    number = next(_numbers)
    return {
        "token": "one-long-verification-token",
        "team_id": TEAM,
        "team_domain": "atrium",
        "channel_id": channel,
        "channel_name": "algemeen",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/atrium",
        "text": text,
        "api_app_id": "A0ATRIUM",
        "response_url": f"https://hooks.slack.com/commands/{TEAM}/{number}/x",
        "trigger_id": f"13345224609.{number}",
        **more,
    }


def press(
    message: dict[str, Any],
    button: dict[str, Any],
    *,
    channel: str,
    user: str = "U0AN",
    response_url: str = "https://hooks.slack.com/actions/x",
    ephemeral: bool = False,
) -> dict[str, Any]:
    """Somebody presses a button below a message."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel,
        "is_ephemeral": ephemeral,
    }
    payload = _interaction("block_actions", user) | {
        "container": container,
        "channel": {"id": channel, "name": "algemeen"},
        "response_url": response_url,
        "actions": [_action(button)],
    }
    if not ephemeral:
        payload["message"] = {
            name: message[name]
            for name in ("type", "user", "ts", "text", "thread_ts", "bot_id")
            if name in message
        }
    return payload


def view_press(
    view: dict[str, Any], element: dict[str, Any], *, user: str, value: str | None = None
) -> dict[str, Any]:
    """Somebody presses a button, or chooses from a list, in the home or in a form."""
    return _interaction("block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [_action(element, value)],
    }


def submission(view: dict[str, Any], values: dict[str, Any], *, user: str) -> dict[str, Any]:
    """Somebody hands in a form; `values` are the states of its fields by block."""
    state = {"values": {name: {"form:field": value} for name, value in values.items()}}
    return _interaction("view_submission", user) | {"view": {**view, "state": state}}


def shortcut(callback: str, *, user: str = "U0AN") -> dict[str, Any]:
    return _interaction("shortcut", user) | {"callback_id": callback, "action_ts": "1700000000.000001"}


def message_shortcut(message: dict[str, Any], *, channel: str, user: str = "U0AN") -> dict[str, Any]:
    return _interaction("message_action", user) | {
        "callback_id": "vraag_de_atriumbot",
        "message_ts": message["ts"],
        "message": message,
        "channel": {"id": channel, "name": "algemeen"},
        "response_url": "https://hooks.slack.com/app/x",
        "action_ts": "1700000000.000001",
    }


def search(typed: str, *, user: str = "U0AN") -> dict[str, Any]:
    return _interaction("block_suggestion", user) | {
        "action_id": "form:field",
        "block_id": "municipality-1",
        "value": typed,
    }


def _interaction(kind: str, user: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "atrium"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A0ATRIUM",
        "token": "one-long-verification-token",
        "trigger_id": f"12321423423.{next(_numbers)}",
    }


def _action(element: dict[str, Any], value: str | None = None) -> dict[str, Any]:
    action = {
        "type": element.get("type", "button"),
        "action_id": element["action_id"],
        "block_id": "b1",
        "action_ts": "1700000000.000002",
    }
    if "select" in action["type"]:
        return action | {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}
    return action | {"value": value if value is not None else element.get("value")}
