"""outbox: what is owed, and steering it: hold, release, skip, retry, resolve."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, clock_at, frame_of, out, print_json, talk
from handlers.model import BRUSSELS
from handlers.wording.reasons import reason_text
from store.states import OutboxState

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from store.outbox import Entry

app = typer.Typer(help="What the bot owes, and what became of it.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="ID", help="The number that `outbox list` shows.")]


@app.command("list")
def list_entries(
    context: typer.Context,
    state: Annotated[
        list[OutboxState] | None, typer.Option("--state", help="May be given more than once.")
    ] = None,
    community: Annotated[str | None, typer.Option("--community", metavar="KEY")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1)] = 500,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """Show what is owed and what became of it, by the moment it is due; when cut, what is nearest to now."""
    from scheduler.preview import texts_of
    from store.communities import find_community
    from store.outbox import entries

    frame = frame_of(context)
    now = clock_at(at).now()
    with frame.store() as store, store.writing() as session:
        listed = partial(entries, session, tuple(state or ()), community, limit=limit + 1)
        around = [*listed(due_before=now, newest_first=True), *listed(due_from=now)]
        if not around and community is not None and find_community(session, community) is None:
            raise CommandFailed(f"there is no community {community!r}: see atriumbot communities list")
        nearest = sorted(around, key=lambda entry: abs(entry.due_at - now))[:limit]
        found = sorted(nearest, key=lambda entry: (entry.due_at, entry.id))
        texts = texts_of(session, found, frame.settings().rules(), now) if as_json else {}
    if as_json:
        print_json([_data(entry, texts.get(entry.id)) for entry in found])
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", "moment", "community", "soort", "toestand", "sleutel", "reden"):
        table.add_column(column)
    for entry in found:
        table.add_row(
            str(entry.id),
            f"{entry.due_at.astimezone(BRUSSELS):%Y-%m-%d %H:%M}",
            entry.community_key or "-",
            entry.kind,
            entry.state.value,
            entry.key,
            reason_text(entry.reason or ""),
        )
    out.print(table)
    cut = ", wat verder van nu ligt niet getoond (--limit)" if len(around) > limit else ""
    talk.print(f"{len(found)} berichten{cut}")


@app.command()
def show(context: typer.Context, number: Number, as_json: AsJson = False, at: At = None) -> None:
    """Show one post whole, with the text it would have now."""
    from scheduler.preview import texts_of
    from store.outbox import UnknownPostError, get_entry

    frame = frame_of(context)
    with frame.store() as store, store.writing() as session:
        try:
            entry = get_entry(session, number)
        except UnknownPostError as error:
            raise CommandFailed(str(error)) from error
        text = texts_of(session, [entry], frame.settings().rules(), clock_at(at).now()).get(entry.id)
    data = _data(entry, text)
    if as_json:
        print_json(data)
        return
    for name, value in data.items():
        out.print(f"{name:<10} {value}", markup=False)


@app.command()
def hold(context: typer.Context, number: Number, at: At = None) -> None:
    """Keep a planned post back until it is released."""
    from store import post_acts

    _steer(context, number, "held", post_acts.hold, at)


@app.command()
def release(context: typer.Context, number: Number, at: At = None) -> None:
    """Let a held post go out at its moment."""
    from store import post_acts

    _steer(context, number, "released", post_acts.release, at)


@app.command()
def skip(context: typer.Context, number: Number, at: At = None) -> None:
    """Never send a planned post."""
    from store import post_acts

    _steer(context, number, "skipped", post_acts.skip, at)


@app.command()
def retry(context: typer.Context, number: Number, at: At = None) -> None:
    """Send a failed or skipped post all the same."""
    from store import post_acts

    _steer(context, number, "retried", post_acts.retry, at)


@app.command()
def resolve(
    context: typer.Context,
    number: Number,
    sent: Annotated[
        str | None, typer.Option("--sent", metavar="MESSAGE-ID", help="It is there: the platform's id.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="It is not there: send it.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="It is not there: let it go.")] = False,
    at: At = None,
) -> None:
    """Decide on a post of which nobody knows whether it is there."""
    from store import post_acts

    if sum((sent is not None, send, drop)) != 1:
        raise typer.BadParameter("give one of --sent MESSAGE-ID, --send and --drop")
    to = OutboxState.SENT if sent else OutboxState.PLANNED if send else OutboxState.SKIPPED

    def decide(session: Session, number: int, now: dt.datetime) -> Entry:
        return post_acts.resolve(session, number, to, now, message_id=sent)

    _steer(context, number, "resolved", decide, at)


def _steer(
    context: typer.Context,
    number: int,
    action: str,
    act: Callable[[Session, int, dt.datetime], Entry],
    at: str | None,
) -> None:
    """Do one act on one post, and put it in the audit log."""
    from bot.commands.operator import OPERATOR
    from store import audit
    from store.outbox import UnknownPostError, get_entry
    from store.post_acts import TransitionError

    now = clock_at(at).now()
    with frame_of(context).store() as store, store.writing() as session:
        try:
            before = get_entry(session, number)
            after = act(session, number, now)
        except (TransitionError, UnknownPostError) as error:
            raise CommandFailed(str(error)) from error
        audit.write(
            session,
            at=now,
            person=OPERATOR,
            place=None,
            action=f"post {action}",
            subject=after.key,
            before={"state": before.state.value},
            after={"state": after.state.value, "reason": after.reason},
        )
    talk.print(f"{after.key}: {before.state.value} -> {after.state.value}", markup=False)


def _data(entry: Entry, text: str | None) -> dict[str, Any]:
    return {
        "id": entry.id,
        "key": entry.key,
        "at": entry.due_at.astimezone(BRUSSELS),
        "community": entry.community_key,
        "kind": entry.kind,
        "state": entry.state.value,
        "reason": reason_text(entry.reason) if entry.reason else None,
        "text": text,
    }
