"""Who did what, when and where: the audit with filters, and as a file for a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from bot.announcement_record import APPROVAL_UNDONE
from bot.web.console.agenda import moment
from bot.web.console.audit_words import differences
from bot.web.console.csv_answer import csv_answer
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from handlers.model import BRUSSELS
from handlers.wording.catalogue import Said, say
from store import audit
from store.audit import AuditEntry, AuditFilter

PAGE_SIZE = 60

#: Lines of an exported file.
MOST_EXPORTED = 20_000

#: What the acts are called.
ACTIONS = Said(
    {
        "added": "beheer logboek.deed toegevoegd",
        "announced": "beheer logboek.deed aangekondigd",
        "cancelled": "beheer logboek.deed geannuleerd",
        "changed": "beheer logboek.deed gewijzigd",
        "imported": "beheer logboek.deed ingelezen",
        "paused": "beheer logboek.deed gepauzeerd",
        "resumed": "beheer logboek.deed hervat",
        "post held": "beheer logboek.deed bericht tegengehouden",
        "post released": "beheer logboek.deed bericht losgelaten",
        "post skipped": "beheer logboek.deed bericht geschrapt",
        "post retried": "beheer logboek.deed bericht opnieuw verstuurd",
        "post moved": "beheer logboek.deed bericht verplaatst",
        "post sent now": "beheer logboek.deed bericht meteen verstuurd",
        "post resolved": "beheer logboek.deed onzeker bericht beslist",
        "question answered": "beheer logboek.deed vraag beantwoord",
        "question set aside": "beheer logboek.deed vraag afgehandeld",
        "contribution": "beheer logboek.deed inbreng behandeld",
        "contribution dropped": "beheer logboek.deed inbreng van de pagina gewist",
        "contribution moved": "beheer logboek.deed inbreng verplaatst",
        "word taught": "beheer logboek.deed woord geleerd",
        "word forgotten": "beheer logboek.deed woord vergeten",
        "group added": "beheer logboek.deed groep toegevoegd",
        "group changed": "beheer logboek.deed groep gewijzigd",
        "group dropped": "beheer logboek.deed groep verwijderd",
        "region added": "beheer logboek.deed regio toegevoegd",
        "region changed": "beheer logboek.deed regio gewijzigd",
        "region dropped": "beheer logboek.deed regio verwijderd",
        "text changed": "beheer logboek.deed tekst gewijzigd",
        "text put back": "beheer logboek.deed tekst teruggezet",
        "role given": "beheer logboek.deed rol gegeven",
        "role withdrawn": "beheer logboek.deed rol ingetrokken",
        "signed in": "beheer logboek.deed aangemeld",
        "announcement save": "beheer logboek.deed aankondiging bewaard",
        APPROVAL_UNDONE: "beheer logboek.deed aankondiging goedkeuring vervallen",
        "announcement submit": "beheer logboek.deed aankondiging voorgelegd",
        "announcement approve": "beheer logboek.deed aankondiging goedgekeurd",
        "announcement reject": "beheer logboek.deed aankondiging afgewezen",
        "announcement schedule": "beheer logboek.deed aankondiging gepland",
        "announcement publish": "beheer logboek.deed aankondiging geplaatst",
        "announcement retract": "beheer logboek.deed aankondiging ingetrokken",
        "announcement retry": "beheer logboek.deed aankondiging opnieuw geprobeerd",
        "announcement cancel": "beheer logboek.deed aankondiging geannuleerd",
        "announcement correct": "beheer logboek.deed aankondiging verbeterd",
        "announcement begin": "beheer logboek.deed aankondiging begonnen",
        "announcement settle": "beheer logboek.deed aankondiging afgerond",
        "announcement duplicate": "beheer logboek.deed aankondiging overgenomen",
    }
)

PLACES = Said({"console": "beheer logboek.in het beheer", "cli": "beheer logboek.op de opdrachtregel"})

#: The texts that say what was done something to, by what stands before the colon of a subject.
SUBJECTS: Mapping[str, str] = {
    "announcement": "beheer logboek.over aankondiging",
    "community": "beheer logboek.over community",
    "console": "beheer logboek.over account",
    "contribution": "beheer logboek.over inbreng",
    "group": "beheer logboek.over groep",
    "post": "beheer logboek.over bericht",
    "question": "beheer logboek.over vraag",
    "region": "beheer logboek.over regio",
    "text": "beheer logboek.over tekst",
    "word": "beheer logboek.over woord",
}

#: The columns of the file.
_HEADER = (
    "beheer logboek.bestand tijdstip",
    "beheer logboek.bestand wie",
    "beheer logboek.bestand naam",
    "beheer logboek.bestand waar",
    "beheer logboek.bestand wat",
    "beheer logboek.bestand over",
    "beheer logboek.bestand voor",
    "beheer logboek.bestand na",
)

#: Stands for a name in a text; nobody types it.
_NAME = "\0"

#: Values in a difference are cut off here.
MOST_SHOWN = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One act, as the list shows it."""

    id: int
    at: str
    who: str
    where: str
    action: str
    subject: str
    differences: tuple[tuple[str, str, str], ...]


