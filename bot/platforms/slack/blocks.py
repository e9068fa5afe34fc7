"""What the bot says, as Slack's blocks: pure, and within Slack's limits for the largest agenda.

Whatever does not fit is told of, with the way to it: nothing is cut in a word, nothing is lost in silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.platforms.slack import mrkdwn
from bot.platforms.slack.buttons import Block, Buttons, Pages, rows
from bot.platforms.slack.lengths import (
    ALTOGETHER,
    BLOCKS,
    BODY,
    BUTTON,
    CUT,
    FIELD,
    FIELDS,
    SAYS,
    SECTION,
    TEXT,
    pieces,
    size,
)
from handlers.reply import Card, Choice, Fact, Reply
from handlers.wording.catalogue import say

#: More cards than these are shown one line each.
FULL_CARDS = 8

#: Blocks and characters that the last part of a message may take: ways on, remarks, the source. Two blocks
#: are kept free: to tell that something was left out, and for what a place adds.
_TAIL_BLOCKS = 14
_TAIL = ALTOGETHER - BODY

_Style: TypeAlias = Callable[[str], str]

#: A line as Slack's markup, and as it was written.
_Line: TypeAlias = tuple[str, str]

AUTOMATIC = "slack.automatisch"
CANCELLED = "slack.geannuleerd"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """One message: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block]


@dataclass(kw_only=True, slots=True)
class _Part:
    """A part of a message with room for so much; what no longer fits is remembered."""

    most_blocks: int
    most: int
    blocks: list[Block] = field(default_factory=list)
    is_full: bool = False

    def add(self, block: Block) -> None:
        """Take a block, unless it or one before it did not fit: the order is kept."""
        length = written(block)
        if self.is_full or len(self.blocks) == self.most_blocks or length > self.most:
            self.is_full = True
            return
        self.blocks.append(block)
        self.most -= length


def render(reply: Reply, pages: Pages, now: dt.datetime) -> Rendered:
    """One answer or post; `now` is aware UTC."""
    buttons = Buttons(pages=pages, now=now)
    body = _Part(most_blocks=BLOCKS - _TAIL_BLOCKS - 2, most=BODY)
    tail = _Part(most_blocks=_TAIL_BLOCKS, most=_TAIL)
    for block in _body(reply, buttons):
        body.add(block)
    for block in _tail(reply, buttons):
        tail.add(block)
    cut = [_left_out(pages)] if body.is_full or tail.is_full else []
    return Rendered(text=fallback(reply), blocks=[*body.blocks, *cut, *tail.blocks])


def fallback(reply: Reply) -> str:
    """The whole reply as plain text; a very long one says that it goes on."""
    first, *others = pieces(reply.plain_text(), mrkdwn.literal, TEXT - 2)
    return f"{first} {CUT}" if others else first


def written(block: object) -> int:
    """The characters that a block shows, as far as Slack counts them."""
    length = 0
    if isinstance(block, dict):
        for key, value in block.items():
            if not isinstance(value, str):
                length += written(value)
            elif key == "text":
                length += size(value)
    elif isinstance(block, list):
        for each in block:
            length += written(each)
    return length


# --- from top to bottom ----------------------------------------------------------------------------------


def _body(reply: Reply, buttons: Buttons) -> Iterator[Block]:
    yield from _sections(reply.above, mrkdwn.literal)
    yield from _sections(reply.headline, mrkdwn.bold)
    yield from _sections("\n".join(_bulleted(each) for each in reply.paragraphs), mrkdwn.linked)
    yield from _facts(reply.facts)
    if reply.listed or len(reply.cards) > FULL_CARDS:
        yield from _lined(_in_list(card, buttons.pages) for card in reply.cards)
        yield from rows(buttons.of_actions(reply.actions))
    else:
        for card in reply.cards:
            if _is_untold(card, reply):
                yield from _lined(_card(card, buttons.pages))
            yield from rows(buttons.of_card(card, reply))
        loose = [action for action in reply.actions if action.uid not in reply.atria]
        yield from rows(buttons.of_actions(loose))
    yield from _lined(
        (mrkdwn.link(each.url, each.label), f"{each.label}: {each.url}") for each in reply.links
    )


