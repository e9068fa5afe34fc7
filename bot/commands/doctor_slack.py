"""doctor --slack: what Slack says of the app, the channels and the clock; nothing is changed there."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.commands.doctor import Finding, amiss, fine, unseen
from bot.network import communities_of
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.gate import FRESH_SECONDS
from bot.platforms.slack.people import CHANNEL_MANAGER, FAILURES, NO_ANSWER, cause
from bot.platforms.slack.scopes import SCOPES, SOCKET_SCOPE, USERGROUP_SCOPE
from bot.platforms.slack.signatures import MEND, read_note
from bot.settings import Settings
from handlers.model import BRUSSELS, Community

#: How far our clock may be from Slack's: signatures are good for five minutes.
SKEW = dt.timedelta(seconds=FRESH_SECONDS / 5)

_PAGE = "docs/slack/install.md"


class SlackExamination:
    """Looks at one workspace.

    Args:
        now: gives the present as aware UTC.
        signatures: the note of the running bot on those that came in; None where it cannot be read.
    """

    def __init__(
        self, settings: Settings, now: Callable[[], dt.datetime], signatures: str | None = None
    ) -> None:
        self._signatures = signatures
        self._settings = settings
        self._slack = settings.slack
        self._now = now
        token = self._slack.bot_token.get_secret_value() if self._slack.bot_token else ""
        self._web = WebClient(token, self._slack.api_url)

    async def findings(self) -> AsyncIterator[Finding]:
        """One thing after the other; what rests on something broken is not looked at."""
        if self._slack.bot_token is None:
            yield amiss("slack token", "[slack] bot_token is not set", f"install the app: {_PAGE}")
            return
        yield self._way_in()
        wrong = self._other_token()
        if wrong is not None:
            yield wrong
            return
        try:
            answer = await self._web.auth_test()
        except FAILURES as error:
            yield self._no_token(error)
            return
        yield fine("slack token", f"bot {answer.get('user')} in {answer.get('team')}")
        yield self._scopes(answer)
        yield self._skew(answer.headers)
        async for finding in self._rest():
            yield finding

    async def _rest(self) -> AsyncIterator[Finding]:
        if self._slack.app_token is not None:
            yield await self._socket()
        communities = [each for each in communities_of(self._settings) if each.platform == NAME]
        if not communities:
            yield amiss(
                "slack channels", "no community lives in Slack", "add [[communities]] to the settings"
            )
        for community in communities:
            yield await self._channel(community)
        if self._slack.moderators_from == "usergroup":
            yield await self._usergroup()
        if self._slack.moderators_from == "channel_managers":
            yield await self._managers(communities)

    # --- one thing each ----------------------------------------------------------------------------------

    def _way_in(self) -> Finding:
        if self._slack.app_token is not None:
            return fine("slack way in", "by a socket that the bot opens (Socket Mode)")
        address = f"{self._settings.public_url()}/slack/events"
        if not address.startswith("https://"):
            mend = "set [web] public_url to the https address of the bot, or use Socket Mode"
            return amiss("slack way in", f"Slack does not call {address}", mend)
        seen = read_note(self._signatures, self._now())
        if seen.told:
            return amiss("slack way in", f"{address}: {seen.told}", MEND)
        if seen.right_at is not None:
            last = f"{seen.right_at.astimezone(BRUSSELS):%Y-%m-%d %H:%M}"
            return fine("slack way in", f"Slack calls {address}; rightly signed ones came, as on {last}")
        why = f"Slack is to call {address}: whether it does, and the signing secret is its own, shows then"
        return unseen("slack way in", why, "Retry under Event Subscriptions, then look again")

    def _other_token(self) -> Finding | None:
        """The tokens of Slack look alike and stand on three pages: each says by its beginning what it is."""
        bot, socket = self._slack.bot_token, self._slack.app_token
        if bot is not None and bot.get_secret_value().startswith(("xapp-", "xoxp-", "xoxe")):
            mend = f"copy the Bot User OAuth Token (xoxb-...) of OAuth & Permissions: {_PAGE}"
            return amiss("slack token", "[slack] bot_token is a token of another kind", mend)
        if socket is not None and socket.get_secret_value().startswith("xox"):
            mend = f"make an app-level token (xapp-...) under Basic Information: {_PAGE}"
            return amiss("slack socket", "[slack] app_token is a token of another kind", mend)
        return None

    def _no_token(self, error: Exception) -> Finding:
        word = cause(error)
        if word == NO_ANSWER:
            mend = "check [slack] api_url (it ends in /api/) and the proxy in between"
            return amiss("slack token", "something else than Slack answers", mend)
        if isinstance(error, SlackApiError) and word != "ratelimited":
            mend = f"copy the Bot User OAuth Token of the app again, or install the app anew: {_PAGE}"
            return amiss("slack token", f"Slack refuses it: {word}", mend)
        return amiss("slack token", f"Slack cannot be asked: {word}", "check [slack] api_url and the network")

    def _scopes(self, answer: AsyncSlackResponse) -> Finding:
        told = next((value for key, value in answer.headers.items() if key.lower() == "x-oauth-scopes"), None)
        if told is None:
            return amiss(
                "slack scopes", "Slack does not say which were granted", "look at OAuth & Permissions"
            )
        needed = {*SCOPES} | ({USERGROUP_SCOPE} if self._slack.moderators_from == "usergroup" else set())
        granted = {scope.strip() for scope in told.split(",") if scope.strip()}
        missing, spare = sorted(needed - granted), sorted(granted - needed - {USERGROUP_SCOPE})
        if missing:
            mend = "add them under OAuth & Permissions (docs/slack/manifest.yaml), and install the app again"
            return amiss("slack scopes", f"missing: {', '.join(missing)}", mend)
        more = f"; more than needed: {', '.join(spare)}" if spare else ""
        return fine("slack scopes", f"all {len(needed)} are granted{more}")

    def _skew(self, headers: Mapping[str, str]) -> Finding:
        told = next((value for key, value in headers.items() if key.lower() == "date"), None)
        try:
            theirs = parsedate_to_datetime(told or "")
        except ValueError:
            return unseen("slack clock", "Slack does not say what time it is")
        apart = abs(self._now() - theirs.astimezone(dt.UTC))
        if apart > SKEW:
            found = f"{apart.total_seconds():.0f} s apart from Slack's: signed requests are refused as stale"
            return amiss("slack clock", found, "set the machine's clock by NTP")
        return fine("slack clock", "within a minute of Slack's")

    async def _socket(self) -> Finding:
        token = self._slack.app_token.get_secret_value() if self._slack.app_token else ""
        try:
            await self._web.apps_connections_open(app_token=token)
        except FAILURES as error:
            mend = f"make an app-level token with {SOCKET_SCOPE}, and turn Socket Mode on in the app"
            return amiss("slack socket", f"no socket: {cause(error)}", mend)
        return fine("slack socket", "Slack opens one")

    async def _channel(self, community: Community) -> Finding:
        subject = f"slack {community.key}"
        if community.channel is None:
            return amiss(subject, "has no channel", "set `channel` of the community to Slack's id of it")
        try:
            answer = await self._web.conversations_info(channel=community.channel)
        except FAILURES as error:
            mend = "check the id (Channel details, at the bottom), and invite the bot: /invite @atriumbot"
            return amiss(subject, f"{community.channel}: {cause(error)}", mend)
        channel = answer.get("channel") or {}
        name = f"#{channel.get('name', community.channel)}"
        if channel.get("is_archived"):
            return amiss(
                subject, f"{name} is archived", "take it out of the archive, or name another channel"
            )
        if not channel.get("is_member"):
            return amiss(subject, f"the bot is not in {name}", f"type in {name}: /invite @atriumbot")
        return fine(subject, f"the bot is in {name}")

    async def _usergroup(self) -> Finding:
        try:
            answer = await self._web.usergroups_users_list(usergroup=self._slack.moderators_usergroup or "")
        except FAILURES as error:
            mend = f"check [slack] moderators_usergroup, and that the app has {USERGROUP_SCOPE}"
            return amiss("slack moderators", f"the user group is not told: {cause(error)}", mend)
        return fine("slack moderators", f"{len(answer.get('users') or ())} in the user group")

    async def _managers(self, communities: list[Community]) -> Finding:
        channels = [each.channel for each in communities if each.channel]
        try:
            await self._web.admin_roles_listAssignments(role_ids=[CHANNEL_MANAGER], entity_ids=channels)
        except FAILURES as error:
            found = (
                f"Slack does not tell who manages a channel ({cause(error)}): that takes its Enterprise plan"
            )
            mend = 'the `moderators` of each community count instead; or set moderators_from = "usergroup"'
            return amiss("slack moderators", found, mend)
        return fine("slack moderators", "Slack tells who manages the channels")
