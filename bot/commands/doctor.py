"""doctor: checks what the bot stands on; each finding names its mend."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from bot.commands.frame import AsJson, Frame, frame_of, out, print_json

if TYPE_CHECKING:
    from bot.settings import Settings
    from store.engine import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, or could not be: then `well` is None, and nothing is claimed of it.

    `mend` says what to do when it is not well.
    """

    subject: str
    well: bool | None
    found: str
    mend: str = ""


def fine(subject: str, found: str) -> Finding:
    return Finding(subject, well=True, found=found)


def unseen(subject: str, why: str, mend: str = "") -> Finding:
    """What doctor could not look at; it is neither well nor amiss."""
    return Finding(subject, well=None, found=why, mend=mend)


#: How a finding is marked, and in which colour.
_MARKS = {True: ("ok", "green"), False: ("amiss", "red"), None: ("not checked", "yellow")}


def amiss(subject: str, found: str, mend: str) -> Finding:
    return Finding(subject, well=False, found=found, mend=mend)


def register(app: typer.Typer) -> None:
    """Hang the command on the program."""
    app.command()(doctor)


def doctor(
    context: typer.Context,
    engage: Annotated[
        bool, typer.Option("--engage", help="Ask Viva Engage, Entra and Graph too; nothing is changed there.")
    ] = False,
    slack: Annotated[bool, typer.Option("--slack", help="Ask Slack too; nothing is changed there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, time zone data, database, agenda and communities; exit 1 if one must be mended."""
    frame = frame_of(context)
    findings = list(examine(frame))
    if engage and not any(
        finding.subject in ("settings", "database") and finding.well is False for finding in findings
    ):
        findings += asyncio.run(_examine_engage(frame))
    if slack and not any(finding.subject == "settings" and finding.well is False for finding in findings):
        findings += asyncio.run(_examine_slack(frame))
    if as_json:
        print_json(
            [{"subject": f.subject, "well": f.well, "found": f.found, "mend": f.mend} for f in findings]
        )
    for finding in () if as_json else findings:
        mark, style = _MARKS[finding.well]
        out.print(f"{mark:<11}", style=style, end="")
        out.print(f"  {finding.subject:<14} {finding.found}", markup=False)
        if finding.mend:
            out.print(f"{'':<13}{'':<14} -> {finding.mend}", markup=False)
    if any(finding.well is False for finding in findings):
        raise typer.Exit(1)


def examine(frame: Frame) -> Iterator[Finding]:
    """Look at each thing in turn; what rests on something broken is not looked at."""
    from bot.settings import SettingsError

    yield _time_zone()
    try:
        settings = frame.settings()
    except SettingsError as error:
        for problem in error.problems:
            yield amiss("settings", problem, _mend_of(problem))
        return
    yield fine("settings", "every key is known and fits")
    yield from _database(settings.database.url)
    yield from _communities(settings)


def _communities(settings: Settings) -> Iterator[Finding]:
    """Those of the settings: the table holds them only once the bot has started."""
    from bot.network import communities_of
    from bot.unconnected import unconnected

    lacking = unconnected(settings)
    for each in lacking:
        yield amiss("communities", each.told, each.mend)
    communities = communities_of(settings)
    if not communities:
        yield amiss("communities", "none", "add [[communities]] to the settings")
    elif not lacking:
        yield fine("communities", ", ".join(community.key for community in communities))


def _mend_of(problem: str) -> str:
    if problem.endswith("there is no such file"):
        return "give the right path with --config, or leave it out"
    return "mend the key; docs/settings.md tells what it takes"


async def _examine_engage(frame: Frame) -> list[Finding]:
    from bot.clock import SystemClock
    from bot.commands.doctor_engage import Examination
    from bot.network import settle_in

    settings = frame.settings()
    with frame.store() as store:
        examination = Examination(settings, store, settle_in(store, settings), SystemClock().now)
        return [finding async for finding in examination.findings()]


async def _examine_slack(frame: Frame) -> list[Finding]:
    from bot.clock import SystemClock
    from bot.commands.doctor_slack import SlackExamination

    settings = frame.settings()
    examination = SlackExamination(settings, SystemClock().now, _noted_signatures(settings.database.url))
    return [finding async for finding in examination.findings()]


def _noted_signatures(url: str) -> str | None:
    """What the running bot noted of Slack's requests; None too where there is no database of this version."""
    from sqlalchemy.exc import DatabaseError

    from bot.platforms.slack.signatures import NOTE
    from store.engine import Store, StoreUnreachableError
    from store.notes import find_note

    try:
        store = Store(url)
    except StoreUnreachableError:
        return None
    try:
        with store.reading() as session:
            return find_note(session, NOTE)
    except DatabaseError:
        return None
    finally:
        store.close()


def _time_zone() -> Finding:
    try:
        ZoneInfo("Europe/Brussels")
    except ZoneInfoNotFoundError:
        return amiss("time zone", "Europe/Brussels is unknown", "install the package tzdata")
    return fine("time zone", "Europe/Brussels is known")


def _database(url: str) -> Iterator[Finding]:
    from sqlalchemy.exc import DatabaseError

    from store.engine import Store, StoreUnreachableError
    from store.migrations import check_schema, current_revision, head_revision

    try:
        store = Store(url)
    except StoreUnreachableError as error:
        yield amiss("database", str(error), "mend [database] url")
        return
    try:
        revision = current_revision(store)
        if revision is None:
            yield fine("database", "empty; the first command fills it")
            return
        if revision != head_revision():
            yield amiss("database", f"at {revision}, not {head_revision()}", "atriumbot db upgrade")
            return
        problems = check_schema(store)
        for problem in problems:
            yield amiss("database", problem, "put a backup back: atriumbot db restore FILE")
        if not problems:
            yield fine("database", f"at {revision}, and whole")
        yield from _contents(store)
    except DatabaseError as error:
        yield amiss("database", str(error.orig), "check [database] url, and that the server runs")
    finally:
        store.close()


def _contents(store: Store) -> Iterator[Finding]:
    from store.agenda import StoredAgenda
    from store.regions import list_regions

    with store.reading() as session:
        updated_at = StoredAgenda(session).updated_at()
        regions = list_regions(session)
    if updated_at is None:
        yield amiss("agenda", "empty", "atriumbot agenda import FILE")
    else:
        yield fine("agenda", f"last changed {updated_at:%Y-%m-%d %H:%M} UTC")
    if not regions:
        yield amiss("regions", "no table of regions", "atriumbot regions import FILE")
    else:
        yield fine("regions", f"{len(regions)} regions")
