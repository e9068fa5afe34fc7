"""How a moderator throws a draft away in a conversation: by its number, or the only one that is theirs.

It is withdrawn as any announcement is; what went out, or waits to, is no draft and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.changes import AnnouncementMoved
from handlers.context import Announcements, Context, OpenAnnouncement
from handlers.moderation import lifecycle
from handlers.moderation.lifecycle import STATE_NAMES, State, refusal
from handlers.moderation.permissions import moderates, refused_member
from handlers.moderation.steps import step
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration, quoted

#: How many drafts are offered to choose from.
_MOST_CHOICES = 5


def discard(text: str, context: Context) -> Reply:
    """The reply to "gooi ontwerp 12 weg"; `text` holds the number, if any was said."""
    if not moderates(context.person):
        return refused_member("handeling.aankondigingen")
    port = context.announcements
    if port is None:
        return step(context, say("ontwerpen.hier niet"), understood=False)
    number = re.search(r"\d+", text)
    if number is not None:
        return _of_number(int(number[0]), port, context)
    drafts = [each for each in port.open() if each.state is State.DRAFT and each.is_theirs]
    own = [each for each in drafts if each.is_own]
    if len(own) == 1:
        return _discarded(own[0], context)
    if not drafts:
        return step(context, say("ontwerpen.geen weg te gooien"), private=True)
    return _which(own or drafts, context)


def _of_number(number: int, port: Announcements, context: Context) -> Reply:
    found = port.find(number)
    if found is None:
        unknown = say("ontwerpen.onbekend", nummer=str(number))
        return step(context, unknown, [say("ontwerpen.onbekend uitleg")], understood=False)
    return _discarded(found, context)


def _discarded(draft: OpenAnnouncement, context: Context) -> Reply:
    number = str(draft.number)
    act = lifecycle.Act.RETRACT
    no = refusal(draft.state, act, moderates=True, is_author=draft.is_own, in_scope=draft.is_theirs)
    if no:
        return step(context, no)
    if draft.state is not State.DRAFT:
        told = say("ontwerpen.geen ontwerp meer", nummer=number, toestand=STATE_NAMES[draft.state])
        return step(context, told, [say("ontwerpen.hoe intrekken", nummer=number)], private=True)
    return step(
        context,
        say("ontwerpen.weggegooid", nummer=number),
        [say("ontwerpen.niets geplaatst")],
        changes=(AnnouncementMoved(number=draft.number, act=act.value),),
        private=True,
    )


def _which(drafts: Sequence[OpenAnnouncement], context: Context) -> Reply:
    choices = tuple(
        Choice(label=_label(each, context), says=f"gooi {each.number} weg") for each in drafts[:_MOST_CHOICES]
    )
    left = len(drafts) - len(choices)
    more = say("ontwerpen.en nog", aantal=str(left)) if left else ""
    return step(context, say("ontwerpen.welk weg"), [more], choices=choices, private=True)


def _label(draft: OpenAnnouncement, context: Context) -> str:
    """ "Ontwerp 12: Thematisch Atrium: ontharding, Gent"; only the number where others read along."""
    name = say("ontwerpen.keuze", nummer=str(draft.number))
    if context.is_overheard:
        return name
    told = ", ".join(each for each in (quoted(draft.title), enumeration(draft.places)) if each)
    return f"{name}: {told}" if told else name
