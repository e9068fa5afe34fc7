"""The form of an atrium: new, as a copy, changed, or in more places; read as a row of the agenda file is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.agenda import STATUS_NAMES, desk_page, get_visible, require_own, version
from bot.web.console.atrium_extras import EXTRA_LABELS, extra_fields, extra_values, typed_extras, with_extras
from bot.web.console.atrium_warnings import are_seen, mark_of, warnings_on
from bot.web.console.clashes import BASE_FIELD, Clash, base_of, base_text, clash_of, taken_text
from bot.web.console.form_fields import said
from bot.web.console.forms import Form, typed
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from handlers.changes import AtriumChanged
from handlers.context import Agenda, Context
from handlers.gazetteer import gazetteer
from handlers.model import WITHHELD, Atrium, Kind, Status
from handlers.moderation.fields import Field, Option, Sort, audience_options, kind_options
from handlers.moderation.merging import Merged, merged
from handlers.moderation.permissions import may_announce
from handlers.wording.cards import programme_lines
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import capitalised
from scheduler import changes as owed
from store.agenda import save_atrium
from store.codec import dump
from store.exchange.columns import PUBLIC, as_row
from store.exchange.rows import Candidate, Known, read_row
from store.exchange.table import Row
from store.topics import folded

#: How many places a programme gets at once.
MOST_PLACES = 5

#: What each place of a programme has of its own.
OF_A_PLACE = (
    "datum",
    "begin",
    "einde",
    "gemeente",
    "locatie",
    "adres",
    "inschrijven_url",
    "inschrijven_tot",
)

#: What a moderator can choose; the others come of themselves.
_CHOSEN = (Status.GEPLAND, Status.BEVESTIGD)

#: Label and help are the names of texts here; `said` says them.
_FIELDS = (
    Field(name="soort", label="formulier.veld soort", sort=Sort.CHOICE, required=True),
    Field(name="status", label="beheer atrium.veld status", sort=Sort.CHOICE, required=True),
    Field(name="titel", label="formulier.veld titel", sort=Sort.TEXT, required=True, most=300),
    Field(name="thema", label="formulier.veld thema", sort=Sort.TEXT, most=300),
    Field(name="datum", label="formulier.veld datum", sort=Sort.DATE, required=True, most=20),
    Field(name="begin", label="formulier.veld begin", sort=Sort.TIME, required=True, most=10),
    Field(name="einde", label="formulier.veld einde", sort=Sort.TIME, most=10),
    Field(
        name="gemeente",
        label="formulier.veld gemeente",
        sort=Sort.MUNICIPALITY,
        required=True,
        help="beheer atrium.hulp gemeente",
        most=100,
    ),
    Field(name="locatie", label="beheer atrium.veld zaal", sort=Sort.TEXT, most=300),
    Field(name="adres", label="formulier.veld adres", sort=Sort.TEXT, help="formulier.hulp adres", most=300),
    Field(name="regio", label="beheer atrium.regio", sort=Sort.CHOICE, help="beheer atrium.hulp regio"),
    Field(name="inschrijven_url", label="formulier.veld link", sort=Sort.URL, most=500),
    Field(name="inschrijven_tot", label="formulier.veld inschrijven tot", sort=Sort.DATE, most=20),
    Field(
        name="doelgroep",
        label="formulier.veld voor wie",
        sort=Sort.CHOICES,
        help="beheer atrium.hulp voor wie",
    ),
    Field(name="omschrijving", label="formulier.veld omschrijving", sort=Sort.LONG_TEXT, most=8000),
    Field(
        name="programma",
        label="formulier.veld programma",
        sort=Sort.LONG_TEXT,
        help="formulier.hulp programma",
        most=8000,
    ),
    Field(name="organisator", label="formulier.veld organisator", sort=Sort.TEXT, most=300),
    Field(
        name="contact",
        label="formulier.veld contact",
        sort=Sort.TEXT,
        help="formulier.hulp contact",
        most=300,
    ),
    Field(
        name="zichtbaarheid",
        label="beheer atrium.veld alleen te zien in",
        sort=Sort.CHOICES,
        help="beheer atrium.hulp alleen te zien in",
    ),
)
#: What each field is called, those that the file has no column for last.
LABELS = Said({**{one.name: one.label for one in _FIELDS}, **EXTRA_LABELS.names})

Values = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A form as it was read: the atrium, or what is wrong per field."""

    candidate: Candidate | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def register_new(gate: Gate) -> None:
    """The address of a new one, which looks like that of one called "nieuw"."""
    gate.page("/beheer/agenda/nieuw", _new)
    gate.act("/beheer/agenda/nieuw", _add)