def register(gate: Gate) -> None:
    gate.page("/beheer/logboek", _log)
    gate.page("/beheer/logboek.csv", _export)


def action_name(action: str) -> str:
    return ACTIONS.get(action, action)


def subject_name(subject: str) -> str:
    """ "aankondiging 1" for "announcement:1"; what is no such subject stays as it is."""
    kind, colon, name = subject.partition(":")
    return say(SUBJECTS[kind], naam=name) if colon and kind in SUBJECTS else subject


def _subject_key(asked: str) -> str:
    """What the audit holds for a subject as the page words it."""
    typed = asked.casefold()
    for kind, text in SUBJECTS.items():
        before, _, after = say(text, naam=_NAME).casefold().partition(_NAME)
        name = asked[len(before) : len(asked) - len(after)]
        if name and typed.startswith(before) and typed.endswith(after):
            return f"{kind}:{name}"
    return asked


def _filter(visit: Visit) -> AuditFilter:
    def day(name: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(visit.asked(name))
        except ValueError:
            return None

    return AuditFilter(
        who=visit.asked("wie") or None,
        action=visit.asked("wat") or None,
        subject=_subject_key(visit.asked("over")) or None,
        first=day("van"),
        last=day("tot"),
    )


def _log(visit: Visit) -> Response:
    wanted = _filter(visit)
    before = visit.asked("voor")
    older = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    backwards = wanted.first is not None and wanted.last is not None and wanted.first > wanted.last
    with visit.desk.web.store.reading() as session:
        found = [] if backwards else audit.search(session, wanted, PAGE_SIZE + 1, older)
    typed = {name: visit.asked(name) for name in ("wie", "wat", "over", "van", "tot")}
    kept = {name: value for name, value in typed.items() if value}
    query = urlencode(kept)
    following = None
    if len(found) > PAGE_SIZE:
        following = f"/beheer/logboek?{urlencode({**kept, 'voor': found[PAGE_SIZE - 1].id})}"
    return visit.page(
        "logboek.html",
        422 if backwards else 200,
        backwards=backwards,
        lines=[line_of(each, visit) for each in found[:PAGE_SIZE]],
        typed=typed,
        actions=sorted(ACTIONS.items(), key=lambda pair: pair[1]),
        first=f"/beheer/logboek?{query}" if older else None,
        following=following,
        export=f"/beheer/logboek.csv?{query}",
    )


def line_of(entry: AuditEntry, visit: Visit) -> Line:
    return Line(
        id=entry.id,
        at=moment(entry.at, visit.now),
        who=entry.actor_name or entry.actor,
        where=place_name(entry.place or "", visit),
        action=action_name(entry.action),
        subject=subject_name(entry.subject),
        differences=tuple((name, _cut(was), _cut(now)) for name, was, now in differences(entry)),
    )


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def place_name(place: str, visit: Visit) -> str:
    """Where an act was done: the console, the command line, a community, or in private."""
    names = {one.key: one.name for one in visit.communities}
    return PLACES.get(place, names.get(place, place)) or say("beheer logboek.prive")


def _export(visit: Visit) -> Response:
    """The file; `write_csv` keeps a spreadsheet from running a cell as a formula."""
    with visit.desk.web.store.reading() as session:
        found = audit.search(session, _filter(visit), MOST_EXPORTED)
    rows = [
        (
            f"{each.at.astimezone(BRUSSELS):%Y-%m-%d %H:%M:%S}",
            each.actor,
            each.actor_name,
            place_name(each.place or "", visit),
            action_name(each.action),
            subject_name(each.subject),
            "\n".join(f"{name}: {was}" for name, was, _ in told if was),
            "\n".join(f"{name}: {now}" for name, _, now in told if now),
        )
        for each in found
        for told in (list(differences(each)),)
    ]
    return csv_answer("logboek.csv", [say(name) for name in _HEADER], rows)
