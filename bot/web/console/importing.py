"""A file into the agenda: first a table of everything that would change, then the change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePath

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.importing import carry_out
from bot.web.console.forms import Form
from bot.web.console.gate import Gate
from bot.web.console.visit import PLACE, Visit
from handlers.model import Kind
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, date_with_year
from handlers.wording.texts import kind_name
from store.exchange.agenda_file import EXTENSIONS, extension_of, read_agenda_file
from store.exchange.columns import DATE_COLUMNS, TIME_COLUMNS
from store.exchange.imports import Changed, ImportPlan, differences, plan_import
from store.exchange.problems import Problem
from store.exchange.rows import Parsed
from store.regions import list_regions
from store.uploads import Upload, drop_upload, find_upload, keep_upload

#: Lines of each table that are shown; the rest is counted.
MOST_LINES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One atrium that would be otherwise."""

    uid: str
    title: str
    differences: tuple[tuple[str, str, str], ...]


def register(gate: Gate) -> None:
    gate.page("/beheer/agenda/bestand", _choose)
    gate.act("/beheer/agenda/bestand", _upload)
    gate.page("/beheer/agenda/bestand/{key}", _look)
    gate.act("/beheer/agenda/bestand/{key}", _import)


def _choose(visit: Visit, problem: str = "", status: int = 200) -> Response:
    return visit.page(
        "bestand.html", status, problem=problem, kinds=[(kind.value, kind_name(kind)) for kind in Kind]
    )


def _upload(visit: Visit, form: Form) -> Response:
    if form.file is None or not form.file.data:
        return _choose(visit, say("beheer bestand.kies een bestand"), 422)
    name = PurePath(form.file.name.replace("\\", "/")).name or "agenda.csv"
    if extension_of(name) not in EXTENSIONS:
        return _choose(visit, say("beheer bestand.verkeerde soort"), 422)
    kind = next((each.value for each in Kind if each.value == form.text("soort")), None)
    upload = Upload(name=name, kind=kind, data=form.file.data)
    with visit.desk.web.store.writing() as session:
        key = keep_upload(session, visit.person.external_id, upload, visit.now)
    return visit.onward(f"/beheer/agenda/bestand/{key}")


def _look(visit: Visit, problem: str = "", status: int = 200) -> Response:
    key = visit.path("key")
    with visit.desk.web.store.reading() as session:
        upload = find_upload(session, visit.person.external_id, key, visit.now)
        if upload is None:
            return _choose(visit, say("beheer bestand.weg"), 404)
        parsed = _read(visit, session, upload)
        plan = None if parsed.problems else plan_import(session, parsed, visit.now)
    return visit.page(
        "bestand_nakijken.html",
        422 if parsed.problems else status,
        key=key,
        name=upload.name,
        problems=[str(each) for each in parsed.problems[:MOST_LINES]],
        more_problems=max(0, len(parsed.problems) - MOST_LINES),
        plan=plan,
        warnings=_told(plan.warnings if plan else parsed.warnings),
        changed=[_change(each, visit) for each in plan.changed[:MOST_LINES]] if plan else [],
        most=MOST_LINES,
        day=date_with_year,
        problem=problem,
    )


def _told(warnings: tuple[Problem, ...]) -> list[str]:
    return [str(each) for each in warnings[:MOST_LINES]]


def _change(change: Changed, visit: Visit) -> Change:
    return Change(
        uid=change.after.uid,
        title=change.after.title,
        differences=tuple(
            (each.column, _shown(each.column, each.before), _shown(each.column, each.after))
            for each in differences(change, visit.now)
        ),
    )


def _shown(column: str, cell: str) -> str:
    """A cell as people read it on the page: days and hours as everywhere else."""
    if cell and column in DATE_COLUMNS:
        return date_with_year(dt.date.fromisoformat(cell))
    if cell and column in TIME_COLUMNS:
        return f"{clock_text(dt.time.fromisoformat(cell))} u."
    return cell


def _read(visit: Visit, session: Session, upload: Upload) -> Parsed:
    return read_agenda_file(
        upload.data,
        upload.name,
        now=visit.now,
        kind=Kind(upload.kind) if upload.kind else None,
        known_regions=set(list_regions(session)) or None,
        known_communities=[one.key for one in visit.communities],
    )


def _import(visit: Visit, form: Form) -> Response:
    key, owner = visit.path("key"), visit.person.external_id
    with visit.desk.web.store.writing() as session:
        upload = find_upload(session, owner, key, visit.now)
        if upload is None:
            raise HTTPException(404, say("beheer bestand.weg"))
        parsed = _read(visit, session, upload)
        plan: ImportPlan | None = None if parsed.problems else plan_import(session, parsed, visit.now)
        agreed = plan is not None and (not plan.needs_confirmation or form.text("zeker") == "ja")
        if plan is not None and agreed:
            carry_out(session, plan, visit.desk.rules, visit.now, f"{PLACE}:{owner}")
            drop_upload(session, owner, key)
    if plan is None or not agreed:
        return _look(visit, say("beheer bestand.vink aan"), 422)
    return visit.onward(
        "/beheer/agenda",
        say(
            "beheer bestand.ingelezen",
            nieuw=str(len(plan.added)),
            gewijzigd=str(len(plan.changed)),
            geannuleerd=str(len(plan.cancelled)),
        ),
    )
