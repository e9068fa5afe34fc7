"""Slack's markup as plain text, the way the person who typed it sees it.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_ANGLED = re.compile(r"<([^<>]*)>")
_QUOTED = re.compile(r"^[ \t]*(?:&gt;|>)(?:&gt;&gt;)?.*$", re.MULTILINE)
_EMOJI = re.compile(r"(?<!\w):[a-z+-][\w+'-]*:(?::skin-tone-\d:)?(?!\w)")
#: Asterisks and the like count as markup only round whole words.
_MARKS = re.compile(r"(?<![\w*_~`])[*_~`]{1,3}(?=\S|$)|(?:(?<=\S)|^)[*_~`]{1,3}(?![\w*_~`])")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")
#: Signs that turn the reading direction around can make a text look like another one.
_TURNING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain_text(text: str, bot: str, names: Mapping[str, str] | None = None) -> str:
    """What somebody typed, without Slack's markup, quotes and the mention of the bot.

    Args:
        bot: Slack's id of the bot's user.
        names: names of people and channels by Slack's id, as far as they are known.
    """
    known = names or {}
    # What stood between angle brackets comes at every second place; markup inside an address is part of it.
    parts = _ANGLED.split(_QUOTED.sub("", text))
    parts[1::2] = [_shown(part, bot, known) for part in parts[1::2]]
    parts[::2] = [_MARKS.sub("", _EMOJI.sub(" ", part)) for part in parts[::2]]
    spoken = clean(_unescaped("".join(parts)))
    lines = (_SPACES.sub(" ", line).strip() for line in spoken.split("\n"))
    # "@atriumbot: wanneer ..." asks what stands after the name.
    return "\n".join(lines).lstrip(" \n,:;").rstrip()


def mentions(text: str, user: str) -> bool:
    """Whether a text mentions this user, outside of what it quotes."""
    return user in mentioned(text)


def mentioned(text: str) -> frozenset[str]:
    """Slack's ids of the people whom a text mentions, outside of what it quotes."""
    return frozenset(re.findall(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>", _QUOTED.sub("", text)))


def clean(text: str) -> str:
    """Without control characters, lone surrogates and signs that turn the reading direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if _is_plain(sign))


def _is_plain(sign: str) -> bool:
    if sign in "\n\t":
        return True
    return sign not in _TURNING and unicodedata.category(sign) not in {"Cc", "Cs"}


def _shown(inside: str, bot: str, names: Mapping[str, str]) -> str:
    """What stands between angle brackets, as Slack shows it."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        if target[1:] == bot:
            return " "
        return f"@{(label or names.get(target[1:], 'iemand')).lstrip('@')}"
    if target.startswith("#"):
        return f"#{label or names.get(target[1:], 'kanaal')}"
    if target.startswith("!"):
        return label or target[1:].partition("^")[0]
    return _link(target, label)


def _link(target: str, label: str) -> str:
    """A link that somebody typed is its address; one behind other words keeps both."""
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == target or label in address:
        return address
    return f"{label} {address}"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
