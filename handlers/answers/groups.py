"""The thematic groups of the online network: which there are, and how to join one."""

from __future__ import annotations

from handlers.answers.absent import contact_text
from handlers.answers.question import Question, folded
from handlers.model import Group
from handlers.reply import Fact, Reply
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
    return Fact(label=group.name, text=group.description or group.theme or "groep", url=group.link)


def _listed(groups: tuple[Group, ...], headline: str) -> Reply:
    rest = len(groups) - PAGE
    more = (f"En nog {number_text(rest)} andere.",) if rest > 0 else ()
    how = 'Vraag bijvoorbeeld: "hoe word ik lid van de groep ' + f'{groups[0].name}?"'
    return Reply(
        headline=headline,
        facts=tuple(_line(group) for group in groups[:PAGE]),
        notes=(*more, how),
    )


def _none() -> Reply:
    return Reply(
        headline="In mijn lijst staan hier geen thematische groepen.",
        paragraphs=(f"Vraag het aan: {contact_text()}",),
    )


def thematic_groups(question: Question) -> Reply:
    """Which thematic groups there are, all or on one theme."""
    groups, theme = _visible(question), question.reading.theme
    if not groups:
        return _none()
    if theme is None:
        return _listed(
            groups, f"Er zijn {number_text(len(groups))} thematische groepen in het onlinenetwerk:"
        )
    found = fitting(groups, theme)
    if not found:
        return _listed(groups, f'Ik ken geen groep over "{quoted(theme)}". Deze groepen zijn er:')
    number = len(found)
    are = f"Er zijn {number_text(number)} groepen" if number > 1 else "Er is één groep"
    return _listed(found, f'{are} over "{quoted(theme)}":')


def _named(question: Question, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups whose name is in the question, the longest first; else those on its theme."""
    asked = folded(question.reading.text)
    named = [group for group in groups if folded(group.name) in asked]
    if named:
        return tuple(sorted(named, key=lambda group: -len(group.name)))
    return fitting(groups, question.reading.theme) if question.reading.theme else ()


def _one(group: Group) -> Reply:
    facts = [Fact(label="Waarover", text=group.description)] if group.description else []
    if group.owner:
        facts.append(Fact(label="Beheerder", text=group.owner))
    if group.link:
        facts.append(Fact(label="Link", text=group.link, url=group.link))
    how = (
        capitalised(group.how_to_join) if group.how_to_join else "Hoe je lid wordt, staat niet in mijn lijst."
    )
    return Reply(headline=f"Groep {group.name}: {how}", facts=tuple(facts))


def group_detail(question: Question) -> Reply:
    """How to join one group, who looks after it and where it is."""
    groups = _visible(question)
    if not groups:
        return _none()
    found = _named(question, groups)
    if found:
        return _one(found[0])
    if question.reading.theme:
        theme = quoted(question.reading.theme)
        return _listed(groups, f'Ik ken geen groep over "{theme}". Deze groepen zijn er:')
    return _listed(groups, "Welke groep bedoel je? Deze groepen zijn er:")
