"""What the bot says, in the moderators' own words: edited, checked, looked at, and put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import HTTPException, Response

from bot.web.console.agenda import moment
from bot.web.console.clashes import Clash, Difference
from bot.web.console.forms import Form, version_of
from bot.web.console.gate import Gate
from bot.web.console.text_examples import sample
from bot.web.console.visit import Visit
from handlers.wording.catalogue import TEXTS, Said, Text, say, text_problem
from handlers.wording.sentences import capitalised
from store import texts

MOST = 4000

#: Characters of a text that tell it from the others in its own title.
PIECE = 40

#: Texts on one page of the list.
PAGE_SIZE = 100

#: The area of the few whose name has no point.
GENERAL = "algemeen"

#: What an area is called where its own word does not say enough.
TITLES: Mapping[str, str] = Said(
    {
        "aangepast": "beheer tekst.groep aangepast",
        "afspraak": "beheer tekst.groep afspraak",
        "beheer aankondiging": "beheer tekst.groep beheer aankondiging",
        "beheer agenda": "beheer tekst.groep beheer agenda",
        "beheer atrium": "beheer tekst.groep beheer atrium",
        "beheer bericht": "beheer tekst.groep beheer bericht",
        "beheer bestand": "beheer tekst.groep beheer bestand",
        "beheer inbreng": "beheer tekst.groep beheer inbreng",
        "beheer logboek": "beheer tekst.groep beheer logboek",
        "beheer netwerk": "beheer tekst.groep beheer netwerk",
        "beheer rol": "beheer tekst.groep beheer rol",
        "beheer tekst": "beheer tekst.groep beheer tekst",
        "beheer verslag": "beheer tekst.groep beheer verslag",
        "beheer vraag": "beheer tekst.groep beheer vraag",
        "beheer": "beheer tekst.groep beheer",
        "bereik": "beheer tekst.groep bereik",
        "dag": "beheer tekst.groep dag",
        "delen": "beheer tekst.groep delen",
        "doelgroep": "beheer tekst.groep doelgroep",
        "elders": "beheer tekst.groep elders",
        "engage": "beheer tekst.groep engage",
        "filter": "beheer tekst.groep filter",
        "fout": "beheer tekst.groep fout",
        "gelezen": "beheer tekst.groep gelezen",
        "handeling": "beheer tekst.groep handeling",
        "hoort bij": "beheer tekst.groep hoort bij",
        "invoer": "beheer tekst.groep invoer",
        "kiezen": "beheer tekst.groep kiezen",
        "knop": "beheer tekst.groep knop",
        "label": "beheer tekst.groep label",
        "lijst": "beheer tekst.groep lijst",
        "lokaal": "beheer tekst.groep lokaal",
        "melding": "beheer tekst.groep melding",
        "mening": "beheer tekst.groep mening",
        "moment": "beheer tekst.groep moment",
        "naam": "beheer tekst.groep naam",
        "niet jouw werk": "beheer tekst.groep niet jouw werk",
        "niets": "beheer tekst.groep niets",
        "noteer": "beheer tekst.groep noteer",
        "pagina": "beheer tekst.groep pagina",
        "platform": "beheer tekst.groep platform",
        "reden": "beheer tekst.groep reden",
        "rol": "beheer tekst.groep rol",
        "slack": "beheer tekst.groep slack",
        "soort bericht": "beheer tekst.groep soort bericht",
        "soort": "beheer tekst.groep soort",
        "sturen": "beheer tekst.groep sturen",
        "toestand": "beheer tekst.groep toestand",
        "veld": "beheer tekst.groep veld",
        "verschil": "beheer tekst.groep verschil",
        "volgende": "beheer tekst.groep volgende",
        "vragen": "beheer tekst.groep vragen",
        "zonder": "beheer tekst.groep zonder",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One text of the list."""

    name: str
    title: str
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

    @property
    def is_console(self) -> bool:
        """Whether moderators alone read these texts, in the console or of a file that they bring in."""
        return of_console(self.name)


def register(gate: Gate) -> None:
    gate.page("/beheer/teksten", _list)
    gate.page("/beheer/teksten/{name}", _one)
    gate.act("/beheer/teksten/{name}", _save)
    gate.act("/beheer/teksten/{name}/voorbeeld", _preview)
    gate.act("/beheer/teksten/{name}/terugzetten", _put_back)


def area_of(name: str) -> str:
    """What a text belongs to: the word before the point of its name."""
    return name.partition(".")[0] if "." in name else GENERAL


def of_console(area: str) -> bool:
    """Whether moderators alone read the texts of this area."""
    return area in {"beheer", "invoer"} or area.startswith("beheer ")


def title_of(area: str) -> str:
    """What an area is called on the page."""
    return TITLES.get(area, capitalised(area))


