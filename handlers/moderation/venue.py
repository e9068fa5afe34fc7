"""Where an atrium takes place, as moderators type it: "in Lamot, Van Beethovenstraat 8, Mechelen"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from handlers.gazetteer import gazetteer, name_key
from handlers.model import BRUSSELS_CITY
from handlers.moderation.claims import Remainder, bare_words
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised

_NAME = r"[^\W\d_][\w'’.-]*(?:[ -][\w'’.-]+){0,3}"
_IN = re.compile(rf"\b(?:in|te|van)\s+(?=(?P<name>{_NAME}))", re.IGNORECASE)
_POSTCODE = re.compile(r"^\d{4}\s+")
_ADDRESS = re.compile(
    r"^[^\W\d_].*?(?:straat|laan|plein|steenweg|weg|lei|dreef|markt|kaai|baan|park|hof|vest|ring|dijk|berg|kade"
    r"|dok|brug|pad|gracht|veld|singel|square|rei|kouter|zand|.)\s*,?\s+\d{1,5}\s?[a-z]?(?:[-/]\d+)?(?:\s+bus\s+\w+)?$",
    re.IGNORECASE,
)
_ROOM = re.compile(r"^(?:zaal|lokaal|verdieping|auditorium|gebouw|raadzaal|polyvalente)\b", re.IGNORECASE)
_BUILDING = re.compile(
    r"\b(?:zaal|stadhuis|gemeentehuis|provinciehuis|administratief|centrum|auditorium|bibliotheek|raadzaal|school"
    r"|campus|kasteel|abdij|klooster|hotel|huis|gebouw|vergadercentrum|museum|theater|cultuurcentrum|cc|online)\b",
    re.IGNORECASE,
)

#: No hall has a longer name.
_MOST_WORDS = 6
_SENTENCE = re.compile(
    r"\b(?:dat|dit|is|zijn|ik|we|wij|je|jij|niet|wel|ok|oke|goed|prima|bedankt|merci|graag|nog|maar|ja|nee|hoe|wat)\b",
    re.IGNORECASE,
)

#: Names that are ordinary words too: without "in" they only count when typed with a capital.
_ORDINARY = re.compile(
    r"as|boom|mol|peer|ham|geel|halen|menen|landen|lint|hove|essen|lede|temse|zele|beveren|heers|duffel|balen|bree"
    r"|linter|niel|ranst|wellen|zwalm|rumst|lille|stad"
)


@dataclass(frozen=True, slots=True)
class Where:
    """The place that was read.

    Attributes:
        municipality: official name, or Brussel.
        candidates: when the name is borne by several municipalities.
        unknown: what was typed as a municipality and is none.
        meant: the municipality that `unknown` probably stands for.
        note: how another name was read ("Velzeke hoort bij Zottegem.").
    """

    municipality: str | None = None
    candidates: tuple[str, ...] = ()
    unknown: str | None = None
    meant: str | None = None
    note: str | None = None


def claim_municipality(rest: Remainder) -> Where:
    """Take the municipality out of the text: after "in", else a part by itself, else at a part's edge."""
    for found in reversed(list(_IN.finditer(rest.text))):
        name = _longest_known(found["name"])
        if name:
            rest.take(found.start(), found.start("name") + len(name))
            return where_is(name)
    parts = rest.parts()
    for part in parts:
        name = _POSTCODE.sub("", bare_words(part))
        if _stands_alone(name):
            rest.put_gap_for(part)
            return where_is(name)
    for part in parts:
        edge = _at_an_edge(part)
        if edge:
            rest.put_gap_for(edge)
            return where_is(edge)
    return Where()


def unknown_municipality(rest: Remainder) -> Where:
    """A name after "in" that is no municipality, with the one it resembles; nothing when it resembles none.

    What resembles none is more likely a building ("in Lamot") and stays in the text.
    """
    for found in _IN.finditer(rest.text):
        word = found["name"].split()[0].strip(".,'")
        meant = resembling(word)
        if meant:
            rest.take(found.start(), found.start("name") + len(word))
            return Where(unknown=word, meant=meant)
    return Where()


