"""The app's home: my atria and why they are mine, what I follow, the agenda, and what moderators have to do.

Pure: what there is to show in, the view out. It always holds less than a hundred blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.platforms.slack import mrkdwn
from bot.platforms.slack.buttons import Block
from bot.platforms.slack.discarding import discard_button
from bot.platforms.slack.elements import (
    actions,
    button,
    choice,
    divider,
    header,
    literal,
    option,
    search,
    section,
    small,
)
from handlers.model import Follow, Kind
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised
from handlers.wording.texts import kind_name

#: What the action ids of everything on the home begin with.
HOME = "home:"
UNFOLLOW, FOLLOW_KIND, FOLLOW_PLACE, FOLLOW_THEME = (
    f"{HOME}{each}" for each in ("unfollow", "follow-kind", "follow-place", "follow-theme")
)
KIND, PROVINCE, THEME, PAGE = (f"{HOME}{each}" for each in ("kind", "province", "theme", "page"))
ANNOUNCE, GO_ON, CHANGE, CANCEL = (f"{HOME}{each}" for each in ("announce", "go-on", "change", "cancel"))
READ, DISCARD = f"{HOME}read", f"{HOME}discard"

#: What stands for no filter.
ALL = "*"

#: How many of each are shown.
MINE, FOLLOWS, ATRIA, OWN, PLANNED, QUESTIONS = 5, 12, 8, 5, 5, 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What of the agenda is shown; kept with the view itself."""

    kind: str | None = None
    province: str | None = None
    theme: str | None = None
    page: int = 0

    def changed(self, name: str, value: str) -> Filters:
        """With one filter otherwise; the list begins anew."""
        return replace(self, page=0, **{name: None if value == ALL else value})


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One atrium in a list: what is told of it in one line, its page, and why it is mine."""

    brief: str
    url: str | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """An announcement or atrium that a moderator can go on with, or that waits for their agreement.

    Attributes:
        is_draft: it can be thrown away.
    """

    key: str
    text: str
    waits: bool = False
    is_draft: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What moderators have to do; each already in words.

    Attributes:
        questions: what waits for an answer; None for whoever moderates no community.
    """

    drafts: tuple[Own, ...] = ()
    announced: tuple[Own, ...] = ()
    planned: tuple[str, ...] = ()
    questions: tuple[str, ...] | None = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """Everything that one person's home shows."""

    mine: Sequence[Line]
    follows: Sequence[tuple[Follow, str]]
    agenda: Sequence[Line]
    more: bool
    filters: Filters
    provinces: Sequence[str]
    themes: Sequence[str]
    agenda_url: str
    municipality: str | None = None
    desk: Desk | None = None
    notice: str = ""


def home_view(home: Home) -> dict[str, object]:
    """The view for `views.publish`."""
    blocks = [
        *([section(literal(home.notice))] if home.notice else []),
        *(_desk(home.desk) if home.desk is not None else ()),
        *_mine(home),
        divider(),
        *_follows(home),
        divider(),
        *_agenda(home),
    ]
    return {"type": "home", "blocks": blocks, "private_metadata": packed(home.filters)}


def packed(filters: Filters) -> str:
    told = {
        "kind": filters.kind,
        "province": filters.province,
        "theme": filters.theme,
        "page": filters.page,
    }
    return json.dumps({name: value for name, value in told.items() if value})


def unpacked(metadata: str | None) -> Filters:
    """The filters that a view was drawn with; none when it holds none that can be read."""
    try:
        told = json.loads(metadata or "{}")
    except ValueError:
        return Filters()
    if not isinstance(told, dict):
        return Filters()
    texts = {name: told[name] for name in ("kind", "province", "theme") if isinstance(told.get(name), str)}
    page = told.get("page")
    return Filters(**texts, page=page if isinstance(page, int) and 0 <= page < 1000 else 0)


def follow_value(follow: Follow) -> str:
    """A follow as the value of a button."""
    return f"{follow.what.value}:{follow.value}"


# --- from top to bottom ------------------------------------------------------------------------------


def _mine(home: Home) -> Iterator[Block]:
    yield header(say("slack.mijn atria"))
    for line in home.mine[:MINE]:
        yield section(f"{_linked(line)}\n_{literal(line.why)}_")
    if not home.mine:
        told = (
            say("slack.wat je volgt of werkt")
            if home.follows or home.municipality
            else say("slack.wat je volgt")
        )
        yield section(say("slack.niets van jou", waarvoor=told))
    if home.municipality:
        yield small(say("slack.je werkt in", gemeente=literal(home.municipality)))


