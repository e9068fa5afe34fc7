"""db: migrations, checks, and copies that can be put back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.frame import At, CommandFailed, clock_at, frame_of, out, talk

app = typer.Typer(help="The database.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version's tables; keeps what is in it."""
    from store.engine import Store
    from store.migrations import current_revision, upgrade

    store = Store(frame_of(context).settings().database.url)
    try:
        before = current_revision(store)
        upgrade(store)
        talk.print(f"database: {before or 'leeg'} -> {current_revision(store)}")
    finally:
        store.close()


@app.command()
def check(context: typer.Context) -> None:
    """Compare the database with what this version expects; exit 1 when something is off."""
    from store.engine import Store
    from store.migrations import check_schema

    store = Store(frame_of(context).settings().database.url)
    try:
        findings = check_schema(store)
    finally:
        store.close()
    for finding in findings:
        out.print(finding, markup=False)
    if findings:
        raise CommandFailed(f"{len(findings)} findings; an older database is mended by: atriumbot db upgrade")
    talk.print("de database is in orde")


@app.command()
def backup(context: typer.Context, file: File) -> None:
    """Copy everything into one file, also while the bot runs."""
    from store.backup import backup

    if file.exists():
        raise CommandFailed(f"{file} exists already; give the copy a new name")
    if not file.parent.is_dir():
        raise CommandFailed(f"there is no folder {file.parent}; make it first")

    with frame_of(context).store() as store:
        try:
            backup(store, file)
        except OSError as error:
            raise CommandFailed(f"{file} cannot be written: {error.strerror}") from error
    talk.print(f"geschreven: {file} ({file.stat().st_size // 1024} KiB)", markup=False)


@app.command()
def restore(
    context: typer.Context,
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite what is in the database now.")
    ] = False,
    at: At = None,
) -> None:
    """Put a copy back; nothing from the past is sent again."""
    from store.backup import BackupError, restore
    from store.engine import Store
    from store.migrations import upgrade

    store = Store(frame_of(context).settings().database.url)
    try:
        store.hold_file()
        upgrade(store)
        restore(store, file, clock_at(at).now(), replace=replace)
    except BackupError as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from error
    finally:
        store.close()
    talk.print(f"teruggezet: {file}", markup=False)
