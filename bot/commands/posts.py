"""plan, simulate, pause and resume: what the bot will say unasked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, clock_at, frame_of, out, print_json, talk
from bot.moments import parse_day

if TYPE_CHECKING:
    from scheduler.simulation import Posted


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    for command in (plan, simulate, pause, resume):
        app.command()(command)


def plan(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, help="How far to look.")] = 14,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Show what will be posted, where and when."""
    from bot.network import settle_in
    from scheduler.preview import preview

    frame = frame_of(context)
    settings = frame.settings()
    with frame.store() as store:
        settle_in(store, settings)
        _print(asyncio.run(preview(store, settings.rules(), clock_at(at).now(), days)), as_json)


def simulate(
    context: typer.Context,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="Last day, inclusive.")],
    fault: Annotated[
        str, typer.Option("--fault", metavar="SPEC", help='Such as "429:5%,crash:2%,timeout:2%".')
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same faults.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Run planning and delivery over a period with a virtual clock, on a copy of the data; posts nothing."""
    from bot.network import settle_in
    from scheduler.simulation import FaultSpecError, faults_of
    from scheduler.simulation import simulate as run

    try:
        first, last, faults = parse_day(since), parse_day(until), faults_of(fault)
    except FaultSpecError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if last < first:
        raise typer.BadParameter("--until lies before --from")
    frame = frame_of(context)
    settings = frame.settings()
    with (
        frame.store() as store,
        Progress(console=talk, transient=True, disable=not talk.is_terminal) as progress,
    ):
        settle_in(store, settings)
        task = progress.add_task("simuleren", total=1.0)
        posted = asyncio.run(
            run(
                store,
                settings.rules(),
                first,
                last,
                progress=lambda share: progress.update(task, completed=share),
            )
        )
    _print(posted, as_json)
    if not as_json:
        _print_weeks(posted)


def pause(context: typer.Context, community: Annotated[str | None, typer.Argument()] = None) -> None:
    """Stop what is said unasked, in one community or everywhere; answers go on."""
    _set_paused(context, community, paused=True)


def resume(context: typer.Context, community: Annotated[str | None, typer.Argument()] = None) -> None:
    """Start again what was paused."""
    _set_paused(context, community, paused=False)


def _set_paused(context: typer.Context, community: str | None, *, paused: bool) -> None:
    from bot.commands.operator import OPERATOR
    from bot.network import settle_in
    from store import audit, communities

    frame = frame_of(context)
    with frame.store() as store:
        settle_in(store, frame.settings())
        with store.writing() as session:
            if community is not None and communities.find_community(session, community) is None:
                raise CommandFailed(f"there is no community {community!r}; see: atriumbot communities list")
            communities.set_paused(session, community, paused=paused)
            audit.write(
                session,
                at=clock_at(None).now(),
                person=OPERATOR,
                place=community,
                action="paused" if paused else "resumed",
                subject=community or "*",
                before=None,
                after=None,
            )
    talk.print(f"{community or 'alles'}: {'gepauzeerd' if paused else 'hervat'}")


def _print(posts: Sequence[Posted], as_json: bool) -> None:
    if as_json:
        print_json([_data(post) for post in posts])
        return
    for post in posts:
        out.print(f"{post.at:%a %Y-%m-%d %H:%M}  {post.community}  {post.kind}", style="bold", markup=False)
        out.print("    " + post.text.replace("\n", "\n    ") + "\n", markup=False)
    talk.print(f"{len(posts)} berichten")


def _print_weeks(posts: Sequence[Posted]) -> None:
    """How many posts each community got: in all, in its fullest week, and per week on average."""
    weeks = Counter((post.community, post.at.isocalendar()[:2]) for post in posts)
    table = Table("community", "berichten", "weken met een bericht", "volste week", box=None, pad_edge=False)
    for community in sorted({post.community for post in posts}):
        counts = [number for (key, _), number in weeks.items() if key == community]
        table.add_row(community, str(sum(counts)), str(len(counts)), str(max(counts)))
    talk.print(table)


def _data(post: Posted) -> dict[str, Any]:
    return {
        "at": post.at.isoformat(),
        "community": post.community,
        "kind": post.kind,
        "atrium": post.atrium,
        "programme": post.programme,
        "text": post.text,
    }
