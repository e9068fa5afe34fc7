"""What no document tells of Viva Engage, and a first day on a real tenant must: what was seen, what to try.

The numbers are those of the checklist in docs/viva-engage.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.commands.doctor import Finding, fine
from bot.graph.people import GroupPeople

_TRIED_BY_HAND = {
    1: "do posts count in the budget of messages, and is Retry-After sent? see the metrics after a busy hour",
    2: "does an @mention of the bot come in, also in a reply? mention it in both, and wait two minutes",
    3: "does a reply in an old thread come in? answer one that is older than the last 20, and wait",
}


@dataclass(slots=True)
class FirstDay:
    """Collects what an examination sees by the way."""

    _seen: dict[int, list[str]] = field(default_factory=dict)

    def signed_in(self, *, by_device: bool) -> None:
        how = "signing in works, and is renewed" if by_device else "a ready token is used: not tried"
        self._note(5, f"{how}; how long a sign-in lasts, the policies of the tenant decide")

    def community(self, key: str, *, restricted: bool, moderated: bool) -> None:
        ways = [word for word, holds in (("restricted", restricted), ("moderated", moderated)) if holds]
        if ways:
            self._note(7, f"{key} is {' and '.join(ways)}: try a post there")

    def guests(self, key: str, people: GroupPeople) -> None:
        """Guests are known by an address outside of the domain of most."""
        domains = [each.rpartition("@")[2] for each in people.members]
        home = max(set(domains), key=domains.count, default="")
        others = sum(domain != home for domain in domains)
        if others:
            self._note(
                6, f"{key} has {others} members with another address than @{home}: let one ask the bot"
            )

    def group_calendar(self, exists: bool | None) -> None:
        told = {
            True: "a community's group has a calendar that this sign-in can read",
            False: "a community's group shows no calendar; the bot needs none",
            None: "this app may not look (Graph gives group calendars to accounts alone); the bot needs none",
        }
        self._seen.setdefault(4, [told[exists]])

    def findings(self) -> list[Finding]:
        """One finding a question; none of them is a fault."""
        unseen = {
            4: "not looked at: there is no token for Graph, or no community",
            5: "not looked at: nobody is signed in",
            6: "no guests were seen",
            7: "no community of the settings is restricted or moderated",
        }
        told = {
            **_TRIED_BY_HAND,
            **unseen,
            **{number: "; ".join(seen) for number, seen in self._seen.items()},
        }
        return [fine(f"question {number}", told[number]) for number in sorted(told)]

    def _note(self, number: int, what: str) -> None:
        self._seen.setdefault(number, []).append(what)
