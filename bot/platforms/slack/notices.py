"""What members will hear of a change or a cancellation, as a form shows it before it is confirmed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.announcing import Announcing
from bot.calling_off import Foretold
from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.blocks import render
from bot.platforms.slack.buttons import Block
from bot.platforms.slack.elements import divider, literal, section
from bot.platforms.slack.steps import pages_of
from handlers.moderation.heard import heard_text
from handlers.reply import Reply
from handlers.wording.catalogue import say


def notice_blocks(
    session: Session, who: Actor, told: Foretold, announcing: Announcing, *, is_news: bool = True
) -> list[Block]:
    """The very notices, each once, and the moment and the communities; or that nobody hears of it.

    What is said in a community that this person may not read is named, and not shown.
    """
    now = who.context.now
    reads = announcing.context(session, who.person, now).reads
    shown: dict[str, Reply] = {
        each.reply.plain_text(): each.reply for each in told.notices if each.community.key in reads
    }
    blocks: list[Block] = []
    for reply in shown.values():
        blocks += [*forms.without_buttons(render(reply, pages_of(announcing), now).blocks), divider()]
    heading = [section(say("slack.dit bericht krijgt"))] if blocks else []
    return [*heading, *blocks, section(literal(heard_text(told.heard(), now, is_news=is_news)))]
