"""What a fake tenant holds: people, communities, messages, tokens and a clock, for every API that shows it.

Viva Engage's REST API (`yammer.py`), Graph and Entra are views on one `World`. A test puts it together,
speaks in it as a member, and asks afterwards what the bot did to it. Each view keeps what only it knows
(calls, codes, subscriptions) in a part of its own: `world.part(MyState)`.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

#: The audiences for which tokens are issued.
YAMMER = "https://www.yammer.com"
GRAPH = "https://graph.microsoft.com"

#: A name that the tests search logs and databases for: it must never leave the client's memory.
REALTIME_SECRET = "realtime-secret-7f3a9c"  # noqa: S105  # nobody's

_FIRST_MESSAGE = 3_900_000_000_000_000
_FIRST_USER = 1_600_000_000
_FIRST_GROUP = 47_691_358_209
_NAMESPACE = uuid.UUID("6f1d3a52-9d0b-4f7e-8a3e-0f5c2f3f9d11")
_MENTION = re.compile(r"\[\[user:(\d{1,19})\]\]")

PartT = TypeVar("PartT")


@dataclass(kw_only=True)
class User:
    """A person (or the bot) as Viva Engage and Entra know them.

    Attributes:
        id: number in Viva Engage.
        entra_id: object id in Entra.
        agent: no person but an agent of the platform itself.
    """

    id: int
    name: str
    email: str
    entra_id: str
    admin: bool = False
    guest: bool = False
    agent: bool = False


@dataclass(kw_only=True)
class Group:
    """A community: a group of Viva Engage with a Microsoft 365 group behind it.

    Attributes:
        id: number in Viva Engage.
        entra_id: id of the Microsoft 365 group.
        members, owners: numbers of users; an owner need not be a member.
        restricted: only owners may begin a conversation.
        deleted: it is gone; who asks for it gets 404.
    """

    id: int
    name: str
    entra_id: str
    description: str = ""
    privacy: str = "public"
    members: set[int] = field(default_factory=set)
    owners: set[int] = field(default_factory=set)
    restricted: bool = False
    deleted: bool = False

    @property
    def graph_id(self) -> str:
        """The id of the community in Graph, which holds the number."""
        inside = json.dumps({"_type": "Group", "id": str(self.id)}, separators=(",", ":"))
        return base64.urlsafe_b64encode(inside.encode()).rstrip(b"=").decode()


@dataclass(kw_only=True)
class Said:
    """One message. `participants` are who sees a private one; empty in a community.

    Attributes:
        body: as it was sent, with mentions as `[[user:ID]]`.
        notifies: whom the platform says were mentioned.
        by_app: posted through the API.
        liked_by: who likes it.
    """

    id: int
    sender: int
    body: str
    at: dt.datetime
    thread: int
    group: int | None = None
    replied_to: int | None = None
    title: str | None = None
    participants: frozenset[int] = frozenset()
    notifies: tuple[int, ...] = ()
    announcement: bool = False
    system: bool = False
    deleted: bool = False
    by_app: bool = False
    liked_by: set[int] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Token:
    """What Entra gave out. `user` is None for an application's own token."""

    value: str
    audience: str
    user: int | None
    expires_at: dt.datetime


