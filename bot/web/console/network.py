"""The thematic groups and the regions of the Lokale Atria, edited where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import HTTPException, Response
from sqlalchemy.orm import Session

from bot.web.console.atrium_form import municipality_names
from bot.web.console.clashes import Clash, clash_of
from bot.web.console.form_fields import said
from bot.web.console.forms import Form, typed, version_of
from bot.web.console.gate import Gate
from bot.web.console.visit import Visit
from bot.web.pages import web_link
from handlers.gazetteer import gazetteer, name_key
from handlers.model import Group
from handlers.moderation.fields import Field, Option, Sort
from handlers.moderation.merging import merged
from handlers.wording.catalogue import say
from store.codec import dump
from store.groups import list_groups, replace_groups
from store.regions import list_regions, replace_regions

#: Label and help are the names of texts here; `said` says them.
_GROUP_FIELDS = (
    Field(name="naam", label="beheer netwerk.veld naam groep", sort=Sort.TEXT, required=True, most=150),
    Field(name="thema", label="beheer netwerk.veld thema", sort=Sort.TEXT, most=150),
    Field(name="omschrijving", label="beheer netwerk.veld omschrijving", sort=Sort.LONG_TEXT, most=2000),
    Field(name="link", label="label.link", sort=Sort.URL, most=500),
    Field(name="hoe", label="beheer netwerk.veld hoe lid", sort=Sort.TEXT, most=300),
    Field(name="beheerder", label="label.beheerder", sort=Sort.TEXT, most=150),
    Field(
        name="zichtbaarheid",
        label="beheer atrium.veld alleen te zien in",
        sort=Sort.CHOICES,
        help="beheer netwerk.hulp alleen te zien in",
    ),
)
_REGION_FIELDS = (
    Field(name="naam", label="beheer netwerk.veld naam regio", sort=Sort.TEXT, required=True, most=80),
    Field(
        name="gemeenten",
        label="beheer netwerk.veld gemeenten",
        sort=Sort.LONG_TEXT,
        help="beheer netwerk.hulp gemeenten",
        most=8000,
    ),
)

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
        counted=_counted,
    )


def _counted(municipalities: int) -> str:
    if municipalities == 1:
        return say("beheer netwerk.een gemeente")
    return say("beheer netwerk.aantal gemeenten", aantal=str(municipalities))


# --- groups ------------------------------------------------------------------------------------------


def _find_group(session: Session, name: str) -> Group | None:
    return next((group for group in list_groups(session) if group.name == name), None)


def _group(visit: Visit) -> Response:
    name = visit.asked("naam")
    with visit.desk.web.store.reading() as session:
        group = _find_group(session, name) if name else None
    if name and group is None:
        raise HTTPException(404, say("beheer netwerk.groep weg"))
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
    of_one = say("beheer netwerk.groep titel", groep=group.name) if group else ""
    return _form(
        visit,
        said(_GROUP_FIELDS, {"zichtbaarheid": options}),
        values,
        status,
        title=of_one or say("beheer netwerk.nieuwe groep"),
        action="/beheer/netwerk/groep",
        original=group.name if group else "",
        version=version_of(group) if group else "",
        drop="/beheer/netwerk/groep/weg" if group else "",
        drop_words=say("beheer netwerk.groep verwijderen"),
        **more,
    )


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
        one.name: say("beheer netwerk.te lang", hoogstens=str(one.most))
        for one in fields
        if isinstance(value := values.get(one.name, ""), str) and len(value) > one.most
    }


def _save_group(visit: Visit, form: Form) -> Response:
    values = typed(form, _GROUP_FIELDS)
    errors = too_long(_GROUP_FIELDS, values)
    if not values["naam"]:
        errors["naam"] = say("beheer netwerk.geef naam groep")
    if values["link"] and web_link(str(values["link"])) is None:
        errors["link"] = say("beheer netwerk.geen link")
    keys = {one.key for one in visit.communities}
    if not set(values["zichtbaarheid"]) <= keys:
        errors["zichtbaarheid"] = say("beheer netwerk.communities uit de lijst")
    original = form.text("was")
    with visit.desk.web.store.writing() as session:
        groups = list_groups(session)
        before = next((group for group in groups if group.name == original), None) if original else None
        stale = bool(original) and (before is None or form.text("versie") != version_of(before))
        others = [group for group in groups if group is not before]
        if any(name_key(group.name) == name_key(str(values["naam"])) for group in others):
            errors.setdefault("naam", say("beheer netwerk.groep bestaat al"))
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
    return visit.onward("/beheer/netwerk", say("beheer netwerk.groep bewaard", groep=after.name))


def _clash(fields: Sequence[Field], theirs: Values, mine: Values) -> Clash:
    asked = said(fields)
    labels = {one.name: one.label for one in asked}
    return clash_of(_overtaken(), asked, labels, merged(None, theirs, mine), theirs)


def _overtaken() -> str:
    """Why a form that somebody else's change passed by is not kept."""
    return say("beheer netwerk.intussen gewijzigd")


