"""Every table of the bot. Rows end in `Row`; the domain's own types have the plain name.

Relations are followed by queries that say so, never by lazy loading, hence no `relationship`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from handlers.model import ContributionSort, FollowWhat, Kind, Role, Status
from handlers.moderation.contribution_state import ContributionState
from handlers.moderation.lifecycle import State
from store.base import Base
from store.states import EventState, OutboxState
from store.topics import text_of, topic_of

#: SQLite numbers rows by itself only in a column that is exactly INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


def _topic(context: Any) -> str:
    """The topic of a new atrium, from the values that come with it."""
    row = context.get_current_parameters()
    return topic_of(row["kind"], row.get("theme"), row["title"])


def _search(context: Any) -> str:
    """The text in which a new atrium is searched, from the values that come with it."""
    row = context.get_current_parameters()
    return text_of(*(row.get(name) for name in SEARCHED))


#: The columns that a free search looks through.
SEARCHED = ("title", "theme", "description", "venue", "municipality", "province", "region")


class ProgrammeRow(Base):
    """One set of text and theme held in N places."""

    __tablename__ = "programmes"

    uid: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    theme: Mapped[str | None]
    created_at: Mapped[dt.datetime]


class AtriumRow(Base):
    """One dated meeting. The composite indexes are one per shape of question: filter first, then date.

    `topic` and `search` repeat theme, title and place, folded (see `store.topics`).
    """

    __tablename__ = "atria"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind]
    title: Mapped[str]
    theme: Mapped[str | None]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime | None]
    venue: Mapped[str | None]
    address: Mapped[str | None]
    municipality: Mapped[str]
    province: Mapped[str | None]
    region: Mapped[str | None]
    audience: Mapped[frozenset[str]]
    description: Mapped[str | None]
    programme: Mapped[str | None]
    registration_url: Mapped[str | None]
    registration_until: Mapped[dt.date | None]
    organiser: Mapped[str | None]
    contact: Mapped[str | None]
    status: Mapped[Status]
    visibility: Mapped[frozenset[str]]
    programme_uid: Mapped[str | None] = mapped_column(ForeignKey("programmes.uid"))
    sequence: Mapped[int] = mapped_column(default=0)
    announced_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    cancelled_at: Mapped[dt.datetime | None]
    materials_url: Mapped[str | None]
    materials_at: Mapped[dt.datetime | None]
    quiet_posts: Mapped[frozenset[str]] = mapped_column(default=frozenset())
    is_full: Mapped[bool] = mapped_column(default=False)
    topic: Mapped[str] = mapped_column(default=_topic)
    search: Mapped[str] = mapped_column(default=_search)

    __table_args__ = (
        Index(None, "starts_at"),
        Index(None, "updated_at"),
        Index(None, "kind", "starts_at"),
        Index(None, "kind", "province", "starts_at"),
        Index(None, "province", "starts_at"),
        Index(None, "topic", "starts_at"),
        Index(None, "municipality", "starts_at"),
        Index(None, "region", "starts_at"),
        Index(None, "programme_uid"),
        Index(
            "ix_atria_materials",
            "materials_at",
            sqlite_where=sql("materials_at IS NOT NULL"),
            postgresql_where=sql("materials_at IS NOT NULL"),
        ),
    )


class RegionRow(Base):
    """A fixed group of municipalities for the Lokaal Atrium, as the moderators keep it."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class RegionMunicipalityRow(Base):
    """A municipality belongs to one region at the most."""

    __tablename__ = "region_municipalities"

    municipality: Mapped[str] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id", ondelete="CASCADE"), index=True)


class CommunityRow(Base):
    """A space on a platform where posts go; written from the settings at each start, but `paused` stays.

    `position` is its place in the settings.
    """

    __tablename__ = "communities"

    key: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    channel: Mapped[str | None]
    name: Mapped[str]
    kinds: Mapped[frozenset[str]]
    audience: Mapped[frozenset[str]]
    regions: Mapped[frozenset[str]]
    moderators: Mapped[frozenset[str]]
    digest: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    digest_every: Mapped[str | None]
    posts_off: Mapped[frozenset[str]] = mapped_column(default=frozenset())


