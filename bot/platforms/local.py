"""The local community as a platform: people write on a page of the program itself, the bot answers there.

It needs no account and keeps its messages in the bot's own database, so it can tell surely
whether a post is there. Who one is and which role one has is self-declared: it may only listen
on the machine itself (see `bot/web/guard.py`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.message import Message
from handlers.model import Community, Role
from handlers.reply import Reply
from handlers.routing import is_command
from handlers.wording.catalogue import say
from handlers.wording.reasons import because
from scheduler.port import Capabilities, Missing, Outcome, Post, Refused, Sent, Withheld
from store import codec, events, local
from store.communities import find_community, list_communities
from store.engine import Store
from store.local import LocalMessage
from store.tables import LocalMessageRow

NAME = "local"

#: Under which name the bot writes; nobody else may use it.
BOT_NAME = "atriumbot"

#: Characters of one message and of one name.
MAX_TEXT = 10_000
MAX_NAME = 80

_MENTION = re.compile(r"@atriumbot\b[\s,:;]*", re.IGNORECASE)

#: Signs that turn the reading direction around can make a text look like another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UnknownCommunityError(LookupError):
    """There is no local community with this key."""


class BadMessageError(ValueError):
    """What somebody wrote cannot be placed.

    Attributes:
        field: "author", "role", "text" or "thread".
        reason: what is wrong and what to do, in Dutch.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What somebody wrote, cleaned and found to be in order."""

    author: str
    role: Role
    text: str


class LocalPlatform:
    """Posts to and receives from the local communities.

    Args:
        store: where the messages live.
        now: gives the present as aware UTC.
        on_event: called, outside any transaction and from a worker thread, when a message was
            written that the bot must answer.
    """

    name = NAME
    capabilities = Capabilities(edit=True, buttons=True, find=True, appears_within=dt.timedelta())

    def __init__(
        self,
        store: Store,
        now: Callable[[], dt.datetime],
        on_event: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self.on_event = on_event
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have `watcher` called, from any thread, whenever a message was written by this process."""
        self._watchers.append(watcher)

    def communities(self) -> Sequence[Community]:
        """The communities that live here, in the order of the settings."""
        with self._store.reading() as session:
            return [found for found in list_communities(session) if found.platform == NAME]

    def get_community(self, key: str) -> Community:
        """Raises `UnknownCommunityError` when it does not live here."""
        with self._store.reading() as session:
            return _community(session, key)

    def receive(
        self,
        community_key: str,
        author: str,
        role: str,
        text: str,
        thread: str | None = None,
        below: str | None = None,
    ) -> LocalMessage:
        """Write what somebody says, and in the same transaction the event that the bot must answer.

        Args:
            thread: id of the message that began the thread; None begins one.
            below: id of the message of the bot below which a button said it; None where it was typed.

        Raises:
            UnknownCommunityError, BadMessageError.
        """
        words = _words(author, role, text)
        now = self._now()
        with self._store.writing() as session:
            community = _community(session, community_key)
            root = _root(session, community, thread) if thread is not None else None
            row = LocalMessageRow(
                community_key=community.key,
                thread_id=root,
                reply_to=root,
                author=words.author,
                role=words.role,
                text=words.text,
                at=now,
            )
            message = local.add(session, row)
            is_owed = _is_for_bot(session, words.text, root)
            if is_owed:
                events.record(session, replace(_event(message, words), below=below), now)
        self._tell_watchers()
        if is_owed and self.on_event is not None:
            self.on_event()
        return message

    async def send(self, post: Post) -> Outcome:
        """Place a post; the same key again gives the message that is there already."""
        return await asyncio.to_thread(self._place, post)

    async def edit(self, message_id: str, post: Post) -> Outcome:
        """Let a message of the bot say what this post says; it keeps its place and its moment."""
        return await asyncio.to_thread(self._replace, message_id, post)

    async def find(self, post: Post) -> Sent | Missing:
        """Whether a post is there; the local community always knows."""
        return await asyncio.to_thread(self._look_up, post)

    def _place(self, post: Post) -> Outcome:
        if post.community is None:
            return Refused(reason="reden.lokaal geen privebericht")
        try:
            with self._store.writing() as session:
                session.connection()  # with it SQLite's lock, which may be long in coming
                if not post.may_leave():
                    return Withheld()
                outcome = _placed(session, post, post.community, self._now())
        except IntegrityError:
            # Another replica placed the same key between the look and the insert.
            with self._store.reading() as session:
                there = local.find_by_ref(session, post.key)
            if there is None:
                raise
            return _sent(there)
        self._tell_watchers()
        return outcome

    def _replace(self, message_id: str, post: Post) -> Outcome:
        if post.community is None:
            return Refused(reason="reden.lokaal geen privebericht")
        with self._store.writing() as session:
            there = local.edit(session, post.community.key, _number(message_id), _shown(post))
        if there is None:
            return Refused(reason=because("reden.lokaal bericht weg", nummer=message_id))
        self._tell_watchers()
        return _sent(there)

    def _look_up(self, post: Post) -> Sent | Missing:
        with self._store.reading() as session:
            there = local.find_by_ref(session, post.key)
        return _sent(there) if there is not None else Missing()

    def _tell_watchers(self) -> None:
        for watcher in self._watchers:
            watcher()


