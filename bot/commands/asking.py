"""ask, understand, chat and questions: what the bot makes of words."""

from __future__ import annotations

import datetime as dt
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.commands.frame import AsJson, At, CommandFailed, Frame, clock_at, frame_of, out, print_json, talk

if TYPE_CHECKING:
    from handlers.likeness import AskedAlike
    from handlers.message import Message
    from handlers.reading.model import Vocabulary
    from handlers.reply import Reply
    from store.engine import Store

questions = typer.Typer(help="Questions the bot could not answer.", no_args_is_help=True)

As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="PLATFORM:ID", help="Who asks; without it an outsider, who changes nothing."
    ),
]
In = Annotated[
    str | None, typer.Option("--in", metavar="COMMUNITY", help="Where it is asked; without it in private.")
]


def register(app: typer.Typer) -> None:
    """Hang the commands on the program."""
    app.command()(ask)
    app.command()(understand)
    app.command()(chat)


def ask(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The question, in Dutch.")],
    identity: As = None,
    community: In = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question."""
    from bot.understanding import as_data

    frame = frame_of(context)
    with frame.store() as store:
        message = _message(text, identity, community, at, thread=None)
        reply = _answer(frame, store, message, as_outsider=identity is None)
    if not as_json:
        sys.stdout.write(reply.plain_text() + "\n")
        return
    print_json(
        {
            "reading": as_data(reply.reading) if reply.reading else None,
            "reply": {
                "text": reply.plain_text(),
                "atria": list(reply.atria),
                "links": [link.url for link in reply.links]
                + [card.register_url for card in reply.cards if card.register_url],
            },
        }
    )


def chat(context: typer.Context, identity: As = None, community: In = None, at: At = None) -> None:
    """Talk with the bot in the terminal; an empty line or Ctrl-D ends it."""
    frame = frame_of(context)
    thread = f"chat-{uuid.uuid4().hex}"
    interactive = sys.stdin.isatty()
    if interactive:
        talk.print("Vraag bijvoorbeeld: wanneer is het volgende lokaal atrium in Zottegem? (Ctrl-D stopt)")
    with frame.store() as store:
        while True:
            try:
                text = input("> " if interactive else "")
            except (EOFError, KeyboardInterrupt):
                break
            if not text.strip():
                break
            message = _message(text, identity, community, at, thread=thread)
            reply = _answer(frame, store, message, as_outsider=identity is None)
            out.print(reply.plain_text() + "\n", markup=False)


def understand(
    context: typer.Context,
    at: At = None,
    trace: Annotated[str | None, typer.Option("--trace", metavar="TEXT", help="Explain one reading.")] = None,
) -> None:
    """Read JSON lines ({"id", "text"}) from stdin; write what was understood as JSON lines."""
    from bot.understanding import trace_lines, understand_lines
    from handlers.reading.reading import read

    now = clock_at(at).now()
    vocabulary = _vocabulary(frame_of(context))
    if trace is not None:
        for line in trace_lines(read(trace, now, vocabulary)):
            out.print(line, markup=False)
        return
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
    for line in understand_lines(sys.stdin, now, vocabulary):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@questions.command("unread")
def unread(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Asked on this day or later.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Show the largest groups only.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what could not be answered, like questions together, most asked first."""
    from handlers.likeness import asked_alike
    from store import questions as kept

    first = _day_begins(since) if since is not None else None
    with frame_of(context).store() as store, store.reading() as session:
        rows = kept.unread(session, since=first)
    groups = asked_alike(rows)
    shown = groups[:limit]
    if as_json:
        print_json([_alike_data(group) for group in shown])
        return
    if shown:
        out.print(_alike_table(shown))
    rest = f", {len(shown)} van {len(groups)} groepen getoond" if len(shown) < len(groups) else ""
    what = "vraag die" if len(rows) == 1 else "vragen die"
    talk.print(f"{len(rows)} {what} we niet konden beantwoorden{rest}")


def _day_begins(day: str) -> dt.datetime:
    from bot.moments import parse_day
    from handlers.model import BRUSSELS

    try:
        return dt.datetime.combine(parse_day(day), dt.time(), BRUSSELS)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from error


def _alike_data(group: AskedAlike) -> dict[str, Any]:
    from handlers.model import BRUSSELS

    return {
        "count": group.count,
        "example": group.example,
        "questions": list(group.questions),
        "reasons": dict(group.reasons),
        "first": group.first.astimezone(BRUSSELS),
        "last": group.last.astimezone(BRUSSELS),
    }


def _alike_table(groups: Sequence[AskedAlike]) -> Table:
    from rich.text import Text

    from handlers.model import BRUSSELS

    table = Table("aantal", "voorbeeld", "reden", "eerst", "laatst", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    for group in groups:
        days = (f"{at.astimezone(BRUSSELS):%Y-%m-%d}" for at in (group.first, group.last))
        reasons = ", ".join(f"{reason} {number}" for reason, number in group.reasons.items())
        # A question is text, never markup, and takes one line of the table.
        table.add_row(str(group.count), Text(" ".join(group.example.split())), reasons, *days)
    return table


def _vocabulary(frame: Frame) -> Vocabulary | None:
    """The live words when there is a database, else None: the sample's."""
    from bot.settings import load_settings

    url = load_settings(frame.config).database.url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    from store.catalogue import vocabulary

    with frame.store() as store, store.reading() as session:
        live = vocabulary(session)
    return live if live.themes or live.groups or live.regions else None


def _message(
    text: str, identity: str | None, community: str | None, at: str | None, thread: str | None
) -> Message:
    from handlers.message import Message

    platform, separator, author = (identity or "cli:").partition(":")
    if not separator or (identity is not None and not author):
        raise typer.BadParameter("write PLATFORM:ID, such as local:An", param_hint="--as")
    return Message(
        platform=platform,
        event_id=uuid.uuid4().hex,
        text=text,
        author_id=author,
        author_name=author,
        sent_at=clock_at(at).now(),
        community=community,
        thread=thread,
    )


def _answer(frame: Frame, store: Store, message: Message, *, as_outsider: bool) -> Reply:
    from bot.wiring import build_conversation
    from store.communities import find_community

    settings = frame.settings()
    conversation = build_conversation(settings)
    with store.writing() as session:
        if message.community and find_community(session, message.community) is None:
            raise CommandFailed(
                f"there is no community {message.community!r}; see: atriumbot communities list"
            )
        return conversation.answer(session, message, as_outsider=as_outsider)
