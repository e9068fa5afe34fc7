"""A post that was made already: shown anew with what the agenda says now, or set right in a reply to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from handlers.model import Atrium
from handlers.posts.cancellation import cancellation
from handlers.posts.change import matters
from handlers.posts.lines import atrium_text
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, clock_text, local_day, long_date


def shows_otherwise(before: Atrium, after: Atrium) -> bool:
    """Whether a post about it would read otherwise now: any fact that posts tell is another one."""
    return _facts(before) != _facts(after)


def needs_words(before: Atrium, after: Atrium) -> bool:
    """Whether readers must be told where a post cannot be edited: they would come, or register, wrongly."""
    registration = (before.registration_url, before.registration_until, before.is_full)
    return (
        matters(before, after)
        or before.is_cancelled != after.is_cancelled
        or registration != (after.registration_url, after.registration_until, after.is_full)
    )


def _facts(atrium: Atrium) -> tuple[object, ...]:
    return (
        atrium.title,
        atrium.theme,
        atrium.starts_at,
        atrium.ends_at,
        atrium.venue,
        atrium.address,
        atrium.municipality,
        atrium.registration_url,
        atrium.registration_until,
        atrium.description,
        atrium.programme,
        atrium.audience,
        atrium.is_cancelled,
        atrium.is_full,
    )


def edited(post: Reply | None, off: Sequence[Atrium], now: dt.datetime) -> Reply | None:
    """An earlier post as it reads from now on, marked as such; None when nothing is left to say.

    Args:
        post: what it says of its atria that go on; None when that is nothing.
        off: its atria that were called off.
        now: aware UTC of the edit.
    """
    if post is None:
        post = cancellation(off, now)
    elif off:
        lines = "\n".join(say("annulering.kop", atrium=atrium_text(each)) for each in off)
        post = replace(post, paragraphs=(*post.paragraphs, lines))
    if post is None:
        return None
    mark = say("aangepast.merk", dag=long_date(local_day(now)), uur=clock_text(now))
    return replace(post, notes=(*post.notes, mark))


def correction(post: Reply | None, off: Sequence[Atrium], now: dt.datetime) -> Reply | None:
    """The reply that sets an earlier post right where it cannot be edited; None as with `edited`."""
    anew = edited(post, off, now)
    if anew is None:
        return None
    return replace(
        anew,
        headline=say("aangepast.antwoord"),
        paragraphs=(anew.headline, *anew.paragraphs),
        notes=anew.notes[:-1],
    )


def to_be_edited(atria: Sequence[Atrium], now: dt.datetime, *, is_announcement: bool) -> Reply | None:
    """What moderators read of an edit that is planned; None when its atria have begun (`now` is aware UTC).

    Args:
        is_announcement: what is edited made them known; else it told of them later on.
    """
    name = "aangepast.aankondiging" if is_announcement else "aangepast.later bericht"
    lines = [
        say(name, titel=each.title, dag=brief_date(each.local_date, local_day(now)))
        for each in atria
        if each.starts_at > now
    ]
    if not lines:
        return None
    return Reply(headline=lines[0], paragraphs=tuple(lines[1:]))
