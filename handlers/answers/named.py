"""The atrium whose key stands in a message ("atr-1-044"), and the key that stands for none."""

from __future__ import annotations

import re

from handlers.context import Context
from handlers.model import Atrium
from handlers.reply import Reply
from handlers.wording.catalogue import say

#: A key has a digit; what has nothing else is a day, an hour or a number.
_MAY_BE_KEY = re.compile(r"(?=[\w.@-]*[^\W\d])[\w.@-]*\d[\w.@-]*")
#: What can hardly be anything but a key: three parts or more, the last with a digit.
_LOOKS_LIKE_KEY = re.compile(r"(?<![\w@/.-])[a-z][a-z_]*(?:-\w+)+-(?=\w*\d)\w+(?![\w@/-])", re.IGNORECASE)
#: So many words are tried as a key.
_MOST_TRIED = 5


def named_in(text: str, context: Context) -> Atrium | None:
    """The first atrium whose key stands in the text, as far as those who read along may see it."""
    for word in _MAY_BE_KEY.findall(text)[:_MOST_TRIED]:
        key = word.rstrip(".,-")
        for tried in dict.fromkeys((key, key.lower())):
            atrium = context.agenda.find(tried, context.reads)
            if atrium is not None:
                return atrium
    return None


def holds_key(text: str) -> bool:
    """Whether a word of the text is written as a key is, whatever it stands for."""
    return _LOOKS_LIKE_KEY.search(text) is not None


def unknown_atrium() -> Reply:
    """A key that stands for nothing here: the same words whether it is unknown or not for these readers."""
    return Reply(
        headline=say("wedervraag.onbekende sleutel"),
        paragraphs=(say("wedervraag.onbekende sleutel uitleg"),),
        understood=False,
    )
