"""What a reply wants changed. A handler decides and does nothing; the conversation carries these out.

Each change is one sentence in the past tense of its own: `AtriumAnnounced`, `Followed`, ...
Permissions were checked by the handler that made the change, against the `Person` of the context.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from handlers.model import Atrium, AtriumDraft, Contribution, Follow


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialogue:
    """An announcement, change or cancellation in the making, kept with its thread.

    Attributes:
        act: "announce", "change" or "cancel".
        draft: what is known so far.
        asks: the fields that the bot asked for last (English attribute names of `AtriumDraft`).
        uid: the atrium that is changed or cancelled, None for a new one.
        previewed: the moderator has seen the post as it will look, and may confirm.
        author: external id of the moderator: nobody else may go on with it.
        author_name: how to call them to others.
        at: aware UTC of the moderator's last step; None when nobody kept it.
        told: what was typed after the command while it is not clear which atrium is meant; then `uid`
            is None too, and the draft is empty.
        shown: in a form, marks of what somebody else made of its fields meanwhile and the moderator read.
    """

    act: str
    draft: AtriumDraft
    asks: tuple[str, ...] = ()
    uid: str | None = None
    previewed: bool = False
    author: str = ""
    author_name: str = ""
    at: dt.datetime | None = None
    told: str = ""
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AtriumAnnounced:
    """A moderator published a new atrium in these communities, at `publish_at` (aware UTC; None: now).

    `draft` is what was told of it; None where the atrium is all there is. Where another moderator must
    agree first it waits for that.
    """

    atrium: Atrium
    communities: tuple[str, ...]
    draft: AtriumDraft | None = None
    publish_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncementKept:
    """A moderator kept a draft to go on with later, here or elsewhere."""

    draft: AtriumDraft
    communities: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncementMoved:
    """A moderator took a step with the announcement of this number.

    `act` is one of `handlers.moderation.lifecycle.Act`; `at` is aware UTC of when to post it, for that act;
    `version` is the one that they read, for agreeing to it.
    """

    number: int
    act: str
    reason: str = ""
    at: dt.datetime | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AtriumChanged:
    """A moderator changed an atrium; `fields` names what is different (English attribute names)."""

    before: Atrium
    after: Atrium
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AtriumCancelled:
    """A moderator cancelled an atrium; the reason, if any, is for the audit."""

    atrium: Atrium
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftKept:
    """The dialogue goes on: the thread remembers this draft and what it waits for."""

    dialogue: Dialogue


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftDropped:
    """The dialogue ended, by publication or because the moderator stopped it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    follow: Follow


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfollowed:
    """`follow` None means: everything."""

    follow: Follow | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemindersChosen:
    """The member wants to be reminded so long before the start of what they follow, in whole days.

    `before` empty means never; None means as everybody who did not say.
    """

    before: tuple[dt.timedelta, ...] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MunicipalityTold:
    """The member told where they work."""

    municipality: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionHandedIn:
    contribution: Contribution


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionSettled:
    """A moderator decided on what was handed in under this number; its author hears of it once.

    `state` is one of `handlers.moderation.contribution_state`; `text` the answer or the reason, `into` the
    number that it was merged into, `position` its place on the agenda.
    """

    number: int
    state: str
    text: str = ""
    into: int | None = None
    position: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionUnread:
    """The bot could not read or answer this; moderators see it, the author is pseudonymised."""

    text: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """What is said unasked stops in `community`, or everywhere when it is None."""

    community: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    community: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PostHeld:
    """A planned post stays back until it is released; `post` is its number, as in the three below."""

    post: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostReleased:
    """A held post goes out at its moment."""

    post: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostSkipped:
    """A planned or held post is never sent."""

    post: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PostRetried:
    """A post that failed or was skipped is sent all the same, at once."""

    post: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarAddressed:
    """The member's own calendar is at the address with this secret word, and at no other any more."""

    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberForgotten:
    """The member wants everything that is kept of them gone."""


Change = (
    AtriumAnnounced
    | AnnouncementKept
    | AnnouncementMoved
    | AtriumChanged
    | AtriumCancelled
    | DraftKept
    | DraftDropped
    | Followed
    | Unfollowed
    | RemindersChosen
    | MunicipalityTold
    | ContributionHandedIn
    | ContributionSettled
    | QuestionUnread
    | Paused
    | Resumed
    | PostHeld
    | PostReleased
    | PostSkipped
    | PostRetried
    | CalendarAddressed
    | MemberForgotten
)
