"""Another announcement of the very same atrium: a copy that somebody is about to place a second time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.web.console.visit import Visit
from handlers.model import AtriumDraft
from handlers.moderation.draft import title_of
from handlers.moderation.lifecycle import OUT, State
from handlers.wording.catalogue import say
from store.announcements import Announcement

#: In these states an announcement will be, or was, made known.
MEANT = (State.AWAITING_APPROVAL, State.SCHEDULED, *sorted(OUT))


def with_twin(
    visit: Visit, session: Session, found: Announcement, warnings: Sequence[str]
) -> tuple[str, ...]:
    """What to mind, with first which announcement is of the same kind, title, day and place, if one is."""
    twin = _twin_of(visit, session, found)
    if twin is None:
        return tuple(warnings)
    same = say("waarschuwing.zelfde atrium", atrium="")
    others = (each for each in warnings if same not in each)
    return (say("beheer aankondiging.zelfde als", nummer=str(twin.id)), *others)


def _twin_of(visit: Visit, session: Session, found: Announcement) -> Announcement | None:
    """The oldest such announcement that this person may see."""
    own = {key for draft in found.drafts if (key := _key(draft)) is not None}
    if not own or found.state in OUT:
        return None
    known = visit.desk.setup.announcing.list_announcements(session, visit.person, visit.now, MEANT)
    twins = (one for one in known if one.id != found.id and own & {_key(draft) for draft in one.drafts})
    return min(twins, key=lambda one: one.id, default=None)


def _key(draft: AtriumDraft) -> tuple[object, ...] | None:
    """What two of the same have in common; None while it is not known."""
    if draft.kind is None or draft.date is None or not draft.municipality:
        return None
    return (draft.kind, title_of(draft).casefold(), draft.date, draft.municipality)
