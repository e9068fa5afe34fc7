"""The port through which a report learns how people answered to a post, as far as the bot could read.

Only numbers come through it. Of the local community all who answered are known. Elsewhere the bot knows of
what it heard itself in the thread of its own post, and for as long as that is kept: so at least so many.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from sqlalchemy.orm import Session

from store import events, local, reactions


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """How many people answered below a post.

    Attributes:
        answers: people, each counted once however much they wrote.
        is_exact: False where there may be more than the bot heard.
        reactions: how many reacted with a sign when that was last asked; None where nobody knows.
    """

    answers: int
    is_exact: bool
    reactions: int | None = None


class Responses(Protocol):
    """What one platform can tell of the answers to a post."""

    def below(self, session: Session, messages: Collection[str]) -> Mapping[str, Response]:
        """Who answered below these messages of the bot's, by message; what nobody knows is left out."""
        ...


class LocalResponses:
    """Counts in the local community, whose messages are ours."""

    def below(self, session: Session, messages: Collection[str]) -> Mapping[str, Response]:
        numbers = {int(each) for each in messages if each.isascii() and each.isdigit() and len(each) < 19}
        found = local.answers_in(session, numbers)
        return {str(each): Response(answers=found.get(each, 0), is_exact=True) for each in numbers}


@dataclass(frozen=True, slots=True)
class HeardResponses:
    """Counts what reached the bot in the thread that its post began."""

    platform: str

    def below(self, session: Session, messages: Collection[str]) -> Mapping[str, Response]:
        heard = events.count_in_threads(session, self.platform, messages)
        return {thread: Response(answers=number, is_exact=False) for thread, number in heard.items()}


def responses(session: Session, platform: str, messages: Collection[str]) -> dict[str, Response]:
    """How people answered and reacted to these messages of the bot's on a platform, by message."""
    reader = RESPONSES.get(platform)
    found = dict(reader.below(session, messages)) if reader and messages else {}
    for message, number in reactions.counts(session, platform, messages).items():
        found[message] = replace(found.get(message, Response(answers=0, is_exact=False)), reactions=number)
    return found


#: By name of the platform.
RESPONSES: Mapping[str, Responses] = MappingProxyType(
    {
        "local": LocalResponses(),
        "slack": HeardResponses("slack"),
        "engage": HeardResponses("engage"),
    }
)
