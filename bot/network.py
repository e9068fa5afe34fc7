"""Where the bot speaks and who may steer it: the settings' communities and roles, and the demo's."""

from __future__ import annotations

from bot.settings import Settings
from handlers.model import Audience, Community, Kind
from store import communities as stored_communities
from store import members
from store.engine import Store

_OFFICIALS = frozenset(
    {Audience.AMBTENAAR, Audience.PROVINCIE, Audience.INTERCOMMUNALE, Audience.KOEPEL, Audience.CENTRUMSTAD}
)

#: What the local community holds when the settings name no communities.
DEMO_COMMUNITIES = (
    Community(
        key="algemeen",
        platform="local",
        name="Algemeen",
        kinds=frozenset(Kind) - {Kind.MANDATARISSEN},
        audience=_OFFICIALS,
    ),
    Community(
        key="mandatarissen",
        platform="local",
        name="Atrium Lokale Mandatarissen",
        kinds=frozenset({Kind.MANDATARISSEN}),
        audience=frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR}),
    ),
    Community(
        key="water",
        platform="local",
        name="Water en droogte",
        kinds=frozenset({Kind.THEMATISCH, Kind.OP_MAAT}),
        audience=_OFFICIALS,
    ),
)


def local_is_enabled(settings: Settings, *, demo: bool = False) -> bool:
    """In demo mode, or when the settings say so, or when no other platform is set."""
    if settings.local.enabled is not None:
        return settings.local.enabled
    return demo or all(community.platform == "local" for community in settings.communities)


def communities_of(settings: Settings, *, demo: bool = False) -> tuple[Community, ...]:
    """The communities of the settings; without any, those of the demo when the local community is on."""
    if settings.communities:
        return tuple(section.community() for section in settings.communities)
    return DEMO_COMMUNITIES if local_is_enabled(settings, demo=demo) else ()


def settle_in(store: Store, settings: Settings, *, demo: bool = False) -> tuple[Community, ...]:
    """Write the settings' communities and roles into the store, where queries need them."""
    communities = communities_of(settings, demo=demo)
    with store.writing() as session:
        stored_communities.sync_communities(session, communities)
        members.sync_roles(
            session,
            administrators=settings.roles.administrators,
            moderators=settings.roles.moderators,
            readers=settings.roles.readers,
            regional=settings.roles.regional,
        )
    return communities
