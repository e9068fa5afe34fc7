"""What may not be told where: local politicians and the rest of the network each have what is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.context import Context
from handlers.model import AtriumDraft, Audience, Community, Kind
from handlers.moderation.community_choice import POLITICIANS, is_closed, is_for_politicians
from handlers.wording.catalogue import say

_OFFICIALS = frozenset({Audience.AMBTENAAR, Audience.PROVINCIE, Audience.INTERCOMMUNALE})

#: For whom these kinds are when nobody was named.
_MEANT: Mapping[Kind | None, frozenset[Audience]] = {
    Kind.LOKAAL: _OFFICIALS,
    Kind.CENTRUMSTEDEN: _OFFICIALS | {Audience.CENTRUMSTAD},
    Kind.PROVINCIAAL: _OFFICIALS,
    Kind.MANDATARISSEN: POLITICIANS,
}


def conflict_of(drafts: Sequence[AtriumDraft], keys: Sequence[str], context: Context) -> str | None:
    """Why an atrium may not be told in one of the communities that were picked, in Dutch; None when it may.

    Where nobody picked, the communities follow from the audience and there is nothing to object to.
    """
    picked = [one for one in context.communities if one.key in keys]
    for draft in drafts:
        for community in picked:
            wrong = _conflict(draft, community)
            if wrong:
                return wrong
    return None


def _conflict(draft: AtriumDraft, community: Community) -> str | None:
    if is_for_politicians(draft) and not _takes_politicians(community):
        return say("veld.alleen mandatarissen", community=community.name)
    meant = draft.audience or _MEANT.get(draft.kind, frozenset())
    if meant and community.audience and meant.isdisjoint(community.audience):
        return say("veld.andere doelgroep", community=community.name)
    return None


def _takes_politicians(community: Community) -> bool:
    """Whether a community is their own, or one that was set up for their atria."""
    return is_closed(community) or community.kinds == {Kind.MANDATARISSEN}
