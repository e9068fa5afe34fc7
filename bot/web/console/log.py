"""Who did what, when and where: the audit with filters, and as a file for a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from bot.web.console.agenda import moment
from bot.web.console.audit_words import differences
from bot.web.console.csv_answer import csv_answer
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from handlers.model import BRUSSELS
from store import audit
from store.audit import AuditEntry, AuditFilter

PAGE_SIZE = 60

#: Lines of an exported file.
MOST_EXPORTED = 20_000

#: What the acts are called.
ACTIONS: Mapping[str, str] = {
    "added": "toegevoegd",
    "announced": "aangekondigd",
    "cancelled": "geannuleerd",
    "changed": "gewijzigd",
    "imported": "ingelezen",
    "paused": "gepauzeerd",
    "resumed": "hervat",
    "post held": "bericht tegengehouden",
    "post released": "bericht losgelaten",
    "post skipped": "bericht geschrapt",
    "post retried": "bericht opnieuw verstuurd",
    "post moved": "bericht verplaatst",
    "post sent now": "bericht meteen verstuurd",
    "post resolved": "onzeker bericht beslist",
    "question answered": "vraag beantwoord",
    "question set aside": "vraag afgehandeld",
    "contribution": "inbreng behandeld",
    "contribution dropped": "inbreng van de pagina gewist",
    "contribution moved": "inbreng verplaatst",
    "word taught": "woord geleerd",
    "word forgotten": "woord vergeten",
    "group added": "groep toegevoegd",
    "group changed": "groep gewijzigd",
    "group dropped": "groep verwijderd",
    "region added": "regio toegevoegd",
    "region changed": "regio gewijzigd",
    "region dropped": "regio verwijderd",
    "text changed": "tekst gewijzigd",
    "text put back": "tekst teruggezet",
    "role given": "rol gegeven",
    "role withdrawn": "rol ingetrokken",
    "signed in": "aangemeld",
    "announcement save": "aankondiging bewaard",
    "announcement submit": "aankondiging voorgelegd",
    "announcement approve": "aankondiging goedgekeurd",
    "announcement reject": "aankondiging afgewezen",
    "announcement schedule": "aankondiging gepland",
    "announcement publish": "aankondiging geplaatst",
    "announcement retract": "aankondiging ingetrokken",
    "announcement retry": "aankondiging opnieuw geprobeerd",
    "announcement cancel": "aankondiging geannuleerd",
    "announcement correct": "aankondiging verbeterd",
    "announcement begin": "aankondiging begonnen",
    "announcement settle": "aankondiging afgerond",
    "announcement duplicate": "aankondiging overgenomen",
}

PLACES: Mapping[str, str] = {"console": "beheer", "cli": "opdrachtregel"}

#: What stands before the colon of a subject, in words.
SUBJECTS: Mapping[str, str] = {
    "announcement": "aankondiging",
    "community": "community",
    "console": "account",
    "contribution": "inbreng",
    "group": "groep",
    "post": "bericht",
    "question": "vraag",
    "region": "regio",
    "text": "tekst",
    "word": "woord",
}

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
    return f"{SUBJECTS[kind]} {name}" if colon and kind in SUBJECTS else subject


def _subject_key(asked: str) -> str:
    """What the audit holds for a subject as the page words it."""
    word, _, name = asked.partition(" ")
    kind = next((key for key, each in SUBJECTS.items() if each == word.casefold()), None)
    return f"{kind}:{name}" if kind and name else asked


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
    with visit.desk.web.store.reading() as session:
        found = audit.search(session, wanted, PAGE_SIZE + 1, older)
    typed = {name: visit.asked(name) for name in ("wie", "wat", "over", "van", "tot")}
    kept = {name: value for name, value in typed.items() if value}
    query = urlencode(kept)
    following = None
    if len(found) > PAGE_SIZE:
        following = f"/beheer/logboek?{urlencode({**kept, 'voor': found[PAGE_SIZE - 1].id})}"
    return visit.page(
        "logboek.html",
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
    return PLACES.get(place, names.get(place, place)) or "privé"


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
    header = ("tijdstip", "wie", "naam", "waar", "wat", "over", "voor", "na")
    return csv_answer("logboek.csv", header, rows)