def register(gate: Gate) -> None:
    gate.page("/beheer/agenda/{uid}/wijzigen", _edit)
    gate.act("/beheer/agenda/{uid}/wijzigen", _change)
    gate.page("/beheer/agenda/{uid}/plaatsen", _places)
    gate.act("/beheer/agenda/{uid}/plaatsen", _add_places)


# --- pages -------------------------------------------------------------------------------------------


def _new(visit: Visit) -> Response:
    values: Values = {"status": Status.GEPLAND.value}
    of = ""
    if visit.asked("van"):
        with visit.desk.web.agenda() as agenda:
            model = get_visible(visit, agenda, visit.asked("van"))
        values = {**values_of(model, visit), "datum": "", "inschrijven_tot": "", "inschrijven_url": ""}
        if values["status"] not in _CHOSEN:
            values["status"] = Status.GEPLAND.value
        of = model.title
    return _new_form(visit, values, copied=of)


def _new_form(visit: Visit, values: Values, status: int = 200, **more: object) -> Response:
    title = say("beheer agenda.nieuw atrium")
    return _form(visit, values, status, title=title, action="/beheer/agenda/nieuw", **more)


def _edit(visit: Visit) -> Response:
    with visit.desk.web.agenda() as agenda:
        atrium = get_visible(visit, agenda, visit.path("uid"))
        require_own(visit, agenda, atrium)
    return _form_of(visit, atrium, {**values_of(atrium, visit), **extra_values(atrium)})


def _form_of(visit: Visit, atrium: Atrium, values: Values, status: int = 200, **more: object) -> Response:
    return _form(
        visit,
        values,
        status,
        title=say("beheer atrium.wijzig titel", titel=atrium.title),
        action=f"{desk_page(atrium.uid)}/wijzigen",
        back=desk_page(atrium.uid),
        version=version(atrium),
        base=base_text(_held(atrium, visit)),
        cancelled=atrium.is_cancelled,
        extras=extra_fields(atrium, visit.now),
        **more,
    )


def _form(visit: Visit, values: Values, status: int = 200, **more: object) -> Response:
    with visit.desk.web.agenda() as agenda:
        regions = agenda.regions()
    shown = {
        "errors": {},
        "remarks": (),
        "clash": None,
        "version": "",
        "base": "{}",
        "base_field": BASE_FIELD,
        "back": "/beheer/agenda",
        "copied": "",
        "cancelled": False,
        "extras": (),
        "warnings": (),
        "seen": "",
        **more,
    }
    return visit.page(
        "atrium_formulier.html",
        status,
        fields=fields_for(visit, regions, values),
        values=values,
        labels=LABELS,
        municipalities=municipality_names(),
        **shown,
    )


def fields_for(visit: Visit, regions: Sequence[str], values: Values) -> list[Field]:
    """The fields of the form, with the regions and communities of now."""
    region = values.get("regio", "")
    names = sorted({*regions, *([region] if isinstance(region, str) and region else [])})
    options = {
        "soort": kind_options(),
        "doelgroep": audience_options(),
        "regio": tuple(Option(value=name, label=name) for name in names),
        "zichtbaarheid": _readers(visit, values.get("zichtbaarheid", ())),
        "status": _statuses(values.get("status", "")),
    }
    return said(_FIELDS, options)


def _readers(visit: Visit, now: str | Sequence[str]) -> tuple[Option, ...]:
    """The communities, and what else it is held to now: left out, it would be public once it is kept."""
    nobody = capitalised(say("beheer atrium.niemand"))
    names = {WITHHELD: nobody} | {one.key: one.name for one in visit.communities}
    chosen = (now,) if isinstance(now, str) else tuple(now)
    listed = [one.key for one in visit.communities]
    return tuple(
        Option(value=key, label=names.get(key, key)) for key in dict.fromkeys([*listed, *chosen]) if key
    )


