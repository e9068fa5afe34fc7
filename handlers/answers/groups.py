"""The thematic groups of the online network: which there are, and how to join one."""

from __future__ import annotations

from handlers.answers.absent import ask_others_text
from handlers.answers.question import Question, folded
from handlers.model import Group
from handlers.reply import Fact, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, number_text, quoted

#: A list of groups fills one screen of a phone.
PAGE = 10


def _about(group: Group, theme: str) -> int:
    """How well a group fits a theme: 3 by name, 2 by theme, 1 by description, 0 not at all."""
    wanted = folded(theme)
    fields = ((3, group.name), (2, group.theme), (1, group.description))
    for score, field in fields:
        if field and (wanted in folded(field) or (score > 1 and folded(field) in wanted)):
            return score
    return 0


def fitting(groups: tuple[Group, ...], theme: str) -> tuple[Group, ...]:
    """The groups that fit a theme, the best first; the whole phrase before its single words."""
    for words in ([theme], [word for word in theme.split() if len(word) > 3]):
        scored = [(max((_about(group, word) for word in words), default=0), group) for group in groups]
        found = [(score, group) for score, group in scored if score]
        if found:
            return tuple(group for _, group in sorted(found, key=lambda pair: (-pair[0], pair[1].name)))
    return ()


def _visible(question: Question) -> tuple[Group, ...]:
    return tuple(question.context.agenda.groups(question.context.reads))


def _line(group: Group) -> Fact:
    return Fact(
        label=group.name,
        text=group.description or group.theme or say("groepen.zonder beschrijving"),
        url=group.link,
    )


def _listed(groups: tuple[Group, ...], headline: str) -> Reply:
    rest = len(groups) - PAGE
    more = (say("groepen.en nog", aantal=number_text(rest)),) if rest > 0 else ()
    how = say("groepen.hoe lid", groep=groups[0].name)
    return Reply(
        headline=headline,
        facts=tuple(_line(group) for group in groups[:PAGE]),
        notes=(*more, how),
    )


def _none() -> Reply:
    return Reply(
        headline=say("groepen.geen"),
        paragraphs=(ask_others_text(),),
    )


def thematic_groups(question: Question) -> Reply:
    """Which thematic groups there are, all or on one theme."""
    groups, theme = _visible(question), question.reading.theme
    if not groups:
        return _none()
    if theme is None:
        return _listed(groups, say("groepen.alle", aantal=number_text(len(groups))))
    found = fitting(groups, theme)
    if not found:
        return _listed(groups, say("groepen.geen over", thema=quoted(theme)))
    number = len(found)
    if number == 1:
        return _listed(found, say("groepen.een over", thema=quoted(theme)))
    return _listed(found, say("groepen.meer over", aantal=number_text(number), thema=quoted(theme)))


def _named(question: Question, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups whose name is in the question, the longest first; else those on its theme."""
    asked = folded(question.reading.text)
    named = [group for group in groups if folded(group.name) in asked]
    if named:
        return tuple(sorted(named, key=lambda group: -len(group.name)))
    return fitting(groups, question.reading.theme) if question.reading.theme else ()


def _one(group: Group) -> Reply:
    facts = [Fact(label=say("label.waarover"), text=group.description)] if group.description else []
    if group.owner:
        facts.append(Fact(label=say("label.beheerder"), text=group.owner))
    if group.link:
        facts.append(Fact(label=say("label.link"), text=group.link, url=group.link))
    how = capitalised(group.how_to_join) if group.how_to_join else say("groepen.onbekend hoe")
    return Reply(headline=say("groepen.een", groep=group.name, hoe=how), facts=tuple(facts))


def group_detail(question: Question) -> Reply:
    """How to join one group, who looks after it and where it is."""
    groups = _visible(question)
    if not groups:
        return _none()
    found = _named(question, groups)
    if found:
        return _one(found[0])
    if question.reading.theme:
        return _listed(groups, say("groepen.geen over", thema=quoted(question.reading.theme)))
    return _listed(groups, say("groepen.welke"))
