"""Which messages are for the bot, and what they are to it: pages of Viva Engage become events of the store.

For the bot is what mentions it (by any sign that Viva Engage gives), what is said in a thread in which it
speaks, what is said to it in private, and commands. What it wrote itself, what other programs or nobody
wrote, and what is too old, is not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.platforms.engage.brake import Brake
from bot.platforms.engage.feeds import FeedKind
from bot.platforms.engage.messages import Author, Heard, Page
from handlers.message import Message
from handlers.model import Community
from handlers.routing import is_command
from handlers.wording.catalogue import say
from store import belonging, events, spoken

NAME = "engage"

#: Characters of one message that are kept.
MAX_TEXT = 10_000

#: At its first start the bot answers nothing older, and after a long stop nothing older than the second.
FIRST_LOOK_BACK = dt.timedelta(days=1)
LONGEST_LOOK_BACK = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ear:
    """By what a page is judged, in one transaction.

    Attributes:
        communities: by the number of their group.
        begun_at: when the bot began to read here; aware UTC, like `now`.
        kept_for: how long answered messages are remembered; older ones could be taken for new.
        brake: ends what goes on too long.
    """

    session: Session
    communities: Mapping[int, Community]
    now: dt.datetime
    begun_at: dt.datetime
    kept_for: dt.timedelta
    brake: Brake

    @property
    def oldest(self) -> dt.datetime:
        """What was said before it (aware UTC) is answered no more."""
        bounds = [self.begun_at - FIRST_LOOK_BACK, self.now - min(LONGEST_LOOK_BACK, self.kept_for)]
        rested_at = events.rested_at(self.session)
        return max(*bounds, *([rested_at] if rested_at is not None else []))

    def hear(self, page: Page, kind: FeedKind) -> int:
        """Write down what of a page is for the bot and was not written before; how many."""
        known = spoken.known(self.session, NAME, {str(heard.thread) for heard in page.messages})
        oldest = self.oldest
        recorded = 0
        # A page has the newest first; what was asked first is answered first.
        for heard in sorted({each.id: each for each in page.messages}.values(), key=lambda each: each.id):
            if heard.at < oldest or not self._is_for_bot(heard, page, kind, known):
                continue
            if self.brake.is_on(heard.sender, heard.thread, heard.at):
                continue
            message = self._message(heard, page)
            if events.record(self.session, message, self.now) is not None:
                self.brake.count(heard.sender, heard.thread, heard.at)
                recorded += 1
        return recorded

    def own_threads(self, page: Page) -> None:
        """Note the threads in which the bot turns out to speak."""
        own = [heard for heard in page.messages if heard.sender == page.me]
        known = spoken.known(self.session, NAME, {str(heard.thread) for heard in own})
        found: dict[str, int] = {}
        for heard in own:
            if str(heard.thread) not in known:
                # Up to what it answered: others may have spoken before the answer came.
                found[str(heard.thread)] = min(
                    heard.replied_to or heard.id, found.get(str(heard.thread), heard.id)
                )
        spoken.note(self.session, NAME, found, self.now)

    def _is_for_bot(self, heard: Heard, page: Page, kind: FeedKind, known: Collection[str]) -> bool:
        author = page.people.get(heard.sender)
        if heard.sender == page.me or heard.is_system or (author is not None and not author.is_person):
            return False
        if heard.is_private and _others(heard, page):
            # Several people talk there: the bot answers who began it with the bot, or calls it.
            is_first = heard.id == heard.thread
            return is_first or page.me in heard.named or heard.is_called or is_command(heard.text)
        if heard.is_private or page.me in heard.mentions or str(heard.thread) in known:
            return True
        if kind is FeedKind.RECEIVED and not heard.mentions and (heard.is_called or not heard.tells_mentions):
            # No document says that this feed holds mentions alone, so what the platform says goes first.
            thread = page.threads.get(heard.thread)
            # An announcement reaches everybody; that is no mention.
            return thread is None or not thread.announcement or heard.id != heard.thread
        return heard.group in self.communities and is_command(heard.text)

    def _message(self, heard: Heard, page: Page) -> Message:
        author = page.people.get(heard.sender)
        email = _vouched_email(heard, author)
        community = self.communities.get(heard.group) if heard.group is not None else None
        reads, moderates = self._rights(heard, email)
        # Where it was mentioned in a community that it does not serve, it answers in private: what it
        # says there may be for the asker alone. So it does where several people talk in private.
        is_elsewhere = community is None and (not heard.is_private or bool(_others(heard, page)))
        return Message(
            platform=NAME,
            event_id=str(heard.id),
            text=cleaned(heard.text)[:MAX_TEXT],
            author_id=str(heard.sender),
            author_name=author.name if author is not None else say("naam.een lid"),
            author_email=email,
            author_reads=reads,
            author_moderates=moderates,
            sent_at=heard.at,
            community=community.key if community is not None else None,
            thread=None if is_elsewhere else str(heard.thread),
        )

    def _rights(self, heard: Heard, email: str | None) -> tuple[frozenset[str], frozenset[str]]:
        """Where the author belongs, and which of it is theirs to moderate, as far as that is fresh."""
        since = self.now - belonging.FRESH_FOR
        # Graph tells people by their address, Viva Engage by their number.
        known_as = [str(heard.sender), *([email] if email else [])]
        reads = [belonging.joined_by(self.session, each, NAME, since) for each in known_as]
        owns = [belonging.moderated_by(self.session, each, NAME, since) for each in known_as]
        return frozenset().union(*reads), frozenset().union(*owns)


def _others(heard: Heard, page: Page) -> frozenset[int]:
    """Who else takes part in a private conversation, as far as the platform tells."""
    thread = page.threads.get(heard.thread)
    invited = thread.invited if thread is not None else frozenset()
    speaking = {each.sender for each in page.messages if each.thread == heard.thread}
    return ((heard.mentions - heard.named) | invited | speaking) - {heard.sender, page.me or 0}


def _vouched_email(heard: Heard, author: Author | None) -> str | None:
    """The author's address; None where another network, which may say anything, gave it."""
    if author is None or (None not in (author.network, heard.network) and author.network != heard.network):
        return None
    return author.email


def cleaned(text: str) -> str:
    """Without control characters, lone surrogates and signs that turn the reading direction."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
    return "".join(sign for sign in lines if sign == "\n" or sign.isprintable()).strip()
