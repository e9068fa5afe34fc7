"""Somebody else changed the same meanwhile: what only they changed is kept too, what both changed is asked.

A form that shows errors stays as it is: what was typed is not lost, and nothing else can be put in it. So
what was shown of the other's change is kept in the store: whoever hands the form in once more has read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.platforms.slack.connection import NAME
from bot.platforms.slack.lengths import shortened
from bot.platforms.slack.steps import Step
from handlers.changes import Dialogue
from handlers.model import AtriumDraft
from handlers.moderation.fields import Field, Values, place_count, place_of
from handlers.moderation.form_text import label_of, readable
from handlers.moderation.merging import Merged, mark_of, merged, recalled
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, enumeration
from store import threads

#: Characters of the other's value beside a field. Slack publishes no limit for an error: it is kept small.
_MOST = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """What was typed and what somebody else made of it, laid together.

    Attributes:
        asks: by field what to say there, where both changed it and that was not shown yet; nothing is kept
            while there are any.
    """

    merge: Merged
    asks: dict[str, str] = field(default_factory=dict)


def together(step: Step, theirs: Values, mine: Values, asked: Iterable[Field], who: str) -> Together:
    """Lay what was typed in a form over what is there now, by what the form held when it was opened.

    Args:
        theirs: what the form would hold if it were opened now.
        asked: the fields that it shows.
        who: who changed it meanwhile; empty where nobody knows.
    """
    merge = merged(recalled(step.about.base, theirs, mine), theirs, mine)
    marks = {name: mark_of(theirs.get(name, "")) for name in merge.both}
    shown = _shown(step)
    asks = {
        each.name: say(
            "slack.ook gewijzigd",
            wie=named(who),
            knop=say("slack.bekijk"),
            waarde=shortened(readable(each, theirs.get(each.name)), _MOST),
        )
        for each in asked
        if each.name in marks and shown.get(each.name) != marks[each.name]
    }
    if asks:
        _keep_shown(step, marks)
    return Together(merge=merge, asks=asks)


def named(who: str) -> str:
    """Who it was, at the beginning of a sentence."""
    return capitalised(who or say("moderatie.een andere moderator"))


def taken_text(who: str, merge: Merged) -> str:
    """What was kept of somebody else's change; empty when nothing was."""
    if not merge.taken:
        return ""
    return say("slack.blijft staan", wie=named(who), velden=labels(merge.taken, merge.values))


def labels(names: Sequence[str], values: Values) -> str:
    """What fields are called, as an enumeration; of which place they are only where a form has several."""
    if place_count(values) > 1:
        return enumeration([label_of(name) for name in names])
    bare = (place[0] if (place := place_of(name)) else name for name in names)
    return enumeration([label_of(name) for name in bare])


def _shown(step: Step) -> dict[str, str]:
    """By field the mark of what this person read of the other's change, in this form as it was opened."""
    thread = threads.find_thread(step.session, NAME, _place(step))
    return dict(thread.dialogue.shown) if thread is not None and thread.dialogue is not None else {}


def _keep_shown(step: Step, marks: dict[str, str]) -> None:
    author = step.actor.person.external_id
    kept = Dialogue(act="form", draft=AtriumDraft(), author=author, at=step.now, shown=tuple(marks.items()))
    threads.keep_dialogue(step.session, NAME, _place(step), None, kept, step.now)


def _place(step: Step) -> str:
    """Where it is kept: apart for each person, and for each thing as it was when the form was opened."""
    about = step.about
    what = f"{about.number}.{about.version}" if about.uid is None else f"{about.uid}.{about.sequence}"
    return f"form:{step.actor.person.external_id}:{what}:shown"
