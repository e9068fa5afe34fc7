"""The buttons under what the bot says in Slack.

The scheme of their ids is told in `bot.platforms.slack.connection`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.platforms.slack.lengths import ADDRESS, BUTTON, ROW, SAYS, shortened, size
from bot.platforms.slack.mrkdwn import is_address
from handlers.answers.feedback import THUMBS_DOWN
from handlers.reply import Action, ActionKind, Card, Choice, Reply
from handlers.wording.catalogue import say

#: What the action ids of buttons begin with.
SAYS_ID = "says:"
GOES_ID = "goes:"
HANDS_IN_ID = "hands-in:"

#: What stands in brackets behind a choice, and in full above the buttons.
_BEHIND = re.compile(r" \([^()]*\)$")

Block: TypeAlias = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """Where the agenda is published, and which atria have a page there.

    Attributes:
        url: base of the agenda page, without trailing slash.
        public: uids of the public atria.
    """

    url: str
    public: frozenset[str] = frozenset()

    def page(self, uid: str | None) -> str | None:
        return f"{self.url}/atria/{uid}" if uid in self.public else None

    def calendar(self, uid: str | None) -> str | None:
        return f"{self.url}/atria/{uid}.ics" if uid in self.public else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Buttons:
    """Makes the buttons of one message, each with an id of its own.

    Attributes:
        now: aware UTC: of what is over, nobody need be reminded.
    """

    pages: Pages
    now: dt.datetime
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def of_card(self, card: Card, reply: Reply) -> list[Block]:
        """What the reply offers for this atrium, else what can be done with any."""
        offered = [action for action in reply.actions if action.uid == card.uid] or _usual(card)
        if not card.cancelled and card.starts_at > self.now and not _reminds(offered):
            more = next((n for n, each in enumerate(offered) if each.kind is ActionKind.MORE), len(offered))
            offered.insert(more, _reminder(card))
        if card.cancelled or card.starts_at <= self.now:
            return self.of_actions(offered, card.title)
        onward = [action for action in offered if action.kind is ActionKind.MORE]
        first = self.of_actions([each for each in offered if each not in onward], card.title)
        form = self._button(HANDS_IN_ID, say("knop.inbreng doen"), card.title) | {"value": card.uid}
        return [*first, form, *self.of_actions(onward, card.title)]

    def of_actions(self, actions: Sequence[Action], about: str | None = None) -> list[Block]:
        buttons = (self._of_action(action, about) for action in actions)
        return [button for button in buttons if button is not None]

    def of_choices(self, choices: Sequence[Choice]) -> list[Block]:
        return [
            self._says(_brief(choice.label), choice.says)
            for choice in choices
            if choice.says.strip() and size(choice.says) <= SAYS
        ]

    def objection(self, reply: Reply) -> list[Block]:
        """Says that the answer is not what was asked; nothing where nothing was answered."""
        if not reply.answers_question:
            return []
        return [self._says(say("knop.niet wat ik vroeg"), THUMBS_DOWN, reply.headline)]

    def _of_action(self, action: Action, about: str | None) -> Block | None:
        if action.says and action.says.strip() and size(action.says) <= SAYS:
            return self._says(action.label, action.says, about)
        url = action.url
        if action.kind is ActionKind.CALENDAR:
            url = url or self.pages.calendar(action.uid)
        elif action.kind is ActionKind.MORE:
            url = url or self.pages.page(action.uid)
        if url is None or not is_address(url) or size(url) > ADDRESS:
            return None
        button = self._button(GOES_ID, action.label, about) | {"url": url}
        return button | {"style": "primary"} if action.kind is ActionKind.REGISTER else button

    def _says(self, label: str, says: str, about: str | None = None) -> Block:
        return self._button(SAYS_ID, label, about) | {"value": says}

    def _button(self, prefix: str, label: str, about: str | None) -> Block:
        shown = shortened(label, BUTTON) or str(ActionKind.MORE)
        button: Block = {
            "type": "button",
            "action_id": f"{prefix}{next(self._numbers)}",
            "text": {"type": "plain_text", "text": shown, "emoji": False},
        }
        spoken = shortened(f"{shown}: {about}", BUTTON) if about else ""
        return button | {"accessibility_label": spoken} if spoken else button


def rows(buttons: Sequence[Block]) -> list[Block]:
    """Buttons in rows that do not break."""
    starts = range(0, len(buttons), ROW)
    return [{"type": "actions", "elements": list(buttons[at : at + ROW])} for at in starts]


def _brief(label: str) -> str:
    """What a button for a choice says: without the day and the place behind it where that is too long."""
    return label if size(label) <= BUTTON else _BEHIND.sub("", label)


def _usual(card: Card) -> list[Action]:
    register = Action(
        kind=ActionKind.REGISTER, label=say("knop.inschrijven"), uid=card.uid, url=card.register_url
    )
    return [
        *([register] if card.register_url else []),
        *(
            []
            if card.cancelled
            else [Action(kind=ActionKind.CALENDAR, label=say("knop.in agenda"), uid=card.uid)]
        ),
        Action(kind=ActionKind.MORE, label=say("knop.meer"), uid=card.uid),
    ]


def _reminds(actions: Sequence[Action]) -> bool:
    return any(action.kind is ActionKind.REMIND for action in actions)


def _reminder(card: Card) -> Action:
    says = f"herinner mij aan {card.uid}"
    return Action(kind=ActionKind.REMIND, label=say("knop.herinner mij"), uid=card.uid, says=says)
