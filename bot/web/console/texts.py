"""What the bot says, in the moderators' own words: edited, checked, looked at, and put back."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import HTTPException, Response

from bot.web.console.agenda import moment
from bot.web.console.atrium_form import Clash
from bot.web.console.forms import Form, version_of
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from handlers.wording.catalogue import TEXTS, placeholders, text_problem
from store import texts

MOST = 4000


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One text of the list."""

    name: str
    about: str
    now: str
    is_changed: bool


def register(gate: Gate) -> None:
    gate.page("/beheer/teksten", _list)
    gate.page("/beheer/teksten/{name}", _one)
    gate.act("/beheer/teksten/{name}", _save)
    gate.act("/beheer/teksten/{name}/voorbeeld", _preview)
    gate.act("/beheer/teksten/{name}/terugzetten", _put_back)


def _list(visit: Visit) -> Response:
    asked, only = visit.asked("q"), visit.asked("toon") == "gewijzigd"
    with visit.desk.web.store.reading() as session:
        changes = texts.list_changes(session)
    lines = [
        Line(
            name=name,
            about=text.about,
            now=changes[name].template if name in changes else text.template,
            is_changed=name in changes,
        )
        for name, text in TEXTS.items()
        if not only or name in changes
    ]
    if asked:
        wanted = asked.casefold()
        lines = [line for line in lines if wanted in f"{line.name} {line.about} {line.now}".casefold()]
    return visit.page("teksten.html", lines=lines, q=asked, only=only, total=len(TEXTS), changed=len(changes))


def _name(visit: Visit) -> str:
    name = visit.path("name")
    if name not in TEXTS:
        raise HTTPException(404, "Deze tekst is er niet.")
    return name


def _one(
    visit: Visit,
    typed: str | None = None,
    status: int = 200,
    problem: str = "",
    clash: Clash | None = None,
) -> Response:
    name = _name(visit)
    original = TEXTS[name]
    with visit.desk.web.store.reading() as session:
        change = texts.find_change(session, name)
    now = change.template if change else original.template
    shown = now if typed is None else typed
    return visit.page(
        "tekst.html",
        status,
        name=name,
        text=original,
        names=sorted(original.placeholders),
        change=change,
        changed=moment(change.changed_at, visit.now) if change else "",
        typed=shown,
        sample=sample(name, shown),
        version=version_of(now),
        problem=problem,
        clash=clash,
    )


def sample(name: str, template: str) -> str:
    """The text with each placeholder filled in by its own name, as far as it can be."""
    if text_problem(name, template):
        return ""
    return template.format_map({each: f"‹{each}›" for each in placeholders(template)})


def _save(visit: Visit, form: Form) -> Response:
    name, template = _name(visit), form.lines("tekst")
    problem = text_problem(name, template)
    if len(template) > MOST:
        problem = f"Maak de tekst korter: hoogstens {MOST} tekens."
    if problem:
        return _one(visit, template, 422, problem)
    with visit.desk.web.store.writing() as session:
        before = texts.find_change(session, name)
        now = before.template if before else TEXTS[name].template
        if form.text("versie") != version_of(now):
            clash = Clash(
                headline=f"{before.changed_by if before else 'Iemand'} wijzigde deze tekst intussen.",
                differences=(("Tekst", now, template),),
            )
            return _one(visit, template, 409, clash=clash)
        if template == TEXTS[name].template:
            texts.put_back(session, name)
        else:
            texts.change_text(session, name, template, visit.person.name, visit.now)
        visit.note(session, "text changed", f"text:{name}", before={"text": now}, after={"text": template})
    return visit.onward(f"/beheer/teksten/{_quoted(name)}", "Bewaard. De bot zegt het voortaan zo.")


def _preview(visit: Visit, form: Form) -> Response:
    """A piece of the page: the text as it would be said, or what is wrong with it."""
    name, template = _name(visit), form.lines("tekst")
    problem = text_problem(name, template) or ""
    return visit.page("_tekst_voorbeeld.html", problem=problem, sample=sample(name, template))


def _put_back(visit: Visit, form: Form) -> Response:
    name = _name(visit)
    with visit.desk.web.store.writing() as session:
        before = texts.find_change(session, name)
        if before is not None:
            if form.text("versie") != version_of(before.template):
                clash = Clash(headline=f"{before.changed_by} wijzigde deze tekst terwijl jij bezig was.")
                return _one(visit, None, 409, clash=clash)
            texts.put_back(session, name)
            visit.note(
                session,
                "text put back",
                f"text:{name}",
                before={"text": before.template},
                after={"text": TEXTS[name].template},
            )
    return visit.onward(f"/beheer/teksten/{_quoted(name)}", "Teruggezet naar de geleverde tekst.")


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