def without_mention(text: str) -> str:
    """The text as the bot reads it: without its own name."""
    return _MENTION.sub("", text).strip()


def clean(text: str) -> str:
    """Without control characters, lone surrogates and signs that turn the reading direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if _is_plain(sign)).strip()


def _is_plain(sign: str) -> bool:
    if sign in "\n\t":
        return True
    return sign not in _TURNING and unicodedata.category(sign) not in {"Cc", "Cs"}


def _words(author: str, role: str, text: str) -> _Words:
    name = " ".join(clean(author).split())
    if not name:
        raise BadMessageError("author", say("lokaal.naam"))
    if len(name) > MAX_NAME:
        raise BadMessageError("author", say("lokaal.naam te lang", aantal=str(MAX_NAME)))
    if name.casefold() == BOT_NAME:
        raise BadMessageError("author", say("lokaal.naam van de bot"))
    if role not in {Role.MEMBER, Role.MODERATOR}:
        raise BadMessageError("role", say("lokaal.rol"))
    said = clean(text)
    if not said:
        raise BadMessageError("text", say("lokaal.schrijf eerst"))
    if len(said) > MAX_TEXT:
        raise BadMessageError("text", say("lokaal.te lang"))
    return _Words(author=name, role=Role(role), text=said)


def _community(session: Session, key: str) -> Community:
    found = find_community(session, key)
    if found is None or found.platform != NAME:
        raise UnknownCommunityError(key)
    return found


def _number(text: str) -> int:
    """The id that this text stands for, 0 (which is nobody's) when it stands for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0


def _root(session: Session, community: Community, thread: str) -> int:
    found = local.find(session, community.key, _number(thread))
    if found is None:
        raise BadMessageError("thread", say("lokaal.gesprek weg"))
    return found.thread


def _is_for_bot(session: Session, text: str, root: int | None) -> bool:
    if _MENTION.search(text) or is_command(text):
        return True
    return root is not None and local.bot_spoke_in(session, root)


def _event(message: LocalMessage, words: _Words) -> Message:
    return Message(
        platform=NAME,
        event_id=str(message.id),
        text=without_mention(words.text),
        author_id=words.author,
        author_name=words.author,
        author_role=words.role,
        sent_at=message.at,
        community=message.community,
        thread=str(message.thread),
    )


def _placed(session: Session, post: Post, community: Community, now: dt.datetime) -> Outcome:
    there = local.find_by_ref(session, post.key)
    if there is not None:
        return _sent(there)
    root = None
    if post.thread is not None:
        found = local.find(session, community.key, _number(post.thread))
        if found is None:
            return Refused(reason=because("reden.lokaal gesprek weg", nummer=post.thread))
        root = found.thread
    shown = _shown(post)
    row = LocalMessageRow(
        community_key=community.key,
        thread_id=root,
        reply_to=_number(post.ref) if post.ref else root,
        author=BOT_NAME,
        role=None,
        text=shown.plain_text(),
        at=now,
        by_bot=True,
        automatic=shown.automatic,
        reply=codec.dump(shown),
        ref=post.key,
    )
    return _sent(local.add(session, row))


def _shown(post: Post) -> Reply:
    """What readers get: what should change and what the thread remembers is the conversation's."""
    return replace(post.reply, changes=(), topic=None, reading=None)


def _sent(message: LocalMessage) -> Sent:
    return Sent(message_id=str(message.id), thread=str(message.thread))
