"""Who may do what: the roles of the settings, and those that administrators give and take back here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import HTTPException, Response

from bot.web.console.forms import Form
from bot.web.console.gate import Gate
from bot.web.console.visit import PLACE, Visit
from handlers.model import Kind, Person, Role
from handlers.moderation.fields import Option
from handlers.wording.catalogue import Said, say
from handlers.wording.sentences import capitalised
from handlers.wording.texts import kind_name
from store import roles, sessions
from store.regions import list_regions

ROLE_NAMES: Mapping[Role, str] = Said(
    {
        Role.MEMBER: "rol.lid",
        Role.READER: "rol.lezer",
        Role.REGIONAL_MODERATOR: "beheer rol.regionale moderator",
        Role.MODERATOR: "rol.moderator",
        Role.ADMINISTRATOR: "rol.beheerder",
    }
)

#: What can be given here, with what it allows.
GIVEN: Mapping[Role, str] = Said(
    {
        Role.READER: "beheer rol.mag lezer",
        Role.REGIONAL_MODERATOR: "beheer rol.mag regionale moderator",
        Role.MODERATOR: "beheer rol.mag moderator",
        Role.ADMINISTRATOR: "beheer rol.mag beheerder",
    }
)

#: Characters of a name.
MOST_NAME = 80

_IDENTITY = re.compile(r"(?P<platform>console|slack|engage|local):(?P<id>\S(?:.{0,198}\S)?)")


def role_name(person: Person) -> str:
    """What somebody is, in words."""
    if person.role is Role.MEMBER and person.communities:
        return say("beheer rol.van een community")
    return ROLE_NAMES[person.role]


def register(gate: Gate) -> None:
    gate.page("/beheer/rollen", _roles)
    gate.act("/beheer/rollen", _give)
    gate.act("/beheer/rollen/intrekken", _withdraw)


def _roles(
    visit: Visit, status: int = 200, errors: Mapping[str, str] | None = None, typed: Form | None = None
) -> Response:
    with visit.desk.web.store.reading() as session:
        grants = roles.list_grants(session)
        regions = list(list_regions(session))
    scopes = [Option(value=region, label=region) for region in regions]
    scopes += [Option(value=kind.value, label=kind_name(kind)) for kind in Kind]
    return visit.page(
        "rollen.html",
        status,
        grants=grants,
        role_names=ROLE_NAMES,
        given=[
            Option(
                value=role.value,
                label=say("beheer rol.keuze", rol=capitalised(ROLE_NAMES[role]), uitleg=about),
            )
            for role, about in GIVEN.items()
        ],
        scopes=scopes,
        scope_names={option.value: option.label for option in scopes},
        errors=errors or {},
        identity=typed.text("wie") if typed else "",
        name=typed.text("naam") if typed else "",
        chosen=typed.text("rol") if typed else "",
        chosen_scope=typed.choices("werking") if typed else (),
        communities=[one for one in visit.communities if one.moderators],
        most_name=MOST_NAME,
    )


def _give(visit: Visit, form: Form) -> Response:
    identity, name = form.text("wie"), form.text("naam")
    identity = identity if ":" in identity else f"{PLACE}:{identity}"
    if identity.startswith(f"{PLACE}:"):
        identity = identity.casefold()
    errors: dict[str, str] = {}
    if _IDENTITY.fullmatch(identity) is None:
        errors["wie"] = say("beheer rol.fout account")
    if not name or len(name) > MOST_NAME:
        errors["naam"] = say("beheer rol.fout naam", aantal=str(MOST_NAME))
    role = next((each for each in GIVEN if each.value == form.text("rol")), None)
    if role is None:
        errors["rol"] = say("beheer rol.fout rol")
    scope = form.choices("werking")
    with visit.desk.web.store.reading() as session:
        known = {*list_regions(session), *(kind.value for kind in Kind)}
    if role is Role.REGIONAL_MODERATOR and (not scope or not set(scope) <= known):
        errors["werking"] = say("beheer rol.fout werking")
    if errors or role is None:
        return _roles(visit, 422, errors, form)
    scope = scope if role is Role.REGIONAL_MODERATOR else ()
    with visit.desk.web.store.writing() as session:
        roles.give(session, identity, name, role, scope, visit.now)
        visit.note(
            session,
            "role given",
            identity,
            after={"name": name, "role": role.value, "scope": sorted(scope)},
        )
    return visit.onward("/beheer/rollen", say("beheer rol.gegeven", naam=name, rol=ROLE_NAMES[role]))


def _withdraw(visit: Visit, form: Form) -> Response:
    number = form.text("nummer")
    known = number.isascii() and number.isdigit() and len(number) <= 9
    with visit.desk.web.store.writing() as session:
        grant = roles.find_grant(session, int(number)) if known else None
        if grant is None:
            raise HTTPException(404, say("beheer rol.weg"))
        if not grant.given:
            raise HTTPException(409, say("beheer rol.instellingen"))
        mine = f"{PLACE}:{visit.person.external_id}"
        if grant.role is Role.ADMINISTRATOR and mine in grant.identities:
            raise HTTPException(409, say("beheer rol.eigen"))
        roles.withdraw(session, grant.id)
        for identity in grant.identities:
            platform, _, external_id = identity.partition(":")
            if platform == PLACE:
                sessions.close_sessions_of(session, external_id)
        visit.note(
            session,
            "role withdrawn",
            grant.identities[0] if grant.identities else grant.name,
            before={"name": grant.name, "role": grant.role.value, "scope": sorted(grant.scope)},
        )
    done = say("beheer rol.ingetrokken", naam=grant.name, rol=ROLE_NAMES[grant.role])
    return visit.onward("/beheer/rollen", done)
