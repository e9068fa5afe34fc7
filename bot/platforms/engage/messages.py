"""What Viva Engage answers, read into values of our own; nothing else of an answer is kept.

Shapes: https://learn.microsoft.com/rest/api/yammer/messagesjson. An answer may hold a secret
(`meta.realtime`), so it is never logged and goes no further than here.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.wording.catalogue import say

# Anybody may write such a token by hand, with as many digits as they please.
_MENTION = re.compile(r"\[\[user:([0-9]{1,19})\]\]")
_TOKEN = re.compile(r"\[\[[a-z_]{1,40}:[0-9]{1,19}\]\]")

#: What a formatted post may hold beside its text.
_MARKUP = re.compile(r"</?(?:p|br|div|span|ul|ol|li|b|i|u|em|strong|a|h[1-6])\b[^<>]*>", re.IGNORECASE)

#: Numbers that the database can hold.
_LARGEST = 2**63 - 1

#: Matches nothing.
_NOBODY = re.compile(r"(?!)")

#: Messages on one page: whether there is more is not always told.
FULL_PAGE = 20


class UnreadableError(ValueError):
    """An answer is not what Viva Engage answers; its content is not repeated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """A person as Viva Engage knows them. `is_person` is False for agents and other programs.

    `network` is theirs: of another network than the bot's nobody vouches for the address.
    """

    id: int
    name: str
    email: str | None = None
    is_person: bool = True
    network: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One message. Ids are numbers that rise with time; `at` is aware UTC.

    Attributes:
        replied_to: the message that it answers; None where it begins a thread.
        group: the community, None in private.
        text: with the names of those it mentions.
        mentions: whom it mentions, by the text or by the platform's own list.
        named: whom of these the text itself mentions.
        is_called: it begins with the bot's name, in plain letters.
        tells_mentions: the platform says whom it mentions, if only that it is nobody.
        network: of which it is.
        is_system: nobody wrote it.
        address: where people can open it, as the platform says.
        likes: how many people like it; None where the platform does not say.
    """

    id: int
    thread: int
    sender: int
    at: dt.datetime
    text: str
    group: int | None = None
    replied_to: int | None = None
    mentions: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    is_called: bool = False
    tells_mentions: bool = False
    network: int | None = None
    is_private: bool = False
    is_system: bool = False
    address: str | None = None
    likes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """A thread beside a message. `announcement` is None where the platform does not say.

    `invited` are those who were brought into a private one.
    """

    id: int
    newest: int | None = None
    announcement: bool | None = None
    invited: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer of a feed, or to a post: the messages newest first, as they came.

    Attributes:
        me: the bot's own id, where the answer tells.
        has_older: there is a next page, or may be.
        unread: how many messages were not what Viva Engage answers, and were passed over.
    """

    messages: Sequence[Heard] = ()
    threads: Mapping[int, Thread] = field(default_factory=dict)
    people: Mapping[int, Author] = field(default_factory=dict)
    me: int | None = None
    has_older: bool = False
    unread: int = 0


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
    # One message that cannot be read must not hide the others.
    messages = tuple(heard for each in listed if (heard := _heard(each, people, me)) is not None)
    return Page(
        messages=messages,
        unread=len(listed) - len(messages),
        threads={thread.id: thread for thread in _threads(references)},
        people=people,
        me=me,
        has_older=_is_true(meta.get("older_available")) or len(answer["messages"]) >= FULL_PAGE,
    )


def _extended(threads: object) -> Iterator[Any]:
    if isinstance(threads, dict):
        for replies in threads.values():
            yield from replies if isinstance(replies, list) else ()