def named(text: Text) -> str:
    """What a text is called: how it begins as it was delivered, and where it stands."""
    words = " ".join(text.template.split())
    piece = words if len(words) <= PIECE else f"{words[: PIECE - 1].rstrip()}…"
    return say("beheer tekst.naam", tekst=piece, waar=text.about)


def _list(visit: Visit) -> Response:
    """The areas; the texts of one area; or those that were searched for, by area."""
    asked, only, area = visit.asked("q"), visit.asked("toon") == "gewijzigd", visit.asked("groep")
    with visit.desk.web.store.reading() as session:
        changes = texts.list_changes(session)
    areas = _areas(changes)
    area = area if area in areas else ""
    searched = bool(asked or only or area)
    lines = _found(asked, changes if only else TEXTS, area, changes) if searched else []
    shown: dict[str, list[Line]] = {}
    offset = _offset(visit)
    for line in lines[offset : offset + PAGE_SIZE]:
        shown.setdefault(area_of(line.name), []).append(line)
    kept = {"q": asked, "groep": area, "toon": "gewijzigd" if only else ""}
    address = f"/beheer/teksten?{urlencode({key: value for key, value in kept.items() if value})}&vanaf="
    listed = sorted(areas.values(), key=lambda each: each.title)
    return visit.page(
        "teksten.html",
        areas=[each for each in listed if not each.is_console],
        console_areas=[each for each in listed if each.is_console],
        found=shown,
        searched=searched,
        number=len(lines),
        q=asked,
        only=only,
        area=area,
        titled=title_of,
        total=len(TEXTS),
        changed=len(changes),
        previous=f"{address}{max(0, offset - PAGE_SIZE)}" if offset else None,
        following=f"{address}{offset + PAGE_SIZE}" if len(lines) > offset + PAGE_SIZE else None,
    )


def _offset(visit: Visit) -> int:
    text = visit.asked("vanaf")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _areas(changes: Collection[str]) -> Mapping[str, Area]:
    """Every area, with how many texts it has and how many of them were changed."""
    texts_in, changed_in = Counter(map(area_of, TEXTS)), Counter(map(area_of, changes))
    return {
        name: Area(name=name, texts=number, changed=changed_in[name]) for name, number in texts_in.items()
    }


def _found(
    asked: str, among: Collection[str], area: str, changes: Mapping[str, texts.TextChange]
) -> list[Line]:
    """The texts among these that hold every word that was asked for, in the order of the files."""
    words = asked.casefold().split()
    titles: dict[str, str] = {}
    found = []
    for name, text in TEXTS.items():
        of = area_of(name)
        if name not in among or area not in {"", of}:
            continue
        if of not in titles:
            titles[of] = title_of(of)
        change = changes.get(name)
        now = change.template if change else text.template
        told = f"{name} {text.about} {now} {titles[of]}".casefold()
        if all(word in told for word in words):
            found.append(Line(name=name, title=named(text), now=now, is_changed=change is not None))
    return found


def _name(visit: Visit) -> str:
    name = visit.path("name")
    if name not in TEXTS:
        raise HTTPException(404, say("beheer tekst.weg"))
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
        title=named(original),
        area=area_of(name),
        is_console=of_console(area_of(name)),
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
        problem = say("beheer tekst.te lang", aantal=str(MOST))
    if problem:
        return _one(visit, template, 422, problem)
    with visit.desk.web.store.writing() as session:
        before = texts.find_change(session, name)
        now = before.template if before else TEXTS[name].template
        if form.text("versie") != version_of(now):
            label = say("beheer tekst.veld")
            clash = Clash(
                headline=(
                    say("beheer tekst.intussen", naam=before.changed_by)
                    if before
                    else say("beheer tekst.intussen iemand")
                ),
                differences=(Difference(name="", label=label, theirs=now, mine=template),),
            )
            return _one(visit, template, 409, clash=clash)
        if template == TEXTS[name].template:
            texts.put_back(session, name)
        else:
            texts.change_text(session, name, template, visit.person.name, visit.now)
        visit.note(session, "text changed", f"text:{name}", before={"text": now}, after={"text": template})
    done = (
        say("beheer tekst.bewaard in het beheer")
        if of_console(area_of(name))
        else say("beheer tekst.bewaard")
    )
    return visit.onward(f"/beheer/teksten/{_quoted(name)}", done)


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
                clash = Clash(headline=say("beheer tekst.terwijl", naam=before.changed_by))
                return _one(visit, None, 409, clash=clash)
            texts.put_back(session, name)
            visit.note(
                session,
                "text put back",
                f"text:{name}",
                before={"text": before.template},
                after={"text": TEXTS[name].template},
            )
    return visit.onward(f"/beheer/teksten/{_quoted(name)}", say("beheer tekst.teruggezet"))


def _quoted(name: str) -> str:
    return quote(name, safe="")