def _statuses(now: str | Sequence[str]) -> tuple[Option, ...]:
    """What can be chosen, and what it is now where that cannot: a cancelled one is shown as it is."""
    others = (status for status in Status if status.value == now and status not in _CHOSEN)
    return tuple(Option(value=one.value, label=STATUS_NAMES[one]) for one in (*_CHOSEN, *others))


def values_of(atrium: Atrium, visit: Visit) -> dict[str, str | tuple[str, ...]]:
    """What the form of an atrium holds."""
    row = as_row(atrium, visit.now)
    values: dict[str, str | tuple[str, ...]] = {one.name: row[one.name] for one in _FIELDS}
    values["status"] = atrium.status.value
    values["doelgroep"] = tuple(each for each in row["doelgroep"].split("|") if each)
    values["zichtbaarheid"] = tuple(sorted(atrium.visibility))
    values["programma"] = (atrium.programme or "").replace("|", "\n")
    return values


def read(values: Values, uid: str, agenda: Agenda, visit: Visit) -> Read:
    """Read a form as a row of the agenda file: the same checks, the same words."""
    cells = {"uid": uid}
    for one in _FIELDS:
        value = values.get(one.name, "")
        cells[one.name] = value if isinstance(value, str) else "|".join(value)
    cells["zichtbaarheid"] = cells.get("zichtbaarheid") or PUBLIC
    known = Known(
        regions=agenda.regions() or None, communities=[*(one.key for one in visit.communities), WITHHELD]
    )
    parsed = read_row(Row(1, cells), known, visit.now)
    errors: dict[str, str] = {}
    for problem in parsed.problems:
        errors.setdefault(problem.column or "titel", _sentence(problem.reason))
    remarks = tuple(_sentence(each.reason) for each in parsed.warnings)
    if errors:
        return Read(errors=errors, remarks=remarks)
    return Read(candidate=parsed.candidates[0], remarks=remarks)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- acts --------------------------------------------------------------------------------------------


def _add(visit: Visit, form: Form) -> Response:
    values = typed(form, _FIELDS)
    with visit.desk.web.store.writing() as session:
        context = visit.context(session)
        found = read(values, _uid(values), context.agenda, visit)
        if found.candidate is None:
            return _new_again(visit, values, errors=found.errors)
        atrium = found.candidate.atrium
        _require_place(visit, context.agenda, atrium)
        warnings = warnings_on(atrium, context, found.remarks)
        if not are_seen(form, warnings):
            return _new_again(visit, values, warnings=warnings, seen=mark_of(warnings))
        _save_new(visit, session, atrium)
    return visit.onward(desk_page(atrium.uid), say("beheer atrium.toegevoegd", titel=atrium.title))


def _new_again(visit: Visit, values: Values, **more: object) -> Response:
    """The form of a new one with what was typed, and why it is not kept yet."""
    return _new_form(visit, values, 422, **more)


def _change(visit: Visit, form: Form) -> Response:
    values: Values = typed(form, _FIELDS)
    with visit.desk.web.store.writing() as session:
        context = visit.context(session)
        before = get_visible(visit, context.agenda, visit.path("uid"))
        require_own(visit, context.agenda, before)
        if before.is_cancelled:
            raise HTTPException(409, say("beheer atrium.maak een kopie"))
        extras = typed_extras(form, extra_fields(before, visit.now))
        values = {**values, **extras}
        taken = ""
        if form.text("versie") != version(before):
            merge = _merge(visit, before, form, values)
            values = merge.values
            if merge.both:
                clash = _clash(visit, context.agenda, before, merge)
                return _form_of(visit, before, values, 409, clash=clash)
            extras = {name: values[name] for name in extras}
            taken = taken_text(LABELS, merge.taken)
        found = read(values, before.uid, context.agenda, visit)
        extended, errors = with_extras(before, extras, visit.now)
        if found.candidate is None or errors:
            return _form_of(visit, before, values, 422, errors={**found.errors, **errors})
        after, changed = _after(before, extended, found.candidate, visit)
        if changed:
            _require_place(visit, context.agenda, after)
            warnings = warnings_on(after, context, before=before)
            if not are_seen(form, warnings):
                return _form_of(visit, before, values, 422, warnings=warnings, seen=mark_of(warnings))
            change = AtriumChanged(before=before, after=after, fields=changed)
            visit.carry_out(session, change, context)
    done = say("beheer atrium.bewaard", titel=after.title)
    told = [done if changed else say("beheer atrium.niets gewijzigd"), taken, *found.remarks]
    return visit.onward(desk_page(before.uid), " ".join(each for each in told if each))


