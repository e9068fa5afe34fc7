"""communities and moderators: where the bot speaks, and what the platforms say of that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, clock_at, frame_of, out, print_json, talk

if TYPE_CHECKING:
    from bot.graph.communities import LiveCommunity, Mismatch

app = typer.Typer(help="The communities where the bot speaks.", no_args_is_help=True)


@app.command("list")
def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the communities of the settings."""
    from bot.network import settle_in
    from store.codec import dump
    from store.communities import list_communities

    frame = frame_of(context)
    with frame.store() as store:
        settle_in(store, frame.settings())
        with store.reading() as session:
            communities = list_communities(session)
    if as_json:
        print_json([dump(community) for community in communities])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("key", "platform", "naam", "soorten", "doelgroep", "gepauzeerd"):
        table.add_column(column)
    for community in communities:
        table.add_row(
            community.key,
            community.platform,
            community.name,
            ", ".join(sorted(community.kinds)) or "alle",
            ", ".join(sorted(community.audience)) or "iedereen",
            "ja" if community.paused else "",
        )
    out.print(table)


@app.command("sync")
def sync(context: typer.Context, as_json: AsJson = False, at: At = None) -> None:
    """Ask Viva Engage which communities there are and who is in them, and keep that; exit 1 on a mismatch."""
    from bot.graph.client import GraphFailed
    from bot.graph.syncing import sync_communities
    from bot.network import settle_in

    frame = frame_of(context)
    with frame.store() as store:
        settings = frame.settings()
        communities = settle_in(store, settings)
        try:
            synced = asyncio.run(sync_communities(settings, store, communities, clock_at(at).now()))
        except GraphFailed as failed:
            raise CommandFailed(failed.reason) from None
    if as_json:
        print_json(synced.as_data())
    else:
        _print_live(synced.live, {each.channel: each.key for each in communities if each.channel})
    _refuse_mismatches(synced.mismatches)


#: What to do about moderators that are not known, by platform.
_UNSAID = {
    "engage": "het platform zei nog niets; vraag het met: atriumbot communities sync",
    "slack": "het platform zei nog niets: de bot vraagt het aan Slack zelf, terwijl hij loopt",
    "local": "hier zijn er geen eigenaars: noem ze in de instellingen, [[communities]] moderators",
}

moderators = typer.Typer(help="Who moderates, as the platforms say.", no_args_is_help=True)


@moderators.callback()
def who() -> None:
    """Who moderates, as the platforms say."""


@moderators.command("list")
def list_moderators(context: typer.Context, community: str, as_json: AsJson = False, at: At = None) -> None:
    """Show who may announce in a community, and when its platform said so."""
    from bot.network import settle_in
    from store import belonging
    from store.communities import find_community

    frame = frame_of(context)
    now = clock_at(at).now()
    with frame.store() as store:
        settle_in(store, frame.settings())
        with store.reading() as session:
            found = find_community(session, community)
            if found is None:
                raise CommandFailed(
                    f"there is no community {community!r}; see which there are: atriumbot communities list"
                )
            owners = belonging.owners_of(session, community)
            said_at = belonging.fresh_at(session, community)
    named = sorted(found.moderators)
    # One person may be there by number and by address: people read addresses.
    owners = [each for each in owners if "@" in each] or owners
    is_fresh = said_at is not None and now - said_at <= belonging.FRESH_FOR
    if as_json:
        print_json({"community": community, "named": named, "owners": owners, "said_at": said_at})
        return
    for each in named or owners:
        out.print(each, markup=False)
    if named:
        talk.print("genoemd in de instellingen; de eigenaars op het platform tellen dan niet")
    elif said_at is None:
        talk.print(_UNSAID.get(found.platform, "het platform zei nog niets"))
    elif not is_fresh:
        talk.print(
            f"verouderd (van {said_at:%Y-%m-%d %H:%M} UTC): tot het platform het herhaalt, telt niemand"
        )


def _print_live(live: list[LiveCommunity], keys: dict[str, str]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("nummer", "naam", "open voor", "key"):
        table.add_column(column)
    for each in live:
        readers = "iedereen" if each.is_public else "leden"
        table.add_row(each.number, each.name, readers, keys.get(each.number, ""))
    out.print(table)


def _refuse_mismatches(found: list[Mismatch]) -> None:
    if found:
        lines = "\n".join(f"  {each.key}: {each.reason}; {each.mend}" for each in found)
        raise CommandFailed(f"the settings name communities that are not so:\n{lines}")
