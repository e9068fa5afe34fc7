"""The only shell around the handlers: who is this, what was said before, answer, carry out, remember.

Everything happens in the transaction of the session that is handed in: the answer, the changes it
carries and what is owed because of it are committed together or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from bot.effects import Effects
from handlers.context import Context
from handlers.message import Message
from handlers.model import Community, Person
from handlers.reply import Reply
from handlers.routing import respond
from scheduler.preview import StoredOutbox
from store import agenda, communities, members, threads
from store.catalogue import vocabulary
from store.dossier import StoredDossier

#: How long messages are kept where nobody set it otherwise.
KEPT_FOR = dt.timedelta(days=365)


class Conversation:
    """Answers messages, one transaction each.

    Args:
        effects: carries out what a reply wants changed.
        public_url: base of the agenda page, for links in answers; None when there is none.
        kept_for: how long messages and answers are kept, to tell whoever asks.
        whispering: names of the platforms on which a private reply reaches the asker alone.
        delays: by platform, what to tell members of how long an answer takes there.
    """

    def __init__(
        self,
        effects: Effects,
        *,
        public_url: str | None,
        kept_for: dt.timedelta = KEPT_FOR,
        whispering: Collection[str] = (),
        delays: Mapping[str, str] | None = None,
    ) -> None:
        self._effects = effects
        self._public_url = public_url
        self._kept_for = kept_for
        self._whispering = frozenset(whispering)
        self._delays = dict(delays or {})

    def answer(self, session: Session, message: Message, *, as_outsider: bool = False) -> Reply:
        """Answer one message.

        An outsider's reply changes nothing but the memory of its thread: nobody vouches for who
        it is.
        """
        context = self._context(session, message, as_outsider=as_outsider)
        reply = respond(message.text, context)
        if not as_outsider:
            self._effects.carry_out(session, reply.changes, context=context, message=message)
        if message.thread is not None and reply.topic is not None:
            threads.keep_topic(session, message.platform, message.thread, message.community, reply.topic)
        return reply

    def _context(self, session: Session, message: Message, *, as_outsider: bool) -> Context:
        community = communities.find_community(session, message.community) if message.community else None
        thread = threads.find_thread(session, message.platform, message.thread) if message.thread else None
        # In private nobody else reads along, so what they may read elsewhere may be said.
        reads = frozenset({community.key}) if community else message.author_reads
        return Context(
            now=message.sent_at,
            person=self._person(session, message, community, as_outsider=as_outsider),
            agenda=agenda.StoredAgenda(session),
            community=community,
            communities=communities.list_communities(session),
            reads=reads,
            topic=thread.topic if thread else None,
            dialogue=thread.dialogue if thread else None,
            vocabulary=vocabulary(session, reads),
            public_url=self._public_url,
            dossier=None if as_outsider else self._dossier(session, message),
            outbox=None if as_outsider else StoredOutbox(session, self._effects.rules, message.sent_at),
            whispers=message.platform in self._whispering,
            answer_delay=self._delays.get(message.platform),
        )

    def _dossier(self, session: Session, message: Message) -> StoredDossier:
        pseudonym_of = self._effects.pseudonyms.of
        return StoredDossier(session, message.platform, message.author_id, pseudonym_of, self._kept_for)

    def _person(
        self, session: Session, message: Message, community: Community | None, *, as_outsider: bool
    ) -> Person:
        if as_outsider:
            return Person(
                platform=message.platform,
                external_id=message.author_id,
                name=message.author_name,
                is_known=False,
            )
        return members.ensure_person(
            session,
            message.platform,
            message.author_id,
            message.author_name,
            message.author_role,
            message.sent_at,
        )