def _heard(message: Any, people: Mapping[int, Author], me: int | None) -> Heard | None:
    """A message; None when it lacks what every message has."""
    if not isinstance(message, dict):
        return None
    number, sender = _number(message.get("id")), _number(message.get("sender_id"))
    at = _moment(message.get("created_at")) or _moment(message.get("published_at"))
    if number is None or sender is None or at is None:
        return None
    body = _object(message.get("body"))
    parsed, plain = _without_markup(body.get("parsed")), _without_markup(body.get("plain"))
    notified = message.get("notified_user_ids")
    named = frozenset(int(found) for found in _MENTION.findall(parsed))
    return Heard(
        id=number,
        thread=_number(message.get("thread_id")) or number,
        sender=sender,
        at=at,
        text=_spoken(parsed, plain, people, me),
        group=_number(message.get("group_id")),
        replied_to=_number(message.get("replied_to_id")),
        mentions=named | _numbers(notified),
        named=named,
        is_called=_calling(people.get(me or 0)).match(plain or parsed) is not None,
        tells_mentions=isinstance(notified, list),
        network=_number(message.get("network_id")),
        is_private=_is_true(message.get("direct_message")),
        is_system=_is_true(message.get("system_message")) or message.get("sender_type") not in (None, "user"),
        address=_address(message.get("web_url")),
        likes=_number(_object(message.get("liked_by")).get("count")),
    )


def _address(told: object) -> str | None:
    """An https address that the platform gave; anything else is none."""
    return told if isinstance(told, str) and told.startswith("https://") and len(told) < 1000 else None


def _spoken(parsed: str, plain: str, people: Mapping[int, Author], me: int | None) -> str:
    """What was said, without the bot's own mention and with the names of others for theirs."""
    if not _TOKEN.search(parsed):
        return _without_name(plain or parsed, people.get(me or 0))

    def name(found: re.Match[str]) -> str:
        person = people.get(int(found[1]))
        return "" if int(found[1]) == me or person is None else person.name

    return re.sub(r"[ \t]{2,}", " ", _TOKEN.sub("", _MENTION.sub(name, parsed))).strip(" ,:;\n")


def _without_name(text: str, bot: Author | None) -> str:
    return _calling(bot).sub("", text, count=1).strip()


def _calling(bot: Author | None) -> re.Pattern[str]:
    """The bot's name at the beginning of a text; without a bot, nothing."""
    if bot is None:
        return _NOBODY
    return re.compile(rf"\A\s*@?{re.escape(bot.name)}\b[\s,:;]*", re.IGNORECASE)


def _without_markup(text: object) -> str:
    """The text of a body, where a formatted post comes with its formatting."""
    if not isinstance(text, str):
        return ""
    if _MARKUP.search(text) is None:
        return text
    lines = re.sub(r"<(?:br|/p|/div|/li)\b[^<>]*>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(_MARKUP.sub("", lines)).strip()


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
        name=str(user.get("full_name") or user.get("name") or say("naam.een lid")),
        email=str(user["email"]).lower() if user.get("email") else None,
        is_person=user.get("identity_type") in (None, "user"),
        network=_number(user.get("network_id")),
    )


def _threads(references: Sequence[Mapping[str, Any]]) -> Iterator[Thread]:
    for each in references:
        number = _number(each.get("id")) if each.get("type") == "thread" else None
        if number is not None:
            stats, invited = _object(each.get("stats")), each.get("invited_user_ids")
            said = each.get("announcement")
            yield Thread(
                id=number,
                newest=_number(stats.get("latest_reply_id")),
                announcement=None if said is None else _is_true(said),
                invited=_numbers(invited),
            )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    """Numbers come as numbers and, now and then, as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(_LARGEST)):
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= _LARGEST else None


def _numbers(values: object) -> frozenset[int]:
    listed = values if isinstance(values, list) else ()
    return frozenset(number for each in listed if (number := _number(each)) is not None)


def _is_true(value: object) -> bool:
    """Truth comes as truth and, of people, as text."""
    return value is True or value == "true"


def _moment(told: object) -> dt.datetime | None:
    """A moment as Viva Engage writes it: 2026/09/18 03:05:21 +0000."""
    if not isinstance(told, str):
        return None
    try:
        # Some twenty times faster than strptime, which counts where twenty messages are read each poll.
        moment = dt.datetime.fromisoformat(told.replace("/", "-").replace(" +", "+").replace(" -", "-"))
        return moment.astimezone(dt.UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
