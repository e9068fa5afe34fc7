"""Slack's rules for what a message may hold, checked strictly: ours by hand, and then Slack's own SDK's.

The source is Slack's Block Kit reference; what the bot never uses is a problem too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = Mapping[str, Any]

_KEYS = {
    "section": {"type", "text", "fields", "block_id"},
    "context": {"type", "elements", "block_id"},
    "actions": {"type", "elements", "block_id"},
    "divider": {"type", "block_id"},
}
_BUTTON = {"type", "action_id", "text", "value", "url", "style", "accessibility_label"}

#: Refused by Slack with `msg_blocks_too_long`: measured by others between 9 600 and 11 300.
ALTOGETHER = 9600


def length(text: str) -> int:
    """As Slack counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(message: Json) -> list[str]:
    """What Slack would not take of this message, or would show otherwise than meant."""
    blocks = message.get("blocks") or []
    found = [*_text_problems(message.get("text"), 4000, "text")]
    if len(blocks) > 50:
        found.append(f"{len(blocks)} blocks")
    for number, block in enumerate(blocks):
        found += [f"block {number}: {each}" for each in _block_problems(block)]
    ids = Counter(element["action_id"] for element in _elements(blocks, "actions"))
    found += [f"action_id {each} {times} times" for each, times in ids.items() if times > 1]
    named = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {each} {times} times" for each, times in named.items() if times > 1]
    altogether = sum(length(each) for each in texts(blocks))
    if altogether > ALTOGETHER:
        found.append(f"{altogether} characters in the blocks together")
    return found


def texts(node: object) -> Iterator[str]:
    """Every text in these blocks, in order."""
    if isinstance(node, Mapping):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)


def shown(message: Json) -> str:
    """What people read in the blocks, one text a line."""
    return "\n".join(texts(message.get("blocks") or []))


def buttons(message: Json) -> list[Json]:
    """The buttons of a message, in order."""
    return list(_elements(message.get("blocks") or [], "actions"))


def _elements(blocks: list[Json], kind: str) -> Iterator[Json]:
    for block in blocks:
        if block.get("type") == kind:
            yield from block.get("elements") or ()


def _block_problems(block: Json) -> Iterator[str]:
    kind = str(block.get("type"))
    if kind not in _KEYS:
        yield f"is a {kind}"
        return
    yield from (f"{kind} has {key}" for key in block.keys() - _KEYS[kind])
    if kind == "section":
        yield from _section_problems(block)
    elif kind == "context":
        yield from _many_problems(block.get("elements"), 10, "elements")
        for element in block.get("elements") or ():
            yield from _text_object_problems(element, 3000)
    elif kind == "actions":
        yield from _many_problems(block.get("elements"), 25, "elements")
        for element in block.get("elements") or ():
            yield from _button_problems(element)
    yield from _sdk_problems(block)


def _section_problems(block: Json) -> Iterator[str]:
    if ("text" in block) == ("fields" in block):
        yield "a section has either a text or fields here"
    if "text" in block:
        yield from _text_object_problems(block["text"], 3000)
    if "fields" in block:
        yield from _many_problems(block["fields"], 10, "fields")
        for each in block["fields"]:
            yield from _text_object_problems(each, 2000)


def _button_problems(element: Json) -> Iterator[str]:
    if element.get("type") != "button":
        yield f"an element is a {element.get('type')}"
    yield from (f"a button has {key}" for key in element.keys() - _BUTTON)
    if not 1 <= length(str(element.get("action_id", ""))) <= 255:
        yield "action_id must have 1 to 255 characters"
    if element.get("text", {}).get("type") != "plain_text":
        yield "a button's text is plain"
    yield from _text_object_problems(element.get("text", {}), 75)
    if ("value" in element) == ("url" in element):
        yield "a button either says something or opens something"
    if "value" in element:
        yield from _text_problems(element["value"], 2000, "value")
    if "url" in element and not (
        length(element["url"]) <= 3000 and re.fullmatch(r"https?://[^\s/]\S*", element["url"])
    ):
        yield f"url {element['url'][:80]!r}"
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield f"style {element['style']}"
    if length(element.get("accessibility_label", "")) > 75:
        yield "accessibility_label is too long"


def _text_object_problems(text: Json, most: int) -> Iterator[str]:
    kind = text.get("type")
    if kind not in {"mrkdwn", "plain_text"}:
        yield f"a text is {kind}"
    if text.keys() - {"type", "text", "verbatim" if kind == "mrkdwn" else "emoji"}:
        yield f"a {kind} has {sorted(text)}"
    yield from _text_problems(text.get("text"), most, str(kind))
    if kind == "mrkdwn":
        if text.get("verbatim") is not True:
            yield "a mrkdwn text is not verbatim"
        yield from _markup_problems(str(text.get("text", "")))


def _markup_problems(text: str) -> Iterator[str]:
    """Only links to the web may stand between angle brackets, and only Slack's three escapes after an `&`."""
    for link in re.findall(r"<[^>]*>?", text):
        if not re.fullmatch(r"<https?://[^|<>\s]+\|[^|<>\n]*>", link):
            yield f"markup {link[:80]!r}"
    if re.search(r"&(?!amp;|lt;|gt;)", text):
        yield "an & is not escaped"
    if ">" in re.sub(r"<[^>]*>", "", text):
        yield "a > is not escaped"


def _text_problems(text: object, most: int, name: str) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"{name} is empty"
    elif length(text) > most:
        yield f"{name} has {length(text)} characters, {most} at the most"


def _many_problems(elements: object, most: int, name: str) -> Iterator[str]:
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield f"{name}: 1 to {most}"


def _sdk_problems(block: Json) -> Iterator[str]:
    parsed = Block.parse(dict(block))
    if parsed is None:
        yield "Slack's SDK does not know it"
        return
    try:
        parsed.validate_json()
    except SlackObjectFormationError as fault:
        yield str(fault)
