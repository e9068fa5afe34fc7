"""The port through which a report learns how people answered to a post, as far as the bot could read.

Only numbers come through it. Of the local community every answer is known. Elsewhere the bot knows of
what it heard itself in the thread of its own post, and for as long as that is kept: so at least so many.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from sqlalchemy.orm import Session

from store import events, local


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """How many answers of people stand below a post.

    Attributes:
        is_exact: False where there may be more than the bot heard.
    """

    answers: int
    is_exact: bool


class Responses(Protocol):
    """What one platform can tell of the answers to a post."""

    def below(self, session: Session, messages: Collection[str]) -> Mapping[str, Response]:
        """The answers below these messages of the bot's, by message; what nobody knows is left out."""
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


#: By name of the platform.
RESPONSES: Mapping[str, Responses] = MappingProxyType(
    {
        "local": LocalResponses(),
        "slack": HeardResponses("slack"),
        "engage": HeardResponses("engage"),
    }
)
