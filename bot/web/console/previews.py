"""A post drawn as it will look on its platform, from the very renderer that posts it there."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from bot.web.console.visit import Visit
from bot.web.conversation_view import Shown, shown_reply
from handlers.reply import Reply
from handlers.wording.catalogue import Said

NAMES = Said(
    {"slack": "platform.slack", "engage": "platform.engage", "local": "beheer bericht.lokale community"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """One preview.

    Attributes:
        platform, name: which one, and what people call it.
        blocks: Slack's own blocks, to be drawn; empty elsewhere.
        title, text: as Viva Engage shows them; the plain form elsewhere.
        shown: what the local community draws its card from; None elsewhere.
        length: characters of the text.
    """

    platform: str
    name: str
    text: str
    length: int
    title: str | None = None
    blocks: Sequence[Mapping[str, Any]] = ()
    shown: Shown | None = None


def drawn(reply: Reply, platform: str, visit: Visit) -> Drawn:
    """The post on one platform."""
    name = NAMES.get(platform, platform)
    if platform == "slack":
        from bot.platforms.slack.blocks import render
        from bot.platforms.slack.buttons import Pages

        url = visit.desk.web.public_url.rstrip("/")
        made = render(reply, Pages(url=url, public=frozenset(reply.atria)), visit.now)
        return Drawn(
            platform=platform, name=name, text=made.text, length=len(made.text), blocks=tuple(made.blocks)
        )
    if platform == "engage":
        from bot.platforms.engage.rendering import body_of, title_of

        body = body_of(reply)
        return Drawn(platform=platform, name=name, title=title_of(reply), text=body, length=len(body))
    text = reply.plain_text()
    return Drawn(platform=platform, name=name, text=text, length=len(text), shown=shown_reply(reply))


_LINKED = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])")


def mrkdwn(text: str) -> Markup:
    """Slack's markup as HTML: links, bold, struck through and line breaks; everything else is text."""
    made: list[str] = []
    end = 0
    for link in _LINKED.finditer(text):
        made += [_styled(text[end : link.start()]), _anchor(link[1], link[2] or link[1])]
        end = link.end()
    made.append(_styled(text[end:]))
    return Markup("".join(made))  # noqa: S704  # every piece was escaped


def _anchor(url: str, words: str) -> str:
    return f'<a href="{escape(html.unescape(url))}" rel="noopener">{_styled(words)}</a>'


def _styled(text: str) -> str:
    # Slack's own escapes are undone first, so that each sign is escaped once.
    safe = str(escape(html.unescape(text)))
    safe = _STRUCK.sub(r"<s>\1</s>", _BOLD.sub(r"<b>\1</b>", safe))
    return safe.replace("\n", "<br>")
