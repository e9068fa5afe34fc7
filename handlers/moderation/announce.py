"""Announcing an atrium: ask what lacks, show what it will look like, publish on `bevestig`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.changes import AnnouncementKept, AtriumAnnounced, Dialogue, DraftDropped
from handlers.context import Context
from handlers.model import Atrium, AtriumDraft, Kind
from handlers.moderation.audience_conflict import conflict_of
from handlers.moderation.community_choice import communities_for, is_bound, is_read_elsewhere, names_text
from handlers.moderation.draft import (
    FIELD_NAMES,
    OPTIONAL,
    added,
    as_atrium,
    missing,
    still_open,
    title_of,
    to_ask,
    weighed,
)
from handlers.moderation.kinds import ANNOUNCED
from handlers.moderation.listening import listen
from handlers.moderation.moments_of_posting import moment_text
from handlers.moderation.permissions import may_announce, moderates, refused_member, refused_scope
from handlers.moderation.preview import preview_lines
from handlers.moderation.steps import (
    choices_of,
    confirm_choice,
    is_old,
    opened,
    step,
    stop_choice,
    unused_text,
)
from handlers.moderation.told import Problem, Told
from handlers.moderation.uid import new_uid
from handlers.reply import Choice, Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.sentences import capitalised, enumeration, quoted
from handlers.wording.texts import kind_name, typed_kind

#: More communities than this are narrowed by naming them, not by number.
_OFFERED = 4


def _kinds() -> tuple[Choice, ...]:
    return tuple(
        Choice(label=kind_name(kind), says=f"soort: {typed_kind(kind)}")
        for kind in (Kind.THEMATISCH, Kind.OP_MAAT)
    )


def start(text: str, context: Context) -> Reply:
    """A new announcement; whatever the text tells of it is used."""
    if not moderates(context.person):
        return refused_member("handeling.aankondigen")
    return _told(AtriumDraft(), listen(text, context, AtriumDraft()), context, text)


def go_on(text: str, dialogue: Dialogue, context: Context) -> Reply:
    """The author's next words: answers to what was asked, corrections, or something that is neither."""
    told = listen(text, context, dialogue.draft, dialogue.asks)
    return _told(dialogue.draft, told, context, text)


def tells_something(text: str, dialogue: Dialogue, context: Context) -> bool:
    """Whether the text has anything for the draft: if not it may be a question."""
    return listen(text, context, dialogue.draft, dialogue.asks).says_something


def confirm(dialogue: Dialogue, context: Context, at: dt.datetime | None = None) -> Reply:
    """Publish what was previewed, at once or `at` (aware UTC); what may have changed is looked at again."""
    draft, problems = weighed(dialogue.draft, context.now)
    refused = _refused(draft, context)
    if refused:
        return refused
    problems += _misplaced(draft, context)
    if problems or missing(draft) or not dialogue.previewed:
        return _next(draft, Told(problems=list(problems)), context)
    if is_old(dialogue, context.now) and dialogue.at:
        note = say("aankondigen.oud ontwerp", dag=long_date(dialogue.at.date()))
        return _next(draft, Told(notes=[note]), context)
    keys = communities_for(draft, context)
    atrium = as_atrium(draft, context, new_uid(draft, context))
    announced = AtriumAnnounced(atrium=atrium, communities=keys, draft=draft, publish_at=at)
    if at is not None or (context.announcements and context.announcements.needs_approval(keys)):
        return _later(announced, dialogue, context)
    closes = atrium.registration_until is not None
    return step(
        context,
        say("aankondigen.aangekondigd", titel=atrium.title, wanneer=when_text(atrium)),
        [
            _goes_in(keys, context) if keys else say("aankondigen.alleen agenda"),
            say("aankondigen.herinneringen en sluiten" if closes else "aankondigen.herinneringen"),
            say("aankondigen.wijzigen of annuleren", sleutel=atrium.uid),
        ],
        uids=(atrium.uid,) if atrium.is_visible_to(context.reads) else (),
        changes=(announced, DraftDropped()),
        private=is_read_elsewhere(atrium, context),
    )


def _goes_in(keys: tuple[str, ...], context: Context) -> str:
    return say("aankondigen.komt in", communities=names_text(keys, context))


