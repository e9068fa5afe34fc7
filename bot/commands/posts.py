"""plan, simulate, pause and resume: what the bot will say unasked."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, clock_at, frame_of, out, print_json, talk
from bot.moments import parse_day

if TYPE_CHECKING:
    from scheduler.simulation import Comparison, Posted


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
    from scheduler.simulation import FaultSpecError, compare, faults_of
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
    calm: list[Posted] = []
    with (
        frame.store() as store,
        Progress(console=talk, transient=True, disable=not talk.is_terminal) as progress,
    ):
        settle_in(store, settings)

        def posts_of(what: str, faults: dict[str, float]) -> list[Posted]:
            task = progress.add_task(what, total=1.0)

            def far(share: float) -> None:
                progress.update(task, completed=share)

            rules = settings.rules()
            return asyncio.run(run(store, rules, first, last, faults=faults, seed=seed, progress=far))

        posted = posts_of("simuleren", faults)
        if faults:
            calm = posts_of("zonder fouten", {})
    _print(posted, as_json)
    if not as_json:
        _print_weeks(posted)
    if faults:
        _prove(compare(calm, posted), len(calm), fault, seed)


def _prove(comparison: Comparison, posts: int, fault: str, seed: int) -> None:
    """Say that nothing was lost or said twice; fail, and name it, when something was."""
    for what, keys in (
        ("verloren", comparison.lost),
        ("dubbel", comparison.doubled),
        ("te veel", comparison.added),
    ):
        for key in keys:
            talk.print(f"{what}: {key}", markup=False, highlight=False)
    if not comparison.is_same:
        raise CommandFailed(
            f"with --fault {fault} --seed {seed} not the same was posted as without: "
            f"{len(comparison.lost)} lost, {len(comparison.doubled)} double, {len(comparison.added)} added"
        )
    talk.print(
        f"met {fault} (seed {seed}): dezelfde {posts} berichten als zonder fouten, "
        f"niets dubbel, niets verloren; {comparison.regrouped} anders samengevoegd of verwoord",
        markup=False,
        highlight=False,
    )


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
    from scheduler.plan import EDIT

    if as_json:
        print_json([_data(post) for post in posts])
        return
    for post in posts:
        out.print(f"{post.at:%a %Y-%m-%d %H:%M}  {post.community}  {post.kind}", style="bold", markup=False)
        if post.kind == EDIT:
            out.print("    Een bericht dat er al staat, wordt aangepast. Dan staat er:", markup=False)
        out.print("    " + post.text.replace("\n", "\n    ") + "\n", markup=False)
    talk.print(f"{len(posts)} berichten")


def _print_weeks(posts: Sequence[Posted]) -> None:
    """What each community got in each week, and how much in all and in its fullest week."""
    communities = sorted({post.community for post in posts})
    weeks: dict[dt.date, dict[str, Counter[str]]] = {}
    for post in posts:
        day = post.at.date()
        monday = day - dt.timedelta(days=day.weekday())
        weeks.setdefault(monday, {}).setdefault(post.community, Counter())[post.kind] += 1
    table = Table("week van", *communities, box=None, pad_edge=False)
    for monday, told in sorted(weeks.items()):
        table.add_row(f"{monday:%Y-%m-%d}", *(_count_text(told.get(each)) for each in communities))
    totals = [[told[each].total() for told in weeks.values() if each in told] for each in communities]
    table.add_row("samen", *(str(sum(numbers)) for numbers in totals), style="bold")
    table.add_row("volste week", *(str(max(numbers)) for numbers in totals), style="bold")
    talk.print(table)


def _count_text(told: Counter[str] | None) -> str:
    """ "3: digest 1, reminder 2"."""
    if not told:
        return "-"
    return f"{told.total()}: " + ", ".join(f"{kind} {number}" for kind, number in sorted(told.items()))


def _data(post: Posted) -> dict[str, Any]:
    return {
        "at": post.at.isoformat(),
        "community": post.community,
        "kind": post.kind,
        "atrium": post.atrium,
        "programme": post.programme,
        "text": post.text,
    }
