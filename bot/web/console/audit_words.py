"""What the audit holds, in the words of a moderator: the names of fields, and their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from bot.web.console.people import ROLE_NAMES
from bot.web.console.post_view import STATE_NAMES as POST_STATES
from handlers.model import BRUSSELS, Audience, Kind
from handlers.moderation.lifecycle import STATE_NAMES, State
from handlers.posts.names import POST_NAMES
from handlers.wording.reasons import reason_text
from handlers.wording.texts import AUDIENCE_NAMES, kind_name
from store.audit import AuditEntry
from store.states import OutboxState

#: Fields of what the audit keeps; one that is not here keeps its own name.
FIELDS: Mapping[str, str] = {
    "address": "adres",
    "announced_at": "aangekondigd op",
    "answer": "antwoord",
    "atrium_uid": "atrium",
    "audience": "doelgroep",
    "begins": "begin",
    "cancelled_at": "geannuleerd op",
    "communities": "communities",
    "contact": "contact",
    "date": "datum",
    "description": "omschrijving",
    "drafts": "inhoud",
    "due_at": "moment",
    "ends": "einde",
    "ends_at": "einde",
    "identities": "accounts",
    "is_full": "volzet",
    "join": "aansluiten",
    "kind": "soort",
    "link": "link",
    "materials_at": "presentaties sinds",
    "materials_url": "presentaties",
    "meaning": "betekenis",
    "moderator": "beheerder van de groep",
    "municipalities": "gemeenten",
    "municipality": "gemeente",
    "name": "naam",
    "organiser": "organisator",
    "place": "plaats",
    "position": "plaats op de agenda",
    "programme": "programma",
    "programme_uid": "hoort bij programma",
    "province": "provincie",
    "publish_at": "te plaatsen op",
    "quiet_posts": "niet uit zichzelf geplaatst",
    "reason": "reden",
    "region": "regio",
    "registration_until": "inschrijven tot en met",
    "registration_url": "link om in te schrijven",
    "role": "rol",
    "scope": "werking",
    "sequence": "wijziging nummer",
    "series": "reeks",
    "starts_at": "begin",
    "state": "toestand",
    "status": "status",
    "text": "tekst",
    "theme": "thema",
    "title": "titel",
    "uid": "sleutel",
    "updated_at": "gewijzigd op",
    "url": "link",
    "venue": "zaal of gebouw",
    "version": "versie",
    "visibility": "alleen te zien in",
}

#: What changes with every act, and tells nothing.
_PASSED_OVER = frozenset({"updated_at"})


def field_name(name: str) -> str:
    return FIELDS.get(name, name)


def differences(entry: AuditEntry) -> Iterator[tuple[str, str, str]]:
    """What is otherwise afterwards: the name of the field, its value before and after."""
    before, after = entry.before or {}, entry.after or {}
    for name in dict.fromkeys([*before, *after]):
        if name not in _PASSED_OVER and before.get(name) != after.get(name):
            yield field_name(name), value_text(name, before.get(name)), value_text(name, after.get(name))


def value_text(name: str, value: object) -> str:
    """A value as one reads it; empty where there is none."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Mapping):
        told = ((key, value_text(str(key), each)) for key, each in value.items())
        return ", ".join(f"{field_name(str(key))}: {text}" for key, text in told if text)
    if isinstance(value, list | tuple):
        parts = [value_text(name, each) for each in value]
        return ("; " if any(isinstance(each, Mapping) for each in value) else ", ").join(parts)
    return _word(name, value) if isinstance(value, str) else str(value)


def _word(name: str, value: str) -> str:
    """A word of ours in Dutch, a moment on the clock of Brussels, anything else as it is."""
    known: Mapping[str, Mapping[str, str]] = {
        "state": {
            **{state.value: POST_STATES[state] for state in OutboxState},
            **{state.value: STATE_NAMES[state] for state in State},
        },
        "kind": {kind.value: kind_name(kind) for kind in Kind},
        "audience": {one.value: AUDIENCE_NAMES.get(one, one.value) for one in Audience},
        "quiet_posts": {"all": "alles", **dict(POST_NAMES.items())},
        "role": {role.value: told for role, told in ROLE_NAMES.items()},
    }
    if value in known.get(name, {}):
        return known[name][value]
    if name == "reason":
        return reason_text(value)
    if name.endswith(("_at", "_until")) or name == "date":
        return _moment(value)
    return value


def _moment(value: str) -> str:
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if at.tzinfo is None:
        return f"{at:%d/%m/%Y}"
    return f"{at.astimezone(BRUSSELS):%d/%m/%Y %H.%M} u."