def _follows(home: Home) -> Iterator[Block]:
    yield header(say("slack.wat ik volg"))
    if not home.follows:
        yield section(say("slack.volgt niets"))
    for number, (follow, text) in enumerate(home.follows[:FOLLOWS]):
        stop = button(f"{UNFOLLOW}:{number}", say("slack.niet meer volgen"), follow_value(follow))
        yield section(literal(capitalised(text)), stop)
    if len(home.follows) > FOLLOWS:
        yield small(say("slack.volgt meer", aantal=str(len(home.follows) - FOLLOWS)))
    kinds = [option(kind_name(kind, 2), kind.value) for kind in Kind]
    themes = [option(capitalised(each), each) for each in home.themes if len(each) <= 75]
    yield actions(
        [
            choice(FOLLOW_KIND, say("slack.volg soort"), kinds),
            search(FOLLOW_PLACE, say("slack.volg gemeente")),
            *([choice(FOLLOW_THEME, say("slack.volg thema"), themes)] if themes else []),
        ]
    )


def _agenda(home: Home) -> Iterator[Block]:
    filters = home.filters
    yield header(say("slack.agenda"))
    kinds = [option(say("slack.alle soorten"), ALL), *(option(kind_name(kind), kind.value) for kind in Kind)]
    provinces = [option(say("slack.alle provincies"), ALL), *(option(each, each) for each in home.provinces)]
    themes = [
        option(say("slack.alle themas"), ALL),
        *(option(capitalised(each), each) for each in home.themes),
    ]
    yield actions(
        [
            choice(KIND, say("slack.soort"), kinds, filters.kind or ALL),
            choice(PROVINCE, say("slack.provincie"), provinces, filters.province or ALL),
            choice(
                THEME,
                say("slack.kies thema"),
                [each for each in themes if len(str(each["value"])) <= 75],
                filters.theme or ALL,
            ),
        ]
    )
    for line in home.agenda[:ATRIA]:
        yield section(_linked(line))
    if not home.agenda:
        yield section(say("slack.niets gevonden"))
    turns = [
        *(
            [button(f"{PAGE}:{filters.page - 1}", say("slack.vorige"), str(filters.page - 1))]
            if filters.page
            else []
        ),
        *(
            [button(f"{PAGE}:{filters.page + 1}", say("knop.toon meer"), str(filters.page + 1))]
            if home.more
            else []
        ),
    ]
    if turns:
        yield actions(turns)
    yield small(say("slack.alles staat in", agenda=mrkdwn.link(home.agenda_url, say("slack.de agenda"))))


def _desk(desk: Desk) -> Iterator[Block]:
    yield header(say("slack.voor moderatoren"))
    yield actions([button(ANNOUNCE, say("slack.kondig aan"), style="primary")])
    for number, draft in enumerate(desk.drafts[:OWN]):
        act, label = (READ, say("slack.nakijken")) if draft.waits else (GO_ON, say("slack.verder werken"))
        onward = button(f"{act}:{number}", label, draft.key)
        if draft.is_draft:
            yield section(literal(draft.text))
            yield actions([onward, discard_button(f"{DISCARD}:{number}", draft.key)])
        else:
            yield section(literal(draft.text), onward)
    for number, own in enumerate(desk.announced[:OWN]):
        yield section(literal(own.text))
        yield actions(
            [
                button(f"{CHANGE}:{number}", say("slack.wijzig"), own.key),
                button(f"{CANCEL}:{number}", say("slack.annuleer"), own.key),
            ]
        )
    yield from _listed(say("slack.gepland"), desk.planned[:PLANNED], say("slack.niets gepland"))
    if desk.questions is not None:
        yield from _listed(
            say("slack.vragen zonder antwoord"), desk.questions[:QUESTIONS], say("slack.geen vragen")
        )
    yield divider()


def _listed(title: str, lines: Sequence[str], otherwise: str) -> Iterator[Block]:
    told = "\n".join(f"• {literal(' '.join(line.split())[:300])}" for line in lines)
    yield section(f"{mrkdwn.bold(title)}\n{told or otherwise}")


def _linked(line: Line) -> str:
    return mrkdwn.link(line.url, line.brief) if line.url else literal(line.brief)
