"""The municipality of a row, held to the official list; and a loose address taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.gazetteer import gazetteer, name_key
from handlers.model import BRUSSELS_CITY, Municipality
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration
from store.exchange.cells import line, quote
from store.exchange.problems import Unfit, in_a_row
from store.exchange.table import advice

#: Names by which people mean Brussels, as `name_key` compares them.
_BRUSSELS_NAMES = frozenset({"brussels", "bruxelles", "brussel stad", "stad brussel", "1000", "1000 brussel"})
_POSTCODE = re.compile(r"(?:b-?\s*)?(?P<code>\d{4})\b\s*", re.IGNORECASE)
_COUNTRY = frozenset({"belgie", "belgium", "belgique", "be"})


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality by its official name, with its province (None for Brussels)."""

    name: str
    province: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """What a loose place text tells; the municipality is as written, not yet checked."""

    municipality: str
    venue: str = ""
    address: str = ""


def _present_name_advice(text: str, one: Municipality) -> str:
    """Why the name is not taken, though everybody knows where it is."""
    if name_key(text) in {name_key(former) for former in one.former}:
        return say("invoer.geen gemeente meer", getypt=quote(text), gemeente=one.name)
    return say("invoer.deelgemeente", getypt=quote(text), gemeente=one.name)


def read_municipality(text: str) -> Place | Unfit:
    """One of the 285 municipalities, or Brussel.

    Capitals and hyphens do not matter. A former or sub-municipality, a postcode and a French name
    are refused with the official name as advice, so that the file and the agenda say the same.
    """
    read = line(100)(text)
    if isinstance(read, Unfit):
        return read
    if name_key(read) == name_key(BRUSSELS_CITY):
        return Place(BRUSSELS_CITY, None)
    one = gazetteer().municipality(read)
    if one is not None:
        return Place(one.name, one.province)
    if name_key(read) in _BRUSSELS_NAMES:
        return Unfit(say("invoer.brussel", getypt=quote(read), gemeente=BRUSSELS_CITY))
    one = gazetteer().find(read)
    if one is not None:
        return Unfit(_present_name_advice(read, one))
    meant = gazetteer().candidates(read)
    if meant:
        names = enumeration([one.name for one in meant])
        return Unfit(say("invoer.gemeente dubbelzinnig", getypt=quote(read), gemeenten=names))
    hint = advice(read, [one.name for one in gazetteer().municipalities])
    return Unfit(
        in_a_row(say("invoer.geen gemeente", getypt=quote(read)), hint, say("invoer.officiele naam"))
    )


def _municipality_in(part: str) -> str | None:
    """The municipality that a part of an address names, as written, without its postcode."""
    name = _POSTCODE.sub("", part, count=1).strip()
    if not name:
        return None
    if name_key(name) == name_key(BRUSSELS_CITY) or gazetteer().municipality(name):
        return name
    # With a postcode before it, a name that is no municipality is a village or a slip: tell so.
    return name if _POSTCODE.match(part) else None


def read_address(text: str) -> Address | Unfit:
    """Take "Stadhuis, Markt 1, 9620 Zottegem" apart: venue first, municipality last.

    Only the parts between commas and line breaks are looked at; a text that names no municipality
    in a part of its own is unfit, because a place that is guessed is a place that is wrong.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    while parts and name_key(parts[-1]) in _COUNTRY:
        parts.pop()
    for index in range(len(parts) - 1, -1, -1):
        municipality = _municipality_in(parts[index])
        if municipality:
            others = parts[:index] + parts[index + 1 :]
            return Address(
                municipality=municipality, venue="".join(others[:1]), address=", ".join(others[1:])
            )
    if not parts:
        return Unfit(say("invoer.geen plaats"))
    return Unfit(say("invoer.plaats zonder gemeente", getypt=quote(text)))
