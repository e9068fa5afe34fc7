"""A message of nothing but emoji: a thumb up, a heart or applause thanks, any other gets a friendly line."""

from __future__ import annotations

import re
import unicodedata

from handlers.reading.model import Intent, Reading
from handlers.reply import Reply
from handlers.wording.catalogue import say

_MENTION = re.compile(r"<@[^>]*>|(?<!\w)@\S+")
#: An emoji as Slack and others write it in words.
_CODE = re.compile(r":([a-z0-9_+'-]+):", re.IGNORECASE)
_SKIN = re.compile(r"[\U0001F3FB-\U0001F3FF]")
#: What shapes or joins the sign before it, and is none itself.
_SHAPING = frozenset("\ufe0e\ufe0f\u200d\u20e3")

_THANKING_SIGNS = frozenset("👍👏🙏👌🙌❤♥🧡💛💚💙💜🤎🖤🤍💖💗💓💕🩷🩵")
_THANKING_CODES = re.compile(
    r"\+1|thumbsup(?:_all)?|clap|pray|ok_hand|raised_hands|(?:\w+_)?hearts?|skin-tone-\d", re.IGNORECASE
)
#: What says that the answer was not what was asked.
_REJECTING = re.compile(r"👎|:(?:-1|thumbsdown):", re.IGNORECASE)


def emoji_alone(said: str) -> Reply | None:
    """The reply to emoji without a word; None of anything else, and of a thumb down."""
    bare = _MENTION.sub(" ", said)
    codes = _CODE.findall(bare)
    signs = [sign for sign in _SKIN.sub("", _CODE.sub(" ", bare)) if not _is_beside(sign)]
    if _REJECTING.search(bare) or not (codes or signs) or not all(map(_is_emoji, signs)):
        return None
    thanks = all(_THANKING_CODES.fullmatch(code) for code in codes) and _THANKING_SIGNS.issuperset(signs)
    intent = Intent.THANKS if thanks else Intent.GREETING
    return Reply(
        headline=say("dank" if thanks else "groet bij emoji"), reading=Reading(text=said, intent=intent)
    )


def _is_emoji(sign: str) -> bool:
    return unicodedata.category(sign) in {"So", "Cn"}


def _is_beside(sign: str) -> bool:
    """Whether a sign says nothing here: a blank, an exclamation mark, or what shapes an emoji."""
    return sign in _SHAPING or (unicodedata.category(sign)[0] in "ZPC" and not _is_emoji(sign))
