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


class ContributionState(StrEnum):
    """The values are those that moderators read."""

    NIEUW = "nieuw"
    OP_DE_AGENDA = "op de agenda"
    BEANTWOORD = "beantwoord"
    GEWEIGERD = "geweigerd"
    SAMENGEVOEGD = "samengevoegd"


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
