"""Where people can open what the bot posted: an address on each platform that has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from bot.platforms.local import NAME as LOCAL
from bot.platforms.port import Linked
from handlers.model import Community
from scheduler.port import Platform

#: The address of a message of a community; None where there is none.
LinkTo = Callable[[Community, str], str | None]


def link_on(platforms: Mapping[str, Platform], public_url: str) -> LinkTo:
    """The addresses of messages on these platforms, by their names."""

    def link_to(community: Community, message_id: str) -> str | None:
        platform: object = platforms.get(community.platform)
        if platform is not None and community.platform == LOCAL:
            return f"{public_url}/community/{quote(community.key, safe='')}#bericht-{quote(message_id)}"
        return platform.link_to(community, message_id) if isinstance(platform, Linked) else None

    return link_to
