"""The only shell around the handlers: who is this, what was said before, answer, carry out, remember.

Everything happens in the transaction of the session that is handed in: the answer, the changes it
carries and what is owed because of it are committed together or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.earlier_answers import question_of
from bot.effects import Effects
from bot.moderating import StoredAnnouncements, StoredContributions
from bot.people import author_of, vouched_for
from handlers.context import Context, Topic
from handlers.message import Message
from handlers.model import Community, Person
from handlers.reading.followup import is_remembered
from handlers.reading.model import Intent, Reading
from handlers.reply import Reply
from handlers.routing import respond
from handlers.wording.catalogue import worded
from scheduler.preview import StoredOutbox
from store import agenda, communities, members, precedents, threads
from store.dossier import StoredDossier
from store.identities import identities_of
from store.texts import changed_texts
from store.versions import versions_of

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

    def answer(
        self,
        session: Session,
        message: Message,
        *,
        as_outsider: bool = False,
        now: dt.datetime | None = None,
    ) -> Reply:
        """Answer one message.

        An outsider's reply changes nothing but the memory of its thread: nobody vouches for who
        it is.

        Args:
            now: aware UTC, by which is judged whether what the platform vouched for still counts; None is
                when the message was sent. Words such as "morgen" count from then in any case.
        """
        context = self._context(session, message, now or message.sent_at, as_outsider=as_outsider)
        reply = respond(message.text, context)
        if message.alone and not _may_be_told(session, reply, message, context):
            reply = replace(reply, private=True)
        if not as_outsider and reply.changes:
            with worded(context.texts):
                self._effects.carry_out(session, reply.changes, context=context, message=message)
        if message.thread is not None and reply.topic is not None:
            threads.keep_topic(session, message.platform, message.thread, message.community, reply.topic)
        return reply

    def _context(self, session: Session, message: Message, now: dt.datetime, *, as_outsider: bool) -> Context:
        seen = versions_of(session)
        enabled = communities.list_communities(session, seen)
        community = _community(message, enabled)
        vouched = vouched_for(session, message, now)
        thread = threads.find_thread(session, message.platform, message.thread) if message.thread else None
        reads = _reads_there(community)
        if community is None or message.alone:
            # Nobody else reads along, so what they may read elsewhere may be said.
            reads |= vouched.reads
        known = agenda.StoredAgenda(session, seen)
        person = _outsider(message)
        if not as_outsider:
            person = author_of(session, message, vouched, enabled, self._effects.rules, now)
        return Context(
            now=message.sent_at,
            person=person,
            agenda=known,
            community=community,
            communities=enabled,
            reads=reads,
            pressed=message.below is not None,
            objected_to=question_of(session, message),
            topic=_topic(session, message, thread.topic if thread else None),
            dialogue=thread.dialogue if thread else None,
            vocabulary=known.vocabulary(reads),
            texts=changed_texts(session, seen),
            public_url=self._public_url,
            dossier=None if as_outsider else self._dossier(session, message),
            outbox=None if as_outsider else StoredOutbox(session, self._effects.rules, message.sent_at),
            announcements=None if as_outsider else self._announcements(session, person, message.sent_at),
            contributions=None if as_outsider else StoredContributions(session),
            whispers=message.platform in self._whispering,
            writes=not as_outsider and self._may_write(session, message),
            answer_delay=self._delays.get(message.platform),
        )

    def _may_write(self, session: Session, message: Message) -> bool:
        """Whether the bot can write to the author in private, here or where they are known besides."""
        if message.platform in self._whispering or not self._whispering:
            return message.platform in self._whispering
        member = members.member_id_of(session, message.platform, message.author_id)
        return any(each.platform in self._whispering for each in identities_of(session, member))

    def _announcements(self, session: Session, person: Person, now: dt.datetime) -> StoredAnnouncements:
        return StoredAnnouncements(session, self._effects.announcing, person, now)

    def _dossier(self, session: Session, message: Message) -> StoredDossier:
        pseudonym_of = self._effects.pseudonyms.of
        return StoredDossier(session, message.platform, message.author_id, pseudonym_of, self._kept_for)


def _reads_there(community: Community | None) -> frozenset[str]:
    """What everybody may read where a message was said."""
    return frozenset({community.key}) if community is not None else frozenset()


def _may_be_told(session: Session, reply: Reply, message: Message, context: Context) -> bool:
    """Whether all who are where it was asked may read this too: they would have got the very same answer."""
    there = _reads_there(context.community)
    if context.reads <= there:
        return True
    known = agenda.StoredAgenda(session, versions_of(session)).vocabulary(there)
    return reply == respond(message.text, replace(context, reads=there, vocabulary=known))


def _topic(session: Session, message: Message, last: Topic | None) -> Topic | None:
    """What was last said in the thread; after a while again what the bot's post that opened it is about."""
    if message.thread is None or message.thread == message.event_id:
        return last
    if last is not None and is_remembered(last, message.sent_at):
        return last
    uids = tuple(precedents.atria_of_thread(session, message.platform, message.thread))
    told = Reading(text="", intent=Intent.SESSION_DETAIL)
    return Topic(reading=told, at=message.sent_at, uids=uids, listed=uids[1:] and uids) if uids else last


def _community(message: Message, enabled: Sequence[Community]) -> Community | None:
    """Where it was said; in a community that is none of the settings' any more others read along too."""
    key = message.community
    if key is None:
        return None
    known = next((each for each in enabled if each.key == key), None)
    return known or Community(key=key, platform=message.platform, name=key)


def _outsider(message: Message) -> Person:
    return Person(
        platform=message.platform,
        external_id=message.author_id,
        name=message.author_name,
        is_known=False,
    )
