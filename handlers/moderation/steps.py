"""The replies of a dialogue: each one keeps the draft, and remembers what its numbers stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from handlers.changes import Change, Dialogue, DraftKept
from handlers.context import Context, Topic
from handlers.model import AtriumDraft
from handlers.moderation.told import Problem, Told
from handlers.reading.model import Intent, Reading
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration, quoted

#: After so long a preview must be seen again before it is published.
OLD = dt.timedelta(days=7)

#: How the choice begins that shows what did not fit; the number of the first follows it.
MORE = "toon meer"


def confirm_choice() -> Choice:
    return Choice(label=say("knop.bevestig"), says="bevestig")


def stop_choice() -> Choice:
    return Choice(label=say("knop.stop"), says="stop")


def opened(
    context: Context,
    act: str,
    draft: AtriumDraft,
    *,
    asks: tuple[str, ...] = (),
    uid: str | None = None,
    previewed: bool = False,
    told: str = "",
) -> Dialogue:
    """The dialogue as it is kept after this step."""
    return Dialogue(
        act=act,
        draft=draft,
        asks=asks,
        uid=uid,
        previewed=previewed,
        author=context.person.external_id,
        author_name=context.person.name,
        at=context.now,
        told=told,
    )


def is_choosing(dialogue: Dialogue) -> bool:
    """Whether it is not clear yet which atrium is to be changed or cancelled."""
    return dialogue.act in ("change", "cancel") and dialogue.uid is None


def step(
    context: Context,
    headline: str,
    paragraphs: Sequence[str] = (),
    *,
    dialogue: Dialogue | None = None,
    choices: tuple[Choice, ...] = (),
    notes: Sequence[str] = (),
    uids: tuple[str, ...] = (),
    changes: tuple[Change, ...] = (),
    private: bool = False,
    understood: bool = True,
) -> Reply:
    """One reply; with a dialogue it is kept, and choices can be told by their number."""
    kept: tuple[Change, ...] = (DraftKept(dialogue=dialogue),) if dialogue else ()
    intent = Intent.SESSION_DETAIL if uids else Intent.CLARIFY
    return Reply(
        headline=headline,
        paragraphs=tuple(each for each in paragraphs if each),
        choices=choices,
        notes=tuple(notes),
        changes=(*changes, *kept),
        private=private,
        topic=Topic(
            reading=Reading(text="", intent=intent),
            at=context.now,
            uids=uids,
            choices=tuple(choice.says for choice in choices),
        ),
        understood=understood,
    )


def chosen(text: str, context: Context) -> str:
    """The message that a bare number stands for, else the text itself.

    "toon meer" is the choice that shows the rest.
    """
    offered = context.topic.choices if context.topic else ()
    more = next((says for says in offered if says.startswith(MORE)), None)
    if more and text.strip(" .!").lower() == MORE:
        return more
    found = re.fullmatch(r"(?:nummer |nr\.? |keuze )?(\d{1,2})[.)]?", text.strip(), re.IGNORECASE)
    if found and 1 <= int(found[1]) <= len(offered):
        return offered[int(found[1]) - 1]
    return text


def is_old(dialogue: Dialogue, now: dt.datetime) -> bool:
    return dialogue.at is not None and now - dialogue.at > OLD


def unused_text(told: Told) -> str:
    """What of the text was not used: said first, as a warning; empty when all of it was."""
    if not told.leftovers:
        return ""
    unused = enumeration([f'"{quoted(part)}"' for part in told.leftovers])
    return say("moderatie.niet gebruikt", woorden=unused)


def choices_of(problems: Sequence[Problem]) -> tuple[Choice, ...]:
    """The ways out of all problems together."""
    return tuple(choice for problem in problems for choice in problem.choices)