def _after(
    before: Atrium, extended: Atrium, candidate: Candidate, visit: Visit
) -> tuple[Atrium, tuple[str, ...]]:
    """The atrium as the form has it, and the names of what is different.

    `extended` is the one of before, with what the file has no column for as it was typed.
    """
    kept = {"uid", "announced_at", "updated_at", "sequence", "cancelled_at", "programme_uid"}
    told = {name: getattr(candidate.atrium, name) for name in candidate.told - kept}
    after = replace(extended, **told)
    if programme_lines(after) == programme_lines(before):
        # The file may part its lines in another way than the form does.
        after = replace(after, programme=before.programme)
    if before.has_ended(visit.now) and after.has_ended(visit.now):
        after = replace(after, status=before.status)
    changed = tuple(
        each.name for each in fields(Atrium) if getattr(before, each.name) != getattr(after, each.name)
    )
    if not changed:
        return before, ()
    return replace(after, sequence=before.sequence + 1, updated_at=visit.now), changed


def _held(atrium: Atrium, visit: Visit) -> dict[str, str | tuple[str, ...]]:
    """Everything that the form of an atrium holds now."""
    return {**values_of(atrium, visit), **extra_values(atrium)}


def _merge(visit: Visit, atrium: Atrium, form: Form, values: Values) -> Merged:
    """What was typed, beside what somebody else changed since the form was opened."""
    held, base = _held(atrium, visit), base_of(form)
    asked = base if base is None else {name: base.get(name, "") for name in values}
    return merged(asked, {name: held[name] for name in values}, values)


def _clash(visit: Visit, agenda: Agenda, atrium: Atrium, merge: Merged) -> Clash:
    asked = [*fields_for(visit, agenda.regions(), merge.values), *extra_fields(atrium, visit.now)]
    return clash_of(say("beheer atrium.tegelijk gewijzigd"), asked, LABELS, merge, _held(atrium, visit))


def _require_place(visit: Visit, agenda: Agenda, atrium: Atrium) -> None:
    allowed = may_announce(
        visit.person,
        agenda,
        kind=atrium.kind,
        municipality=atrium.municipality,
        region=atrium.region,
        communities=atrium.visibility,
    )
    if not allowed:
        raise HTTPException(403, say("beheer atrium.buiten werking"))


def _save_new(visit: Visit, session: Session, atrium: Atrium) -> None:
    """Put an atrium in the agenda, as an import does: told by reminders and overviews, not announced."""
    save_atrium(session, atrium)
    owed.on_changed(session, None, atrium, visit.desk.rules, visit.now)
    visit.note(session, "added", atrium.uid, after=dump(atrium))


def _uid(values: Values) -> str:
    """ "thematisch-2027-03-18-mechelen-3f2a"; whatever was typed, it is one that can be."""
    parts = [str(values.get(name, "")) for name in ("soort", "datum", "gemeente")]
    slug = "-".join(re.findall(r"[a-z0-9]+", folded(" ".join(parts))))[:60]
    return f"{slug or 'atrium'}-{secrets.token_hex(3)}"


# --- a programme in more places --------------------------------------------------------------------


def _places(visit: Visit) -> Response:
    with visit.desk.web.agenda() as agenda:
        atrium = get_visible(visit, agenda, visit.path("uid"))
        require_own(visit, agenda, atrium)
    row = as_row(atrium, visit.now)
    start = [{"begin": row["begin"], "einde": row["einde"]}] * MOST_PLACES
    return _places_form(visit, atrium, start)


