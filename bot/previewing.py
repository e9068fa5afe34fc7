"""Looking at an announcement before and after it leaves: what is read where, and what to mind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.asking_agreement import ask_to_agree
from bot.outcomes import Preview, Report, TargetPreview, TargetReport
from handlers.context import Context
from handlers.model import Atrium, AtriumDraft, Community
from handlers.moderation.clashes import moving_warnings
from handlers.moderation.clashes import warnings as atrium_warnings
from handlers.moderation.community_choice import communities_for
from handlers.moderation.draft import atrium_of, missing
from handlers.moderation.form import Checked
from handlers.moderation.moments_of_posting import moment_text
from handlers.posts.invitation import invitation
from handlers.wording.catalogue import Said, say, worded
from handlers.wording.dates import clock_text, local_day, long_date
from handlers.wording.reasons import reason_text
from handlers.wording.sentences import number_text
from scheduler import publishing
from scheduler.attention import COUNTED
from scheduler.audience import told_in
from scheduler.moments import is_allowed, next_allowed, week_of
from scheduler.port import Capabilities
from scheduler.quiet_hours import said_now
from scheduler.responses import Response, responses
from scheduler.rules import Rules
from scheduler.school import find_school_holiday
from store import precedents
from store.announcements import Announcement
from store.communities import list_communities
from store.outbox import Entry
from store.reach import member_count
from store.states import OutboxState
from store.texts import changed_texts

#: What the states of posts are called, the one that matters most first.
_STATES: Mapping[OutboxState, str] = Said(
    {
        OutboxState.FAILED: "bericht.mislukt",
        OutboxState.AMBIGUOUS: "bericht.onzeker",
        OutboxState.SKIPPED: "bericht.overgeslagen",
        OutboxState.HELD: "bericht.tegengehouden",
        OutboxState.CLAIMED: "bericht.onderweg",
        OutboxState.PLANNED: "bericht.gepland",
        OutboxState.SENT: "bericht.geplaatst",
    }
)


#: It did not get there.
MISSED = (OutboxState.FAILED, OutboxState.SKIPPED)


class Previewing:
    """What an announcement is checked against; `Announcing` says what the arguments are."""

    def __init__(
        self, rules: Rules, approval_above: int | None, capabilities: Mapping[str, Capabilities]
    ) -> None:
        self._rules = rules
        self._approval_above = approval_above
        self._capabilities = capabilities

    # --- how many ----------------------------------------------------------------------------------------

    def members(self, session: Session, keys: Collection[str], now: dt.datetime) -> int | None:
        """How many people belong to these communities together; None where nobody knows."""
        return member_count(session, keys, now)

    def is_too_many(self, members: int | None) -> bool:
        """Whether another moderator must agree; when nobody can tell how many are told, yes.

        Above 0 is always, also where nobody is known to read along.
        """
        if self._approval_above is None:
            return False
        return self._approval_above == 0 or members is None or members > self._approval_above

    # --- what to mind ------------------------------------------------------------------------------------

    def warnings(self, session: Session, checked: Checked, context: Context) -> tuple[str, ...]:
        """Everything to mind before it goes out; none of it stops anything."""
        keys = targets_of(checked.drafts, checked.communities, context)
        return (
            *checked.warnings,
            *self.warnings_on(session, checked.drafts, keys, checked.publish_at, context),
        )

    def warnings_on(
        self,
        session: Session,
        drafts: Sequence[AtriumDraft],
        keys: Sequence[str],
        publish_at: dt.datetime | None,
        context: Context,
    ) -> tuple[str, ...]:
        """The same for drafts that go to these communities at this moment (aware UTC; None: now)."""
        found: list[str] = []
        for draft in drafts:
            if missing(draft):
                continue
            atrium = atrium_of(draft, keys, context, "ontwerp")
            about = f"{atrium.municipality}: " if len(drafts) > 1 else ""
            each_of = (*atrium_warnings(atrium, context), *_on_days(atrium, publish_at or context.now))
            found += [f"{about}{each}" for each in each_of]
        late = self._at_once(session, keys, publish_at, context, "aankondiging.plannen in het formulier")
        return (*late, *dict.fromkeys(found), *self._on_leaving(session, keys, publish_at, context))

    def moment_warnings(
        self,
        session: Session,
        draft: AtriumDraft,
        keys: Sequence[str],
        publish_at: dt.datetime | None,
        context: Context,
    ) -> tuple[str, ...]:
        """What to mind of the days and the moment alone; the rest a conversation sees itself."""
        atrium = atrium_of(draft, keys, context, "ontwerp")
        days = _on_days(atrium, publish_at or context.now)
        late = self._at_once(session, keys, publish_at, context, "aankondiging.plannen in het gesprek")
        return (*late, *days, *self._on_leaving(session, keys, publish_at, context))

    def change_warnings(self, before: Atrium, after: Atrium, context: Context) -> tuple[str, ...]:
        """What to mind of an atrium that moves: what there is to mind of a new one, and its last day."""
        moving = moving_warnings(before, after, context)
        moved = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
        return (*moving, *(_on_days(after, context.now) if moved else ()))

    def _on_leaving(
        self, session: Session, keys: Sequence[str], publish_at: dt.datetime | None, context: Context
    ) -> list[str]:
        moved = self._on_moment(publish_at) if publish_at is not None else []
        communities = [one for one in context.communities if one.key in keys]
        return [*moved, *self._on_attention(session, communities, publish_at or context.now)]

    def _at_once(
        self,
        session: Session,
        keys: Sequence[str],
        publish_at: dt.datetime | None,
        context: Context,
        how: str,
    ) -> list[str]:
        """What would be read at an hour at which the bot is silent by itself; `how` names how to plan it."""
        if publish_at is not None or not keys:
            return []
        members = self.members(session, keys, context.now)
        late = said_now(context.now, members, self._rules.attention)
        if late is None:
            return []
        opens = moment_text(next_allowed(context.now, self._rules.attention))
        return [f"{late} {say(how, moment=opens)}"]

    def _on_moment(self, publish_at: dt.datetime) -> list[str]:
        if is_allowed(publish_at, self._rules.attention):
            return []
        moved = next_allowed(publish_at, self._rules.attention)
        day, hour = long_date(local_day(moved)), clock_text(moved)
        return [say("aankondiging.ander moment", dag=day, uur=hour)]

    def _on_attention(self, session: Session, communities: Sequence[Community], at: dt.datetime) -> list[str]:
        """The communities of which the week is full without this."""
        found = []
        first, end = week_of(at)
        for each in communities:
            said = precedents.said_this_week(session, each.key, COUNTED, (first, end))
            later = precedents.planned_before(session, each.key, COUNTED, end)
            planned = {post.due_at for post in later if post.due_at >= first}
            if said + len(planned) >= self._rules.attention.max_posts_per_week:
                number = number_text(said + len(planned))
                found.append(say("aankondiging.volle week", community=each.name, aantal=number))
        return found

    # --- what will be read -------------------------------------------------------------------------------

    def preview(self, session: Session, checked: Checked, context: Context) -> Preview:
        """What each community will read; nothing while there are errors."""
        warnings = self.warnings(session, checked, context)
        keys = targets_of(checked.drafts, checked.communities, context)
        members = self.members(session, keys, context.now)
        if any(missing(draft) for draft in checked.drafts):
            return Preview(checked=checked, members=members, warnings=warnings)
        at = next_allowed(checked.publish_at, self._rules.attention) if checked.publish_at else context.now
        programme = "ontwerp" if len(checked.drafts) > 1 else None
        atria = [
            atrium_of(draft, keys, context, f"ontwerp-{number}", programme)
            for number, draft in enumerate(checked.drafts, start=1)
        ]
        targets = (
            self._target(session, one, atria, at, context.now)
            for one in context.communities
            if one.key in keys
        )
        return Preview(
            checked=checked,
            targets=tuple(each for each in targets if each),
            members=members,
            needs_approval=self.is_too_many(members),
            warnings=warnings,
        )

    def _target(
        self,
        session: Session,
        community: Community,
        atria: Sequence[Atrium],
        at: dt.datetime,
        now: dt.datetime,
    ) -> TargetPreview | None:
        told = [each for each in atria if told_in(each, [community], chosen=[community.key])]
        with worded(changed_texts(session)):
            reply = invitation(told, at, told) if told else None
        if reply is None:
            return None
        text = reply.plain_text()
        capabilities = self._capabilities.get(community.platform, Capabilities())
        most = capabilities.max_length
        too_long = most is not None and len(text) > most
        long = say("aankondiging.te lang", aantal=str(len(text)), hoogstens=str(most))
        return TargetPreview(
            community=community,
            reply=reply,
            text=text,
            length=len(text),
            at=at,
            members=self.members(session, [community.key], now),
            too_long=too_long,
            warnings=(long,) if too_long else (),
        )

    # --- what became of it -------------------------------------------------------------------------------

    def report(
        self,
        session: Session,
        announcement: Announcement,
        link_to: Callable[[Community, str], str | None],
    ) -> Report:
        """Per community the state of its posts, the worst of them first; before there are posts, none."""
        known = {each.key: each for each in list_communities(session)}
        posts: dict[str, list[Entry]] = {}
        for entry in publishing.posts_of(session, announcement):
            posts.setdefault(entry.community_key or "", []).append(entry)
        answers = _answers(session, posts)
        order = [key for key in known if key in posts] + [key for key in posts if key not in known]
        return Report(
            announcement=announcement,
            targets=tuple(
                replace(_target_report(key, posts[key], known.get(key), link_to), answers=answers.get(key))
                for key in order
            ),
        )

    # --- who must agree ----------------------------------------------------------------------------------

    def ask_for_approval(self, session: Session, announcement: Announcement, now: dt.datetime) -> None:
        """Tell the other moderators that an announcement waits for one of them."""
        ask_to_agree(session, announcement, self._rules, self._capabilities, now)


def targets_of(drafts: Sequence[AtriumDraft], chosen: Collection[str], context: Context) -> tuple[str, ...]:
    """Where it goes, each community once: those chosen, else those that any of its places fits."""
    fitting = {*chosen} or {key for draft in drafts for key in communities_for(draft, context)}
    return tuple(one.key for one in context.communities if one.key in fitting)


def _on_days(atrium: Atrium, at: dt.datetime) -> list[str]:
    """School holidays, and a deadline that is over when the post appears at `at` (aware UTC)."""
    found = []
    holiday = find_school_holiday(atrium.local_date)
    if holiday is not None:
        first, last = long_date(holiday.first), long_date(holiday.last)
        found.append(
            say("aankondiging.schoolvakantie", dag=long_date(atrium.local_date), eerste=first, laatste=last)
        )
    until = atrium.registration_until
    if until is not None and until < local_day(at):
        found.append(say("aankondiging.inschrijfdag voorbij", dag=long_date(until)))
    return found


def _answers(session: Session, posts: Mapping[str, Sequence[Entry]]) -> dict[str, Response]:
    """By community how people answered to what was posted there."""
    found: dict[str, Response] = {}
    for platform in {each.platform for entries in posts.values() for each in entries}:
        first = {
            key: each.message_id
            for key, entries in posts.items()
            for each in entries
            if each.message_id and each.platform == platform
        }
        below = responses(session, platform, set(first.values()))
        found |= {key: below[message] for key, message in first.items() if message in below}
    return found


def _target_report(
    key: str,
    entries: Sequence[Entry],
    community: Community | None,
    link_to: Callable[[Community, str], str | None],
) -> TargetReport:
    worst = min(entries, key=lambda each: list(_STATES).index(each.state))
    first = next((each for each in entries if each.message_id), worst)
    at = max((each.sent_at for each in entries if each.sent_at), default=worst.due_at)
    linked = community is not None and first.message_id is not None
    return TargetReport(
        community_key=key,
        name=community.name if community else key,
        platform=worst.platform,
        state=_STATES[worst.state],
        is_missed=worst.state in MISSED,
        is_amiss=worst.state in (*MISSED, OutboxState.AMBIGUOUS),
        is_held=worst.state is OutboxState.HELD,
        at=at,
        reason=reason_text(worst.reason) if worst.reason else None,
        link=link_to(community, first.message_id) if linked and community and first.message_id else None,
        message_id=first.message_id,
        posts=tuple(each.id for each in entries),
    )
