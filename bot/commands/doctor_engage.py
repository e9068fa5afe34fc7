"""doctor --engage: asks Viva Engage, Entra and Graph what the bot may do there, and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx

from bot.commands.doctor import Finding, amiss, fine
from bot.commands.mends_engage import CallMends, registration_faults
from bot.graph.auth import Audience, AuthRequired, SignInAway, Tokens, tokens_of
from bot.graph.client import Graph, GraphDenied, GraphFailed, GraphMissing
from bot.graph.communities import LiveCommunity, live_communities, mismatches
from bot.graph.expiry import expiries
from bot.graph.joining import calendar_of
from bot.graph.people import group_people
from bot.platforms.engage.client import CallFailed, EngageClient
from bot.settings import Settings
from bot.unreached import in_words
from handlers.model import Community
from store.engine import Store

if TYPE_CHECKING:
    from bot.commands.first_day import FirstDay

#: The clocks of the bot and of Microsoft may be so far apart.
MOST_SKEW = dt.timedelta(minutes=2)

_ADMIN = "make the bot's account an administrator of the community, or announcements become plain posts"


class Examination:
    """One look at everything that Viva Engage rests on.

    Args:
        now: gives the present as aware UTC.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        communities: Sequence[Community],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._settings = settings
        self._store = store
        self._communities = [each for each in communities if each.platform == "engage"]
        self._now = now
        self._tokens: Tokens = tokens_of(settings, store)
        self._graph = Graph(settings.graph.api_url, self._tokens)
        self._client = EngageClient(settings.engage.api_url, self._tokens)
        self._mends = CallMends(settings)
        self._me: dict[str, Any] = {}
        self._live: list[LiveCommunity] = []

    async def findings(self) -> AsyncIterator[Finding]:
        """Each thing in turn; what rests on something broken is not looked at."""
        from bot.commands.first_day import FirstDay

        first_day = FirstDay()
        try:
            for finding in self._registration():
                yield finding
            yield await self._clock()
            yammer = await self._token(Audience.YAMMER)
            yield yammer
            if yammer.well:
                async for finding in self._account(first_day):
                    yield finding
            graph = await self._token(Audience.GRAPH)
            yield graph
            if graph.well:
                async for finding in self._seen_by_graph(first_day):
                    yield finding
            for finding in first_day.findings():
                yield finding
        finally:
            await self._client.close()
            await self._graph.close()

    def _registration(self) -> Iterator[Finding]:
        entra, now = self._settings.entra, self._now()
        faults = registration_faults(entra)
        if entra.client_id is None:
            mend = "register the app (docs/viva-engage.md), and set [entra] tenant_id and client_id"
            yield amiss("app", "there is no app registration in the settings", mend)
        for found, mend in faults:
            yield amiss("app", found, mend)
        if entra.client_id is not None and not faults:
            way = (
                "certificate"
                if entra.certificate_file
                else "secret"
                if entra.client_secret
                else "account only"
            )
            yield fine("app", f"{entra.client_id} in tenant {entra.tenant_id}; Graph by {way}")
        url = self._settings.public_url()
        if self._settings.graph.notifications and not url.startswith("https://"):
            mend = "set [web] public_url to an https address, or [graph] notifications = false"
            yield amiss("notifications", f"Graph does not call {url}", mend)
        for each in expiries(self._settings):
            found = f"{each.what} ends on {each.ends}, in {each.days_left(now)} days"
            yield amiss("expiry", found, each.mend) if each.is_near(now) else fine("expiry", found)

    async def _clock(self) -> Finding:
        """Tokens hold from and until moments: a wrong clock makes good ones bad."""
        try:
            async with httpx.AsyncClient(timeout=10) as client:
                answer = await client.get(self._settings.graph.api_url)
            there = parsedate_to_datetime(answer.headers["date"])
        except (httpx.HTTPError, KeyError, ValueError) as fault:
            mend = "check the connection, the proxy and [graph] api_url"
            return amiss("clock", f"Graph does not tell the time ({_why(fault)})", mend)
        skew = abs(self._now() - there)
        found = f"{skew.total_seconds():.0f} s from that of Microsoft"
        return fine("clock", found) if skew <= MOST_SKEW else amiss("clock", found, "set the clock by NTP")

    async def _token(self, audience: Audience) -> Finding:
        subject = f"{audience.value} token"
        try:
            await self._tokens.token(audience)
        except AuthRequired as required:
            return amiss(subject, required.reason, self._mends.sign_in(audience, required.reason))
        except SignInAway as away:
            return amiss(subject, str(away), "check the connection, the proxy and [entra] authority")
        return fine(subject, f"there is one for {audience.api}")

    # --- Viva Engage -----------------------------------------------------------------------------------

    async def _account(self, first_day: FirstDay) -> AsyncIterator[Finding]:
        try:
            self._me = dict(await self._client.get("/users/current.json"))
            networks = await self._client.get("/networks/current.json")
        except CallFailed as failed:
            licence = "check that the account may use Viva Engage: a licence, and a member of the network"
            yield amiss("account", failed.reason, self._mends.of(failed, denied=licence))
            return
        name, address = self._me.get("full_name"), self._me.get("email")
        if str(self._me.get("state", "active")) != "active":
            yield amiss("account", f"{name} is {self._me['state']}", "activate it, and give it a licence")
        elif self._me.get("aad_guest") is True:
            yield amiss("account", f"{name} ({address}) is a guest", "use an account of the tenant itself")
        else:
            yield fine("account", f"{name} ({address}), active")
        first_day.signed_in(by_account=self._mends.ready_token is None)
        yield _network(networks)
        for community in self._communities:
            yield await self._community(community, first_day)

    async def _community(self, community: Community, first_day: FirstDay) -> Finding:
        subject = f"engage {community.key}"
        if community.channel is None:
            return amiss(subject, "there is no channel", "set the number of the group as channel")
        try:
            group = await self._client.get(f"/groups/{community.channel}.json")
        except CallFailed as failed:
            there = "check channel, and that the bot's account is a member of the community"
            return amiss(subject, failed.reason, self._mends.of(failed, denied=there))
        restricted = str(group.get("restricted_posting")).lower() == "true"
        moderated = str(group.get("moderated")).lower() == "true"
        first_day.community(community.key, restricted=restricted, moderated=moderated)
        if restricted:
            return amiss(subject, "only administrators may post there", _ADMIN)
        return fine(subject, f"{group.get('full_name')}, the bot may post")

    # --- Graph -----------------------------------------------------------------------------------------

    async def _seen_by_graph(self, first_day: FirstDay) -> AsyncIterator[Finding]:
        try:
            self._live = await live_communities(self._graph)
        except GraphFailed as failed:
            grant = "grant Community.Read.All to the app, with admin consent"
            yield amiss("communities", failed.reason, self._mends.of_graph(failed, denied=grant))
            return
        wrong = mismatches(self._communities, self._live)
        for each in wrong:
            yield amiss(f"graph {each.key}", each.reason, each.mend)
        if not wrong:
            yield fine("communities", f"{len(self._communities)} of {len(self._live)} are in the settings")
        by_number = {each.number: each for each in self._live}
        for community in self._communities:
            there = by_number.get(community.channel or "")
            if there is not None:
                yield await self._membership(community, there, first_day)
        if self._settings.graph.calendar_mailbox is not None:
            yield await self._calendar()

    async def _membership(self, community: Community, there: LiveCommunity, first_day: FirstDay) -> Finding:
        subject = f"members {community.key}"
        try:
            people = await group_people(self._graph, there.group_id)
        except GraphFailed as failed:
            grant = "grant GroupMember.Read.All to the app, with admin consent"
            return amiss(subject, failed.reason, self._mends.of_graph(failed, denied=grant))
        me = str(self._me.get("email") or "").lower()
        first_day.guests(community.key, people)
        await self._group_calendar(there, first_day)
        counted = f"{len(people.members)} members, {len(people.owners)} owners"
        if not people.owners:
            mend = "give it an owner, or name moderators in the settings"
            return amiss(subject, f"{counted}: nobody may announce", mend)
        if me and me not in people.members | people.owners:
            return amiss(subject, f"{counted}; the bot is not one of them", "add the bot's account")
        if me and me not in people.owners:
            return amiss(subject, f"{counted}; the bot is a member, no administrator", _ADMIN)
        return fine(subject, f"{counted}; the bot may announce" if me else counted)

    async def _group_calendar(self, there: LiveCommunity, first_day: FirstDay) -> None:
        try:
            await self._graph.ask(
                lambda client: client.groups.by_group_id(there.group_id).calendar.to_get_request_information()
            )
        except GraphDenied:
            first_day.no_look_at_calendars(
                "this app may not look (Graph gives group calendars to accounts alone)"
            )
        except GraphMissing:
            first_day.group_calendar(exists=False)
        except GraphFailed as failed:
            first_day.no_look_at_calendars(failed.reason)
        else:
            first_day.group_calendar(exists=True)

    async def _calendar(self) -> Finding:
        source = calendar_of(self._settings, self._store, self._graph, self._communities)
        if source is None:
            return fine("calendar", "none is set")
        now = self._now()
        try:
            synced = source.apply(await source.changes(now), now, dry_run=True)
        except GraphFailed as failed:
            grant = "grant Calendars.Read to the app for that mailbox, and check [graph] calendar_mailbox"
            return amiss("calendar", failed.reason, self._mends.of_graph(failed, denied=grant))
        if synced.is_held:
            plan = synced.plan
            found = f"{plan.touched} of {plan.coming} coming atria would change: nothing is taken over"
            return amiss("calendar", found, "look with: atriumbot agenda sync --dry-run; then add --yes")
        if synced.findings:
            return amiss("calendar", synced.findings[0], "mend the appointment in the calendar")
        return fine("calendar", f"{source.mailbox} can be read")


def _why(fault: Exception) -> str:
    """Why there was no moment: nobody was reached, or whoever answered told none."""
    return in_words(fault) if isinstance(fault, httpx.HTTPError) else "what answers there tells none"


def _network(networks: Any) -> Finding:
    """Only a network in native mode has communities that Graph knows."""
    found = networks if isinstance(networks, list) else [networks]
    primary = next((each for each in found if each.get("is_primary")), found[0] if found else {})
    if str(primary.get("m365_native_mode")).lower() == "true":
        return fine("network", f"{primary.get('name')} is in native mode")
    return amiss(
        "network",
        f"{primary.get('name')} is not in native mode: Graph knows none of its communities",
        "let an administrator of Viva Engage move it to native mode",
    )
