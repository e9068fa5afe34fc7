"""The ways in which Slack's requests reach the bot: it calls us, or we keep a socket open to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.doors import Door
from bot.platforms.port import Condition


class Transport(Protocol):
    """One way in: it lets nothing in that is not surely Slack's, nor before it is known where the bot is."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    def condition(self) -> Condition: ...
    def warning(self) -> str: ...
    def doors(self) -> Mapping[str, Door]: ...