def _later(announced: AtriumAnnounced, dialogue: Dialogue, context: Context) -> Reply:
    """What was confirmed waits: for its moment, or for another moderator."""
    atrium, keys, port = announced.atrium, announced.communities, context.announcements
    at = announced.publish_at
    why = ""
    if at is not None:
        reason = port.why_not(at) if port else None
        at = port.allowed(at) if port else at
        why = say("moment.daarom", reden=reason, moment=moment_text(at)) if reason else ""
        wrong = _wrong_moment(at, atrium, keys, context)
        if wrong:
            return step(
                context,
                wrong,
                [say("aankondigen.ander moment")],
                dialogue=dialogue,
            )
    waits = port is not None and port.needs_approval(keys)
    name = "aankondigen.voorgelegd" if waits else "aankondigen.gepland"
    where = (
        say("aankondigen.gepland en waar", moment=moment_text(at), communities=names_text(keys, context))
        if at
        else _goes_in(keys, context)
    )
    return step(
        context,
        say(name, titel=atrium.title, wanneer=when_text(atrium)),
        [why, say("aankondigen.goedkeuring") if waits else "", where, say("aankondigen.tot dan")],
        changes=(replace(announced, publish_at=at), DraftDropped()),
        private=is_read_elsewhere(atrium, context),
    )


def _wrong_moment(at: dt.datetime, atrium: Atrium, keys: tuple[str, ...], context: Context) -> str | None:
    if at <= context.now:
        return say("aankondigen.moment voorbij", moment=moment_text(at))
    if at >= atrium.starts_at:
        return say("aankondigen.moment te laat", moment=moment_text(at))
    if not keys:
        return say("aankondigen.geen community")
    return None


def kept(dialogue: Dialogue, context: Context) -> Reply:
    """The draft is kept with its number, to go on with it here, in a form or in the console."""
    refused = _refused(dialogue.draft, context)
    if refused:
        return refused
    return step(
        context,
        say("aankondigen.bewaard", titel=quoted(title_of(dialogue.draft))),
        [say("aankondigen.bewaard uitleg")],
        changes=(
            AnnouncementKept(draft=dialogue.draft, communities=dialogue.draft.communities),
            DraftDropped(),
        ),
    )


def _misplaced(draft: AtriumDraft, context: Context) -> tuple[Problem, ...]:
    """That a community was named for which this is not."""
    wrong = conflict_of([draft], draft.communities, context)
    return (Problem(about="communities", text=wrong),) if wrong else ()


def dropped(dialogue: Dialogue, context: Context) -> Reply:
    """The moderator stopped; nothing was published."""
    return step(
        context,
        say("aankondigen.gestopt"),
        [say("aankondigen.gestopt uitleg", titel=quoted(title_of(dialogue.draft)))],
        changes=(DraftDropped(),),
    )


def looks_like_one(text: str, context: Context) -> bool:
    """Whether a text without "kondig aan" can only be one: kind, day, hour, and where or what."""
    if text.rstrip().endswith("?"):
        return False
    draft = listen(text, context, AtriumDraft()).draft
    return bool(
        draft.kind in ANNOUNCED and draft.date and draft.begins and (draft.municipality or draft.theme)
    )


def _told(draft: AtriumDraft, told: Told, context: Context, text: str) -> Reply:
    """Add what was told to the draft, and say what comes next."""
    if told.draft.kind and told.draft.kind not in ANNOUNCED:
        return _other_kind(told.draft.kind, draft, context)
    if told.all_open:
        draft = replace(draft, open_fields=draft.open_fields | set(still_open(draft)))
    if told.all_communities:
        draft = replace(draft, communities=())
    together = added(draft, told, context.now)
    told.problems += _misplaced(together, context)
    refused = _refused(together, context)
    if refused:
        return refused
    if not told.says_something and text.strip():
        told.leftovers = told.leftovers or [text]
    return _next(together, told, context)


def _refused(draft: AtriumDraft, context: Context) -> Reply | None:
    if not moderates(context.person):
        return refused_member("handeling.aankondigen")
    may = may_announce(
        context.person,
        context.agenda,
        kind=draft.kind,
        municipality=draft.municipality,
        communities=communities_for(draft, context),
    )
    return None if may else refused_scope(context)


