"""Handing in something for an atrium with a form, which the button under its card opens."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.platforms.slack import forms
from bot.platforms.slack.acting import Actor
from bot.platforms.slack.buttons import Block
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.elements import LABEL, TITLE, choice, literal, option, plain, section
from bot.platforms.slack.forms import INPUT, About, View_
from bot.platforms.slack.payloads import View
from bot.platforms.slack.steps import NotNowError, Step, Steps
from handlers.model import Atrium, ContributionSort
from handlers.moderation.contribution import MOST_TEXT, closed_text, contribution_for, takes_contributions
from handlers.wording.cards import brief_text, when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised
from store import contributions, members
from store.agenda import StoredAgenda

#: The fields of the form, by the ids of their blocks.
SORT, TEXT, NAMED = "sort", "text", "named"

_YES, _NO = "ja", "nee"

_TITLE = "inbreng.formulier"


class Contributing:
    """Draws the form, and keeps what is handed in with it."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def blank(self, user: str, name: str, about: About) -> View_ | str:
        """The empty form for an atrium; a sentence when nothing can be handed in for it.

        Args:
            about: the atrium, and the community where its card stands: who sees it there may read it.
        """
        return self._steps.begin(
            user,
            name,
            lambda session, who: form_view(_taking(session, who, about), about, who.context.now),
        )

    def submit(self, user: str, name: str, view: View) -> dict[str, object]:
        """Keep what was filled in; what Slack is to show next."""
        return self._steps.take(user, name, view, _TITLE, _kept)


def _kept(step: Step) -> dict[str, object]:
    """What was filled in, kept once, with thanks."""
    about, values, who = step.about, forms.values_of(step.view), step.actor
    atrium = _taking(step.session, who, about)
    text = str(values.get(TEXT, "")).strip()
    if not text:
        return forms.refused({TEXT: say("inbreng.formulier leeg")})
    sort = str(values.get(SORT, ""))
    contribution = contribution_for(
        atrium,
        text[:MOST_TEXT],
        sort=ContributionSort(sort) if sort in set(ContributionSort) else None,
        named=values.get(NAMED) == _YES,
    )
    member = members.member_id_of(step.session, NAME, who.person.external_id)
    # Slack shows the form again when our answer was late, and it is sent once more.
    if not contributions.waits(step.session, member, contribution):
        contributions.add(
            step.session, member, contribution, step.now, platform=NAME, community=about.community
        )
    thanks = say("inbreng.dank", titel=atrium.title, wanneer=when_text(atrium))
    told = [thanks, say("inbreng.dank uitleg")]
    if contribution.named:
        told.append(say("inbreng.naam erbij"))
    return forms.shows(forms.done_view(say(_TITLE), told))


def _taking(session: Session, who: Actor, about: About) -> Atrium:
    """The atrium that takes something in from this person; raises `NotNowError` where none does."""
    here = frozenset({about.community} if about.community else ())
    atrium = StoredAgenda(session).find(about.uid or "", who.context.reads | here)
    if atrium is None:
        raise NotNowError(say("inbreng.formulier weg"))
    if not takes_contributions(atrium, who.context.now):
        raise NotNowError(closed_text(atrium))
    return atrium


def form_view(atrium: Atrium, about: About, now: dt.datetime) -> View_:
    """What it is, what it says, and whether its author may be named."""
    sorts = [option(capitalised(each.value), each.value) for each in ContributionSort]
    names = [option(say("inbreng.formulier nee"), _NO), option(say("inbreng.formulier ja"), _YES)]
    text: Block = {"type": "plain_text_input", "action_id": INPUT, "multiline": True, "max_length": MOST_TEXT}
    blocks: list[Block] = [
        section(f"*{literal(brief_text(atrium, now))}*"),
        _field(SORT, say("inbreng.formulier soort"), choice(INPUT, say("inbreng.formulier kies"), sorts)),
        _field(TEXT, say("inbreng.formulier tekst"), text),
        _field(
            NAMED,
            say("inbreng.formulier naam"),
            choice(INPUT, say("inbreng.formulier kies"), names, _NO),
            say("inbreng.formulier naam uitleg"),
        ),
    ]
    return {
        "type": "modal",
        "callback_id": forms.CONTRIBUTE,
        "title": plain(say(_TITLE), TITLE),
        "close": plain(say("inbreng.formulier sluiten"), TITLE),
        "submit": plain(say("inbreng.formulier versturen"), TITLE),
        "blocks": blocks,
        "private_metadata": about.packed(),
    }


def _field(name: str, label: str, element: Block, hint: str = "") -> Block:
    block: Block = {"type": "input", "block_id": name, "label": plain(label, LABEL), "element": element}
    return block | {"hint": plain(hint, LABEL)} if hint else block