def _tail(reply: Reply, buttons: Buttons) -> Iterator[Block]:
    if any(size(each.label) > BUTTON or size(each.says) > SAYS for each in reply.choices):
        yield from _sections(_numbered(reply.choices), mrkdwn.linked)
    yield from rows(buttons.of_choices(reply.choices))
    said = [*reply.notes, reply.source or "", say(AUTOMATIC) if reply.automatic else ""]
    yield from _context("\n".join(each for each in said if each))
    yield from rows(buttons.objection(reply))


def _sections(text: str, style: _Style) -> Iterator[Block]:
    for piece in pieces(text, style, SECTION):
        yield {"type": "section", "text": _mrkdwn(piece)}


def _context(text: str) -> Iterator[Block]:
    for piece in pieces(text, mrkdwn.linked, SECTION):
        yield {"type": "context", "elements": [_mrkdwn(piece)]}


def _facts(facts: Sequence[Fact]) -> Iterator[Block]:
    """Short facts beside each other, a long one across the whole width, in their order."""
    beside: list[Block] = []
    for fact in facts:
        shown = _fact(fact)
        is_long = size(shown) > FIELD
        if beside and (is_long or len(beside) == FIELDS):
            yield {"type": "section", "fields": beside}
            beside = []
        if is_long:
            yield from _sections(f"{fact.label}: {fact.text} {fact.url or ''}", mrkdwn.linked)
        else:
            beside.append(_mrkdwn(shown))
    if beside:
        yield {"type": "section", "fields": beside}


def _fact(fact: Fact) -> str:
    shown = mrkdwn.linked(fact.text)
    if fact.url:
        label = mrkdwn.address_label(fact.url) if fact.text == fact.url else fact.text
        shown = mrkdwn.link(fact.url, label)
    return f"{mrkdwn.bold(fact.label)}\n{shown}"


def _is_untold(card: Card, reply: Reply) -> bool:
    """Whether a card says what the reply does not say already: a lone one is told in its facts."""
    return len(reply.cards) > 1 or card.cancelled or not (reply.facts or reply.paragraphs)


def _card(card: Card, pages: Pages) -> list[_Line]:
    page = pages.page(card.uid)
    if card.cancelled:
        off = say(CANCELLED)
        title = (f"{mrkdwn.struck(card.title)} {mrkdwn.bold(off)}", f"{card.title} ({off})")
    else:
        title = (mrkdwn.bold_link(page, card.title), card.title)
    lines = [
        card.where,
        say("slack.thema", thema=card.theme) if card.theme else "",
        say("slack.voor wie", doelgroep=card.audience) if card.audience else "",
        card.register_text or "",
    ]
    when = mrkdwn.struck(card.when) if card.cancelled else mrkdwn.literal(card.when)
    return [title, (when, card.when), *((mrkdwn.literal(line), line) for line in lines if line)]


def _in_list(card: Card, pages: Pages) -> _Line:
    if card.cancelled:
        # That it is called off is read best where it is not struck through itself.
        begin = say("lijst.geannuleerd", atrium="")
        told = begin if card.brief.startswith(begin) else ""
        return f"• {told}{mrkdwn.struck(card.brief.removeprefix(told))}", f"• {card.brief}"
    return f"• {mrkdwn.link(pages.page(card.uid), card.brief)}", f"• {card.brief}"


def _lined(lines: Iterable[_Line]) -> Iterator[Block]:
    """Lines that are ready, in sections that are parted between them."""
    text = ""
    for shown, raw in lines:
        if text and size(f"{text}\n{shown}") > SECTION:
            yield {"type": "section", "text": _mrkdwn(text)}
            text = ""
        if size(shown) > SECTION:
            # To part it would break a link or a format, so it is shown without.
            yield from _sections(raw, mrkdwn.literal)
        else:
            text = f"{text}\n{shown}" if text else shown
    if text.strip():
        yield {"type": "section", "text": _mrkdwn(text)}


def _numbered(choices: Sequence[Choice]) -> str:
    return "\n".join(f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1))


def _bulleted(text: str) -> str:
    """Items of a list as Slack's own lists look."""
    return "\n".join(f"• {line[2:]}" if line.startswith("- ") else line for line in text.split("\n"))


def _left_out(pages: Pages) -> Block:
    agenda = mrkdwn.link(f"{pages.url}/", say("slack.de agenda"))
    text = say("slack.ingekort", agenda=agenda)
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Block:
    # Verbatim: what looks like a channel or a member is not made into one.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
