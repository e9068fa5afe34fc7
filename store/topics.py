"""What an atrium is about, in a form that can be looked up whatever accents and capitals were typed."""

from __future__ import annotations

import re
import unicodedata

from handlers.model import Kind

#: These kinds are named by their title as much as by their theme.
NAMED_BY_TITLE = frozenset({Kind.THEMATISCH, Kind.OP_MAAT})

_NOT_WORDS = re.compile(r"[^0-9a-z]+")

# fmt: off
_LITTLE_WORDS = frozenset({
    "aan", "atria", "atrium", "bij", "de", "den", "der", "door", "een", "en", "het", "in", "met", "naar",
    "of", "om", "op", "over", "rond", "te", "tot", "tussen", "uit", "van", "voor",
})
# fmt: on


def folded(text: str) -> str:
    """The text in small letters without accents, its words one space apart ("Één" -> "een")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORDS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()


def topic_of(kind: Kind, theme: str | None, title: str) -> str:
    """The key by which an atrium is found on its theme; empty when nothing says what it is about."""
    if theme:
        return folded(theme)
    return folded(title) if kind in NAMED_BY_TITLE else ""


def text_of(*parts: str | None) -> str:
    """Everything that a free search looks through, folded."""
    return " ".join(folded(part) for part in parts if part)


def is_about(topic: str, asked: str) -> bool:
    """Whether an atrium of this topic (a folded theme or title) answers a question for that theme.

    It does when its theme or title holds every word that was asked ("windturbines" finds
    "windturbines en draagvlak", "water" finds "hemelwaterplannen"), or is itself named within what
    was asked. One word in common is not enough: "klimaat en wonen" does not find "klimaatadaptatie".
    Words of up to three letters must be there as such, and little words do not count.
    """
    wanted = folded(asked)
    words = [word for word in wanted.split() if word not in _LITTLE_WORDS]
    if not words or not topic:
        return False
    return f" {topic} " in f" {wanted} " or all(_holds(topic, word) for word in words)


def _holds(topic: str, word: str) -> bool:
    return word in topic if len(word) > 3 else f" {word} " in f" {topic} "