class GroupRow(Base):
    """A thematic group of the online network."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    theme: Mapped[str | None]
    description: Mapped[str | None]
    link: Mapped[str | None]
    how_to_join: Mapped[str | None]
    owner: Mapped[str | None]
    visibility: Mapped[frozenset[str]]


class LiveGroupRow(Base):
    """A community that its platform says there is (see `store.live_groups`)."""

    __tablename__ = "live_groups"

    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str]
    link: Mapped[str]
    is_public: Mapped[bool]
    community_key: Mapped[str | None]
    seen_at: Mapped[dt.datetime]


class MemberRow(Base):
    """A person, across platforms.

    `reminders` is how many days before the start they want to be reminded of what they follow, as "7,1";
    None where they did not say, empty for never.
    """

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    municipality: Mapped[str | None]
    feed_token: Mapped[str | None] = mapped_column(unique=True)
    reminders: Mapped[str | None]
    created_at: Mapped[dt.datetime]


class IdentityRow(Base):
    """A member as one platform knows them; `email` is what the platform vouches for, in small letters."""

    __tablename__ = "identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    email: Mapped[str | None]

    __table_args__ = (UniqueConstraint("platform", "external_id"), Index(None, "email"))


class RoleGrantRow(Base):
    """A role given to a member; `scope` limits a regional moderator to regions or kinds.

    `given` says that an administrator gave it in the console; the others are those of the settings.
    """

    __tablename__ = "role_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    scope: Mapped[frozenset[str]]
    given: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("member_id", "role"),)


class FollowRow(Base):
    """What a member follows; asking twice is one row."""

    __tablename__ = "follows"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    what: Mapped[FollowWhat]
    value: Mapped[str]
    created_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("member_id", "what", "value"), Index(None, "what", "value"))


class BelongingRow(Base):
    """That a person belongs to a community, as its platform said last; only what is fresh counts.

    `owns` says that the platform calls them an owner (a moderator) of it.
    """

    __tablename__ = "belongings"

    community_key: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    owns: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[dt.datetime]

    __table_args__ = (Index(None, "external_id"),)


class SignInRow(Base):
    """A way into the console that was opened and not gone through yet, good for once and for minutes.

    `kind` is "oidc" (with what the answer of the provider must match) or "link". Of its secret
    only a hash is kept.
    """

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    nonce: Mapped[str | None]
    verifier: Mapped[str | None]
    onward: Mapped[str | None]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class ConsoleSessionRow(Base):
    """Somebody who is signed in to the console; of the secret in their browser only a hash is kept."""

    __tablename__ = "console_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    vouched_role: Mapped[str]
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)


class ConsoleUploadRow(Base):
    """A file that was handed to the console and not imported yet."""

    __tablename__ = "console_uploads"

    key: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    kind: Mapped[str | None]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_at: Mapped[dt.datetime] = mapped_column(index=True)


class TextChangeRow(Base):
    """What a moderator made of one of the bot's texts; without a row the delivered text stands."""

    __tablename__ = "text_changes"

    name: Mapped[str] = mapped_column(primary_key=True)
    template: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]


class ThreadRow(Base):
    """What the bot remembers of a thread: the last topic and the announcement in the making."""

    __tablename__ = "threads"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    community_key: Mapped[str | None]
    topic: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    dialogue: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    updated_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("platform", "external_id"),)


class SpokenThreadRow(Base):
    """A thread in which the bot spoke, where it must ask for what is new.

    `newest` is the platform's number of the newest message of it that the bot knows.
    """

    __tablename__ = "spoken_threads"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform: Mapped[str]
    thread: Mapped[str]
    newest: Mapped[int] = mapped_column(BigId)
    seen_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("platform", "thread"),)


