"""The weekly overview for moderators: what goes out, what did not, what was not answered, who is behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.posts.names import post_name
from handlers.reply import Reply
from handlers.rhythm import Rhythm
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, clock_text, date_with_year, local_day, long_date
from handlers.wording.sentences import capitalised, number_text, quoted
from handlers.wording.texts import kind_name

#: Lines of one section at the most.
MOST_LINES = 12

#: Of the questions only examples are shown.
MOST_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class PostLine:
    """One post that goes out or did not.

    Attributes:
        at: aware UTC of when it is or was due.
        community: its name.
        kind: the kind of post.
        about: the title of its atrium, where it has one that the moderators may see.
        note: "tegengehouden", or what became of it and why.
    """

    at: dt.datetime
    community: str
    kind: str
    about: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeratorsOverview:
    """What one overview for moderators tells. Empty lists are left out of the text.

    Attributes:
        monday: the Brussels date with which the week begins.
        planned: what goes out in the coming week, by moment.
        troubles: what failed, was skipped or is uncertain since the last overview.
        unanswered: how many questions the bot could not answer since then.
        examples: the most asked of these, with how often.
        behind: groups that fall behind, who waited longest first.
    """

    monday: dt.date
    planned: tuple[PostLine, ...] = ()
    troubles: tuple[PostLine, ...] = ()
    unanswered: int = 0
    examples: tuple[tuple[str, int], ...] = ()
    behind: tuple[Rhythm, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.planned or self.troubles or self.unanswered or self.behind)


def moderators_digest(
    overview: ModeratorsOverview, now: dt.datetime, max_length: int | None = None
) -> Reply | None:
    """The overview as a post; None when there is nothing to tell.

    Args:
        now: aware UTC of the sending.
        max_length: characters that the platform takes; longer lists are cut shorter to fit.
    """
    if overview.is_empty:
        return None
    most = MOST_LINES
    reply = _reply(overview, now, most)
    while max_length is not None and most > 0 and len(reply.plain_text()) > max_length:
        most -= 1
        reply = _reply(overview, now, most)
    return reply


def _reply(overview: ModeratorsOverview, now: dt.datetime, most: int) -> Reply:
    sections = (
        (say("moderatoren.gepland"), [_post_line(each, now) for each in overview.planned], most),
        (say("moderatoren.niet verstuurd"), [_post_line(each, now) for each in overview.troubles], most),
        (_unanswered_text(overview), [_example_line(*each) for each in overview.examples], MOST_EXAMPLES),
        (say("moderatoren.achter"), [_rhythm_line(each) for each in overview.behind], most),
    )
    paragraphs = [
        "\n".join([title, *_cut(lines, min(bound, most))])
        for title, lines, bound in sections
        if title and (lines or title == _unanswered_text(overview))
    ]
    return Reply(
        headline=say("moderatoren.kop", dag=long_date(overview.monday)),
        paragraphs=tuple(paragraphs),
        automatic=True,
    )


def _cut(lines: Sequence[str], most: int) -> list[str]:
    left = len(lines) - most
    return [*lines[:most], "- " + say("moderatoren.en nog", aantal=str(left))] if left > 0 else list(lines)


def _post_line(post: PostLine, now: dt.datetime) -> str:
    when = f"{brief_date(local_day(post.at), local_day(now))}, {clock_text(post.at)} u."
    about = f", {post.about}" if post.about else ""
    note = f" ({post.note})" if post.note else ""
    return f"- {when}, {post.community}: {post_name(post.kind)}{about}{note}"


def _unanswered_text(overview: ModeratorsOverview) -> str | None:
    if not overview.unanswered:
        return None
    if overview.unanswered == 1:
        return say("moderatoren.onbeantwoord")
    return say("moderatoren.onbeantwoord meer", aantal=capitalised(number_text(overview.unanswered)))


def _example_line(text: str, times: int) -> str:
    often = say("moderatoren.keer", aantal=str(number_text(times))) if times > 1 else ""
    return f'- "{quoted(text)}"{often}'


def _rhythm_line(rhythm: Rhythm) -> str:
    name = kind_name(rhythm.kind)
    group = f" {rhythm.group}" if rhythm.group else ""
    last = (
        say("moderatoren.laatst", dag=date_with_year(local_day(rhythm.last)))
        if rhythm.last
        else say("moderatoren.nooit")
    )
    following = (
        say("moderatoren.volgende", dag=date_with_year(local_day(rhythm.following)))
        if rhythm.following
        else say("moderatoren.geen volgende")
    )
    norm = rhythm.norm
    often = number_text(norm.at_least)
    if norm.at_most > norm.at_least:
        often += say("moderatoren.tot", aantal=number_text(norm.at_most))
    return "- " + say(
        "moderatoren.ritme", groep=f"{name}{group}", laatst=last, volgende=following, vaak=often
    )
