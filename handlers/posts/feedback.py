"""What a member hears of what they handed in for an atrium."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.model import Atrium
from handlers.moderation.contribution_state import ContributionState
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.sentences import quoted

_SAYS: Mapping[ContributionState, str] = {
    ContributionState.OP_DE_AGENDA: "Je inbreng staat op de agenda",
    ContributionState.BEANTWOORD: "Er is een antwoord op je inbreng",
    ContributionState.GEWEIGERD: "Je inbreng komt niet op de agenda",
}


def feedback(text: str, state: ContributionState, answer: str | None, atrium: Atrium | None) -> Reply | None:
    """What became of it; None while nothing did. `text` is what was handed in."""
    says = _SAYS.get(state)
    if says is None:
        return None
    about = f" voor {atrium.title}, {when_text(atrium)}" if atrium is not None else ""
    full_stop = "" if about.endswith(".") else "."
    return Reply(
        headline=f"{says}{about}{full_stop}",
        paragraphs=tuple(each for each in (f'"{quoted(text)}"', answer) if each),
        automatic=True,
        private=True,
    )
