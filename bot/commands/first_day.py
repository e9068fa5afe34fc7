"""What no document tells of Viva Engage, and a first day on a real tenant must: what was seen, what to try.

The numbers are those of the checklist in docs/viva-engage.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.commands.doctor import Finding, fine, unseen
from bot.graph.people import GroupPeople

_TRIED_BY_HAND = {
    1: "do posts count in the budget of messages, and is Retry-After sent? see the metrics after a busy hour",
    2: "does an @mention of the bot come in, also in a reply? mention it in both, and wait two minutes",
    3: "does a reply in an old thread come in? answer one that is older than the last 20, and wait",
}

_NOT_LOOKED_AT = {
    4: "no group of a community could be looked at",
    5: "nobody could be seen to be signed in",
    6: "the members of no community could be looked at",
    7: "no community of the settings could be looked at",
}
_NOTHING_SEEN = {6: "no guests were seen", 7: "posting is neither restricted nor moderated"}


@dataclass(slots=True)
class FirstDay:
    """Collects what an examination sees by the way; of what it could not look at it claims nothing."""

    _seen: dict[int, list[str]] = field(default_factory=dict)
    _unseen: dict[int, str] = field(default_factory=dict)
    _looked_at: dict[int, list[str]] = field(default_factory=dict)

    def signed_in(self, *, by_account: bool) -> None:
        if by_account:
            self._note(
                5, "a sign-in is there, and is renewed; how long one lasts, the policies of the tenant decide"
            )
        else:
            self._unseen[5] = "a ready token is used, so signing in was not tried"

    def community(self, key: str, *, restricted: bool, moderated: bool) -> None:
        self._looked_at.setdefault(7, []).append(key)
        ways = [word for word, holds in (("restricted", restricted), ("moderated", moderated)) if holds]
        if ways:
            self._note(7, f"{key} is {' and '.join(ways)}: try a post there")

    def guests(self, key: str, people: GroupPeople) -> None:
        """Guests are known by an address outside of the domain of most."""
        self._looked_at.setdefault(6, []).append(key)
        domains = [each.rpartition("@")[2] for each in people.members]
        home = max(set(domains), key=domains.count, default="")
        others = sum(domain != home for domain in domains)
        if others:
            self._note(
                6, f"{key} has {others} members with another address than @{home}: let one ask the bot"
            )

    def group_calendar(self, *, exists: bool) -> None:
        told = {
            True: "a community's group has a calendar that this sign-in can read",
            False: "a community's group shows no calendar; the bot needs none",
        }
        self._seen.setdefault(4, [told[exists]])

    def no_look_at_calendars(self, why: str) -> None:
        self._unseen[4] = f"{why}; the bot needs none"

    def findings(self) -> list[Finding]:
        """One finding a question; none of them is a fault."""
        return [self._finding(number) for number in sorted({*_TRIED_BY_HAND, *_NOT_LOOKED_AT})]

    def _finding(self, number: int) -> Finding:
        subject = f"question {number}"
        if number in _TRIED_BY_HAND:
            return unseen(subject, _TRIED_BY_HAND[number])
        if number in self._seen:
            return fine(subject, "; ".join(self._seen[number]))
        if number in self._looked_at:
            return fine(subject, f"{_NOTHING_SEEN[number]} in {', '.join(self._looked_at[number])}")
        return unseen(subject, self._unseen.get(number, _NOT_LOOKED_AT[number]))

    def _note(self, number: int, what: str) -> None:
        self._seen.setdefault(number, []).append(what)
