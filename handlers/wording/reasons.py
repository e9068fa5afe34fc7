"""Why a post did not leave or is in doubt: kept by the name of a text, and put in words when it is shown.

So a reason that moderators worded otherwise reads so everywhere at once, also for what was skipped
before, and what the bot compares ("niet langer gepland") stays the same whatever it is called.
"""

from __future__ import annotations

import json

from handlers.wording.catalogue import TEXTS, say

#: What the name of every reason begins with.
AREA = "reden."


def because(name: str, **values: str) -> str:
    """A reason as it is kept: the name of its text, with its values; a value may be a reason itself."""
    return f"{name} {json.dumps(values, ensure_ascii=False, sort_keys=True)}" if values else name


def reason_text(kept: str) -> str:
    """A reason in words; what a person or a platform wrote itself stays as it is."""
    if not kept.startswith(AREA):
        return kept
    name, brace, told = kept.partition(" {")
    if name not in TEXTS:
        return kept
    try:
        values = json.loads("{" + told) if brace else {}
    except ValueError:
        return kept
    if not isinstance(values, dict) or set(values) != TEXTS[name].placeholders:
        return kept
    return say(name, **{key: reason_text(str(value)) for key, value in values.items()})
