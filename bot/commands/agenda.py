"""agenda, groups and regions: files in and out, and a look at what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, clock_at, frame_of, out, print_json, talk
from bot.moments import parse_day
from handlers.model import BRUSSELS, Kind

if TYPE_CHECKING:
    from handlers.model import Atrium
    from store.engine import Store
    from store.exchange.imports import ImportPlan
    from store.exchange.problems import Problem
    from store.exchange.rows import Parsed

app = typer.Typer(help="The agenda of atria.", no_args_is_help=True)
groups = typer.Typer(help="The thematic groups of the online network.", no_args_is_help=True)
regions = typer.Typer(help="Which municipality belongs to which Lokaal Atrium.", no_args_is_help=True)

#: Above this many lines of a plan a person only wants the count.
_MOST_LINES = 40

File = Annotated[Path, typer.Argument(metavar="FILE", help="By its extension: .csv, .xlsx or .ics.")]


@app.command("import")
def import_file(
    context: typer.Context,
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Even when over 20 % of what comes changes.")] = False,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Kind of atrium of a foreign calendar.")] = None,
    at: At = None,
) -> None:
    """Add and change atria from a file, by uid; what is not in the file is left alone."""
    from bot.importing import carry_out
    from bot.network import settle_in
    from store.exchange.imports import plan_import

    frame = frame_of(context)
    now = clock_at(at).now()
    with frame.store() as store:
        settings = frame.settings()
        communities = settle_in(store, settings)
        with talk.status("lezen ..."):
            parsed = _read(store, file, kind, now, [community.key for community in communities])
        with store.writing() as session:
            plan = plan_import(session, parsed, now)
            refused = plan.needs_confirmation and not yes
            if not (dry_run or refused):
                with talk.status("opslaan ..."):
                    carry_out(session, plan, settings.rules(), now, "cli")
        # Told when it is kept: a reader of this that leaves early, as `head` does, takes nothing back.
        _tell_plan(plan, now)
    if dry_run:
        talk.print("Dit was een proef: er is niets veranderd.")
    elif refused:
        raise CommandFailed(
            f"{plan.touched} of the {plan.coming} coming atria would change or be cancelled, "
            "more than 20 %. Is this the right file? If so, add --yes."
        )


@app.command("export")
def export_file(context: typer.Context, file: File, at: At = None) -> None:
    """Write the whole agenda to a file that `agenda import` reads back."""
    from store.agenda import atria_between
    from store.exchange.agenda_file import agenda_file_bytes

    with frame_of(context).store() as store, store.reading() as session:
        atria = atria_between(session, dt.datetime(1900, 1, 1, tzinfo=dt.UTC))
    try:
        data = agenda_file_bytes(atria, file.name, clock_at(at).now())
        file.write_bytes(data)
    except ValueError as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"{file} cannot be written: {error.strerror}") from error
    talk.print(f"{len(atria)} atria geschreven naar {file}", markup=False)


@app.command("list")
def list_atria(
    context: typer.Context,
    kind: Annotated[Kind | None, typer.Option("--soort", help="Kind of atrium.")] = None,
    place: Annotated[str | None, typer.Option("--plaats", help="Municipality, province or region.")] = None,
    theme: Annotated[str | None, typer.Option("--thema")] = None,
    since: Annotated[
        str | None, typer.Option("--van", metavar="DATE", help="First day (default: today).")
    ] = None,
    until: Annotated[str | None, typer.Option("--tot", metavar="DATE", help="Last day, inclusive.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1)] = 100,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Show the agenda, private atria included."""
    from store.agenda import atria_between
    from store.exchange.columns import as_row
    from store.regions import list_regions

    now = clock_at(at).now()
    first = _day(since, "--van") or now.astimezone(BRUSSELS).date()
    last = _day(until, "--tot")
    with frame_of(context).store() as store, store.reading() as session:
        found = atria_between(
            session, _midnight(first), _midnight(last + dt.timedelta(days=1)) if last else None
        )
        regions = {*list_regions(session), *(each.region for each in found if each.region)}
    lies_there = _place_filter(place, regions)
    atria = [
        atrium
        for atrium in found
        if (kind is None or atrium.kind is kind)
        and lies_there(atrium)
        and (theme is None or theme.casefold() in (atrium.theme or "").casefold())
    ][:limit]
    if as_json:
        print_json([{**as_row(atrium, now), "sequence": atrium.sequence} for atrium in atria])
    else:
        _print_table(atria, now)


