"""Who acts in the app's home or in a form, with every right that they have at that moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.people import meet, moderated_by
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.recording import TRUSTED_FOR
from handlers.context import Context
from handlers.model import Person, Role
from handlers.wording.catalogue import worded
from scheduler.rules import Rules
from store import belonging
from store.agenda import StoredAgenda, vocabulary
from store.communities import list_communities
from store.engine import Store
from store.texts import changed_texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Somebody, and what they may read: nobody reads along in the home or in a form."""

    person: Person
    context: Context


@contextmanager
def acting(store: Store) -> Iterator[Session]:
    """The transaction of one act in Slack, in the words that moderators want."""
    with store.writing() as session, worded(changed_texts(session)):
        yield session


def actor(session: Session, user: str, name: str, rules: Rules, now: dt.datetime) -> Actor:
    """Who has this id in Slack, made known if they are new."""
    known = meet(session, NAME, user, name, Role.MEMBER, now, rules=rules)
    since = now - TRUSTED_FOR
    owned = belonging.moderated_by(session, user, NAME, since)
    communities = list_communities(session)
    moderated = moderated_by(session, known, communities, owned, now, in_private=True)
    person = replace(known, communities=moderated)
    reads = belonging.joined_by(session, user, NAME, since)
    context = Context(
        now=now,
        person=person,
        agenda=StoredAgenda(session),
        communities=communities,
        reads=reads,
        vocabulary=vocabulary(session, reads),
        texts=changed_texts(session),
        public_url=rules.public_url,
    )
    return Actor(person=person, context=context)
