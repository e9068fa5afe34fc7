"""Slack's rules for the app's home and for forms, checked by hand and by Slack's own SDK.

The source is Slack's reference on views and Block Kit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = Mapping[str, Any]

_MOST = {"header": 150, "label": 2000, "hint": 2000, "placeholder": 150}


def view_problems(view: Json) -> list[str]:
    """What Slack would not take of this view."""
    found: list[str] = []
    blocks = view.get("blocks") or []
    if view.get("type") not in ("home", "modal"):
        found.append(f"is a {view.get('type')}")
    if not 1 <= len(blocks) <= 100:
        found.append(f"{len(blocks)} blocks")
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata is too long")
    found += _modal_problems(view) if view.get("type") == "modal" else []
    named = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {each} {times} times" for each, times in named.items() if times > 1]
    for number, block in enumerate(blocks):
        found += [f"block {number}: {each}" for each in _problems(block)]
    return found


def _modal_problems(view: Json) -> Iterator[str]:
    for name in ("title", "submit", "close"):
        text = view.get(name)
        if text is None and name != "title":
            continue
        if not text or text.get("type") != "plain_text" or not 1 <= len(text.get("text", "")) <= 24:
            yield f"{name} {text}"
    has_input = any(block.get("type") == "input" for block in view.get("blocks") or ())
    if has_input and "submit" not in view:
        yield "a form with inputs needs submit"
    if len(view.get("callback_id", "")) > 255:
        yield "callback_id is too long"


def _problems(block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind not in {"actions", "context", "divider", "header", "input", "section"}:
        yield f"is a {kind}"
        return
    for name, text in _texts(block):
        most = _MOST.get(name, 3000)
        if not text.strip() or len(text) > most:
            yield f"{name} has {len(text)} characters"
    for element in _elements(block):
        yield from _element_problems(element)
    parsed = Block.parse(dict(block))
    if parsed is None:
        yield "Slack's SDK does not know it"
        return
    try:
        parsed.validate_json()
    except SlackObjectFormationError as fault:
        yield str(fault)


def _elements(block: Json) -> Iterator[Json]:
    yield from (each for each in block.get("elements") or () if "action_id" in each)
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]


def _element_problems(element: Json) -> Iterator[str]:
    if not 1 <= len(element.get("action_id", "")) <= 255:
        yield "action_id must have 1 to 255 characters"
    options = element.get("options")
    if element.get("type") in ("static_select", "multi_static_select") and not 1 <= len(options or ()) <= 100:
        yield f"{len(options or ())} options"
    for option in options or ():
        if not 1 <= len(option["text"]["text"]) <= 75 or not 1 <= len(option["value"]) <= 150:
            yield f"option {option}"
    if element.get("initial_option") is not None and options and element["initial_option"] not in options:
        yield "initial_option is none of the options"
    if element.get("type") == "button" and len(element.get("value", "")) > 2000:
        yield "value is too long"
    most = min(element.get("max_length", 3000), 3000)
    if element.get("type") == "plain_text_input" and len(element.get("initial_value", "")) > most:
        yield "initial_value is too long"


def _texts(node: object, name: str = "text") -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        if node.get("type") in ("plain_text", "mrkdwn"):
            yield name, str(node.get("text", ""))
            return
        for key, value in node.items():
            yield from _texts(value, "header" if node.get("type") == "header" else str(key))
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each, name)
