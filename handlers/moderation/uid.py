"""The key of a new atrium: readable, stable, and the same when the same draft is confirmed again."""

from __future__ import annotations

import hashlib
import re
from itertools import chain, count

from handlers.context import Context
from handlers.gazetteer import name_key
from handlers.model import AtriumDraft
from handlers.moderation.draft import title_of


def new_uid(draft: AtriumDraft, context: Context) -> str:
    """ "thematisch-2027-03-18-ontharding-3f2a": kind, day, subject, and a suffix from who announces it where.

    No chance and no clock: a confirmation that is handled again after a crash gives the same key.
    """
    subject = name_key(draft.theme or title_of(draft))
    slug = "-".join(re.findall(r"[a-z0-9]+", subject))[:40].strip("-") or "atrium"
    where = context.community.key if context.community else ""
    seed = "\x1f".join((context.person.platform, context.person.external_id, where, repr(_told(draft))))
    suffix = hashlib.sha256(seed.encode()).hexdigest()[:4]
    day = draft.date.isoformat() if draft.date else ""
    kind = draft.kind.value.replace("_", "-") if draft.kind else ""
    return _free(f"{kind}-{day}-{slug}-{suffix}", context)


def _told(draft: AtriumDraft) -> tuple[object, ...]:
    """What makes it this atrium, in a fixed order: sets have none."""
    return (draft.kind, title_of(draft), draft.date, draft.begins, draft.municipality, draft.venue)


def _free(uid: str, context: Context) -> str:
    """The first of uid, uid-2, uid-3 ... that no atrium bears, whoever may see it."""
    everywhere = frozenset(one.key for one in context.communities) | context.reads
    numbered = (f"{uid}-{number}" for number in count(2))
    return next(tried for tried in chain((uid,), numbered) if context.agenda.find(tried, everywhere) is None)
