"""Messages of the local community as its page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.platforms.local import BOT_NAME, without_mention
from bot.web.pages import atrium_page, web_link
from handlers.answers.feedback import THUMBS_DOWN
from handlers.model import BRUSSELS, Role
from handlers.reply import Action, ActionKind, Card, Fact, Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, clock_text, local_day
from store.local import LocalMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Who writes in this browser."""

    author: str
    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """Something to press: a link, or a message that it stands for.

    Attributes:
        about: what it is about, for who hears the page instead of seeing it.
        leads: what the bot wants one to press first.
    """

    label: str
    url: str | None = None
    says: str | None = None
    about: str | None = None
    leads: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownCard:
    """A card with its buttons; `page` is the path of its atrium, None where that is not public.

    `facts` is not empty where the answer tells them of this one atrium: then they take the place of the
    card's own lines. `takes_contributions` is whether something can still be handed in for its atrium.
    """

    card: Card
    page: str | None
    buttons: tuple[Button, ...]
    facts: tuple[Fact, ...] = ()
    takes_contributions: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One message with its texts ready.

    Attributes:
        initials: for the round sign beside the name.
        at, moment: when, for people and for machines.
        reply: what the bot said, None for people.
        facts, buttons: those of the reply that stand outside its cards.
        objection: says that the answer is not what was asked; None where nothing was answered.
    """

    id: int
    thread: int
    author: str
    initials: str
    text: str
    at: str
    moment: str
    by_bot: bool
    automatic: bool
    is_moderator: bool
    reply: Reply | None
    cards: tuple[ShownCard, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    objection: Button | None = None


def message(said: LocalMessage, public: frozenset[str], now: dt.datetime) -> Shown:
    """Args:
    public: uids of the atria that have a public page.
    now: aware UTC.
    """
    at = said.at.astimezone(BRUSSELS)
    told = said.reply
    shown = Shown(
        id=said.id,
        thread=said.thread,
        author=said.author,
        initials=initials(said.author),
        text=said.text,
        at=f"{brief_date(at.date(), local_day(now))}, {clock_text(at)} u.",
        moment=at.isoformat(timespec="seconds"),
        by_bot=said.by_bot,
        automatic=said.automatic,
        is_moderator=said.role is not None and said.role.moderates,
        reply=told,
    )
    return shown if told is None else _with_cards(shown, told, public, now)


def shown_reply(told: Reply) -> Shown:
    """A reply as the page would show it, before it is said anywhere."""
    nowhere = Shown(
        id=0,
        thread=0,
        author=BOT_NAME,
        initials=initials(BOT_NAME),
        text=told.plain_text(),
        at="",
        moment="",
        by_bot=True,
        automatic=told.automatic,
        is_moderator=False,
        reply=told,
    )
    return _with_cards(nowhere, told, frozenset(told.atria))


def _with_cards(shown: Shown, told: Reply, public: frozenset[str], now: dt.datetime | None = None) -> Shown:
    """The same with the cards, facts and buttons of the reply, each where it belongs.

    Args:
        now: aware UTC; without it the cards offer no form, for nothing was said yet.
    """
    facts = tuple(fact for fact in told.facts if fact.label != say("label.meer") or fact.url is None)
    about_one = len(told.cards) == 1 and not told.listed
    cards = tuple(
        ShownCard(
            card=card,
            page=atrium_page(card.uid) if card.uid in public else None,
            buttons=_card_buttons(card, told, public),
            facts=facts if about_one else (),
            takes_contributions=now is not None and not card.cancelled and card.starts_at > now,
        )
        for card in told.cards
    )
    loose = (action for action in told.actions if action.uid not in told.atria)
    buttons = (_button(action, None, public) for action in loose)
    return replace(
        shown,
        cards=cards,
        facts=() if about_one else facts,
        buttons=tuple(button for button in buttons if button is not None),
        objection=_objection(told),
    )


def _objection(told: Reply) -> Button | None:
    if not told.answers_question:
        return None
    return Button(label=say("knop.niet wat ik vroeg"), says=THUMBS_DOWN, about=told.headline)


def _card_buttons(card: Card, told: Reply, public: frozenset[str]) -> tuple[Button, ...]:
    """What the reply offers for this atrium, else what can be done with any."""
    offered = [action for action in told.actions if action.uid == card.uid] or _usual(card)
    buttons = (_button(action, card.title, public) for action in offered)
    return tuple(button for button in buttons if button is not None)


def _usual(card: Card) -> list[Action]:
    register = Action(
        kind=ActionKind.REGISTER, label=say("knop.inschrijven"), uid=card.uid, url=card.register_url
    )
    return [
        *([register] if card.register_url else []),
        Action(kind=ActionKind.CALENDAR, label=say("knop.in agenda"), uid=card.uid),
        Action(kind=ActionKind.MORE, label=say("knop.meer"), uid=card.uid),
    ]


def _button(action: Action, about: str | None, public: frozenset[str]) -> Button | None:
    """The button of an action; None for a page that is not public."""
    url = action.url
    if action.kind in {ActionKind.CALENDAR, ActionKind.MORE}:
        # Our own pages, wherever the agenda is published.
        if action.uid not in public or action.uid is None:
            return None
        url = atrium_page(action.uid) + (".ics" if action.kind is ActionKind.CALENDAR else "")
    leads = action.kind is ActionKind.REGISTER
    if leads and web_link(url) is None:
        return None
    return Button(label=action.label, url=url, says=action.says, about=about, leads=leads)


def thread(said: Sequence[LocalMessage], public: frozenset[str], now: dt.datetime) -> list[Shown]:
    """A whole thread, its first message first."""
    return [message(one, public, now) for one in said]


def uids(threads: Iterable[Iterable[LocalMessage]]) -> set[str]:
    """The atria that these messages show."""
    replies = [one.reply for said in threads for one in said if one.reply]
    acted_on = {action.uid for reply in replies for action in reply.actions if action.uid}
    return {uid for reply in replies for uid in reply.atria} | acted_on


def initials(name: str) -> str:
    """The first letters of the first and the last word: "An Peeters" -> "AP"."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1]
    ends = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def handed_in(uid: str, sort: str, text: str, *, named: bool) -> str:
    """What the form under a card says, in the words that somebody would type."""
    said = " ".join(uid.split()), " ".join(sort.split()), text.strip()
    if not said[-1]:
        return ""
    return f"inbreng voor {said[0]}: {said[1]}: {said[2]}" + (" (met mijn naam)" if named else "")


def addressed(text: str) -> str:
    """The text with the name of the bot before it, unless it is there or there is no text."""
    stripped = text.strip()
    if not stripped or without_mention(stripped) != stripped:
        return text
    return f"@{BOT_NAME} {stripped}"
