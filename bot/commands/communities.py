"""communities: where the bot speaks, and pausing what it says there unasked."""

from __future__ import annotations

import typer
from rich.table import Table

from bot.commands.frame import AsJson, frame_of, out, print_json

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
