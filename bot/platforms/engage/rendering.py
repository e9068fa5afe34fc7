"""A reply as Viva Engage shows it: plain text, without any markup, that reads well there and in its mails.

Choices are numbered instead of pressed; each address ends its line, so that it can be touched and
unfolds. Dates are absolute already. What the bot says unasked ends in a short reference, by which the
bot finds it again when it cannot know whether it arrived.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from handlers.reply import Fact, Reply
from handlers.wording.catalogue import say

#: Characters of one post. Viva Engage documents no limit; it takes some ten thousand, and folds what
#: is longer than a screen behind "meer". This is a long digest, and far from any limit that was ever seen.
MAX_LENGTH = 6_000

#: Characters of a title.
MAX_TITLE = 150

#: Signs that nobody mistakes for one another when reading aloud.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_REFERENCE = re.compile(r"\bref\. ([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})\s*$")

_HOW_TO_CHOOSE = "engage.kies nummer"
_CUT = "[…]"


class References:
    """Short references of posts, which nobody can derive without the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, dedupe_key: str) -> str:
        """The reference of a post, such as "K7Q2-9FXD": 40 bits of a keyed hash of its dedupe key."""
        digest = hmac.new(self._key, f"engage:{dedupe_key}".encode(), hashlib.sha256).digest()
        number = int.from_bytes(digest[:5])
        signs = "".join(_SIGNS[number >> (5 * place) & 31] for place in range(8))
        return f"{signs[:4]}-{signs[4:]}"


def reference_in(text: str) -> str | None:
    """The reference at the end of a post."""
    found = _REFERENCE.search(text)
    return found[1] if found else None


def body_of(reply: Reply, reference: str | None = None) -> str:
    """The text of a post, at most `MAX_LENGTH` characters with its reference."""
    lines = [reply.headline, *reply.paragraphs, *(line for fact in reply.facts for line in _fact(fact))]
    if reply.listed:
        lines += [f"- {card.brief}" for card in reply.cards]
    lines += [f"{link.label}: {link.url}" for link in reply.links]
    if reply.choices:
        lines += [f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1)]
        lines.append(say(_HOW_TO_CHOOSE))
    lines += [*reply.notes, *([reply.source] if reply.source else [])]
    tail = f"\nref. {reference}" if reference else ""
    return _cut("\n".join(lines), MAX_LENGTH - len(tail)) + tail


def title_of(reply: Reply) -> str | None:
    """The title of a post about one atrium; None where there is not one subject."""
    titles = {card.title for card in reply.cards}
    return _cut(titles.pop(), MAX_TITLE) if len(titles) == 1 else None


def _fact(fact: Fact) -> tuple[str, ...]:
    shown = f"{fact.label}: {fact.text}"
    return (shown, fact.url) if fact.url and fact.url != fact.text else (shown,)


def _cut(text: str, most: int) -> str:
    """The text, or as many whole lines (else words) of it as fit."""
    if len(text) <= most:
        return text
    kept = text[: most - len(_CUT) - 1]
    head = kept.rpartition("\n")[0] or kept.rpartition(" ")[0] or kept
    return f"{head}\n{_CUT}" if "\n" in kept else f"{head} {_CUT}"
