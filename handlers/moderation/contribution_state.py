"""What becomes of what a member hands in for an atrium.

nieuw        -> op_de_agenda | beantwoord | geweigerd | samengevoegd
op_de_agenda -> beantwoord | geweigerd | samengevoegd
beantwoord   -> beantwoord      a better answer
geweigerd    -> op_de_agenda | beantwoord

What was merged stays merged: the one that it was merged into speaks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from handlers.wording.catalogue import Said


class ContributionState(StrEnum):
    """The values are those that are kept."""

    NIEUW = "nieuw"
    OP_DE_AGENDA = "op de agenda"
    BEANTWOORD = "beantwoord"
    GEWEIGERD = "geweigerd"
    SAMENGEVOEGD = "samengevoegd"


STATE_NAMES = Said(
    {
        ContributionState.NIEUW: "inbreng.toestand nieuw",
        ContributionState.OP_DE_AGENDA: "inbreng.toestand op de agenda",
        ContributionState.BEANTWOORD: "inbreng.toestand beantwoord",
        ContributionState.GEWEIGERD: "inbreng.toestand geweigerd",
        ContributionState.SAMENGEVOEGD: "inbreng.toestand samengevoegd",
    }
)

_STATE = ContributionState
_OPEN = frozenset({_STATE.NIEUW, _STATE.OP_DE_AGENDA})

#: In which states a contribution may get each state.
MAY_BECOME: Mapping[ContributionState, frozenset[ContributionState]] = {
    _STATE.OP_DE_AGENDA: frozenset({_STATE.NIEUW, _STATE.GEWEIGERD}),
    _STATE.BEANTWOORD: frozenset({*_OPEN, _STATE.BEANTWOORD, _STATE.GEWEIGERD}),
    _STATE.GEWEIGERD: _OPEN,
    _STATE.SAMENGEVOEGD: _OPEN,
    _STATE.NIEUW: frozenset(),
}
