"""A moderator's text becomes what it tells: labelled lines first, then the words around them."""

from __future__ import annotations

from handlers.context import Context
from handlers.model import AtriumDraft
from handlers.moderation.claims import Remainder
from handlers.moderation.free_words import hear_words
from handlers.moderation.hearing import Hearing
from handlers.moderation.labelled_lines import hear_lines, leaves_open
from handlers.moderation.told import Told


def listen(text: str, context: Context, known: AtriumDraft, asks: tuple[str, ...] = ()) -> Told:
    """What the text tells of an atrium.

    Args:
        known: the draft so far, or the atrium that is changed.
        asks: the fields that the bot just asked for; a bare answer is for them.
    """
    if leaves_open(text):
        return Told(all_open=True)
    hearing = Hearing(rest=Remainder(text), context=context, known=known, asks=asks)
    hear_lines(hearing)
    hear_words(hearing)
    return hearing.told
