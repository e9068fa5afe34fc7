"""Changing an atrium: find it, show what was and what will be, change it on `bevestig`."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.changes import AtriumChanged, Dialogue, DraftDropped
from handlers.context import Context
from handlers.model import Atrium, AtriumDraft
from handlers.moderation.before_after import applied, as_draft, changed_fields, difference_lines
from handlers.moderation.clashes import moving_warnings
from handlers.moderation.draft import FIELD_NAMES, added, weighed
from handlers.moderation.existing import first_shown, going_on, refused, the_one, too_late
from handlers.moderation.heard import heard_text
from handlers.moderation.labels import starts_with_label
from handlers.moderation.listening import listen
from handlers.moderation.preview import post_text
from handlers.moderation.steps import (
    choices_of,
    confirm_choice,
    is_choosing,
    is_old,
    opened,
    step,
    stop_choice,
    unused_text,
)
from handlers.moderation.target import about_here, find_by_key, find_described
from handlers.moderation.told import Problem, Told
from handlers.posts.change import change as change_post
from handlers.posts.change import matters
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.sentences import enumeration

_ACT = "handeling.atrium wijzigen"
_FIELDS = (
    r"titel|datum|zaal|locatie|adres|einduur|beginuur|einde|begin|uur|deadline|doelgroep|omschrijving|link|gemeente|thema"
    r"|waar|plaats|volzet|volgeboekt|presentaties|materiaal|slides|stil"
)
#: Where the description of the atrium ends and the change begins, when no colon says so.
_CHANGE_BEGINS = re.compile(rf"\s(?=(?:de\s+|het\s+)?(?:naar|{_FIELDS})\b)", re.IGNORECASE)
_COLON = re.compile(r":(?!//|\d)")
_ENDS_IN_LABEL = re.compile(rf"\b(?:{_FIELDS})\s*$", re.IGNORECASE)


def start(text: str, context: Context) -> Reply:
    """ "wijzig <atrium>: <wat>"; whatever is told of the change is kept while the atrium is being chosen."""
    return _chosen(text, "", context)


def _chosen(text: str, before: str, context: Context, first: int = 1) -> Reply:
    """The atrium that the text tells, with the change that it tells, or that `before` told."""
    if no := refused(None, context, _ACT):
        return no
    described, changes, found = _parted(text, context)
    changes = changes or before
    told = f"{described}: {changes}" if changes else described
    waiting = opened(context, "change", AtriumDraft(), told=told)
    one = the_one(
        found,
        described,
        context,
        waiting=waiting,
        says=lambda atrium: f"wijzig {atrium.uid}: {changes}",
        first=first,
    )
    if isinstance(one, Reply):
        return one
    no = refused(one, context, _ACT) or _called_off(one, context)
    if no:
        return replace(no, changes=(*no.changes, DraftDropped()))
    return _told(one, as_draft(one), changes, context, ())


def _choosing(text: str, dialogue: Dialogue, context: Context) -> Reply:
    first = first_shown(text)
    if first:
        return _chosen(dialogue.told, "", context, first)
    return _chosen(text, _parted(dialogue.told, context)[1], context)


def go_on(text: str, dialogue: Dialogue, context: Context) -> Reply:
    """Which atrium it is, or more changes to it before it is confirmed."""
    if is_choosing(dialogue):
        return _choosing(text, dialogue, context)
    atrium = _atrium(dialogue, context)
    if isinstance(atrium, Reply):
        return atrium
    return _told(atrium, dialogue.draft, text, context, dialogue.asks)


def tells_something(text: str, dialogue: Dialogue, context: Context) -> bool:
    """Whether the text has anything for this change."""
    return listen(text, context, dialogue.draft, dialogue.asks).says_something


def confirm(dialogue: Dialogue, context: Context) -> Reply:
    """Change what was shown, if it still may and still can."""
    if is_choosing(dialogue):
        return _chosen(dialogue.told, "", context)
    atrium = _atrium(dialogue, context)
    if isinstance(atrium, Reply):
        return atrium
    draft, problems = _weighed(atrium, dialogue.draft, context)
    after = applied(atrium, draft, context.now)
    fields = changed_fields(atrium, after)
    if _has_begun(atrium, context) and not fields:
        return _too_late_for_that(atrium, context)
    if problems or not fields or not dialogue.previewed:
        return _next(atrium, draft, Told(problems=list(problems)), context)
    if is_old(dialogue, context.now) and dialogue.at:
        note = say("wijzigen.oud", dag=long_date(dialogue.at.date()))
        return _next(atrium, draft, Told(notes=[note]), context)
    if no := refused(after, context, _ACT):
        return no
    told = say("wijzigen.later gehoord")
    if not _has_begun(atrium, context):
        known = say("wijzigen.wie het hoort") if _post(atrium, after, context) else ""
        told = _heard(atrium, after, context) or known
    return step(
        context,
        say("wijzigen.gewijzigd", titel=after.title, wanneer=when_text(after)),
        [*difference_lines(atrium, after), told],
        uids=(after.uid,),
        changes=(AtriumChanged(before=atrium, after=after, fields=fields), DraftDropped()),
    )


def dropped(context: Context) -> Reply:
    """The moderator stopped; the atrium stays as it is."""
    return step(context, say("wijzigen.gestopt"), changes=(DraftDropped(),))


def _parted(text: str, context: Context) -> tuple[str, str, list[Atrium]]:
    """The description, the change, and the atria that fit the description."""
    text = text.strip()
    by_key = find_by_key(text, context)
    if by_key:
        return by_key[0].uid, by_key[1].removeprefix("naar "), [by_key[0]]
    if starts_with_label(text) or text.lower().startswith("naar "):
        return "", text.removeprefix("naar "), list(about_here(context))
    described, changes = _at_the_colon(text) or _at_the_first_field(text)
    return (
        described,
        re.sub(r"^\s*(?:naar|wordt)\s+", "", changes),
        going_on(find_described(described, context)),
    )


def _at_the_colon(text: str) -> tuple[str, str] | None:
    """ "<atrium>: <wat>"; not where the colon is that of an hour, a link or a label."""
    found = _COLON.search(text)
    if found is None or _ENDS_IN_LABEL.search(text[: found.start()]):
        return None
    return text[: found.start()].strip(), text[found.end() :].strip()


def _at_the_first_field(text: str) -> tuple[str, str]:
    """ "<atrium> datum 19 maart", "<atrium> naar 19 maart"."""
    described, *changes = _CHANGE_BEGINS.split(text, maxsplit=1)
    return described, changes[0].strip() if changes else ""


def _atrium(dialogue: Dialogue, context: Context) -> Atrium | Reply:
    """The atrium of this dialogue as the agenda has it now, or why it cannot be changed."""
    atrium = context.agenda.find(dialogue.uid, context.reads) if dialogue.uid else None
    if no := refused(atrium, context, _ACT):
        return no
    if atrium is None:
        return Reply(headline=say("moderatie.niet meer in de agenda"), changes=(DraftDropped(),))
    return _called_off(atrium, context) or atrium


def _called_off(atrium: Atrium, context: Context) -> Reply | None:
    return too_late(atrium, context) if atrium.is_cancelled else None


def _has_begun(atrium: Atrium, context: Context) -> bool:
    """Then only where the presentations lie can still be told."""
    return atrium.starts_at <= context.now


def _weighed(atrium: Atrium, draft: AtriumDraft, context: Context) -> tuple[AtriumDraft, tuple[Problem, ...]]:
    """What can be changed of a draft, and what cannot be."""
    if _has_begun(atrium, context):
        return replace(as_draft(atrium), materials_url=draft.materials_url), ()
    return weighed(draft, context.now)


def _told(atrium: Atrium, draft: AtriumDraft, text: str, context: Context, asks: tuple[str, ...]) -> Reply:
    if no := refused(atrium, context, _ACT) or _called_off(atrium, context):
        return no
    told = listen(text, context, draft, asks)
    if _has_begun(atrium, context):
        return _afterwards(atrium, draft, told, context)
    if told.draft.kind and told.draft.kind is not atrium.kind:
        told.notes.append(say("wijzigen.soort blijft"))
    return _next(atrium, added(draft, told, context.now), told, context)


def _afterwards(atrium: Atrium, draft: AtriumDraft, told: Told, context: Context) -> Reply:
    """The presentations, or that it is too late for anything else."""
    if told.draft.materials_url is None and not any(each.about == "materials_url" for each in told.problems):
        return _too_late_for_that(atrium, context)
    return _next(atrium, replace(draft, materials_url=told.draft.materials_url), told, context)


def _too_late_for_that(atrium: Atrium, context: Context) -> Reply:
    over = too_late(atrium, context) or step(context, say("wijzigen.begonnen"))
    hint = say("wijzigen.alleen presentaties")
    return replace(over, paragraphs=(*over.paragraphs, hint), changes=(*over.changes, DraftDropped()))


def _next(atrium: Atrium, draft: AtriumDraft, told: Told, context: Context) -> Reply:
    """Ask again for what cannot be, ask what must change, or show before and after."""
    after = applied(atrium, draft, context.now)
    if no := refused(after, context, _ACT):
        return no
    shown = difference_lines(atrium, after)
    about = tuple(dict.fromkeys(problem.about for problem in told.problems))
    if about or not shown:
        return _asking(atrium, draft, told, about, context)
    post = _post(atrium, after, context)
    when = "" if _has_begun(atrium, context) else _heard(atrium, after, context)
    heard = (
        "\n".join(filter(None, [say("moderatie.dit bericht"), post, when]))
        if post
        else when or say("wijzigen.later gehoord" if _has_begun(atrium, context) else "wijzigen.geen bericht")
    )
    return step(
        context,
        say("wijzigen.voorbeeld", titel=atrium.title, dag=long_date(atrium.local_date)),
        [
            unused_text(told),
            *shown,
            *_hall_lost(atrium, after),
            *_warnings(atrium, after, context),
            heard,
            say("wijzigen.hoe verder"),
        ],
        dialogue=opened(context, "change", draft, uid=atrium.uid, previewed=True),
        choices=(confirm_choice(), stop_choice()),
        notes=told.notes,
        uids=(atrium.uid,),
    )


def _asking(
    atrium: Atrium, draft: AtriumDraft, told: Told, about: tuple[str, ...], context: Context
) -> Reply:
    lines = [unused_text(told), *(problem.text for problem in told.problems)]
    if about:
        named = enumeration([FIELD_NAMES[name] for name in about])
        lines.append(say("wijzigen.opnieuw", gegevens=named))
    else:
        lines.append(say("wijzigen.wat"))
    return step(
        context,
        f"{atrium.title}, {when_text(atrium)}",
        lines,
        dialogue=opened(context, "change", draft, asks=about, uid=atrium.uid),
        choices=choices_of(told.problems),
        notes=told.notes,
    )


def _hall_lost(before: Atrium, after: Atrium) -> list[str]:
    """That the hall and its street do not move along to another municipality."""
    moved = before.municipality != after.municipality and (before.venue or before.address)
    if not moved or after.venue or after.address:
        return []
    return [say("wijzigen.zaal vervalt", gemeente=before.municipality)]


def _warnings(before: Atrium, after: Atrium, context: Context) -> list[str]:
    """What to mind when it moves; nothing when day and hours stay."""
    if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
        return []
    port = context.announcements
    if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
        return []
    # The days alone, of the community's week nothing: a notice is no post that counts.
    holidays = port.warnings(as_draft(after), (), None) if port else ()
    found = dict.fromkeys((*moving_warnings(before, after, context), *holidays))
    return [say("moderatie.let op", waarschuwing=warning) for warning in found]


def _heard(before: Atrium, after: Atrium, context: Context) -> str:
    """Who hears of it and when; empty where nobody can tell."""
    port = context.announcements
    if port is None:
        return ""
    return heard_text(port.heard(before, after), context.now, is_news=matters(before, after))


def _post(before: Atrium, after: Atrium, context: Context) -> str:
    return post_text(change_post([(before, after)], context.now))