class World:
    """One tenant with one network.

    Args:
        now: the clock of everything in it, aware UTC; a test may put it forward.
    """

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self.now = now
        self.network_id = 5_897_756_673
        self.tenant_id = str(uuid.uuid5(_NAMESPACE, "tenant"))
        self.client_id = str(uuid.uuid5(_NAMESPACE, "client"))
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.messages: dict[int, Said] = {}
        self.by_group: dict[int, list[Said]] = {}
        self.by_thread: dict[int, list[Said]] = {}
        self.private: list[Said] = []
        self.tokens: dict[str, Token] = {}
        self._parts: dict[type, object] = {}
        self._last_message = _FIRST_MESSAGE
        self.bot = self.add_user("Atriumbot", email="atriumbot@example.org")

    def part(self, kind: type[PartT]) -> PartT:
        """What one view keeps for itself, made (without arguments) when first asked for."""
        if kind not in self._parts:
            self._parts[kind] = kind()
        found = self._parts[kind]
        assert isinstance(found, kind)
        return found

    # --- people and communities ------------------------------------------------------------------------

    def add_user(self, name: str, *, email: str | None = None, guest: bool = False) -> User:
        """A person of the tenant; the e-mail address follows from the name unless it is given."""
        number = _FIRST_USER + 17 * (len(self.users) + 1)
        address = email or f"{name.lower().replace(' ', '.')}@example.org"
        user = User(
            id=number,
            name=name,
            email=address,
            entra_id=str(uuid.uuid5(_NAMESPACE, f"user/{address}")),
            guest=guest,
        )
        self.users[number] = user
        return user

    def add_group(
        self, name: str, *, members: Iterable[User] = (), owners: Iterable[User] = (), privacy: str = "public"
    ) -> Group:
        """A community with the bot as a member."""
        number = _FIRST_GROUP + 1_001 * len(self.groups)
        group = Group(
            id=number,
            name=name,
            entra_id=str(uuid.uuid5(_NAMESPACE, f"group/{number}")),
            privacy=privacy,
            members={self.bot.id, *(user.id for user in members)},
            owners={user.id for user in owners},
        )
        self.groups[number] = group
        return group

    def group_of(self, entra_id: str) -> Group | None:
        """The community behind a Microsoft 365 group."""
        return next((each for each in self.groups.values() if each.entra_id == entra_id), None)

    def user_of(self, address_or_id: str) -> User | None:
        """The person of an e-mail address or of an object id in Entra."""
        wanted = address_or_id.lower()
        found = (each for each in self.users.values() if wanted in (each.email.lower(), each.entra_id))
        return next(found, None)

    # --- tokens --------------------------------------------------------------------------------------------

    def issue(self, audience: str, user: User | None, lasts: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """A bearer token for an audience: of a user, or of the application itself."""
        kind = "yam" if audience == YAMMER else "gra"
        value = f"{kind}.secret-token.{uuid.uuid4().hex}"
        self.tokens[value] = Token(
            value=value,
            audience=audience,
            user=user.id if user else None,
            expires_at=self.now() + lasts,
        )
        return value

    def holder_of(self, value: str, audience: str) -> Token | None:
        """The token, when it was issued for this audience and did not run out."""
        token = self.tokens.get(value)
        if token is None or token.audience != audience or token.expires_at <= self.now():
            return None
        return token

    def revoke(self) -> None:
        """Every token that was given out so far holds no more."""
        self.tokens.clear()

    # --- messages -------------------------------------------------------------------------------------

    def say(
        self,
        who: User,
        text: str,
        *,
        group: Group | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        to: Iterable[User] = (),
        mention: bool = False,
        notify: bool = True,
        system: bool = False,
        title: str | None = None,
        announcement: bool = False,
        by_app: bool = False,
    ) -> Said:
        """Somebody writes a message: in a community, in a thread, or to people in private.

        Args:
            mention: begin it with a mention of the bot.
            notify: whether the platform lists those mentioned as notified.
        """
        body = f"[[user:{self.bot.id}]] {text}" if mention else text
        number = self._next_message()
        before = self.by_thread[thread][0] if thread is not None else None
        people = {who.id, *(user.id for user in to)} if to else set()
        said = Said(
            id=number,
            sender=who.id,
            body=body,
            at=self.now(),
            thread=thread or number,
            group=before.group if before else group.id if group else None,
            replied_to=(reply_to or thread) if before else None,
            title=title,
            participants=before.participants | people if before else frozenset(people),
            notifies=tuple(map(int, _MENTION.findall(body))) if notify else (),
            announcement=announcement,
            system=system,
            by_app=by_app,
        )
        self._place(said)
        return said

    def delete(self, message: int) -> None:
        """A message is taken away; with the first of a thread goes the whole of it."""
        gone = self.messages[message]
        for said in self.by_thread[gone.thread] if gone.id == gone.thread else [gone]:
            said.deleted = True

    def thread(self, number: int) -> list[Said]:
        """What can be read in a thread, oldest first."""
        return [said for said in self.by_thread.get(number, []) if not said.deleted]

    def by_bot(self, *, group: Group | None = None, thread: int | None = None) -> list[Said]:
        """What the bot wrote: everywhere, in a community, or in a thread."""
        among = self.messages.values() if thread is None else self.thread(thread)
        return [
            said
            for said in among
            if said.sender == self.bot.id and not said.deleted and (group is None or said.group == group.id)
        ]

    def plain(self, said: Said) -> str:
        """A message as people read it."""
        return _MENTION.sub(lambda found: self._name(int(found[1])), said.body)

    def _name(self, user: int) -> str:
        found = self.users.get(user)
        return found.name if found else "iemand"

    def _next_message(self) -> int:
        # Numbers rise with time, with gaps as of a network that others use too.
        self._last_message += 4_096 + (self._last_message // 7) % 977
        return self._last_message

    def _place(self, said: Said) -> None:
        self.messages[said.id] = said
        self.by_thread.setdefault(said.thread, []).append(said)
        if said.group is not None:
            self.by_group.setdefault(said.group, []).append(said)
        if said.participants:
            self.private.append(said)
