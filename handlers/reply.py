"""What the bot says, independent of any platform, and what should change because of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from handlers.changes import Change
from handlers.context import Topic
from handlers.reading.model import Intent, Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One labelled fact ("Waar": "Stadhuis, Markt 1, Halle"), in the fixed order of the house."""

    label: str
    text: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One atrium as people see it: every text is already rendered, in Dutch, on Brussels time.

    Attributes:
        uid: the atrium; the agenda page is `/atria/{uid}`, the calendar file `/atria/{uid}.ics`.
        when: in full ("maandag 12 april 2027, van 9.00 tot 16.00 u.").
        brief: one line for lists ("ma 12 april 2027, 9.00 u., Gent").
        register_url: only while one can register.
        cancelled: to be struck through and said in words.
    """

    uid: str
    title: str
    when: str
    brief: str
    where: str
    starts_at: dt.datetime
    theme: str | None = None
    audience: str | None = None
    register_text: str | None = None
    register_url: str | None = None
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of at most a few ways on; `says` is the message that choosing it stands for."""

    label: str
    says: str


#: What somebody wishes or proposes, which asks nothing.
_NO_QUESTION = frozenset({Intent.SUBSCRIBE, Intent.UNSUBSCRIBE, Intent.SUGGEST_TOPIC})


class ActionKind(StrEnum):
    """What a button may do besides speaking; platforms without buttons show it as a link or not at all."""

    REGISTER = "inschrijven"
    CALENDAR = "in agenda"
    REMIND = "herinner mij"
    MORE = "meer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    kind: ActionKind
    label: str
    uid: str | None = None
    url: str | None = None
    says: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One answer or post. Platforms render it; `plain_text` is the form every platform can show.

    Attributes:
        above: whose question it answers, where an answer is given to others; one line above all else.
        headline: the answer itself, first; never empty.
        paragraphs, facts, cards, links: what follows, in this order.
        listed: show the cards one line each (a list) rather than in full.
        choices: at most a few ways on; numbered where there are no buttons.
        notes: remarks on how the question was read, shown before the source.
        source: where it comes from and how fresh it is, in small.
        automatic: the bot says it unasked.
        private: only for the asker's eyes, where the platform can.
        changes: what should change; carried out by the conversation, or by nobody.
        topic: what the thread should remember for a follow-up; None leaves it as it was.
        reading: the reading that was answered, for traces and for learning.
        understood: False when the bot had to ask back or decline.
        answers_question: it answers or declines what somebody asked, who may say that it is not
            what they asked; False for small talk, for asking back and for what moderators do.
    """

    headline: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    cards: tuple[Card, ...] = ()
    listed: bool = False
    links: tuple[Link, ...] = ()
    actions: tuple[Action, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: tuple[str, ...] = ()
    source: str | None = None
    automatic: bool = False
    private: bool = False
    changes: tuple[Change, ...] = ()
    topic: Topic | None = None
    reading: Reading | None = None
    understood: bool = True
    answers_question: bool = False
    above: str = ""

    @property
    def can_be_shared(self) -> bool:
        """Whether others may want to read it too: it is no refusal, and no private matter."""
        return self.answers_question and self.understood and not self.private

    @property
    def answered_question(self) -> bool:
        """Whether it tells what somebody asked: not declined or asked back, and no wish or proposal."""
        asks = self.reading is None or self.reading.intent not in _NO_QUESTION
        return self.answers_question and self.understood and asks

    @property
    def atria(self) -> tuple[str, ...]:
        """The uids of the atria this reply speaks of, in order."""
        return tuple(card.uid for card in self.cards)

    def plain_text(self) -> str:
        """The whole reply as plain text, as Viva Engage and a terminal show it."""
        lines = [self.above] if self.above else []
        lines += [self.headline, *self.paragraphs]
        lines += [
            f"{fact.label}: {fact.text}" + (f" {fact.url}" if fact.url and fact.url != fact.text else "")
            for fact in self.facts
        ]
        if self.listed:
            lines += [f"- {card.brief}" for card in self.cards]
        lines += [f"{link.label}: {link.url}" for link in self.links]
        lines += [f"{number}. {choice.label}" for number, choice in enumerate(self.choices, start=1)]
        lines += self.notes
        if self.source:
            lines.append(self.source)
        return "\n".join(lines)