@groups.command("import")
def import_groups(context: typer.Context, file: File) -> None:
    """Replace the thematic groups by those of a file."""
    from store.exchange.groups_file import read_groups_file
    from store.groups import replace_groups

    with frame_of(context).store() as store:
        parsed = read_groups_file(file, file.name)
        _refuse(parsed.problems)
        with store.writing() as session:
            replace_groups(session, parsed.groups)
        _warn(parsed.warnings)
    talk.print(f"{len(parsed.groups)} groepen")


@regions.command("import")
def import_regions(context: typer.Context, file: File) -> None:
    """Replace the table of regions and municipalities by that of a file."""
    from store.exchange.regions_file import read_regions_file
    from store.regions import replace_regions

    with frame_of(context).store() as store:
        parsed = read_regions_file(file, file.name)
        _refuse(parsed.problems)
        with store.writing() as session:
            replace_regions(session, parsed.regions)
        _warn(parsed.warnings)
    municipalities = sum(len(names) for names in parsed.regions.values())
    talk.print(f"{len(parsed.regions)} regio's, {municipalities} gemeenten")


def _read(
    store: Store, file: Path, kind: Kind | None, now: dt.datetime, communities: Sequence[str]
) -> Parsed:
    from store.exchange.agenda_file import read_agenda_file
    from store.regions import list_regions

    with store.reading() as session:
        known_regions = set(list_regions(session))
    parsed = read_agenda_file(
        file,
        file.name,
        now=now,
        kind=kind,
        known_regions=known_regions or None,
        known_communities=communities,
    )
    _refuse(parsed.problems)
    return parsed


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise CommandFailed(f"nothing was imported, these must be mended first:\n{lines}")


def _warn(warnings: Sequence[Problem]) -> None:
    for warning in warnings:
        talk.print(f"Let op: {warning}", style="yellow", markup=False)


def _tell_plan(plan: ImportPlan, now: dt.datetime) -> None:
    from store.exchange.imports import differences

    _warn(plan.warnings)
    lines = [f"+ {atrium.uid}  {atrium.title}, {atrium.local_date}" for atrium in plan.added]
    for sign, changes in (("~", plan.changed), ("x", plan.cancelled)):
        for change in changes:
            what = "; ".join(
                f"{d.column}: {d.before or '-'} -> {d.after or '-'}" for d in differences(change, now)
            )
            lines.append(f"{sign} {change.after.uid}  {what}")
    for line in lines[:_MOST_LINES]:
        out.print(line, markup=False)
    if len(lines) > _MOST_LINES:
        out.print(f"... en nog {len(lines) - _MOST_LINES}")
    out.print(
        f"{len(plan.added)} nieuw, {len(plan.changed)} gewijzigd, {len(plan.cancelled)} geannuleerd, "
        f"{len(plan.unchanged)} ongewijzigd"
    )


def _day(text: str | None, option: str) -> dt.date | None:
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BRUSSELS).astimezone(dt.UTC)


def _place_filter(text: str | None, regions: Collection[str]) -> Callable[[Atrium], bool]:
    """Whether an atrium lies in a place: a municipality, a province, or else one of these regions."""
    from handlers.gazetteer import gazetteer

    if text is None:
        return lambda _atrium: True
    names = gazetteer()
    bare = text.removeprefix("Provincie ").strip().casefold()
    province = next((name for name in names.provinces if name.casefold() == bare), None)
    municipality = names.find(text)
    if municipality is not None and not text.startswith("Provincie "):
        return lambda atrium: atrium.municipality == municipality.name
    if province is not None:
        return lambda atrium: atrium.province == province
    if bare not in {each.casefold() for each in regions}:
        raise CommandFailed(f"there is no municipality, province or region called {text!r}")
    return lambda atrium: (atrium.region or "").casefold() == bare


def _print_table(atria: Sequence[Atrium], now: dt.datetime) -> None:
    from handlers.wording.dates import brief_date, clock_text

    table = Table(box=None, pad_edge=False)
    for column in ("uid", "datum", "uur", "titel", "gemeente", "status"):
        table.add_column(column)
    today = now.astimezone(BRUSSELS).date()
    for atrium in atria:
        start = atrium.local_start
        table.add_row(
            atrium.uid,
            brief_date(start.date(), today),
            clock_text(start.time()),
            atrium.title,
            atrium.municipality,
            atrium.status.value,
        )
    out.print(table)
    talk.print(f"{len(atria)} atria")
