"""What Viva Engage answers, read into values of our own; nothing else of an answer is kept.

Shapes: https://learn.microsoft.com/rest/api/yammer/messagesjson. An answer may hold a secret
(`meta.realtime`), so it is never logged and goes no further than here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MENTION = re.compile(r"\[\[user:(\d+)\]\]")
_TOKEN = re.compile(r"\[\[[a-z_]+:\d+\]\]")

#: How Viva Engage writes moments.
_MOMENT = "%Y/%m/%d %H:%M:%S %z"


class UnreadableError(ValueError):
    """An answer is not what Viva Engage answers; its content is not repeated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """A person as Viva Engage knows them. `is_person` is False for agents and other programs."""

    id: int
    name: str
    email: str | None = None
    is_person: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One message. Ids are numbers that rise with time; `at` is aware UTC.

    Attributes:
        replied_to: the message that it answers; None where it begins a thread.
        group: the community, None in private.
        text: with the names of those it mentions.
        mentions: whom it mentions, by the text or by the platform's own list.
        is_system: nobody wrote it.
    """

    id: int
    thread: int
    sender: int
    at: dt.datetime
    text: str
    group: int | None = None
    replied_to: int | None = None
    mentions: frozenset[int] = frozenset()
    is_private: bool = False
    is_system: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """A thread beside a message. `announcement` is None where the platform does not say."""

    id: int
    newest: int | None = None
    announcement: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer of a feed, or to a post: the messages newest first, as they came.

    Attributes:
        me: the bot's own id, where the answer tells.
        has_older: there is a next page.
    """

    messages: Sequence[Heard] = ()
    threads: Mapping[int, Thread] = field(default_factory=dict)
    people: Mapping[int, Author] = field(default_factory=dict)
    me: int | None = None
    has_older: bool = False


def read_page(answer: object, bot: int | None = None) -> Page:
    """The page in an answer.

    Args:
        bot: the bot's own id, whose mention is left out of texts; that of the answer goes before.

    Raises:
        UnreadableError.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("messages"), list):
        raise UnreadableError("the answer holds no messages")
    meta = _object(answer.get("meta"))
    me = _number(meta.get("current_user_id")) or bot
    references = [each for each in answer.get("references") or () if isinstance(each, dict)]
    people = {author.id: author for author in _authors(references)}
    listed = [*answer["messages"], *_extended(answer.get("threaded_extended"))]
    return Page(
        messages=tuple(_heard(each, people, me) for each in listed),
        threads={thread.id: thread for thread in _threads(references)},
        people=people,
        me=me,
        has_older=_is_true(meta.get("older_available")),
    )


def _extended(threads: object) -> Iterator[Any]:
    if isinstance(threads, dict):
        for replies in threads.values():
            yield from replies if isinstance(replies, list) else ()


def _heard(message: Any, people: Mapping[int, Author], me: int | None) -> Heard:
    if not isinstance(message, dict):
        raise UnreadableError("a message is no object")
    number, sender = _number(message.get("id")), _number(message.get("sender_id"))
    if number is None or sender is None:
        raise UnreadableError("a message has no number or no sender")
    body = _object(message.get("body"))
    parsed, plain = str(body.get("parsed") or ""), str(body.get("plain") or "")
    notified = message.get("notified_user_ids")
    named = {int(found) for found in _MENTION.findall(parsed)}
    listed = {_number(each) for each in notified} if isinstance(notified, list) else set()
    return Heard(
        id=number,
        thread=_number(message.get("thread_id")) or number,
        sender=sender,
        at=_moment(message),
        text=_spoken(parsed, plain, people, me),
        group=_number(message.get("group_id")),
        replied_to=_number(message.get("replied_to_id")),
        mentions=frozenset(named | {each for each in listed if each is not None}),
        is_private=_is_true(message.get("direct_message")),
        is_system=_is_true(message.get("system_message")) or message.get("sender_type") not in (None, "user"),
    )


def _spoken(parsed: str, plain: str, people: Mapping[int, Author], me: int | None) -> str:
    """What was said, without the bot's own mention and with the names of others for theirs."""
    if not _TOKEN.search(parsed):
        return _without_name(plain or parsed, people.get(me or 0))

    def name(found: re.Match[str]) -> str:
        person = people.get(int(found[1]))
        return "" if int(found[1]) == me or person is None else person.name

    return re.sub(r"[ \t]{2,}", " ", _TOKEN.sub("", _MENTION.sub(name, parsed))).strip(" ,:;\n")


def _without_name(text: str, bot: Author | None) -> str:
    if bot is None:
        return text.strip()
    return re.sub(rf"^\s*@?{re.escape(bot.name)}\b[\s,:;]*", "", text, flags=re.IGNORECASE).strip()


def _authors(references: Sequence[Mapping[str, Any]]) -> Iterator[Author]:
    for each in references:
        if each.get("type") == "user" and (author := _author(each)) is not None:
            yield author


def _author(user: Mapping[str, Any]) -> Author | None:
    number = _number(user.get("id"))
    if number is None:
        return None
    return Author(
        id=number,
        name=str(user.get("full_name") or user.get("name") or "een lid"),
        email=str(user["email"]).lower() if user.get("email") else None,
        is_person=user.get("identity_type") in (None, "user"),
    )


def _threads(references: Sequence[Mapping[str, Any]]) -> Iterator[Thread]:
    for each in references:
        number = _number(each.get("id")) if each.get("type") == "thread" else None
        if number is not None:
            stats = _object(each.get("stats"))
            said = each.get("announcement")
            yield Thread(
                id=number,
                newest=_number(stats.get("latest_reply_id")),
                announcement=None if said is None else _is_true(said),
            )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    """Numbers come as numbers and, now and then, as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _is_true(value: object) -> bool:
    """Truth comes as truth and, of people, as text."""
    return value is True or value == "true"


def _moment(message: Mapping[str, Any]) -> dt.datetime:
    try:
        return dt.datetime.strptime(str(message.get("created_at")), _MOMENT).astimezone(dt.UTC)
    except ValueError:
        raise UnreadableError("a message has no moment") from None
