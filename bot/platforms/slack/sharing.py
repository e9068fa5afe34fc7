"""The button by which somebody has the answer that they alone got given in the channel."""

from __future__ import annotations

from bot.platforms.slack.buttons import Block
from handlers.wording.catalogue import say

#: What the action id of that button begins with; its value is the `event_id` of what was answered.
SHARE_ID = "share:"

#: Under this name the way to the channel holds where whoever shared it is told that it is there.
CONFIRM = "confirm"


def share_row(event_id: str) -> Block:
    """A row with that button."""
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"{SHARE_ID}1",
                "text": {"type": "plain_text", "text": say("slack.deel"), "emoji": False},
                "value": event_id,
            }
        ],
    }
