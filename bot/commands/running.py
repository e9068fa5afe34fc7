"""run: migrate, then serve web, platforms and scheduler in one process."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from bot.commands.frame import CommandFailed, frame_of, talk

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring import Program
    from store.engine import Store


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(run)


def run(
    context: typer.Context,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo", help="Load the sample agenda if the agenda is empty, open the local community."
        ),
    ] = False,
) -> None:
    """Start the bot; Ctrl-C stops it."""
    # Nearly all that is loaded from here on stays: to look for garbage in it takes a fifth of the start.
    # It begins again once the program runs.
    gc.disable()
    from bot import logs
    from bot.clock import SystemClock
    from bot.network import local_is_enabled
    from bot.program import listen, serve
    from bot.web.guard import is_loopback
    from bot.wiring import build
    from store.engine import Store
    from store.migrations import needs_upgrade, upgrade

    logs.configure()
    settings = frame_of(context).settings()
    if local_is_enabled(settings, demo=demo) and not is_loopback(settings.web.host):
        raise CommandFailed(
            f"the local community believes whoever says to be a moderator, so it is not opened on "
            f"{settings.web.host}.\nSet [web] host to 127.0.0.1, or [local] enabled to false."
        )
    store = Store(settings.database.url)
    try:
        store.hold_file()
        if needs_upgrade(store):
            upgrade(store)
        program = build(settings, store, SystemClock(), demo=demo)
        if demo:
            _load_samples(store, settings)
        try:
            listening = listen(settings.web.host, settings.web.port)
        except OSError as error:
            raise CommandFailed(
                f"{settings.web.host}:{settings.web.port} cannot be opened ({error.strerror}): "
                "stop what uses that port, or set another [web] port"
            ) from error
        _welcome(program)
        _warn(settings)
        serve(program, listening)
    finally:
        gc.enable()
        store.close()


def _load_samples(store: Store, settings: Settings) -> None:
    from bot.clock import SystemClock
    from bot.samples import load_samples

    loaded = load_samples(store, settings.rules(), SystemClock().now())
    if loaded:
        talk.print(f"Voorbeeldagenda geladen: {loaded} atria (verzonnen).")


def _warn(settings: Settings) -> None:
    """Communities where nobody will hear the bot: it starts all the same, for the agenda works."""
    from bot import logs
    from bot.unconnected import unconnected

    log = logs.get(__name__)
    for each in unconnected(settings):
        talk.print(f"[bold red]warning[/bold red]: {escape(each.told)}", soft_wrap=True)
        talk.print(f"  -> {each.mend}\n", markup=False)
        log.warning("community_unconnected", community=each.key, platform=each.platform, lacks=each.lacks)


def _welcome(program: Program) -> None:
    """Where to click and what to ask, for whoever just typed `make run`."""
    talk.print(f"\n[bold]Agenda[/bold]              {program.public_url}/")
    if program.local is not None:
        talk.print(f"[bold]Community[/bold]           {program.public_url}/community")
    if program.demo:
        for number, (name, link) in enumerate(_ways_in(program)):
            head = "[bold]Beheer[/bold]              " if number == 0 else " " * 20
            talk.print(f"{head}{link}  ({name})", soft_wrap=True)
        talk.print(
            "                    (elke link werkt één keer, een kwartier lang; één browser per persoon)"
        )
    if program.local is not None:
        talk.print("\nVraag daar bijvoorbeeld:")
        talk.print("  @atriumbot wanneer is het volgende provinciaal atrium in Gent?", markup=False)
        talk.print("  @atriumbot ik werk in Zottegem, wanneer is mijn lokaal atrium?", markup=False)
        talk.print("of kondig als moderator iets aan:")
        talk.print(
            "  @atriumbot kondig aan: thematisch atrium over ontharding "
            "op 18 maart 2027 om 13.30 u. in Mechelen",
            markup=False,
        )
    talk.print("\nCtrl-C stopt de bot.\n")


def _ways_in(program: Program) -> list[tuple[str, str]]:
    """A fresh one-time link into the console of the demo for each of its people, with their name."""
    from bot.web.console.signin import DEMO, demo_link
    from store import sessions

    now, found = program.clock.now(), []
    with program.store.writing() as session:
        for key, (identity, _) in DEMO.items():
            secret = sessions.open_way_in(session, sessions.LINK, now, nonce=key)
            found.append((identity.name, demo_link(secret, program.public_url)))
    return found
