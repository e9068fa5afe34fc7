"""Whatever a signed body holds, it is taken for what it is or refused: nothing of it breaks the bot."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.slack.app import bolt_request
from bot.platforms.slack.gate import RefusedError
from bot.platforms.slack.hearing import Workplace, heard, pressed, shared, shortcut
from bot.platforms.slack.payloads import (
    EventBody,
    Interaction,
    UnfitError,
    checked,
    event_type,
    message_event,
    moment,
)
from tests.fakes.network import brussels
from tests.fakes.slack_caller import event_body, message, message_shortcut, press

HERE = Workplace(team="T0ATRIUM", user="U0ATRIUMBOT", communities={"C0ALGEMEEN": "algemeen"})
NOW = brussels("2026-11-23 10:00")

SAMPLES: list[dict[str, Any]] = [
    event_body(message("<@U0ATRIUMBOT> hallo", ts="1795424400.000001", channel="C0ALGEMEEN")),
    press({"ts": "1795424400.000001"}, {"action_id": "says:1", "value": "x"}, channel="C0ALGEMEEN"),
    message_shortcut({"ts": "1795424400.000001", "text": "hallo", "user": "U0AN"}, channel="C0ALGEMEEN"),
]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A payload of Slack's in which one field, at any depth, is something else."""
    payload = draw(st.sampled_from(SAMPLES))
    copy: dict[str, Any] = _copied(payload)
    node: Any = copy
    while True:
        key = draw(st.sampled_from(sorted(node)))
        if isinstance(node[key], dict) and node[key] and draw(st.booleans()):
            node = node[key]
            continue
        node[key] = draw(VALUES)
        return copy


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


@given(spoiled())
@settings(max_examples=300)
def test_a_payload_with_any_other_field_is_taken_or_refused(payload: dict[str, Any]) -> None:
    try:
        received = checked(payload)
        bolt_request(received)
    except (UnfitError, RefusedError):
        return
    told = received.payload
    if isinstance(told, EventBody) and event_type(told) in ("message", "app_mention"):
        heard(message_event(told), HERE)
    elif isinstance(told, Interaction):
        shortcut(told, HERE, NOW)
        for action in told.actions or ():
            pressed(told, action, HERE, NOW)
            shared(told, action, HERE, NOW)


@given(VALUES)
def test_any_value_is_taken_or_refused(value: Any) -> None:
    if value == {} or not isinstance(value, dict):
        with pytest.raises(UnfitError, match=r"^.{1,300}$"):
            checked(value)
        return
    with contextlib.suppress(UnfitError):
        checked(value)


@pytest.mark.parametrize(
    ("ts", "microsecond"), [("1795424400.000001", 1), ("1795424400.5", 500_000), ("0.000000", 0)]
)
def test_a_moment_of_slack_is_exact(ts: str, microsecond: int) -> None:
    assert moment(ts).microsecond == microsecond
    assert moment(ts).utcoffset() is not None