def _other_kind(kind: Kind, draft: AtriumDraft, context: Context) -> Reply:
    """The fixed kinds come from the agenda file; a draft in the making stays as it was."""
    dialogue = opened(context, "announce", draft, asks=missing(draft)) if draft != AtriumDraft() else None
    return step(
        context,
        say("aankondigen.andere soort", atrium=kind_name(kind)),
        [
            say("aankondigen.agendabestand"),
            say("aankondigen.vanzelf"),
            say("aankondigen.wel hier"),
        ],
        dialogue=dialogue,
        choices=_kinds() if dialogue else (),
    )


def _next(draft: AtriumDraft, told: Told, context: Context) -> Reply:
    """Ask for what lacks or cannot be; when nothing does, the preview."""
    lacking = missing(draft)
    again = tuple(problem.about for problem in told.problems if problem.about not in lacking)
    if lacking or again:
        return _asking(draft, told, lacking, again, context)
    return _previewing(draft, told, context)


def _asking(
    draft: AtriumDraft, told: Told, lacking: tuple[str, ...], again: tuple[str, ...], context: Context
) -> Reply:
    optional = tuple(name for name in to_ask(draft) if name not in again)
    kept = replace(draft, open_fields=draft.open_fields | set(optional))
    lines = [unused_text(told), *(problem.text for problem in told.problems)]
    if lacking:
        named = enumeration([FIELD_NAMES[name] for name in lacking])
        lines.append(say("aankondigen.nog nodig", gegevens=named))
    if optional:
        names = enumeration([FIELD_NAMES[name] for name in optional])
        lines.append(say("aankondigen.meteen erbij", gegevens=names))
    if again and not lacking:
        lines.append(_again_text(again))
    choices = choices_of(told.problems) or (_kinds() if lacking == ("kind",) else ())
    known = _known_text(draft)
    return step(
        context,
        known or say("aankondigen.ik help"),
        lines,
        dialogue=opened(context, "announce", kept, asks=(*lacking, *again, *optional)),
        choices=choices,
        notes=told.notes,
        private=_is_private(draft, context),
    )


def _again_text(again: tuple[str, ...]) -> str:
    may_stay_open = set(again) <= set(OPTIONAL)
    return say("aankondigen.opnieuw of open" if may_stay_open else "aankondigen.opnieuw")


def _known_text(draft: AtriumDraft) -> str:
    """What is known so far, in one line, so that nobody wonders whether it was kept."""
    parts = [
        title_of(draft) if draft.kind or draft.title or draft.theme else "",
        long_date(draft.date) if draft.date else "",
        f"om {draft.begins.hour}.{draft.begins.minute:02d} u." if draft.begins else "",
        f"in {draft.municipality}" if draft.municipality else "",
    ]
    told = ", ".join(part for part in parts if part).rstrip(".")
    return say("aankondigen.genoteerd", gegevens=told) if told else ""


def _is_private(draft: AtriumDraft, context: Context) -> bool:
    if missing(draft):
        return False
    return is_read_elsewhere(as_atrium(draft, context, "ontwerp"), context)


def _previewing(draft: AtriumDraft, told: Told, context: Context) -> Reply:
    keys = communities_for(draft, context)
    atrium = as_atrium(draft, context, new_uid(draft, context))
    asked = to_ask(draft)
    # Whose right to announce ends at a community sees it published there, or nowhere.
    chosen = keys if is_bound(draft, context) else draft.communities
    kept = replace(draft, open_fields=draft.open_fields | set(asked), communities=chosen)
    more = context.announcements.warnings(draft, keys, None) if context.announcements else ()
    lines = [unused_text(told), *preview_lines(atrium, keys, context, more)]
    if asked:
        names = enumeration([FIELD_NAMES[name] for name in asked])
        lines.append(say("aankondigen.nog open", gegevens=names))
    lines.append(say("aankondigen.hoe verder"))
    return step(
        context,
        say("aankondigen.voorbeeld"),
        lines,
        dialogue=opened(context, "announce", kept, asks=asked, previewed=True),
        choices=(confirm_choice(), *_narrowing(keys, context), stop_choice()),
        notes=told.notes,
        private=is_read_elsewhere(atrium, context),
    )


def _narrowing(keys: tuple[str, ...], context: Context) -> tuple[Choice, ...]:
    """One choice per community when it would go to several."""
    if not 1 < len(keys) <= _OFFERED:
        return ()
    return tuple(
        Choice(
            label=capitalised(say("aankondigen.alleen in", community=one.name)),
            says=f"alleen in community {one.key}",
        )
        for one in context.communities
        if one.key in keys
    )
