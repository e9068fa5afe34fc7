"""Cancelling an atrium: find it, show what members will read, cancel it on `bevestig`."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import AtriumCancelled, Dialogue, DraftDropped
from handlers.context import Context
from handlers.model import Atrium, AtriumDraft, Query, Status
from handlers.moderation.existing import first_shown, going_on, refused, the_one, too_late
from handlers.moderation.heard import heard_text
from handlers.moderation.preview import post_text
from handlers.moderation.steps import confirm_choice, is_choosing, is_old, opened, step, stop_choice
from handlers.moderation.target import find_by_key, find_described
from handlers.posts.cancellation import cancellation
from handlers.reply import Reply
from handlers.wording.cards import when_text
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date

_ACT = "handeling.atrium annuleren"


def start(text: str, context: Context) -> Reply:
    """ "annuleer <atrium>"; while it is not clear which, the dialogue waits for it."""
    return _chosen(text, context)


def _chosen(text: str, context: Context, first: int = 1) -> Reply:
    if no := refused(None, context, _ACT):
        return no
    by_key = find_by_key(text, context)
    found = [by_key[0]] if by_key else going_on(find_described(text, context))
    waiting = opened(context, "cancel", AtriumDraft(), told=text)
    one = the_one(
        found,
        text,
        context,
        waiting=waiting,
        says=lambda atrium: f"annuleer {atrium.uid}",
        first=first,
    )
    if isinstance(one, Reply):
        return one
    no = refused(one, context, _ACT) or too_late(one, context)
    return replace(no, changes=(*no.changes, DraftDropped())) if no else _previewing(one, context)


def go_on(text: str, dialogue: Dialogue, context: Context) -> Reply:
    """Which atrium it is; after the preview nothing happens but it is shown again."""
    if is_choosing(dialogue):
        first = first_shown(text)
        return _chosen(dialogue.told, context, first) if first else _chosen(text, context)
    atrium = _atrium(dialogue, context)
    return atrium if isinstance(atrium, Reply) else _previewing(atrium, context)


def confirm(dialogue: Dialogue, context: Context) -> Reply:
    """Cancel it, if that still may and still can."""
    if is_choosing(dialogue):
        return _chosen(dialogue.told, context)
    atrium = _atrium(dialogue, context)
    if isinstance(atrium, Reply):
        return atrium
    if not dialogue.previewed or is_old(dialogue, context.now):
        return _previewing(atrium, context)
    return step(
        context,
        say("annuleren.geannuleerd", titel=atrium.title, wanneer=when_text(atrium)),
        [
            _heard(atrium, context) or say("annuleren.wie het hoort"),
            say("annuleren.doorstreept"),
        ],
        uids=(atrium.uid,),
        changes=(AtriumCancelled(atrium=_cancelled(atrium, context)), DraftDropped()),
    )


def dropped(dialogue: Dialogue, context: Context) -> Reply:
    """The moderator stopped; the atrium takes place."""
    if is_choosing(dialogue):
        return step(context, say("annuleren.gestopt"), changes=(DraftDropped(),))
    return step(context, say("annuleren.gaat door"), changes=(DraftDropped(),))


def _atrium(dialogue: Dialogue, context: Context) -> Atrium | Reply:
    atrium = context.agenda.find(dialogue.uid, context.reads) if dialogue.uid else None
    if no := refused(atrium, context, _ACT):
        return no
    if atrium is None:
        return Reply(headline=say("moderatie.niet meer in de agenda"), changes=(DraftDropped(),))
    late = too_late(atrium, context)
    return replace(late, changes=(*late.changes, DraftDropped())) if late else atrium


def _cancelled(atrium: Atrium, context: Context) -> Atrium:
    return replace(
        atrium,
        status=Status.GEANNULEERD,
        sequence=atrium.sequence + 1,
        cancelled_at=context.now,
        updated_at=context.now,
    )


def _previewing(atrium: Atrium, context: Context) -> Reply:
    places = _other_places(atrium, context)
    post = post_text(cancellation([_cancelled(atrium, context)], context.now, places))
    only = say("annuleren.alleen deze plaats") if places else ""
    dialogue = opened(context, "cancel", AtriumDraft(), uid=atrium.uid, previewed=True)
    day = long_date(atrium.local_date)
    return step(
        context,
        say("annuleren.voorbeeld", titel=atrium.title, dag=day, gemeente=atrium.municipality),
        [
            only,
            "\n".join(filter(None, [say("moderatie.dit bericht"), post, _heard(atrium, context)])),
            say("annuleren.hoe verder"),
        ],
        dialogue=dialogue,
        choices=(confirm_choice(), stop_choice()),
        uids=(atrium.uid,),
    )


def _heard(atrium: Atrium, context: Context) -> str:
    """Who hears of it and when; empty where nobody can tell."""
    port = context.announcements
    return heard_text(port.heard(atrium, _cancelled(atrium, context)), context.now) if port else ""


def _other_places(atrium: Atrium, context: Context) -> list[Atrium]:
    """The places of the same programme that are still to come."""
    if atrium.programme_uid is None:
        return []
    query = Query(
        programme_uid=atrium.programme_uid,
        begins_from=context.now,
        visible_to=context.reads,
        include_cancelled=False,
    )
    return [one for one in context.agenda.upcoming(query) if one.uid != atrium.uid]