class InboundEventRow(Base):
    """One message that reached the bot, written before the platform hears that it did.

    `client_id` is the platform's second key of one and the same human gesture, where it has one.
    """

    __tablename__ = "inbound_events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform: Mapped[str]
    event_id: Mapped[str]
    client_id: Mapped[str | None]
    community_key: Mapped[str | None]
    thread: Mapped[str | None]
    author_id: Mapped[str]
    author_name: Mapped[str]
    author_role: Mapped[Role]
    author_reads: Mapped[frozenset[str]] = mapped_column(default=frozenset())
    author_moderates: Mapped[frozenset[str]] = mapped_column(default=frozenset())
    author_email: Mapped[str | None]
    amends: Mapped[str | None]
    repeats: Mapped[str | None]
    below: Mapped[str | None]
    alone: Mapped[bool] = mapped_column(default=False)
    route: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    text: Mapped[str]
    sent_at: Mapped[dt.datetime]
    received_at: Mapped[dt.datetime]
    state: Mapped[EventState]
    settled_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("platform", "event_id"),
        UniqueConstraint("platform", "client_id"),
        Index(
            "ix_inbound_events_unanswered",
            "id",
            sqlite_where=sql("state = 'received'"),
            postgresql_where=sql("state = 'received'"),
        ),
        Index(None, "platform", "thread"),
    )


class OutboxRow(Base):
    """One post owed to one community or member.

    `key` is the dedupe key (kind of post, atrium or programme or period, occurrence, offset,
    target): planning twice is one row. `payload` holds what cannot be computed at sending: the
    answer, the values before a change. `moved` says that a moderator chose its moment, which the plan
    leaves alone. `fence` rises with each claim, so that a replica that
    wakes up after its lease ran out cannot settle the row.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    platform: Mapped[str]
    community_key: Mapped[str | None]
    thread: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    atrium_uid: Mapped[str | None]
    programme_uid: Mapped[str | None]
    offset: Mapped[str | None]
    due_at: Mapped[dt.datetime]
    late_until: Mapped[dt.datetime | None]
    state: Mapped[OutboxState]
    reason: Mapped[str | None]
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    attempts: Mapped[int] = mapped_column(default=0)
    moved: Mapped[bool] = mapped_column(default=False)
    claimed_by: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]

    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=sql("state = 'planned'"),
            postgresql_where=sql("state = 'planned'"),
        ),
        Index(
            "ix_outbox_open",
            "state",
            sqlite_where=sql("state IN ('claimed', 'ambiguous')"),
            postgresql_where=sql("state IN ('claimed', 'ambiguous')"),
        ),
        Index(
            "ix_outbox_answers",
            "id",
            sqlite_where=sql("state = 'planned' AND kind = 'answer'"),
            postgresql_where=sql("state = 'planned' AND kind = 'answer'"),
        ),
        Index(
            "ix_outbox_member",
            "member_id",
            sqlite_where=sql("member_id IS NOT NULL"),
            postgresql_where=sql("member_id IS NOT NULL"),
        ),
        Index(
            "ix_outbox_stranded",
            "state",
            "due_at",
            sqlite_where=sql("state IN ('failed', 'ambiguous', 'skipped')"),
            postgresql_where=sql("state IN ('failed', 'ambiguous', 'skipped')"),
        ),
        Index(
            "ix_outbox_told",
            "thread",
            sqlite_where=sql("atrium_uid IS NOT NULL"),
            postgresql_where=sql("atrium_uid IS NOT NULL"),
        ),
        Index(None, "atrium_uid"),
        Index(None, "programme_uid"),
        Index(None, "community_key", "sent_at"),
    )


class AnnouncementRow(Base):
    """What a moderator makes known: its state, what was typed, where and when it goes, who agreed.

    `version` rises with each change, so that two who edit at once do not undo each other. `editor`, `writer`
    and `approver` are `PLATFORM:ID`; `writer` made the latest change that another must agree to. `members` is
    how many were told when it was handed in, where that is known.
    `decisions` is what moderators decided on single posts of it, while those are not owed for a moment.
    """

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[State] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    drafts: Mapped[list[Any]] = mapped_column(JSON)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    communities: Mapped[frozenset[str]]
    publish_at: Mapped[dt.datetime | None]
    programme_uid: Mapped[str | None]
    members: Mapped[int | None]
    author_platform: Mapped[str]
    author_id: Mapped[str]
    author_name: Mapped[str] = mapped_column(default="")
    editor: Mapped[str] = mapped_column(default="")
    editor_name: Mapped[str] = mapped_column(default="")
    writer: Mapped[str] = mapped_column(default="")
    approver: Mapped[str | None]
    approver_name: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    posted_at: Mapped[dt.datetime | None]
    decisions: Mapped[list[Any]] = mapped_column(JSON, default=list)


class AnnouncementAtriumRow(Base):
    """The atria that an announcement made known, in the order of its places."""

    __tablename__ = "announcement_atria"

    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    atrium_uid: Mapped[str] = mapped_column(unique=True)


class ReactionRow(Base):
    """How many people reacted to a post with a sign when that was last asked; who they are is nowhere."""

    __tablename__ = "reactions"

    platform: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int | None]
    read_at: Mapped[dt.datetime] = mapped_column(index=True)


class ContributionRow(Base):
    """A question, agenda point or suggested theme that a member handed in, and what became of it.

    `position` orders the points of one atrium; `named` says that the author may be named. Platform,
    community and thread say where it was handed in, and so where its author hears of it. The giver's name and
    address are what somebody without an account typed on the page; nobody vouches for them.
    """

    __tablename__ = "contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    atrium_uid: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[Kind | None]
    place: Mapped[str | None]
    theme: Mapped[str | None]
    text: Mapped[str]
    sort: Mapped[ContributionSort | None]
    named: Mapped[bool] = mapped_column(default=False)
    giver_name: Mapped[str | None]
    giver_email: Mapped[str | None]
    state: Mapped[ContributionState] = mapped_column(default=ContributionState.NIEUW)
    position: Mapped[int | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("contributions.id", ondelete="SET NULL"))
    answer: Mapped[str | None]
    platform: Mapped[str | None]
    community_key: Mapped[str | None]
    thread: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]


class UnreadQuestionRow(Base):
    """A question the bot could not read or answer; `author` is a keyed hash, never a name.

    Platform, community and thread say where a moderator can answer it; they are there only for what
    was asked in a community. `settled_as` says what became of it: "answered" or "set aside".
    """

    __tablename__ = "unread_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[dt.datetime] = mapped_column(index=True)
    platform: Mapped[str | None]
    community_key: Mapped[str | None]
    thread: Mapped[str | None]
    settled_as: Mapped[str | None]
    settled_at: Mapped[dt.datetime | None]


class AuditRow(Base):
    """Who changed what, when and where, with the values before and after."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    actor: Mapped[str]
    actor_name: Mapped[str]
    place: Mapped[str | None]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class LexiconWordRow(Base):
    """A word that members use and moderators taught the bot: it is read as the words in `meaning`."""

    __tablename__ = "lexicon_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[dt.datetime]


