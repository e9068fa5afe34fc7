"""login: signs the bot's own account in, once; from then on the bot renews it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.frame import CommandFailed, frame_of, talk

if TYPE_CHECKING:
    from bot.graph.account import SignedIn

app = typer.Typer(help="Sign the bot's account in.", no_args_is_help=True)


@app.callback()
def signing_in() -> None:
    """Sign the bot's account in."""


@app.command()
def engage(
    context: typer.Context,
    browser: Annotated[
        bool,
        typer.Option("--browser", help="Sign in in a browser on this machine, instead of with a code."),
    ] = False,
) -> None:
    """Sign in to Viva Engage; what is kept of it is encrypted, and no running bot needs a restart."""
    from bot.graph.auth import AuthRequired, SignInAway, account_of

    frame = frame_of(context)
    settings = frame.settings()
    if settings.entra.client_id is None:
        raise CommandFailed(
            "there is no app registration yet: set [entra] tenant_id and client_id (docs/viva-engage.md)"
        )
    with frame.store() as store:
        account = account_of(settings, store)
        try:
            signed_in = (
                account.sign_in_by_browser(_show_address)
                if browser
                else account.sign_in_by_device(_show_code)
            )
        except AuthRequired as refused:
            raise CommandFailed(refused.reason) from None
        except SignInAway as away:
            raise CommandFailed(f"{away}; try again") from None
    _tell(signed_in, has_app_access=bool(settings.entra.client_secret or settings.entra.certificate_file))


def _show_code(address: str, code: str) -> None:
    talk.print(f"Open {address}\nmeld je aan als het account van de bot, en vul deze code in: ", end="")
    talk.print(code, style="bold")


def _show_address(address: str) -> None:
    talk.print("Meld je aan als het account van de bot. Opent er geen browser, open dan zelf:")
    talk.print(address, markup=False)


def _tell(signed_in: SignedIn, *, has_app_access: bool) -> None:
    from bot.graph.auth import Audience

    talk.print(f"Aangemeld als {signed_in.username}.", markup=False)
    for audience, reason in signed_in.lacking.items():
        if audience is Audience.GRAPH and has_app_access:
            continue  # the app itself has access there
        talk.print(f"Let op: geen toegang tot {audience.api}: {reason}", style="yellow", markup=False)
