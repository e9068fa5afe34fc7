"""The port through which an overview learns where people talk, on platforms that let the bot read.

Only counts and addresses come through it, never what people said. It reads within the transaction
of the last look, so a remote platform must have counted before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote

from sqlalchemy.orm import Session

from handlers.model import Community
from store import local

#: Fewer messages than this are no lively conversation.
FEWEST_MESSAGES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A thread, the path of its address under the public URL, and how many messages people wrote in it."""

    thread: str
    path: str
    messages: int


class Liveliness(Protocol):
    """Where people of one community talked most."""

    def liveliest(
        self, session: Session, community: Community, since: dt.datetime, most: int
    ) -> Sequence[Counted]:
        """The threads with most messages of people since an instant (aware UTC), liveliest first."""
        ...


class LocalLiveliness:
    """Counts in the local community, whose messages are ours."""

    def liveliest(
        self, session: Session, community: Community, since: dt.datetime, most: int
    ) -> Sequence[Counted]:
        counts = local.liveliest(session, community.key, since, fewest=FEWEST_MESSAGES, most=most)
        page = f"/community/{quote(community.key, safe='')}"
        return [
            Counted(thread=str(thread), path=f"{page}#bericht-{thread}", messages=messages)
            for thread, messages in counts
        ]


#: By name of the platform; one that is not here does not let the bot read.
LIVELINESS: Mapping[str, Liveliness] = MappingProxyType({"local": LocalLiveliness()})
