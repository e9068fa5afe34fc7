"""What the audit holds, in the words of a moderator: the names of fields, and their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from bot.web.console.people import ROLE_NAMES
from bot.web.console.post_view import STATE_NAMES as POST_STATES
from handlers.model import BRUSSELS, Audience, Kind, Role
from handlers.moderation.lifecycle import STATE_NAMES, State
from handlers.posts.names import EVERYTHING, POST_NAMES
from handlers.wording.catalogue import Said, say
from handlers.wording.reasons import reason_text
from handlers.wording.texts import AUDIENCE_NAMES, KIND_NAMES
from store.audit import AuditEntry
from store.states import OutboxState

W = TypeVar("W", bound=StrEnum)

#: The texts that name the fields of what the audit keeps; one that is not here keeps its own name.
FIELDS = Said(
    {
        "address": "formulier.veld adres",
        "announced_at": "beheer logboek.veld aangekondigd op",
        "answer": "beheer logboek.veld antwoord",
        "atrium_uid": "beheer logboek.veld atrium",
        "audience": "beheer logboek.veld doelgroep",
        "begins": "formulier.veld begin",
        "cancelled_at": "beheer logboek.veld geannuleerd op",
        "communities": "formulier.veld communities",
        "contact": "formulier.veld contact",
        "date": "formulier.veld datum",
        "description": "formulier.veld omschrijving",
        "drafts": "beheer logboek.veld inhoud",
        "due_at": "beheer logboek.veld moment",
        "ends": "formulier.veld einde",
        "ends_at": "formulier.veld einde",
        "identities": "beheer logboek.veld accounts",
        "is_full": "beheer atrium.veld volzet",
        "join": "beheer logboek.veld aansluiten",
        "kind": "beheer logboek.veld soort",
        "link": "label.link",
        "materials_at": "beheer logboek.veld presentaties sinds",
        "materials_url": "verschil.presentaties",
        "meaning": "beheer logboek.veld betekenis",
        "moderator": "beheer logboek.veld beheerder van de groep",
        "municipalities": "beheer logboek.veld gemeenten",
        "municipality": "formulier.veld gemeente",
        "name": "label.naam",
        "organiser": "formulier.veld organisator",
        "place": "beheer logboek.veld plaats",
        "position": "beheer logboek.veld plaats op de agenda",
        "programme": "formulier.veld programma",
        "programme_uid": "beheer logboek.veld hoort bij programma",
        "province": "beheer logboek.veld provincie",
        "publish_at": "beheer logboek.veld te plaatsen op",
        "quiet_posts": "beheer logboek.veld niet uit zichzelf geplaatst",
        "reason": "beheer logboek.veld reden",
        "region": "beheer atrium.regio",
        "registration_until": "formulier.veld inschrijven tot",
        "registration_url": "formulier.veld link",
        "role": "label.rol",
        "scope": "beheer logboek.veld werking",
        "sequence": "beheer logboek.veld wijziging nummer",
        "series": "beheer logboek.veld reeks",
        "starts_at": "formulier.veld begin",
        "state": "beheer logboek.veld toestand",
        "status": "beheer atrium.veld status",
        "text": "beheer logboek.veld tekst",
        "theme": "formulier.veld thema",
        "title": "formulier.veld titel",
        "uid": "beheer atrium.sleutel",
        "updated_at": "beheer logboek.veld gewijzigd op",
        "url": "label.link",
        "venue": "beheer atrium.veld zaal",
        "version": "beheer logboek.veld versie",
        "visibility": "beheer atrium.veld alleen te zien in",
    }
)

#: What changes with every act, and tells nothing.
_PASSED_OVER = frozenset({"updated_at"})


def field_name(name: str) -> str:
    """In small letters, whatever a form calls it: it stands within a line."""
    known = FIELDS.get(name)
    return name if known is None else known[:1].lower() + known[1:]


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
        return say("verschil.ja") if value else say("verschil.nee")
    if isinstance(value, Mapping):
        told = ((key, value_text(str(key), each)) for key, each in value.items())
        return ", ".join(f"{field_name(str(key))}: {text}" for key, text in told if text)
    if isinstance(value, list | tuple):
        parts = [value_text(name, each) for each in value]
        return ("; " if any(isinstance(each, Mapping) for each in value) else ", ").join(parts)
    return _word(name, value) if isinstance(value, str) else str(value)


def _word(name: str, value: str) -> str:
    """A word of ours in Dutch, a moment on the clock of Brussels, anything else as it is."""
    if name in _CHOICES and (told := _CHOICES[name](value)) is not None:
        return told
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


def _of(words: type[W], names: Mapping[W, str]) -> Callable[[str], str | None]:
    """What one of these words is called; None for any other."""
    known = {word.value: word for word in words}
    return lambda value: names.get(known[value]) if value in known else None


_announcement_state, _post_state = _of(State, STATE_NAMES), _of(OutboxState, POST_STATES)

#: What a value of a field is called, None when it is no word of ours. Each is said when it is asked for.
_CHOICES: Mapping[str, Callable[[str], str | None]] = {
    "state": lambda value: _announcement_state(value) or _post_state(value),
    "kind": _of(Kind, Said({kind: each.singular for kind, each in KIND_NAMES.items()})),
    "audience": _of(Audience, AUDIENCE_NAMES),
    "quiet_posts": Said({EVERYTHING: "verschil.alles", **POST_NAMES.names}).get,
    "role": _of(Role, ROLE_NAMES),
}
