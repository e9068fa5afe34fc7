"""What moderators do by conversation: announce, change, cancel and pause; and what members hand in.

Nothing is published, changed or cancelled but on the word `bevestig` (or the number that stands
for it) of the moderator who began, after they saw the preview. Roles are looked at in every step.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.changes import Dialogue
from handlers.context import Context
from handlers.moderation import announce, cancel, change
from handlers.moderation.commands import (
    OF_ANNOUNCEMENTS,
    OF_CONTRIBUTIONS,
    STEERING,
    Act,
    Command,
    bare_text,
    command_in,
    is_confirmation,
    is_mere_yes,
    is_own_affair,
    is_stop,
)
from handlers.moderation.contribution import hand_in
from handlers.moderation.discarding import discard
from handlers.moderation.existing import first_shown, pointed_at
from handlers.moderation.handed_in import with_contribution
from handlers.moderation.labels import count_labels, starts_with_label
from handlers.moderation.moments_of_posting import confirmed_for
from handlers.moderation.open_announcements import with_announcement
from handlers.moderation.pause import pause_or_resume
from handlers.moderation.permissions import moderates, refused_member
from handlers.moderation.steering import steer
from handlers.moderation.steps import chosen, confirm_choice, is_choosing, step, stop_choice
from handlers.reply import Reply
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import capitalised

#: Characters of one message; an announcement with all its lines is a third of it.
MOST_READ = 3000

#: How long the bot waits to hear which atrium is meant.
_CHOOSING = dt.timedelta(hours=2)

_NOUNS = {
    "announce": "handeling.aankondigen",
    "change": "handeling.atrium wijzigen",
    "cancel": "handeling.atrium annuleren",
}
_NAMES = Said(
    {
        "announce": "handeling.een aankondiging",
        "change": "handeling.een wijziging",
        "cancel": "handeling.een annulering",
    }
)
_QUESTION = re.compile(
    r"^(?:wat|waar|waarom|wanneer|wie|welke?|hoe|hoeveel|is er|zijn er|kan|kunnen|mag|toon|help|hulp)\b"
    r"(?!\s*:)",
    re.IGNORECASE,
)


def is_command(text: str) -> bool:
    """Whether a message is for this part even where the bot was not mentioned."""
    said = bare_text(text)
    return command_in(said) is not None or is_confirmation(said)


def respond(text: str, context: Context) -> Reply | None:
    """The reply to a moderator's matter; None when it is none, and is to be answered as a question."""
    said = bare_text(chosen(bare_text(text), context))
    if not said:
        return None
    command = command_in(said)
    if len(said) > MOST_READ:
        return _too_long(command, context)
    if context.dialogue is not None and _is_forgotten(context.dialogue, context):
        context = replace(context, dialogue=None)
    if context.dialogue is not None and not _is_aside(command, context.dialogue, context):
        if context.dialogue.author == context.person.external_id:
            return _authors_step(said, command, context.dialogue, context)
        return _anothers_step(said, command, context.dialogue, context)
    if command is not None:
        return _carry_on(command, context)
    return _without_command(said, context)


def _is_forgotten(dialogue: Dialogue, context: Context) -> bool:
    """Which atrium was asked long ago, and nobody said: what is typed now is about something else."""
    return is_choosing(dialogue) and dialogue.at is not None and context.now - dialogue.at > _CHOOSING


def _too_long(command: Command | None, context: Context) -> Reply | None:
    """More than an atrium takes is not read; whatever was in the making stays."""
    own = context.dialogue is not None and context.dialogue.author == context.person.external_id
    if command is None and not own:
        return None
    return step(
        context,
        say("moderatie.te lang", aantal=str(MOST_READ)),
        [say("moderatie.te lang uitleg")],
        understood=False,
    )


def _is_aside(command: Command | None, dialogue: Dialogue, context: Context) -> bool:
    """Commands that leave a dialogue alone."""
    if command is not None and command.act is Act.DISCARD:
        # "gooi het ontwerp weg", of whoever is at it, is said of the one in the making.
        return bool(command.rest) or dialogue.author != context.person.external_id
    return command is not None and command.act in (
        Act.PAUSE,
        Act.RESUME,
        Act.CONTRIBUTE,
        *STEERING,
        *OF_ANNOUNCEMENTS,
        *OF_CONTRIBUTIONS,
    )


def _carry_on(command: Command, context: Context) -> Reply | None:
    match command.act:
        case Act.ANNOUNCE:
            return announce.start(command.rest, context)
        case Act.CHANGE:
            return change.start(command.rest, context)
        case Act.CANCEL:
            return cancel.start(command.rest, context)
        case Act.CONTRIBUTE:
            return hand_in(command.rest, context)
        case Act.PAUSE | Act.RESUME:
            return pause_or_resume(command.act, command.rest, context)
        case Act.DISCARD:
            return discard(command.rest, context)
        case act if act in OF_ANNOUNCEMENTS:
            return with_announcement(act, command.rest, context)
        case act if act in OF_CONTRIBUTIONS:
            return with_contribution(act, command.rest, context)
        case Act.KEEP:
            return _nothing_to_keep(context)
        case _:
            return steer(command.act, command.rest, context)


