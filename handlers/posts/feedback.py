"""What a member hears of what they handed in for an atrium."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.model import Atrium
from handlers.moderation.contribution_state import ContributionState
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

#: What is said of it, and what where its atrium is known.
_SAYS: Mapping[ContributionState, tuple[str, str]] = {
    ContributionState.OP_DE_AGENDA: ("terugkoppeling.op de agenda", "terugkoppeling.op de agenda van"),
    ContributionState.BEANTWOORD: ("terugkoppeling.beantwoord", "terugkoppeling.beantwoord van"),
    ContributionState.GEWEIGERD: ("terugkoppeling.geweigerd", "terugkoppeling.geweigerd van"),
}


def feedback(text: str, state: ContributionState, answer: str | None, atrium: Atrium | None) -> Reply | None:
    """What became of it; None while nothing did. `text` is what was handed in."""
    if state not in _SAYS:
        return None
    alone, about = _SAYS[state]
    return Reply(
        headline=say(about, atrium=atrium.title, wanneer=when_text(atrium)) if atrium else say(alone),
        paragraphs=tuple(each for each in (f'"{quoted(text)}"', answer) if each),
        automatic=True,
        private=True,
    )