def where_is(name: str) -> Where:
    """What this name stands for: a municipality, one of several, or nothing that is known."""
    name = _POSTCODE.sub("", name.strip(" .,"))
    if name_key(name) in {"brussel", "bruxelles", "brussels"}:
        return Where(municipality=BRUSSELS_CITY)
    candidates = gazetteer().candidates(name)
    if len(candidates) > 1:
        return Where(candidates=tuple(sorted(one.name for one in candidates)))
    if not candidates:
        return Where(unknown=name, meant=resembling(name))
    official = candidates[0].name
    if name_key(official) == name_key(name):
        return Where(municipality=official)
    note = say("veld.deelgemeente", deelgemeente=capitalised(name), gemeente=official)
    return Where(municipality=official, note=note)


def resembling(name: str) -> str | None:
    """The one municipality that differs a letter or two from this name; None when none does, or several."""
    key = name_key(name)
    if len(key) < 5:
        return None
    allowed = 1 if len(key) < 8 else 2
    near = [
        one.name
        for one in gazetteer().municipalities
        if name_key(one.name)[:1] == key[:1] and OSA.distance(name_key(one.name), key) <= allowed
    ]
    return near[0] if len(near) == 1 else None


def split_venue(text: str) -> tuple[str | None, str | None]:
    """Venue and address of a text that holds nothing else ("Lamot, Van Beethovenstraat 8")."""
    parts = [bare_words(part) for part in re.split(r"[,;\n]", text)]
    venues = [part for part in parts if part and not is_address(part)]
    addresses = [part for part in parts if part and is_address(part)]
    return capitalised(", ".join(venues)) or None, capitalised(", ".join(addresses)) or None


def claim_venue(
    rest: Remainder, *, beside_a_place: bool, asked: bool = False
) -> tuple[str | None, str | None]:
    """Take venue and address out of what is left.

    `beside_a_place`: a municipality was named in the same text, so that a bare name is a venue;
    `asked`: the bot asked for it, so that a name by itself is one too.
    """
    venue: str | None = None
    address: str | None = None
    for part in rest.parts():
        bare = bare_words(part)
        if address is None and is_address(bare):
            address = capitalised(bare)
        elif venue is None and _may_be_venue(bare, beside_a_place=beside_a_place, asked=asked):
            venue = capitalised(bare)
        elif venue is not None and _ROOM.match(bare):
            venue = f"{venue}, {bare}"
        else:
            continue
        rest.put_gap_for(part)
    return venue, address


def _may_be_venue(text: str, *, beside_a_place: bool, asked: bool) -> bool:
    if len(text) < 2 or "@" in text or len(text.split()) > _MOST_WORDS:
        return False
    return beside_a_place or bool(_BUILDING.search(text)) or (asked and _looks_like_a_name(text))


def _looks_like_a_name(text: str) -> bool:
    """A short text with a capital and without words of a sentence ("Lamot", not "Dat is goed")."""
    return text[:1].isupper() and len(text.split()) <= 4 and not _SENTENCE.search(text)


def is_address(text: str) -> bool:
    """Whether it reads as a street with a number."""
    return bool(_ADDRESS.match(text)) and not re.match(r"zaal|lokaal", text, re.IGNORECASE)


def _longest_known(name: str) -> str | None:
    words = name.rstrip(".,'’").split(" ")
    for count in range(len(words), 0, -1):
        tried = " ".join(words[:count])
        if _is_known(tried):
            return tried
    return None


def _is_known(name: str) -> bool:
    return bool(gazetteer().candidates(name)) or name_key(name) == "brussel"


def _stands_alone(name: str) -> bool:
    official = gazetteer().municipality(name) is not None or name_key(name) == "brussel"
    return official and (name[:1].isupper() or not _ORDINARY.fullmatch(name_key(name)))


def _at_an_edge(part: str) -> str | None:
    words = part.split()
    for count in (3, 2, 1):
        for name in (" ".join(words[-count:]), " ".join(words[:count])):
            if len(words) > count and not _ORDINARY.fullmatch(name_key(name)) and _stands_alone(name):
                return name
    return None