def _nothing_to_keep(context: Context) -> Reply | None:
    """A member who says so means something else."""
    if not moderates(context.person):
        return None
    says = say("moderatie.niets te bewaren")
    return step(context, says, [say("moderatie.niets te bewaren uitleg")], understood=False)


def _without_command(said: str, context: Context) -> Reply | None:
    """No dialogue, no command: a confirmation of nothing, or an announcement that does not say it is one."""
    if is_confirmation(said):
        if not moderates(context.person):
            return refused_member("handeling.bevestigen")
        return step(
            context,
            say("moderatie.niets te bevestigen"),
            [say("moderatie.niets te bevestigen uitleg")],
        )
    if not moderates(context.person) or said.endswith("?"):
        return None
    if count_labels(said) >= 3 or announce.looks_like_one(said, context):
        return announce.start(said, context)
    return None


def _authors_step(said: str, command: Command | None, dialogue: Dialogue, context: Context) -> Reply | None:
    if not moderates(context.person):
        return refused_member(_NOUNS[dialogue.act])
    if is_stop(said):
        return _dropped(dialogue, context)
    if is_confirmation(said):
        return _confirmed(dialogue, context)
    if dialogue.act == "announce":
        at = confirmed_for(said, context)
        if at is not None:
            return announce.confirm(dialogue, context, at)
        if command is not None and command.act is Act.KEEP:
            return announce.kept(dialogue, context)
    if command is not None:
        corrected = _correction(command, dialogue)
        if corrected is None:
            return _other_command(command, dialogue, context)
        said = corrected
    elif is_mere_yes(said) and dialogue.previewed:
        return _mere_yes(dialogue, context)
    elif _is_question(said, dialogue, context):
        return None
    return _gone_on(said, dialogue, context)


def _mere_yes(dialogue: Dialogue, context: Context) -> Reply:
    return step(
        context,
        say("moderatie.zeg bevestig"),
        [say("moderatie.zeg bevestig uitleg")],
        dialogue=dialogue,
        choices=(confirm_choice(), stop_choice()),
    )


def _correction(command: Command, dialogue: Dialogue) -> str | None:
    """ "wijzig datum: 19 maart", in the middle of an announcement, is a correction of the draft."""
    if command.act is Act.CHANGE and dialogue.act != "cancel" and starts_with_label(command.rest):
        return command.rest
    return None


def _other_command(command: Command, dialogue: Dialogue, context: Context) -> Reply | None:
    """The same act anew takes the place of what was in the making; another one has to wait."""
    if command.act.value == dialogue.act:
        return _carry_on(command, context)
    return step(
        context,
        say("moderatie.loopt nog", wat=_NAMES[dialogue.act]),
        [say("moderatie.loopt nog uitleg")],
        dialogue=dialogue,
    )


def _dropped(dialogue: Dialogue, context: Context) -> Reply:
    if dialogue.act == "announce":
        return announce.dropped(dialogue, context)
    return change.dropped(context) if dialogue.act == "change" else cancel.dropped(dialogue, context)


def _confirmed(dialogue: Dialogue, context: Context) -> Reply:
    confirm = {"announce": announce.confirm, "change": change.confirm, "cancel": cancel.confirm}[dialogue.act]
    return confirm(dialogue, context)


def _gone_on(said: str, dialogue: Dialogue, context: Context) -> Reply:
    if is_choosing(dialogue):
        said = pointed_at(said, context)
        command = command_in(said)
        said = command.rest if command and command.act.value == dialogue.act else said
    if dialogue.act == "cancel":
        return cancel.go_on(said, dialogue, context)
    go_on = announce.go_on if dialogue.act == "announce" else change.go_on
    return go_on(said, dialogue, context)


def _is_question(said: str, dialogue: Dialogue, context: Context) -> bool:
    """Something asked in between; the draft waits."""
    if is_choosing(dialogue) and first_shown(said):
        return False
    own = is_own_affair(said)
    if not (own or said.endswith("?") or _QUESTION.match(said)):
        return False
    if own or dialogue.act == "cancel" or said.endswith("?"):
        return True
    tells = announce.tells_something if dialogue.act == "announce" else change.tells_something
    return not tells(said, dialogue, context)


def _anothers_step(said: str, command: Command | None, dialogue: Dialogue, context: Context) -> Reply | None:
    """Only the author goes on; whoever else tries hears that, and whoever asks something is answered."""
    steps = is_confirmation(said) or is_stop(said) or command is not None
    if not moderates(context.person):
        return refused_member(_NOUNS[dialogue.act]) if steps else None
    if not steps and _is_question(said, dialogue, context):
        return None
    who = dialogue.author_name or say("moderatie.een andere moderator")
    return step(
        context,
        say("moderatie.van een ander", wie=capitalised(who), wat=_NAMES[dialogue.act]),
        [say("moderatie.van een ander uitleg")],
    )
