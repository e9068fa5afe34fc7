"""What one post says of the record as it is at the sending, whichever posts it settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers.model import Atrium, Community
from handlers.moderation.contribution_document import answers_text
from handlers.posts.cancellation import cancellation
from handlers.posts.change import change
from handlers.posts.deadline import deadline
from handlers.posts.digest import LivelyThread, Overview, digest
from handlers.posts.edited import to_be_edited
from handlers.posts.invitation import invitation
from handlers.posts.moderators import moderators_digest
from handlers.posts.practical import practical
from handlers.posts.reminder import reminder
from handlers.posts.save_the_date import save_the_date
from handlers.posts.thanks import thanks
from handlers.reply import Reply
from scheduler import plan
from scheduler.audience import told_monthly
from scheduler.digest import overview
from scheduler.look import Look
from scheduler.moments import offset_of
from scheduler.port import Capabilities
from scheduler.report import report
from store import contributions, precedents
from store.agenda import programme_places
from store.codec import load
from store.materials import atria_with_materials_since
from store.outbox import Entry

#: A reminder nearer than this tells the practical side too.
PRACTICAL_WITHIN = dt.timedelta(days=2)

#: Conversations named in an overview.
MOST_THREADS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """Words what is due in one community."""

    view: Look
    community: Community

    def worded(self, entries: Sequence[Entry]) -> Reply | None:
        """The one post that says all of these, of the kind of the first; None: there is nothing to say.

        An edit has no words of its own: what it says is that something that was posted is edited.
        Raises `ValueError` for a kind of post that is not worded here.
        """
        now = self.view.now
        match entries[0].kind:
            case plan.DIGEST:
                return digest(self.overview(entries[1:]), now, self._max_length())
            case plan.MODERATORS:
                return moderators_digest(report(self.view, self.community), now, self._max_length())
            case kind:
                atria = self.atria(entries)
                return self._about(kind, entries, atria) if atria else None

    def _about(self, kind: str, entries: Sequence[Entry], atria: Sequence[Atrium]) -> Reply | None:
        """A post about atria."""
        now = self.view.now
        match kind:
            case plan.CHANGE:
                return change([pair for each in entries if (pair := self._before_and_after(each))], now)
            case plan.CANCELLATION:
                return cancellation(atria, now, self.places(atria))
            case plan.EDIT:
                return to_be_edited(atria, now, is_announcement=self._is_of_announcement(entries[0]))
            case plan.THANKS:
                feedback, answers = self.view.rules.posts.feedback, self._answers(atria)
                return thanks(atria, now, feedback=feedback, answers=answers)
            case plan.ANNOUNCEMENT | plan.INVITATION:
                return invitation(atria, now, self.places(atria))
            case plan.SAVE_THE_DATE:
                return save_the_date(atria, now, self.places(atria))
            case plan.REMINDER | plan.PRACTICAL | plan.DEADLINE:
                return self._reminding(entries, atria)
            case _:
                raise ValueError(f"there are no words for a post of kind {kind!r}")

    def _reminding(self, entries: Sequence[Entry], atria: Sequence[Atrium]) -> Reply | None:
        """Reminders, practical sides and nudges that are said together: the one that says most leads."""
        kinds, now = {each.kind for each in entries}, self.view.now
        if plan.REMINDER in kinds:
            return reminder(atria, now, self.places(atria), self._practical(entries))
        return practical(atria, now) if kinds == {plan.PRACTICAL} else deadline(atria, now)

    def _is_of_announcement(self, edit: Entry) -> bool:
        """Whether the message that an edit is of made an atrium known."""
        message = str((edit.payload or {}).get("message"))
        said = precedents.said_in(self.view.session, self.community.key, message)
        return any(each.kind in (plan.ANNOUNCEMENT, plan.INVITATION) for each in said)

    def overview(self, folded: Sequence[Entry]) -> Overview:
        """The overview of this community now, with what is folded into it."""
        since = precedents.last_sent_at(self.view.session, self.community.key, plan.DIGEST)
        first_words = [each for each in folded if each.kind in (plan.SAVE_THE_DATE, plan.INVITATION)]
        thanked = [each for each in folded if each.kind == plan.THANKS]
        reminded = [each for each in folded if each not in first_words and each not in thanked]
        return overview(
            self.view.told_here(self.view.to_come(), self.community),
            self.view.rules,
            self.view.now,
            since,
            self.atria(reminded),
            noted=self.atria(first_words),
            materials=self._materials(since, self.atria(thanked)),
            lively=self._lively(since),
            monthly=told_monthly(self.community),
        )

    def atria(self, entries: Sequence[Entry]) -> list[Atrium]:
        """The atria of these posts, each once."""
        found = (self.view.atrium(each.atrium_uid) for each in entries)
        return list({each.uid: each for each in found if each is not None}.values())

    def places(self, atria: Sequence[Atrium]) -> list[Atrium]:
        """The places of the programme that all of these belong to, as far as this community may see them."""
        programmes = {each.programme_uid for each in atria}
        programme = programmes.pop() if len(programmes) == 1 else None
        if programme is None:
            return []
        here = frozenset({self.community.key})
        places = programme_places(self.view.session, programme)
        return [each for each in places if each.is_visible_to(here)]

    def _answers(self, atria: Sequence[Atrium]) -> dict[str, str]:
        """What became of the questions that were handed in for these atria, by uid."""
        found = {}
        for each in atria:
            stored = contributions.list_contributions(self.view.session, each.uid)
            text = answers_text([contributions.handed_in(one) for one in stored])
            if text:
                found[each.uid] = text
        return found

    def _practical(self, entries: Sequence[Entry]) -> Collection[str]:
        """The atria whose practical side their last reminder tells: those whose kind has no post for it."""
        apart = self.view.rules.posts.practical
        return {
            atrium.uid
            for each in entries
            if each.kind == plan.REMINDER
            and each.offset is not None
            and offset_of(each.offset) <= PRACTICAL_WITHIN
            and (atrium := self.view.atrium(each.atrium_uid)) is not None
            and not apart.get(atrium.kind)
        } | {each.atrium_uid for each in entries if each.kind == plan.PRACTICAL and each.atrium_uid}

    def _materials(self, since: dt.datetime | None, thanked: Sequence[Atrium]) -> list[Atrium]:
        """Past atria of this community whose materials are new, or are thanked for in this overview."""
        fresh = atria_with_materials_since(self.view.session, since) if since is not None else []
        told = self.view.told_here(fresh, self.community) if fresh else []
        return list({each.uid: each for each in [*thanked, *told]}.values())

    def _lively(self, since: dt.datetime | None) -> list[LivelyThread]:
        """Where people talked most since the last overview; nothing without an address to point to."""
        port, base = self.view.liveliness.get(self.community.platform), self.view.rules.public_url
        if port is None or base is None or since is None:
            return []
        found = port.liveliest(self.view.session, self.community, since, MOST_THREADS)
        return [
            LivelyThread(url=base + each.path, messages=each.messages, about=self._title_in(each.thread))
            for each in found
        ]

    def _title_in(self, thread: str) -> str | None:
        """The title of the one atrium that the bot's own posts in a thread are about."""
        uids = precedents.atria_of_thread(self.view.session, self.community.platform, thread)
        atrium = self.view.atrium(uids[0]) if len(uids) == 1 else None
        here = frozenset({self.community.key})
        return atrium.title if atrium is not None and atrium.is_visible_to(here) else None

    def _before_and_after(self, entry: Entry) -> tuple[Atrium, Atrium] | None:
        after = self.view.atrium(entry.atrium_uid)
        before = (entry.payload or {}).get("before")
        return (load(Atrium, before), after) if before and after else None

    def _max_length(self) -> int | None:
        capabilities: Capabilities = self.view.capabilities[self.community.platform]
        return capabilities.max_length