class LocalMessageRow(Base):
    """A message of the local community. `ref` is the dedupe key of what the bot posted there."""

    __tablename__ = "local_messages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_key: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(BigId)
    reply_to: Mapped[int | None] = mapped_column(BigId)
    author: Mapped[str]
    role: Mapped[Role | None]
    text: Mapped[str]
    at: Mapped[dt.datetime]
    by_bot: Mapped[bool] = mapped_column(default=False)
    automatic: Mapped[bool] = mapped_column(default=False)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    ref: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (Index(None, "community_key", "id"), Index(None, "thread_id"))


class LeaseRow(Base):
    """Who may do what only one replica does at a time (planning, polling an account)."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int]
    expires_at: Mapped[dt.datetime]


class RateBucketRow(Base):
    """What was taken of one rate limit of a platform: of an account, or of one channel.

    `taken` holds for each call of the last window its key and moment (microseconds since 1970),
    `free_at` when there is room again for one more, `closed_until` what the platform said itself.
    """

    __tablename__ = "rate_buckets"

    name: Mapped[str] = mapped_column(primary_key=True)
    taken: Mapped[dict[str, Any]] = mapped_column(JSON)
    free_at: Mapped[dt.datetime | None]
    closed_until: Mapped[dt.datetime | None]


class NoteRow(Base):
    """Small facts the program keeps about itself: the agenda's version and last import, the last tick."""

    __tablename__ = "notes"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class SecretRow(Base):
    """A secret, sealed (see `store.vault`): the signed-in account of the bot."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
