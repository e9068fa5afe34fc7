"""What the answer of a platform makes of a post."""

from __future__ import annotations

from handlers.wording.reasons import because
from scheduler.port import NotAccepted, Outcome, RateLimited, Refused, Sent, Unknown, Withheld
from store.settlements import Settlement
from store.states import OutboxState

LOOK_FOR_IT = "reden.kijk zelf"


def settlement_of(outcome: Outcome, can_find: bool = True) -> Settlement:
    """What an outcome makes of a post.

    Args:
        can_find: whether the platform can be asked for it when the outcome is unknown.
    """
    match outcome:
        case Sent(message_id=message_id, thread=thread) if message_id:
            return Settlement(state=OutboxState.SENT, message_id=message_id, thread=thread)
        case Sent():
            # Whatever the platform said, without its id nobody can point at the post.
            return Settlement(
                state=OutboxState.AMBIGUOUS, reason=because("reden.geen nummer", wat_nu=LOOK_FOR_IT)
            )
        case Refused(reason=reason):
            return Settlement(state=OutboxState.FAILED, reason=reason)
        case RateLimited() | NotAccepted() | Withheld():
            return Settlement(state=OutboxState.PLANNED)
        case Unknown(reason=reason):
            looked = reason if can_find else because("reden.in twijfel", reden=reason, wat_nu=LOOK_FOR_IT)
            return Settlement(state=OutboxState.AMBIGUOUS, reason=looked)
