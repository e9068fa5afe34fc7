"""What is said after an atrium: thanks, where the materials are, and what people thought of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from handlers.model import Atrium
from handlers.posts.lines import atrium_text
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import number_text


def materials_sentence(atrium: Atrium) -> str | None:
    """Where the presentations are; None when the record does not say."""
    return say("bedanking.materiaal", link=atrium.materials_url) if atrium.materials_url else None


def thanks(
    atria: Sequence[Atrium],
    now: dt.datetime,
    *,
    feedback: bool = False,
    answers: Mapping[str, str] | None = None,
) -> Reply | None:
    """What is said afterwards; None when none of it took place or there is nothing to tell.

    Args:
        now: aware UTC of the sending.
        answers: by uid, what became of the questions that were handed in for it.
        feedback: whether people are asked what they thought; without it an atrium needs materials.
    """
    held = sorted(
        (
            each
            for each in atria
            if not each.is_cancelled and each.has_ended(now) and (each.materials_url or feedback)
        ),
        key=lambda each: (each.starts_at, each.uid),
    )
    if not held:
        return None
    asked = say("bedanking.mening") if feedback else None
    if len(held) == 1:
        told = (answers or {}).get(held[0].uid)
        parts: tuple[str | None, ...] = (materials_sentence(held[0]), told, asked)
        headline = say("bedanking.kop", atrium=atrium_text(held[0]))
    else:
        lines = (
            " ".join(part for part in (f"- {atrium_text(each)}", materials_sentence(each)) if part)
            for each in held
        )
        told_of = tuple(
            f"{each.municipality}. {answers[each.uid]}" for each in held if answers and each.uid in answers
        )
        parts = ("\n".join(lines), *told_of, asked)
        headline = say("bedanking.kop meer", aantal=number_text(len(held)))
    return Reply(headline=headline, paragraphs=tuple(part for part in parts if part), automatic=True)
