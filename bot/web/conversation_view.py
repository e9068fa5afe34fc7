"""Messages of the local community as its page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.platforms.local import BOT_NAME, without_mention
from handlers.model import BRUSSELS, Role
from handlers.reply import Card, Reply
from handlers.wording.dates import brief_date, clock_text, local_day
from store.local import LocalMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Who writes in this browser."""

    author: str
    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownCard:
    """A card, and whether its atrium has a public page to link to."""

    card: Card
    has_page: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One message with its texts ready.

    Attributes:
        initials: for the round sign beside the name.
        at, moment: when, for people and for machines.
        reply: what the bot said, None for people.
    """

    id: int
    thread: int
    author: str
    initials: str
    text: str
    at: str
    moment: str
    by_bot: bool
    automatic: bool
    is_moderator: bool
    reply: Reply | None
    cards: tuple[ShownCard, ...]


def message(said: LocalMessage, public: frozenset[str], now: dt.datetime) -> Shown:
    """Args:
    public: uids of the atria that have a public page.
    now: aware UTC.
    """
    at = said.at.astimezone(BRUSSELS)
    cards = said.reply.cards if said.reply else ()
    return Shown(
        id=said.id,
        thread=said.thread,
        author=said.author,
        initials=initials(said.author),
        text=said.text,
        at=f"{brief_date(at.date(), local_day(now))}, {clock_text(at)} u.",
        moment=at.isoformat(timespec="seconds"),
        by_bot=said.by_bot,
        automatic=said.automatic,
        is_moderator=said.role is not None and said.role.moderates,
        reply=said.reply,
        cards=tuple(ShownCard(card=card, has_page=card.uid in public) for card in cards),
    )


def thread(said: Sequence[LocalMessage], public: frozenset[str], now: dt.datetime) -> list[Shown]:
    """A whole thread, its first message first."""
    return [message(one, public, now) for one in said]


def uids(threads: Iterable[Iterable[LocalMessage]]) -> set[str]:
    """The atria that these messages show."""
    return {uid for said in threads for one in said if one.reply for uid in one.reply.atria}


def initials(name: str) -> str:
    """The first letters of the first and the last word: "An Peeters" -> "AP"."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1]
    ends = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def addressed(text: str) -> str:
    """The text with the name of the bot before it, unless it is there or there is no text."""
    stripped = text.strip()
    if not stripped or without_mention(stripped) != stripped:
        return text
    return f"@{BOT_NAME} {stripped}"
