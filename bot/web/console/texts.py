"""What the bot says, in the moderators' own words: edited, checked, looked at, and put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import HTTPException, Response

from bot.web.console.agenda import moment
from bot.web.console.clashes import Clash, Difference
from bot.web.console.forms import Form, version_of
from bot.web.console.gate import Gate
from bot.web.console.text_examples import sample
from bot.web.console.visit import Visit
from handlers.wording.catalogue import TEXTS, text_problem
from handlers.wording.sentences import capitalised
from store import texts

MOST = 4000

#: The area of the few whose name has no point.
GENERAL = "algemeen"

#: What an area is called where its own word does not say enough.
TITLES: Mapping[str, str] = {
    "afspraak": "Afspraken van de mailbox die niet in de agenda kunnen",
    "bereik": "Halfjaarlijks verslag",
    "dag": "Woorden bij een datum",
    "delen": "Een antwoord delen",
    "doelgroep": "Namen van doelgroepen",
    "engage": "Viva Engage",
    "filter": "Filters van de agenda",
    "fout": "Foutpagina's",
    "handeling": "Namen van handelingen",
    "label": "Namen van feiten",
    "lokaal": "Lokale community",
    "melding": "Meldingen aan de beheerder",
    "naam": "Namen van soorten atria",
    "pagina": "Pagina's van de agenda",
    "platform": "Namen van platformen",
    "reden": "Redenen waarom iets niet vertrok",
    "rol": "Namen van rollen",
    "slack": "Slack: startscherm, vensters en knoppen",
    "soort": "Wat een soort atrium is",
    "soort bericht": "Namen van soorten berichten",
    "toestand": "Toestanden van een aankondiging",
    "vragen": "Hoe de bot naar een gegeven vraagt",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One text of the list."""

    name: str
    about: str
    now: str
    is_changed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """Texts that belong together."""

    name: str
    texts: int = 0
    changed: int = 0

    @property
    def title(self) -> str:
        return title_of(self.name)


def register(gate: Gate) -> None:
    gate.page("/beheer/teksten", _list)
    gate.page("/beheer/teksten/{name}", _one)
    gate.act("/beheer/teksten/{name}", _save)
    gate.act("/beheer/teksten/{name}/voorbeeld", _preview)
    gate.act("/beheer/teksten/{name}/terugzetten", _put_back)


def area_of(name: str) -> str:
    """What a text belongs to: the word before the point of its name."""
    return name.partition(".")[0] if "." in name else GENERAL


def title_of(area: str) -> str:
    """What an area is called on the page."""
    return TITLES.get(area, capitalised(area))


def _list(visit: Visit) -> Response:
    """The areas; the texts of one area; or those that were searched for, by area."""
    asked, only, area = visit.asked("q"), visit.asked("toon") == "gewijzigd", visit.asked("groep")
    with visit.desk.web.store.reading() as session:
        changes = texts.list_changes(session)
    areas: dict[str, Area] = {}
    for name in TEXTS:
        before = areas.get(area_of(name), Area(name=area_of(name)))
        areas[before.name] = replace(
            before, texts=before.texts + 1, changed=before.changed + (name in changes)
        )
    area = area if area in areas else ""
    found: dict[str, list[Line]] = {}
    if asked or only or area:
        for name, text in TEXTS.items():
            line = Line(
                name=name,
                about=text.about,
                now=changes[name].template if name in changes else text.template,
                is_changed=name in changes,
            )
            told = f"{line.name} {line.about} {line.now} {title_of(area_of(name))}".casefold()
            fits = area in {"", area_of(name)} and (line.is_changed or not only)
            if fits and asked.casefold() in told:
                found.setdefault(area_of(name), []).append(line)
    return visit.page(
        "teksten.html",
        areas=sorted(areas.values(), key=lambda each: each.title),
        found=found,
        searched=bool(asked or only or area),
        number=sum(map(len, found.values())),
        q=asked,
        only=only,
        area=area,
        titled=title_of,
        total=len(TEXTS),
        changed=len(changes),
    )


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
        area=area_of(name),
        area_title=title_of(area_of(name)),
        names=sorted(original.placeholders),
        change=change,
        changed=moment(change.changed_at, visit.now) if change else "",
        typed=shown,
        sample=sample(name, shown),
        version=version_of(now),
        problem=problem,
        clash=clash,
    )


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
                differences=(Difference(name="", label="Tekst", theirs=now, mine=template),),
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
    return quote(name, safe="")
