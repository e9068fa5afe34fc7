"""What the program needs of a platform besides posting: to be opened, closed, and asked how it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from handlers.model import Community
from scheduler.port import Platform

if TYPE_CHECKING:
    from bot.doors import Door

OK = "OK"
THROTTLED = "THROTTLED"
AUTH_REQUIRED = "AUTH_REQUIRED"
TRANSPORT_GONE = "TRANSPORT_GONE"
DEAF = "DEAF"
#: Something may be amiss; it makes nothing unready.
WARNING = "WARNING"


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """How a connection is.

    Attributes:
        state: "OK", or what is the matter: one of the names above.
        reason: for an operator: what is wrong and what to do; empty when well.
    """

    state: str = OK
    reason: str = ""


@runtime_checkable
class Linked(Protocol):
    """A platform whose messages have addresses that people can open."""

    def link_to(self, community: Community, message_id: str) -> str | None:
        """The address of a message of the bot's; None where the platform did not tell it.

        Asked from any thread, within a transaction.
        """
        ...


@runtime_checkable
class Warned(Protocol):
    """A platform that can tell of something that may be amiss, and that the bot cannot be sure of."""

    def warning(self) -> str:
        """For an operator: what was seen and what to do; empty when there is nothing. From any thread.

        Anybody on the internet may be the cause, so it never makes the program unready.
        """
        ...


@runtime_checkable
class Reacted(Protocol):
    """A platform that tells how many people reacted to a post with a sign."""

    async def reactions(self, message_id: str) -> int | None:
        """How many, and never who; None where nobody can tell now."""
        ...


class Connection(Platform, Protocol):
    """A platform elsewhere, as the running program holds it.

    What reaches the bot there is written with `store.events.record` before the platform hears that it
    arrived, and then `on_event` is called (from any thread).

    Attributes:
        on_event: set by the wiring; None when nobody listens.
        answer_delay: the text that tells members how long an answer takes there; None where it is prompt.
    """

    on_event: Callable[[], None] | None
    answer_delay: str | None

    async def open(self) -> None:
        """Begin to listen, in the event loop of the program; returns soon, and never fails because
        the platform is away: then `condition` says so, and it goes on trying."""
        ...

    async def close(self) -> None:
        """Stop listening; what was acknowledged is in the store."""
        ...

    def condition(self) -> Condition:
        """How it is now, from memory; asked from any thread."""
        ...

    def doors(self) -> Mapping[str, Door]:
        """What answers where the platform calls the bot, by path; nothing where the bot asks."""
        ...
