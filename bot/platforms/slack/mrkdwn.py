"""Texts as Slack shows them: what somebody wrote stands there literally, and mentions nobody.

Slack has no sign that keeps `*`, `_`, `~` or a backquote from being read as bold, italics and the like. Where
such a sign could open or close something, a look-alike takes its place; elsewhere ("2*3", "atr_1") it stays.
The source of the rules is Slack's page on formatting text for app surfaces.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

#: What Slack reads as the beginning of a mention, a link or an escape.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

#: A look-alike for each sign that could open or close a format.
_LOOK_ALIKES = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}

#: Such a sign where Slack would let it open or close a format: not within a word. A backquote always does.
#: What closes is changed too, though nothing is open: "∗steen*" would look like a mistake.
_FORMATTING = re.compile(r"(?<![^\W_])[*_~](?=\S)|(?<=\S)[*_~](?![^\W_])|`")

#: At the beginning of a line this makes a quotation.
_QUOTING = re.compile(r"^(\s*)>", re.MULTILINE)

#: What is nowhere in a text that can stand as it is: most do.
_SIGN = re.compile(r"[&<>*_~`]")

#: An address in a running text; a sentence's own sign at its end is not part of it.
_ADDRESS = re.compile(r"https?://[^\s<>\"'|]*[^\s<>\"'|.,;:!?)\]]")

#: Longer labels of an address say no more.
_LABEL = 60


def escaped(text: str) -> str:
    """The text with Slack's three control signs escaped; formats are still read in it."""
    return re.sub("[&<>]", lambda sign: _ESCAPES[sign[0]], text)


def literal(text: str) -> str:
    """The text as it was written: no mention, no link, no format."""
    if _SIGN.search(text) is None:
        return text
    quoted = _QUOTING.sub(r"\1›", text)
    return escaped(_FORMATTING.sub(lambda sign: _LOOK_ALIKES[sign[0]], quoted))


def bold(text: str) -> str:
    """The text in bold, line by line, because bold ends with its line."""
    return _wrapped(text, "*")


def struck(text: str) -> str:
    """The text struck through, line by line."""
    return _wrapped(text, "~")


def link(url: str | None, label: str) -> str:
    """A link with a literal label; only the label when there is no address of the web."""
    target = _target(url) if url else None
    if target is None:
        return literal(label)
    # A label may hold no sign that would end it.
    return f"<{target}|{literal(' '.join(label.replace('|', '/').split()))}>"


def bold_link(url: str | None, label: str) -> str:
    """The same in bold."""
    return f"*{link(url, label).replace('*', _LOOK_ALIKES['*'])}*" if is_address(url) else bold(label)


def linked(text: str) -> str:
    """The text literally, with the web addresses in it as links."""
    if "://" not in text:
        return literal(text)
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts += [literal(text[end : found.start()]), link(found[0], address_label(found[0]))]
        end = found.end()
    return "".join([*parts, literal(text[end:])])


def address_label(url: str) -> str:
    """How an address is shown: without its scheme, and long ones by their host."""
    short = re.sub(r"^https?://", "", url).rstrip("/")
    return short if len(short) <= _LABEL else urlsplit(url).netloc


def is_address(url: str | None) -> bool:
    """Whether this is an address of the web that a button or a link may open."""
    return url is not None and _target(url) is not None


@lru_cache(maxsize=2000)
def _target(url: str) -> str | None:
    """The address as it stands in a link: nothing in it can end the link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return escaped(quote(url.strip(), safe="/:?#[]@!$&'()*+,;=%~-._"))


def _wrapped(text: str, sign: str) -> str:
    # Within the format its own sign would end it, wherever it stands.
    lines = (line.strip() for line in literal(text).replace(sign, _LOOK_ALIKES[sign]).split("\n"))
    return "\n".join(f"{sign}{line}{sign}" if line else "" for line in lines)
