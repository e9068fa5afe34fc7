"""What comes of an act on an announcement: values for a page, a modal or a conversation to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from handlers.model import Community
from handlers.moderation.form import Checked
from handlers.moderation.merging import Merged
from handlers.reply import Reply
from scheduler.responses import Response
from store.announcements import Announcement, Typed


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """It is kept as it is now.

    Attributes:
        announcement: with its number, state and new version.
        errors: what it lacks before it can leave, per field; a draft is kept all the same.
        warnings: what to mind.
        note: in Dutch, what happened ("Gepland voor donderdag ...").
        taken: the fields that somebody else changed meanwhile, which were kept beside what was typed.
    """

    announcement: Announcement
    errors: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    note: str = ""
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Somebody else changed it in the meantime; nothing was kept of this edit, and nothing is lost.

    Attributes:
        theirs: as it is now.
        mine: what was typed here, to be shown beside it.
        who, at: who changed it last, and when (aware UTC).
        changed: what they have otherwise, one Dutch line each.
        merge: the two changes laid together, where it is known what the form held when it was opened.
    """

    theirs: Announcement
    mine: Typed
    who: str
    at: dt.datetime
    changed: tuple[str, ...] = ()
    merge: Merged | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Invalid:
    """It cannot leave so: Dutch sentences per field, with everything that was typed."""

    errors: dict[str, str]
    values: Typed
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """It may not be done now, or not by this person; `reason` is a Dutch sentence."""

    reason: str


Outcome = Saved | Conflict | Invalid | Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetPreview:
    """What one community will read.

    Attributes:
        reply: the post, for the platform's own renderer to draw.
        text: the same as plain text, and `length` its characters.
        too_long: more than the platform takes in one post.
        at: aware UTC of when it leaves.
        members: how many belong to it; None where that is not known.
    """

    community: Community
    reply: Reply
    text: str
    length: int
    at: dt.datetime
    members: int | None
    too_long: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The whole announcement as it would go out.

    `members` counts each person once; None where that is not known. With errors there are no targets.
    """

    checked: Checked
    targets: tuple[TargetPreview, ...] = ()
    members: int | None = None
    needs_approval: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetReport:
    """What became of the post in one community.

    Attributes:
        state: what its state is called: "gepland", "geplaatst", "mislukt" ...
        is_missed: it did not get there; is_amiss: neither, or nobody knows.
        is_held: a moderator holds it back.
        reason: in Dutch, where it did not go well.
        at: aware UTC of when it was posted, else of when it is or was due.
        link: address of the post, where the platform gives one.
        posts: numbers in the outbox.
        answers: how people answered, as far as the bot could read; None where nothing is known.
    """

    community_key: str
    name: str
    platform: str
    state: str
    at: dt.datetime
    reason: str | None = None
    link: str | None = None
    message_id: str | None = None
    posts: tuple[int, ...] = ()
    answers: Response | None = None
    is_missed: bool = False
    is_amiss: bool = False
    is_held: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A true account of one announcement: where it is, where it failed and why."""

    announcement: Announcement
    targets: tuple[TargetReport, ...]

    @property
    def failed(self) -> tuple[TargetReport, ...]:
        return tuple(each for each in self.targets if each.is_missed)
