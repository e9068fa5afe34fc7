"""agenda sync: brings in what changed in the calendar of the mailbox, as the running bot does by itself."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.frame import At, CommandFailed, clock_at, frame_of, out, talk

if TYPE_CHECKING:
    from bot.graph.calendar import Synced
    from bot.settings import Settings
    from store.engine import Store


def register(agenda: typer.Typer) -> None:
    """Hang the command on those of the agenda."""
    agenda.command("sync")(sync)


def sync(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Even when over 20 % of what comes changes.")] = False,
    at: At = None,
) -> None:
    """Add, change and cancel atria as the calendar of the mailbox in the settings says."""
    from bot.graph.client import GraphFailed

    frame = frame_of(context)
    settings = frame.settings()
    now = clock_at(at).now()
    with frame.store() as store:
        try:
            synced = asyncio.run(_look(settings, store, now, yes=yes, dry_run=dry_run))
        except GraphFailed as failed:
            raise CommandFailed(failed.reason) from None
    _tell(synced)
    if dry_run:
        talk.print("Dit was een proef: er is niets veranderd.")
    elif synced.is_held:
        raise CommandFailed(
            f"{synced.plan.touched} of the {synced.plan.coming} coming atria would change or be cancelled, "
            "more than 20 %. Is the calendar right? If so, add --yes."
        )


async def _look(settings: Settings, store: Store, now: dt.datetime, *, yes: bool, dry_run: bool) -> Synced:
    from bot.graph.joining import calendar_of, graph_of
    from bot.network import settle_in

    graph = graph_of(settings, store)
    try:
        calendar = calendar_of(settings, store, graph, settle_in(store, settings))
        if calendar is None:
            raise CommandFailed("there is no calendar to read: set [graph] calendar_mailbox")
        changes = await calendar.changes(now)
    finally:
        await graph.close()
    return calendar.apply(changes, now, yes=yes, dry_run=dry_run)


def _tell(synced: Synced) -> None:
    for finding in synced.findings:
        talk.print(f"Let op: {finding}", style="yellow", markup=False)
    for warning in synced.plan.warnings:
        talk.print(f"Let op: {warning}", style="yellow", markup=False)
    lines = [f"+ {each.uid}  {each.title}, {each.local_date}" for each in synced.plan.added]
    lines += [f"~ {each.after.uid}  {each.after.title}" for each in synced.plan.changed]
    lines += [f"x {each.after.uid}  {each.after.title}" for each in synced.plan.cancelled]
    for line in lines:
        out.print(line, markup=False)
    out.print(
        f"{len(synced.plan.added)} nieuw, {len(synced.plan.changed)} gewijzigd, "
        f"{len(synced.plan.cancelled)} geannuleerd; {synced.others} afspraken zijn geen atrium"
    )
