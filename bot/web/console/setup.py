"""What the console needs from the rest of the program, besides what every page needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.announcing import Announcing
from bot.effects import Effects


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """Who signs people in: an OpenID Connect provider, and what it knows the console by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsoleSetup:
    """How the console works here.

    Attributes:
        effects: carries out what chat and console share.
        announcing: the life of announcements, likewise.
        provider: None where nobody can sign in but by a link of the demo.
        has_link: a one-time link is printed at the start (demo mode).
    """

    effects: Effects
    announcing: Announcing
    provider: Provider | None = None
    has_link: bool = False
