"""Communities of the settings that the bot cannot reach, because nothing there says how to get in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Unconnected:
    """A community without a way in; `lacks` and `mend` are for an operator."""

    key: str
    platform: str
    lacks: str
    mend: str

    @property
    def told(self) -> str:
        return f"community {self.key} is on {self.platform}, but {self.lacks}"


_SLACK = (
    "[slack] bot_token is not set",
    "set ATRIUMBOT_SLACK__BOT_TOKEN for the service (docs/slack/install.md), and start the bot again",
)
_ENGAGE = (
    "[entra] tenant_id and client_id are not set",
    "register the app, set both (docs/viva-engage.md), and start the bot again",
)
_NO_CHANNEL = ("its channel is not set", "set channel to the platform's id of it (docs/settings.md)")


def unconnected(settings: Settings) -> tuple[Unconnected, ...]:
    """The communities of the settings that have no way in, in their order."""
    engage, slack = settings.engage, settings.slack
    lacking: dict[str, tuple[str, str]] = {}
    if slack.bot_token is None:
        lacking["slack"] = _SLACK
    if settings.entra.client_id is None and engage.access_token is None and engage.token_file is None:
        lacking["engage"] = _ENGAGE
    found = []
    for each in settings.communities:
        no_channel = _NO_CHANNEL if each.platform != "local" and each.channel is None else None
        what = lacking.get(each.platform, no_channel)
        if what is not None:
            found.append(Unconnected(key=each.key, platform=each.platform, lacks=what[0], mend=what[1]))
    return tuple(found)
