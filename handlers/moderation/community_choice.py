"""Where an announcement goes: the communities it fits, those that were named, and who will see it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.gazetteer import gazetteer, name_key
from handlers.model import Atrium, AtriumDraft, Audience, Community, Kind
from handlers.moderation.claims import Remainder
from handlers.moderation.permissions import in_scope
from handlers.wording.sentences import enumeration

#: The half of the network that must never meet the other by accident.
POLITICIANS = frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR})


def is_closed(community: Community) -> bool:
    """Whether what is told here is for this circle only: it has an audience, and no official is in it."""
    return bool(community.audience) and community.audience <= POLITICIANS


def communities_for(draft: AtriumDraft, context: Context) -> tuple[str, ...]:
    """The keys of the communities where this draft goes: those named, else those it fits.

    Without an audience an atrium fits where the moderator speaks, and that is never a closed
    circle unless they speak inside it. What is for politicians only fits closed circles only.
    Whoever moderates some communities only, announces in those.
    """
    if draft.communities:
        known = {community.key for community in context.communities}
        return tuple(key for key in draft.communities if key in known)
    keys = _fitting(draft, context)
    if not is_bound(draft, context):
        return keys
    return tuple(key for key in keys if key in context.person.communities) or _own(context)


def is_bound(draft: AtriumDraft, context: Context) -> bool:
    """Whether this moderator may announce it only because of the communities that are theirs."""
    person = context.person
    return bool(person.communities) and not in_scope(
        person, context.agenda, kind=draft.kind, municipality=draft.municipality
    )


def _own(context: Context) -> tuple[str, ...]:
    """This community, where it is theirs to moderate; else all that are."""
    here, own = context.community, context.person.communities
    if here is not None and here.key in own:
        return (here.key,)
    return tuple(one.key for one in context.communities if one.key in own)


def _fitting(draft: AtriumDraft, context: Context) -> tuple[str, ...]:
    here = context.community
    if not draft.audience and here is not None and is_closed(here):
        return (here.key,)
    fitting = _closed_for(draft, context) or [one for one in context.communities if _fits(one, draft)]
    fitting = _nearest(fitting, draft, context)
    if not fitting and here is not None:
        return (here.key,)
    return tuple(one.key for one in fitting)


def is_for_politicians(draft: AtriumDraft) -> bool:
    """Whether an atrium is for local politicians and general directors, and for nobody else."""
    if draft.audience:
        return draft.audience <= POLITICIANS
    return draft.kind is Kind.MANDATARISSEN


def _closed_for(draft: AtriumDraft, context: Context) -> list[Community]:
    """The closed circles of an atrium for politicians only, whatever kinds they are told else."""
    if not is_for_politicians(draft):
        return []
    meant = draft.audience or POLITICIANS
    return [one for one in context.communities if is_closed(one) and one.audience & meant]


def _nearest(fitting: list[Community], draft: AtriumDraft, context: Context) -> list[Community]:
    """Of a Lokaal Atrium the communities of its region, where there are such."""
    if draft.kind is not Kind.LOKAAL or not draft.municipality:
        return fitting
    region = context.agenda.region_of(draft.municipality)
    own = [one for one in fitting if region in one.regions]
    return own or [one for one in fitting if not one.regions]


def _fits(community: Community, draft: AtriumDraft) -> bool:
    if community.kinds and draft.kind not in community.kinds:
        return False
    if not draft.audience:
        return not is_closed(community) and draft.kind is not Kind.MANDATARISSEN
    return not community.audience or not community.audience.isdisjoint(draft.audience)


def visibility_of(keys: Sequence[str], context: Context) -> frozenset[str]:
    """Who may see the atrium: everybody (empty), unless it is told in closed circles only."""
    chosen = [one for one in context.communities if one.key in keys]
    if chosen and all(is_closed(one) for one in chosen):
        return frozenset(one.key for one in chosen)
    return frozenset()


def audience_of(draft: AtriumDraft, keys: Sequence[str], context: Context) -> frozenset[Audience]:
    """Those named, else those of the communities where it goes; empty when one of them is for everybody."""
    if draft.audience:
        return draft.audience
    chosen = [one for one in context.communities if one.key in keys]
    if any(not one.audience for one in chosen):
        return frozenset()
    return frozenset().union(*(one.audience for one in chosen))


def is_read_elsewhere(atrium: Atrium, context: Context) -> bool:
    """Whether others than those who may see it read along in this conversation."""
    return context.community is not None and not atrium.is_visible_to(context.reads)


def names_text(keys: Sequence[str], context: Context) -> str:
    """The communities by name: "Algemeen en Water"."""
    names = {one.key: one.name for one in context.communities}
    return enumeration([names.get(key, key) for key in keys])


_EVERY = r"(?:al(?:le)?|elke|iedere)(?:\s+(?:de|onze|passende))*\s+(?:communit(?:y|y's|ies)|groepen|kanalen)"
_IN_EVERY = re.compile(rf"\b(?:ook\s+)?(?:in|op|naar|voor)\s+{_EVERY}(?![\w-])", re.IGNORECASE)


def claim_every_community(rest: Remainder) -> bool:
    """Take "in alle communities" out of the text: wherever it fits, which is what happens unnamed."""
    return rest.claim(_IN_EVERY) is not None


def is_every_community(text: str) -> bool:
    """Whether a text that names communities says all of them: "alle", "alle communities", "overal"."""
    return bool(re.fullmatch(rf"\s*(?:(?:in\s+)?{_EVERY}|alle|allemaal|overal)[\s.]*", text, re.IGNORECASE))


def claim_communities(rest: Remainder, communities: Sequence[Community]) -> tuple[str, ...]:
    """Take named communities out of the text: "in algemeen en water", "alleen in Mandatarissen".

    A name that is also a municipality only counts after "community" or "alleen in".
    """
    for pattern in _patterns(communities):
        found = rest.claim(pattern)
        if found:
            return communities_in(found["names"], communities)
    return ()


def communities_in(text: str, communities: Sequence[Community]) -> tuple[str, ...]:
    """The keys of the communities that this text names, in the order of the network."""
    return tuple(
        one.key
        for one in communities
        if any(
            re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) for name in _names(one)
        )
    )


def _patterns(communities: Sequence[Community]) -> list[re.Pattern[str]]:
    every = [name for one in communities for name in _names(one)]
    sure = [name for name in every if not gazetteer().names.get(name_key(name))]
    patterns = []
    for cue, names in (
        (
            r"\b(?:(?:(?:alleen|enkel)\s+)?(?:in|op|naar)?\s*(?:de\s+)?communit(?:y|ies)\s*:?|(?:alleen|enkel)\s+(?:in|op|naar))\s+",
            every,
        ),
        (r"\b(?:ook\s+)?(?:in|op|naar)\s+", sure),
    ):
        if names:
            one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
            row = rf"(?:{one})(?![\w-])(?:(?:\s*,\s*|\s+en\s+(?:in\s+)?|\s*[&+]\s*)(?:{one})(?![\w-]))*"
            patterns.append(re.compile(rf"{cue}(?P<names>{row})", re.IGNORECASE))
    return patterns


def _names(community: Community) -> tuple[str, ...]:
    return (community.key, community.name) if community.name else (community.key,)
