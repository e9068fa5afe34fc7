"""Forgets a person: no row keeps their name, their words or a way to reach them.

What stays is listed in docs/privacy.md: who did something as a moderator, under a pseudonym; that a
message was answered, without author and text; and names that moderators wrote in the agenda itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, delete, null, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from handlers.dossier import Identity
from store import belonging, members
from store.batches import delete_some
from store.dossier import PseudonymOf
from store.identities import identities_of
from store.states import OutboxState
from store.tables import (
    AnnouncementRow,
    AtriumRow,
    AuditRow,
    ContributionRow,
    InboundEventRow,
    LocalMessageRow,
    MemberRow,
    OutboxRow,
    ThreadRow,
    UnreadQuestionRow,
)
from store.topics import folded

#: What stands where a name or a text was.
GONE = "verwijderd"

#: How a moderator who was forgotten is called in the record of what was done.
FORGOTTEN_MODERATOR = "vergeten moderator"

#: In the payload of the answer that says farewell: it goes once it was sent.
FAREWELL = "farewell"

#: Where others, or the bot itself, may have named somebody.
_MENTIONS: tuple[InstrumentedAttribute[Any], ...] = (
    InboundEventRow.text,
    LocalMessageRow.text,
    LocalMessageRow.reply,
    ThreadRow.topic,
    ThreadRow.dialogue,
    UnreadQuestionRow.text,
    ContributionRow.text,
    OutboxRow.payload,
    OutboxRow.reason,
    AuditRow.subject,
    AuditRow.before,
    AuditRow.after,
)

_OVER = (OutboxState.SENT, OutboxState.FAILED, OutboxState.SKIPPED)
_LOCAL = "local"


def forget(
    session: Session,
    platform: str,
    external_id: str,
    pseudonym_of: PseudonymOf,
    asked_by: str | None = None,
) -> bool:
    """Forget the member behind an identity, on every platform where they are known; False when unknown.

    Args:
        pseudonym_of: the code of an identity: what was asked under it goes, and what was done as a
            moderator stays under it.
        asked_by: the platform's id of the message that asked for it. What they sent after that
            message stays, to be answered as a newcomer's.
    """
    member_id = _member(session, platform, external_id)
    if member_id is None:
        return False
    known = identities_of(session, member_id)
    words = _telling_words(session, member_id, known)
    # The messages first: on another replica one may be under way, and is waited for here.
    for each in known:
        _forget_threads(session, each)
        _forget_events(session, each, _number(session, platform, asked_by))
        _forget_local(session, each)
        _forget_questions(session, pseudonym_of(each.platform, each.external_id))
        _forget_answers(session, each)
        _hide_acts(session, each, pseudonym_of(each.platform, each.external_id))
        for known_as in filter(None, (each.external_id, each.email)):
            belonging.forget(session, each.platform, known_as)
    # What was handed in on a page under an address of theirs is theirs too.
    addresses = [each.email for each in known if each.email]
    theirs = (ContributionRow.member_id == member_id) | ContributionRow.giver_email.in_(addresses)
    session.execute(delete(ContributionRow).where(theirs))
    members.forget(session, platform, external_id)
    for column in _MENTIONS:
        _blot_out(session, column, words)
    return True


def drop_farewell(session: Session, key: str) -> None:
    """Drop the answer that told somebody they were forgotten, once it is settled: it says where they are."""
    session.execute(delete(OutboxRow).where(OutboxRow.key == key, OutboxRow.state.in_(_OVER)))


def drop_farewells(session: Session, most: int) -> int:
    """Drop what `drop_farewell` did not, because the bot stopped or the platform was away; how many."""
    said = OutboxRow.payload[FAREWELL].as_boolean() & OutboxRow.state.in_(_OVER)
    return delete_some(session, OutboxRow, said, most)


def _member(session: Session, platform: str, external_id: str) -> int | None:
    try:
        return members.member_id_of(session, platform, external_id)
    except members.MemberUnknownError:
        return None


def _number(session: Session, platform: str, event_id: str | None) -> int | None:
    asked = select(InboundEventRow.id).where(
        InboundEventRow.platform == platform, InboundEventRow.event_id == event_id
    )
    return session.scalar(asked)


def _events_of(person: Identity) -> ColumnElement[bool]:
    return tuple_(InboundEventRow.platform, InboundEventRow.author_id).in_(
        [(person.platform, person.external_id)]
    )


def _forget_threads(session: Session, person: Identity) -> None:
    """What was last said where they spoke, and what they were announcing; others' drafts stay."""
    there = ThreadRow.platform == person.platform
    spoken_in = select(InboundEventRow.thread).where(_events_of(person), InboundEventRow.thread.is_not(None))
    session.execute(update(ThreadRow).where(there, ThreadRow.external_id.in_(spoken_in)).values(topic=null()))
    theirs = ThreadRow.dialogue["author"].as_string() == person.external_id
    session.execute(update(ThreadRow).where(there, theirs).values(dialogue=null()))
    session.execute(
        delete(ThreadRow).where(there, ThreadRow.topic.is_(null()), ThreadRow.dialogue.is_(null()))
    )


