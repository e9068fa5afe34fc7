"""The preview: the post exactly as it will look, where it goes, who sees it, and what to mind."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import Context
from handlers.model import Atrium
from handlers.moderation.clashes import warnings
from handlers.moderation.community_choice import is_read_elsewhere, names_text
from handlers.posts.announcement import announcement
from handlers.reply import Reply
from handlers.wording.cards import brief_text
from handlers.wording.catalogue import say

#: Stands before and after the post, so that nobody takes the bot's other words for it.
RULE = "----------"


def post_text(post: Reply | None) -> str:
    """A post as plain text between two rules."""
    return post_text_of(post.plain_text()) if post else ""


def post_text_of(text: str) -> str:
    """The text of a post between two rules; empty when there is none."""
    return f"{RULE}\n{text}\n{RULE}" if text else ""


def preview_lines(
    atrium: Atrium, communities: Sequence[str], context: Context, more: Sequence[str] = ()
) -> list[str]:
    """The paragraphs of the preview of a new atrium; `more` is what else to mind."""
    post = announcement(atrium, context.now)
    return [
        post_text(post) or brief_text(atrium, context.now),
        posted_in_text(communities, context),
        seen_by_text(atrium, context),
        *(say("moderatie.let op", waarschuwing=warning) for warning in (*warnings(atrium, context), *more)),
        read_here_text(atrium, context),
    ]


def posted_in_text(communities: Sequence[str], context: Context) -> str:
    """Where the post goes, and when."""
    if not communities:
        return say("voorbeeld.alleen agenda")
    names = names_text(communities, context)
    return say("voorbeeld.komt in", communities=names)


def seen_by_text(atrium: Atrium, context: Context) -> str:
    """Who will see the atrium, in the agenda and in answers."""
    if atrium.is_public:
        return say("voorbeeld.iedereen")
    keys = [one.key for one in context.communities if one.key in atrium.visibility]
    return say("voorbeeld.alleen leden", communities=names_text(keys, context))


def read_here_text(atrium: Atrium, context: Context) -> str:
    """A warning when people who may not see the atrium read along here."""
    if context.community is None or not is_read_elsewhere(atrium, context):
        return ""
    return say("voorbeeld.meelezers", community=context.community.name)
