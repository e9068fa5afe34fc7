"""The thematic groups and the regions of the Lokale Atria, edited where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.atrium_form import municipality_names
from bot.web.console.clashes import Clash, clash_of
from bot.web.console.forms import Form, typed, version_of
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from bot.web.pages import web_link
from handlers.gazetteer import gazetteer, name_key
from handlers.model import Group
from handlers.moderation.fields import Field, Option, Sort
from handlers.moderation.merging import merged
from store.codec import dump
from store.groups import list_groups, replace_groups
from store.regions import list_regions, replace_regions

_GROUP_FIELDS = (
    Field(name="naam", label="Naam", sort=Sort.TEXT, required=True, most=150),
    Field(name="thema", label="Thema", sort=Sort.TEXT, most=150),
    Field(name="omschrijving", label="Omschrijving", sort=Sort.LONG_TEXT, most=2000),
    Field(name="link", label="Link", sort=Sort.URL, most=500),
    Field(name="hoe", label="Hoe word je lid", sort=Sort.TEXT, most=300),
    Field(name="beheerder", label="Beheerder", sort=Sort.TEXT, most=150),
    Field(
        name="zichtbaarheid",
        label="Alleen te zien in",
        sort=Sort.CHOICES,
        help="Niets gekozen: voor iedereen.",
    ),
)
_REGION_FIELDS = (
    Field(name="naam", label="Naam van de regio", sort=Sort.TEXT, required=True, most=80),
    Field(
        name="gemeenten",
        label="Gemeenten",
        sort=Sort.LONG_TEXT,
        help="Eén per regel, of met komma's ertussen.",
        most=8000,
    ),
)

GONE = "Iemand anders wijzigde of verwijderde dit intussen."

Values = Mapping[str, str | tuple[str, ...]]


def register(gate: Gate) -> None:
    gate.page("/beheer/netwerk", _network)
    gate.page("/beheer/netwerk/groep", _group)
    gate.act("/beheer/netwerk/groep", _save_group)
    gate.act("/beheer/netwerk/groep/weg", _drop_group)
    gate.page("/beheer/netwerk/regio", _region)
    gate.act("/beheer/netwerk/regio", _save_region)
    gate.act("/beheer/netwerk/regio/weg", _drop_region)


def _network(visit: Visit) -> Response:
    with visit.desk.web.store.reading() as session:
        groups = [group for group in list_groups(session) if group.is_visible_to(visit.reads)]
        regions = list_regions(session)
    placed = sum(len(names) for names in regions.values())
    return visit.page(
        "netwerk.html",
        groups=groups,
        regions=regions,
        without_region=len(gazetteer().municipalities) - placed,
        communities=visit.communities,
    )


# --- groups ------------------------------------------------------------------------------------------


def _find_group(session: Session, name: str) -> Group | None:
    return next((group for group in list_groups(session) if group.name == name), None)


def _group(visit: Visit) -> Response:
    name = visit.asked("naam")
    with visit.desk.web.store.reading() as session:
        group = _find_group(session, name) if name else None
    if name and group is None:
        raise HTTPException(404, "Deze groep is er niet (meer).")
    return _group_form(visit, group, _group_values(group))


def _group_values(group: Group | None) -> Values:
    if group is None:
        return {}
    return {
        "naam": group.name,
        "thema": group.theme or "",
        "omschrijving": group.description or "",
        "link": group.link or "",
        "hoe": group.how_to_join or "",
        "beheerder": group.owner or "",
        "zichtbaarheid": tuple(sorted(group.visibility)),
    }


def _group_form(
    visit: Visit, group: Group | None, values: Values, status: int = 200, **more: object
) -> Response:
    options = tuple(Option(value=one.key, label=one.name) for one in visit.communities)
    return _form(
        visit,
        _with_options(_GROUP_FIELDS, options),
        values,
        status,
        title=f"Groep: {group.name}" if group else "Nieuwe groep",
        action="/beheer/netwerk/groep",
        original=group.name if group else "",
        version=version_of(group) if group else "",
        drop="/beheer/netwerk/groep/weg" if group else "",
        drop_words="Deze groep verwijderen",
        **more,
    )


def _with_options(fields: Sequence[Field], options: tuple[Option, ...]) -> list[Field]:
    return [
        Field(**{**asdict(one), "options": options}) if one.sort is Sort.CHOICES else one for one in fields
    ]


def _form(
    visit: Visit, fields: Sequence[Field], values: Values, status: int = 200, **more: object
) -> Response:
    shown = {"errors": {}, "clash": None, **more}
    return visit.page(
        "netwerk_formulier.html",
        status,
        fields=fields,
        values={one.name: values.get(one.name, () if one.sort is Sort.CHOICES else "") for one in fields},
        labels={one.name: one.label for one in fields},
        municipalities=municipality_names(),
        **shown,
    )


def too_long(fields: Sequence[Field], values: Values) -> dict[str, str]:
    """What is longer than its field takes."""
    return {
        one.name: f"Maak dit korter: hoogstens {one.most} tekens."
        for one in fields
        if isinstance(value := values.get(one.name, ""), str) and len(value) > one.most
    }


def _save_group(visit: Visit, form: Form) -> Response:
    values = typed(form, _GROUP_FIELDS)
    errors = too_long(_GROUP_FIELDS, values)
    if not values["naam"]:
        errors["naam"] = "Geef de groep een naam."
    if values["link"] and web_link(str(values["link"])) is None:
        errors["link"] = "Geef een webadres dat met https:// begint."
    keys = {one.key for one in visit.communities}
    if not set(values["zichtbaarheid"]) <= keys:
        errors["zichtbaarheid"] = "Kies communities uit de lijst."
    original = form.text("was")
    with visit.desk.web.store.writing() as session:
        groups = list_groups(session)
        before = next((group for group in groups if group.name == original), None) if original else None
        stale = bool(original) and (before is None or form.text("versie") != version_of(before))
        others = [group for group in groups if group is not before]
        if any(name_key(group.name) == name_key(str(values["naam"])) for group in others):
            errors.setdefault("naam", "Er is al een groep met deze naam.")
        if stale or errors:
            status = 409 if stale else 422
            clash = _clash(_GROUP_FIELDS, _group_values(before), values) if stale else None
            return _group_form(visit, before, values, status, errors=errors, clash=clash)
        after = Group(
            name=str(values["naam"]),
            theme=str(values["thema"]) or None,
            description=str(values["omschrijving"]) or None,
            link=str(values["link"]) or None,
            how_to_join=str(values["hoe"]) or None,
            owner=str(values["beheerder"]) or None,
            visibility=frozenset(values["zichtbaarheid"]),
        )
        replace_groups(session, [*others, after])
        visit.note(
            session,
            "group changed" if before else "group added",
            f"group:{after.name}",
            before=dump(before) if before else None,
            after=dump(after),
        )
    return visit.onward("/beheer/netwerk", f"Bewaard: {after.name}.")


def _clash(fields: Sequence[Field], theirs: Values, mine: Values) -> Clash:
    return clash_of(GONE, fields, {one.name: one.label for one in fields}, merged(None, theirs, mine), theirs)


def _drop_group(visit: Visit, form: Form) -> Response:
    name = form.text("was")
    with visit.desk.web.store.writing() as session:
        groups = list_groups(session)
        before = next((group for group in groups if group.name == name), None)
        if before is None:
            raise HTTPException(404, "Deze groep is er niet (meer).")
        if form.text("versie") != version_of(before):
            clash = Clash(headline=GONE)
            return _group_form(visit, before, _group_values(before), 409, clash=clash)
        replace_groups(session, [group for group in groups if group.name != name])
        visit.note(session, "group dropped", f"group:{name}", before=dump(before))
    return visit.onward("/beheer/netwerk", f"Verwijderd: {name}.")


# --- regions -----------------------------------------------------------------------------------------


def _region(visit: Visit) -> Response:
    name = visit.asked("naam")
    with visit.desk.web.store.reading() as session:
        regions = list_regions(session)
    if name and name not in regions:
        raise HTTPException(404, "Deze regio is er niet (meer).")
    return _region_form(visit, name, regions.get(name, []), _region_values(name, regions.get(name, [])))


def _region_values(name: str, municipalities: Sequence[str]) -> Values:
    return {"naam": name, "gemeenten": "\n".join(municipalities)}


def _region_form(
    visit: Visit, name: str, municipalities: Sequence[str], values: Values, status: int = 200, **more: object
) -> Response:
    return _form(
        visit,
        _REGION_FIELDS,
        values,
        status,
        title=f"Regio: {name}" if name else "Nieuwe regio",
        action="/beheer/netwerk/regio",
        original=name,
        version=version_of(name, tuple(municipalities)) if name else "",
        drop="/beheer/netwerk/regio/weg" if name else "",
        drop_words="Deze regio verwijderen",
        **more,
    )


def _save_region(visit: Visit, form: Form) -> Response:
    values = typed(form, _REGION_FIELDS)
    errors = too_long(_REGION_FIELDS, values)
    name, original = str(values["naam"]), form.text("was")
    if not name:
        errors["naam"] = "Geef de regio een naam."
    members, unknown = _municipalities(str(values["gemeenten"]))
    if unknown:
        errors.setdefault("gemeenten", f"Deze gemeenten ken ik niet: {', '.join(unknown[:5])}.")
    with visit.desk.web.store.writing() as session:
        regions = list_regions(session)
        was = regions.get(original, [])
        stale = bool(original) and (
            original not in regions or form.text("versie") != version_of(original, tuple(was))
        )
        others = {each: towns for each, towns in regions.items() if each != original}
        if any(name_key(each) == name_key(name) for each in others):
            errors.setdefault("naam", "Er is al een regio met deze naam.")
        taken = {town: each for each, towns in others.items() for town in towns}
        double = [f"{town} ({taken[town]})" for town in members if town in taken]
        if double:
            errors.setdefault("gemeenten", f"Al in een andere regio: {', '.join(double[:5])}.")
        if stale or errors:
            clash = _clash(_REGION_FIELDS, _region_values(original, was), values) if stale else None
            here = original if original in regions else ""
            return _region_form(visit, here, was, values, 409 if stale else 422, errors=errors, clash=clash)
        replace_regions(session, {**others, name: members})
        visit.note(
            session,
            "region changed" if original else "region added",
            f"region:{name}",
            before={"name": original, "municipalities": list(was)} if original else None,
            after={"name": name, "municipalities": members},
        )
    return visit.onward("/beheer/netwerk", f"Bewaard: {name}, {len(members)} gemeenten.")


def _municipalities(text: str) -> tuple[list[str], list[str]]:
    """The official names of what was typed, each once, and what is no municipality."""
    known, unknown = [], []
    for part in text.replace(",", "\n").replace(";", "\n").split("\n"):
        if not part.strip():
            continue
        found = gazetteer().find(part.strip())
        if found is None:
            unknown.append(part.strip()[:40])
        else:
            known.append(found.name)
    return list(dict.fromkeys(known)), unknown


def _drop_region(visit: Visit, form: Form) -> Response:
    name = form.text("was")
    with visit.desk.web.store.writing() as session:
        regions = list_regions(session)
        if name not in regions:
            raise HTTPException(404, "Deze regio is er niet (meer).")
        was = regions.pop(name)
        if form.text("versie") != version_of(name, tuple(was)):
            clash = Clash(headline=GONE)
            return _region_form(visit, name, was, _region_values(name, was), 409, clash=clash)
        replace_regions(session, regions)
        visit.note(session, "region dropped", f"region:{name}", before={"municipalities": list(was)})
    return visit.onward("/beheer/netwerk", f"Verwijderd: {name}.")