def _forget_events(session: Session, person: Identity, until: int | None) -> None:
    theirs = update(InboundEventRow).where(_events_of(person))
    if until is not None:
        theirs = theirs.where(InboundEventRow.id <= until)
    # In private the thread may be known by the person.
    session.execute(theirs.where(InboundEventRow.community_key.is_(None)).values(thread=None))
    session.execute(theirs.values(author_id=GONE, author_name=GONE, author_email=None, text=GONE))


def _forget_local(session: Session, person: Identity) -> None:
    """Their messages in the local community, and what the bot answered to them."""
    if person.platform != _LOCAL:
        return
    theirs = (LocalMessageRow.author == person.external_id) & ~LocalMessageRow.by_bot
    to_them = LocalMessageRow.by_bot & LocalMessageRow.reply_to.in_(select(LocalMessageRow.id).where(theirs))
    session.execute(update(LocalMessageRow).where(to_them).values(text=GONE, reply=null()))
    session.execute(update(LocalMessageRow).where(theirs).values(author=GONE, text=GONE))


def _forget_questions(session: Session, pseudonym: str) -> None:
    session.execute(delete(UnreadQuestionRow).where(UnreadQuestionRow.author == pseudonym))


def _forget_answers(session: Session, person: Identity) -> None:
    """What was said to them, and what was yet to be; what is owed to the member goes with the member."""
    to_them = OutboxRow.payload["member"].as_string() == person.external_id
    session.execute(delete(OutboxRow).where(OutboxRow.platform == person.platform, to_them))


def _hide_acts(session: Session, person: Identity, pseudonym: str) -> None:
    """What was done as a moderator stays done; by whom is only a code."""
    acts = update(AuditRow).where(AuditRow.actor == f"{person.platform}:{person.external_id}")
    session.execute(acts.values(actor=f"{person.platform}:{pseudonym}", actor_name=FORGOTTEN_MODERATOR))
    published = update(AnnouncementRow).where(
        AnnouncementRow.author_platform == person.platform, AnnouncementRow.author_id == person.external_id
    )
    session.execute(published.values(author_id=pseudonym, author_name=FORGOTTEN_MODERATOR))
    identity = f"{person.platform}:{person.external_id}"
    for who, name in (("editor", "editor_name"), ("approver", "approver_name")):
        theirs = update(AnnouncementRow).where(getattr(AnnouncementRow, who) == identity)
        session.execute(theirs.values({who: "", name: FORGOTTEN_MODERATOR}))
    session.execute(update(AnnouncementRow).where(AnnouncementRow.writer == identity).values(writer=""))


# --- where others named them -----------------------------------------------------------------------


def _telling_words(session: Session, member_id: int, known: Sequence[Identity]) -> list[str]:
    """The names, ids and addresses by which this person is told from everybody else, the longest first."""
    name = session.scalars(select(MemberRow.name).where(MemberRow.id == member_id)).one()
    words = {name, *(each.external_id for each in known), *(each.email for each in known if each.email)}
    for each in known:
        # As they were called before.
        words |= set(session.scalars(select(InboundEventRow.author_name).where(_events_of(each)).distinct()))
    telling = (word for word in words if _tells_one(word) and not _is_in_agenda(session, word))
    return sorted(telling, key=len, reverse=True)


def _tells_one(word: str) -> bool:
    """Whether these words can only mean one person: a name in two parts, an address, or an id with a number.

    A single name ("An") is that of many, and a word besides: where others wrote it, it stays.
    """
    is_full_name = re.fullmatch(r"[^\W\d].*\s.*[^\W\d]\W?", word.strip()) is not None and len(word) >= 5
    is_id = len(word) >= 6 and any(sign.isdigit() for sign in word) and not re.search(r"\s", word)
    is_address = re.fullmatch(r"[^\s@]+@[^\s@]+", word) is not None
    return is_full_name or is_id or is_address


def _is_in_agenda(session: Session, word: str) -> bool:
    """Whether an atrium is called so: whoever takes such a name must not blot out the atrium with it."""
    named = AtriumRow.search.contains(folded(word), autoescape=True)
    return session.scalar(select(AtriumRow.id).where(named).limit(1)) is not None


def _blot_out(session: Session, column: InstrumentedAttribute[Any], words: Iterable[str]) -> None:
    """Put `GONE` wherever one of these words stands in a column of text or JSON."""
    for word in words:
        table = column.property.columns[0].table
        holds = cast(column, Text).icontains(_sure_part(word), autoescape=True)
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        _rewrite(session, table, column.key, holds, pattern)


def _sure_part(word: str) -> str:
    """The longest part that every database finds in whatever case, and that JSON does not escape."""
    return max(re.findall(r"[\w .-]+", word, re.ASCII), key=len, default=word)


def _rewrite(
    session: Session, table: Table, name: str, holds: ColumnElement[bool], pattern: re.Pattern[str]
) -> None:
    found = session.execute(select(table.c.id, table.c[name]).where(holds)).all()
    for number, value in found:
        blotted = _without(value, pattern)
        if blotted != value:
            session.execute(update(table).where(table.c.id == number).values({name: blotted}))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    """A JSON value, or a text, with every match replaced."""
    match value:
        case str():
            return pattern.sub(GONE, value)
        case list():
            return [_without(each, pattern) for each in value]
        case dict():
            return {key: _without(each, pattern) for key, each in value.items()}
        case _:
            return value