def _places_form(
    visit: Visit,
    atrium: Atrium,
    places: Sequence[Mapping[str, str]],
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    warnings: Sequence[str] = (),
) -> Response:
    by_name = {one.name: one for one in said(_FIELDS)}
    numbered = [
        [replace(by_name[name], name=f"{name}-{number}", place=number) for name in OF_A_PLACE]
        for number in range(1, MOST_PLACES + 1)
    ]
    values = {
        f"{name}-{number}": place.get(name, "")
        for number, place in enumerate(places, start=1)
        for name in OF_A_PLACE
    }
    filled = [
        number
        for number in range(1, MOST_PLACES + 1)
        if values[f"datum-{number}"] or values[f"gemeente-{number}"]
    ]
    return visit.page(
        "plaatsen.html",
        status,
        atrium=atrium,
        back=desk_page(atrium.uid),
        places=numbered,
        values=values,
        errors=errors or {},
        shown=max(filled, default=1),
        labels={
            one.name: say("beheer atrium.veld van plaats", nummer=str(one.place), veld=one.label)
            for place in numbered
            for one in place
        },
        warnings=warnings,
        seen=mark_of(warnings) if warnings else "",
        municipalities=municipality_names(),
    )


def _add_places(visit: Visit, form: Form) -> Response:
    places = [
        {name: form.text(f"{name}-{number}") for name in OF_A_PLACE} for number in range(1, MOST_PLACES + 1)
    ]
    with visit.desk.web.store.writing() as session:
        context = visit.context(session)
        atrium = get_visible(visit, context.agenda, visit.path("uid"))
        require_own(visit, context.agenda, atrium)
        made, errors = _read_places(visit, context, atrium, places)
        if errors or not made:
            nothing = {"datum-1": say("beheer atrium.geen plaats")}
            return _places_form(visit, atrium, places, 422, errors or nothing)
        for each in made:
            _require_place(visit, context.agenda, each)
        warnings = [f"{each.municipality}: {words}" for each in made for words in warnings_on(each, context)]
        if not are_seen(form, warnings):
            return _places_form(visit, atrium, places, 422, warnings=warnings)
        programme_uid = atrium.programme_uid or f"{atrium.uid[:60]}-programma"
        for each in made:
            _save_new(visit, session, replace(each, programme_uid=programme_uid))
        if atrium.programme_uid is None:
            joined = replace(
                atrium, programme_uid=programme_uid, sequence=atrium.sequence + 1, updated_at=visit.now
            )
            change = AtriumChanged(before=atrium, after=joined, fields=("programme_uid",))
            visit.carry_out(session, change, context)
    done = (
        say("beheer atrium.nog een plaats bewaard")
        if len(made) == 1
        else say("beheer atrium.nog plaatsen bewaard", aantal=str(len(made)))
    )
    return visit.onward(desk_page(atrium.uid), done)


def _read_places(
    visit: Visit, context: Context, atrium: Atrium, places: Sequence[Mapping[str, str]]
) -> tuple[list[Atrium], dict[str, str]]:
    """The atria of the places that were filled in, and what is wrong per field of each."""
    made: list[Atrium] = []
    errors: dict[str, str] = {}
    shared = {**values_of(atrium, visit), "regio": "", "status": Status.GEPLAND.value}
    for number, place in enumerate(places, start=1):
        if not (place["datum"] or place["gemeente"]):
            continue
        values: dict[str, str | tuple[str, ...]] = {**shared, **place}
        found = read(values, _uid(values), context.agenda, visit)
        errors |= {f"{name}-{number}": reason for name, reason in found.errors.items()}
        if found.candidate is not None:
            made.append(_titled(found.candidate.atrium, atrium))
    return made, errors


def _titled(made: Atrium, model: Atrium) -> Atrium:
    """A title that names the town names this one's: "Provinciaal Atrium Gent" becomes "... Leuven"."""
    if made.kind is Kind.PROVINCIAAL and model.municipality in model.title:
        return replace(made, title=model.title.replace(model.municipality, made.municipality))
    return made


def municipality_names() -> list[str]:
    return sorted(one.name for one in gazetteer().municipalities)
