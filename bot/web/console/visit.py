"""One visit to the console: who it is, what they may see, and the page that they get."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from bot.web.console.forms import plain
from bot.web.console.rights import Right, has_right, sight
from bot.web.console.setup import ConsoleSetup
from bot.web.pages import Pages
from bot.web.site import Web
from handlers.changes import Change
from handlers.context import Context
from handlers.message import Message
from handlers.model import Community, Person
from handlers.wording.catalogue import changed_now
from scheduler.preview import StoredOutbox
from scheduler.rules import Rules
from store import audit
from store.agenda import StoredAgenda, vocabulary

#: How audit and outbox call this place.
PLACE = "console"

#: Nothing of the console stays in a cache or is framed or indexed.
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The console itself: what all visits share."""

    web: Web
    pages: Pages
    setup: ConsoleSetup

    @property
    def rules(self) -> Rules:
        return self.setup.effects.rules

    @property
    def is_secure(self) -> bool:
        """Whether people come over https, so that cookies may say so."""
        return self.web.public_url.startswith("https://")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request of somebody who is signed in; `now` is aware UTC and stands still."""

    desk: Desk
    request: Request
    person: Person
    secret: str = field(repr=False)
    communities: Sequence[Community]
    now: dt.datetime

    @cached_property
    def reads(self) -> frozenset[str]:
        """The communities of which this person may see what is not public."""
        return sight(self.person, self.communities)

    @property
    def csrf(self) -> str:
        """The word that each form must carry; only pages of ours, for this session, hold it."""
        return csrf_of(self.secret)

    def may(self, right: str) -> bool:
        return has_right(self.person, Right(right))

    def path(self, name: str) -> str:
        """A part of the address that was asked for."""
        return plain(str(self.request.path_params[name]))

    def asked(self, name: str) -> str:
        """A value of the query of the address, in one line; empty when it is not there."""
        return " ".join(plain(self.request.query_params.get(name, "")[:300]).split())

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page of the console; a notice that the last step left is shown once."""
        answer = self.desk.pages.response(
            f"beheer/{template}",
            status,
            HEADERS,
            visit=self,
            done=said(self.request.cookies.get(NOTICE, "")),
            **values,
        )
        if NOTICE in self.request.cookies:
            answer.delete_cookie(NOTICE, path="/beheer")
        return answer

    def onward(self, path: str, done: str = "") -> Response:
        """Go on to another page, where `done` says what was done."""
        answer = RedirectResponse(path, 303, headers=HEADERS)
        if done:
            answer.set_cookie(
                NOTICE,
                _cookie_text(done),
                max_age=60,
                path="/beheer",
                httponly=True,
                samesite="lax",
                secure=self.desk.is_secure,
            )
        return answer

    def context(self, session: Session) -> Context:
        """The same context that a conversation has, for the handlers that chat and console share."""
        return Context(
            now=self.now,
            person=self.person,
            agenda=StoredAgenda(session),
            communities=self.communities,
            reads=self.reads,
            vocabulary=vocabulary(session, self.reads),
            texts=changed_now(),
            public_url=self.desk.web.public_url,
            outbox=StoredOutbox(session, self.desk.rules, self.now),
            whispers=True,
        )

    def message(self, text: str = "") -> Message:
        """What stands for a message where an act of the console is carried out as one of a chat is."""
        return Message(
            platform=PLACE,
            event_id="",
            text=text,
            author_id=self.person.external_id,
            author_name=self.person.name,
            sent_at=self.now,
            community=PLACE,
        )

    def carry_out(self, session: Session, change: Change, context: Context) -> None:
        """Have a change done as it is done for a conversation, in the transaction of the session."""
        self.desk.setup.effects.carry_out(session, [change], context=context, message=self.message())

    def note(
        self,
        session: Session,
        action: str,
        subject: str,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> None:
        """Write an act in the audit, in the transaction of what was done."""
        audit.write(session, self.now, self.person, PLACE, action, subject, before, after)


#: The cookie that carries one sentence from a step to the page after it.
NOTICE = "beheer_gedaan"


def csrf_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def _cookie_text(text: str) -> str:
    """The sentence in signs that a cookie takes, read back by `said`."""
    return text[:300].encode().hex()


def said(cookie: str) -> str:
    """The sentence again; empty when somebody else made the cookie."""
    try:
        return bytes.fromhex(cookie).decode()
    except ValueError:
        return ""