def _drop_group(visit: Visit, form: Form) -> Response:
    name = form.text("was")
    with visit.desk.web.store.writing() as session:
        groups = list_groups(session)
        before = next((group for group in groups if group.name == name), None)
        if before is None:
            raise HTTPException(404, say("beheer netwerk.groep weg"))
        if form.text("versie") != version_of(before):
            clash = Clash(headline=_overtaken())
            return _group_form(visit, before, _group_values(before), 409, clash=clash)
        replace_groups(session, [group for group in groups if group.name != name])
        visit.note(session, "group dropped", f"group:{name}", before=dump(before))
    return visit.onward("/beheer/netwerk", say("beheer netwerk.verwijderd", naam=name))


# --- regions -----------------------------------------------------------------------------------------


def _region(visit: Visit) -> Response:
    name = visit.asked("naam")
    with visit.desk.web.store.reading() as session:
        regions = list_regions(session)
    if name and name not in regions:
        raise HTTPException(404, say("beheer netwerk.regio weg"))
    return _region_form(visit, name, regions.get(name, []), _region_values(name, regions.get(name, [])))


def _region_values(name: str, municipalities: Sequence[str]) -> Values:
    return {"naam": name, "gemeenten": "\n".join(municipalities)}


def _region_form(
    visit: Visit, name: str, municipalities: Sequence[str], values: Values, status: int = 200, **more: object
) -> Response:
    return _form(
        visit,
        said(_REGION_FIELDS),
        values,
        status,
        title=say("beheer netwerk.regio titel", regio=name) if name else say("beheer netwerk.nieuwe regio"),
        action="/beheer/netwerk/regio",
        original=name,
        version=version_of(name, tuple(municipalities)) if name else "",
        drop="/beheer/netwerk/regio/weg" if name else "",
        drop_words=say("beheer netwerk.regio verwijderen"),
        **more,
    )


def _save_region(visit: Visit, form: Form) -> Response:
    values = typed(form, _REGION_FIELDS)
    errors = too_long(_REGION_FIELDS, values)
    name, original = str(values["naam"]), form.text("was")
    if not name:
        errors["naam"] = say("beheer netwerk.geef naam regio")
    members, unknown = _municipalities(str(values["gemeenten"]))
    if unknown:
        names = ", ".join(unknown[:5])
        errors.setdefault("gemeenten", say("beheer netwerk.onbekende gemeenten", gemeenten=names))
    with visit.desk.web.store.writing() as session:
        regions = list_regions(session)
        was = regions.get(original, [])
        stale = bool(original) and (
            original not in regions or form.text("versie") != version_of(original, tuple(was))
        )
        others = {each: towns for each, towns in regions.items() if each != original}
        if any(name_key(each) == name_key(name) for each in others):
            errors.setdefault("naam", say("beheer netwerk.regio bestaat al"))
        taken = {town: each for each, towns in others.items() for town in towns}
        double = [f"{town} ({taken[town]})" for town in members if town in taken]
        if double:
            names = ", ".join(double[:5])
            errors.setdefault("gemeenten", say("beheer netwerk.al in een regio", gemeenten=names))
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
    done = say("beheer netwerk.regio bewaard", regio=name, gemeenten=_counted(len(members)))
    return visit.onward("/beheer/netwerk", done)


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
            raise HTTPException(404, say("beheer netwerk.regio weg"))
        was = regions.pop(name)
        if form.text("versie") != version_of(name, tuple(was)):
            clash = Clash(headline=_overtaken())
            return _region_form(visit, name, was, _region_values(name, was), 409, clash=clash)
        replace_regions(session, regions)
        visit.note(session, "region dropped", f"region:{name}", before={"municipalities": list(was)})
    return visit.onward("/beheer/netwerk", say("beheer netwerk.verwijderd", naam=name))
