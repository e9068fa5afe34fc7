"""The pieces that the app's home and the forms are made of, within Slack's limits.

https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.platforms.slack import mrkdwn
from bot.platforms.slack.buttons import Block
from bot.platforms.slack.lengths import BUTTON, SECTION, shortened

#: Characters of a header, a label, an option, and options in one list.
HEADER, LABEL, OPTION, OPTIONS = 150, 2000, 75, 100
#: Characters of the title and the buttons of a form, and blocks of a form or the home.
TITLE, BLOCKS = 24, 100

#: Characters of what Slack asks before a button counts: its title, its text, each of its buttons.
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30

PlainText = dict[str, object]


def plain(text: str, most: int) -> PlainText:
    return {"type": "plain_text", "text": shortened(text, most) or "-", "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph in Slack's markup, cut where it is too long."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut(text), "verbatim": True}}
    if block_id is not None:
        block["block_id"] = block_id
    return block | {"accessory": accessory} if accessory is not None else block


def small(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text), "verbatim": True}]}


def divider() -> Block:
    return {"type": "divider"}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | {"block_id": block_id} if block_id is not None else block


def button(action_id: str, label: str, value: str = "-", *, style: str | None = None) -> Block:
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, BUTTON),
        "value": value,
    }
    return made | {"style": style} if style is not None else made


def option(label: str, value: str) -> Block:
    return {"text": plain(label, OPTION), "value": value}


def asking_first(made: Block, title: str, text: str, sure: str, not_sure: str) -> Block:
    """A button that Slack asks about before it counts."""
    return made | {
        "confirm": {
            "title": plain(title, CONFIRM_TITLE),
            "text": plain(text, CONFIRM_TEXT),
            "confirm": plain(sure, CONFIRM_BUTTON),
            "deny": plain(not_sure, CONFIRM_BUTTON),
            "style": "danger",
        }
    }


def choice(action_id: str, placeholder: str, options: Sequence[Block], chosen: str | None = None) -> Block:
    """A list to choose one of; `chosen` is the value that is so now."""
    made: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, HEADER),
        "options": list(options)[:OPTIONS],
    }
    initial = next((each for each in options[:OPTIONS] if each["value"] == chosen), None)
    return made | {"initial_option": initial} if initial is not None else made


def search(action_id: str, placeholder: str, chosen: Block | None = None) -> Block:
    """A field that looks for what is typed; what it finds is asked of the bot."""
    made: Block = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, HEADER),
        "min_query_length": 2,
    }
    return made | {"initial_option": chosen} if chosen is not None else made


def literal(text: str) -> str:
    """What somebody wrote, as it was written."""
    return mrkdwn.literal(text)


def cut(text: str) -> str:
    return text if len(text) <= SECTION else f"{text[: SECTION - 2]} …"
